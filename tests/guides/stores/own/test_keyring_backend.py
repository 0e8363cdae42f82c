"""The fallback over Python's keyring: which backends it takes, and what it keeps."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import keyring.backends.SecretService
import keyrings.alt.file
import pytest

from guides.stores.own.keyring_backend import INDEX_SERVICE, SERVICE, KeyringItems, allowed_backend, refusal
from guides.stores.own.trouble import Trouble
from tests.services.secret_service import SecretServiceHome, running_bus, running_secret_service

ROOT = Path(__file__).parents[4]

REFUSED = (
    (keyrings.alt.file.PlaintextKeyring, "plain text"),
    (keyrings.alt.file.EncryptedKeyring, "weak"),
    (keyring.backends.chainer.ChainerBackend, "plain-text"),
    (keyring.backends.fail.Keyring, "keeps nothing"),
    (keyring.backends.null.Keyring, "keeps nothing"),
)


@pytest.mark.parametrize(("kind", "reason"), REFUSED)
def test_backends_that_do_not_protect_are_refused_by_name(kind: type, reason: str) -> None:
    backend = kind.__new__(kind)
    assert reason in (refusal(backend) or "")
    with pytest.raises(Trouble, match=kind.__name__):
        KeyringItems(backend)


def test_a_subclass_of_an_allowed_backend_is_not_that_backend() -> None:
    class Keyring(keyring.backends.SecretService.Keyring):
        priority = 1

    assert "is refused" in (refusal(Keyring.__new__(Keyring)) or "")


@pytest.fixture
def session(keyring_home: SecretServiceHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", keyring_home.environ["DBUS_SESSION_BUS_ADDRESS"])
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.mark.usefixtures("session")
def test_a_settings_variable_does_not_choose_the_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setenv("KEYRING_PROPERTY_APPID", "elsewhere")
    backend = allowed_backend()
    assert backend is not None
    assert refusal(backend) is None
    assert getattr(backend, "appid", "") != "elsewhere"


@pytest.mark.usefixtures("session")
def test_a_backend_outside_the_list_is_never_made() -> None:
    assert allowed_backend(("keyrings.alt.file.PlaintextKeyring", "keyring.backends.null.Keyring")) is None


@pytest.mark.usefixtures("session")
def test_one_item_for_a_server_and_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = keyring.backends.SecretService.Keyring()
    items = KeyringItems(backend)
    assert items.get("a.example") is None
    items.store("a.example", "<token>", 'ü"\\')
    items.store("b.example", "bob", "x")
    items.store("a.example", "amy", "y")
    assert json.loads(backend.get_password(SERVICE, "a.example") or "") == ["amy", "y"]
    assert items.get("a.example") == ("amy", "y")
    assert items.servers() == {"a.example": "amy", "b.example": "bob"}
    asked: list[str] = []
    read = backend.get_password
    monkeypatch.setattr(backend, "get_password", lambda service, name: (asked.append(service), read(service, name))[1])
    items.get("a.example")
    assert INDEX_SERVICE not in asked
    for server in ("a.example", "a.example", "b.example"):
        items.erase(server)
    assert items.servers() == {}
    assert items.get("a.example") is None


def test_a_locked_keyring_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_secret_service() as home:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", home.environ["DBUS_SESSION_BUS_ADDRESS"])
        items = KeyringItems(keyring.backends.SecretService.Keyring())
        items.store("a.example", "amy", "x")
        home.lock()
        with pytest.raises(Trouble, match="locked"):
            items.get("a.example")


def test_without_a_keyring_nothing_is_written_in_plain_text(tmp_path: Path) -> None:
    """keyrings.alt is installed here, and its settings ask for it."""
    settings = tmp_path / ".config" / "python_keyring" / "keyringrc.cfg"
    settings.parent.mkdir(parents=True)
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "sitecustomize.py").write_text("print('run')")
    settings.write_text(f"[backend]\ndefault-keyring=keyrings.alt.file.PlaintextKeyring\nkeyring-path={evil}\n")
    code = "from guides.stores.own.program import main; main()"
    with running_bus() as home:
        environ = {
            **home.environ,
            "HOME": str(tmp_path),
            "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        }
        before = sorted(tmp_path.rglob("*"))
        done = subprocess.run(
            [sys.executable, "-B", "-c", code, "store"],
            input=json.dumps({"ServerURL": "r.example", "Username": "u", "Secret": "s"}),
            env=environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("no Secret Service")
    assert sorted(tmp_path.rglob("*")) == before
