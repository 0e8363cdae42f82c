"""What becomes of a helper's odd or hostile answers. Real helpers are in test_native_contract.py."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.answers import harmless
from guides.stores.helper import HelperStore
from guides.stores.native import helper_store
from guides.stores.store import (
    Limits,
    Record,
    StoreError,
    StoreLocked,
    StoreMissing,
    StoreRefused,
    StoreTimedOut,
)
from tests.guides.stores.conftest import FakeHelper
from tests.services.pass_store import empty_gpg_home, fingerprint, forget_passphrases, make_key
from tests.services.require import require
from tests.services.secret_service import running_bus, running_secret_service

SERVER = "registry.example"
NOT_FOUND = "credentials not found in native keychain"


def record(secret: str = "") -> Record:
    return Record(SERVER, "alice", Secret(secret or secrets.token_urlsafe(16)))


class TestNotFound:
    def test_the_exact_text_on_stdout(self, fake_helper: FakeHelper) -> None:
        store = fake_helper(f"cat >/dev/null; echo '{NOT_FOUND}'; exit 1")
        assert store.get(SERVER) is None
        store.erase(SERVER)

    @pytest.mark.parametrize(
        "script", [f"echo '{NOT_FOUND}' >&2; exit 1", f"echo 'prefix {NOT_FOUND}'; exit 1"], ids=["stderr", "prefix"]
    )
    def test_only_as_docker_recognises_it(self, fake_helper: FakeHelper, script: str) -> None:
        with pytest.raises(StoreError):
            fake_helper(f"cat >/dev/null; {script}").get(SERVER)

    def test_both_empty_as_pass_says_it(self, fake_helper: FakeHelper) -> None:
        answer = json.dumps({"ServerURL": SERVER, "Username": "", "Secret": ""})
        assert fake_helper(f"cat >/dev/null; echo '{answer}'").get(SERVER) is None

    def test_an_emptied_folder_as_pass_says_it(self, fake_helper: FakeHelper) -> None:
        assert fake_helper(f"cat >/dev/null; echo 'no usernames for {SERVER}'; exit 1").get(SERVER) is None


class TestHostileOutput:
    @pytest.mark.parametrize(
        "output",
        [
            "",
            "not json",
            "[]",
            '"text"',
            "1",
            "[" * 100_000,
            '{"Username":1,"Secret":"x"}',
            '{"Username":"u"}',
            '{"Username":"u","Secret":null}',
            '{"Username":"u","Secret":["x"]}',
            '{"Username":"u","Secret":' + "9" * 5000 + "}",
            "\\377\\376",
        ],
    )
    def test_is_an_error_that_quotes_nothing(self, fake_helper: FakeHelper, tmp_path: Path, output: str) -> None:
        (tmp_path / "out").write_text(output)
        show = f'printf "$(cat {tmp_path}/out)"' if output.startswith("\\") else f"cat {tmp_path}/out"
        store = fake_helper(f"cat >/dev/null; {show}")
        with pytest.raises(StoreError) as caught:
            store.get(SERVER)
        assert "printed" in caught.value.reason or "without user name" in caught.value.reason
        if output not in ("", "{}", "null"):
            assert output not in str(caught.value)

    def test_a_list_with_other_types_is_an_error(self, fake_helper: FakeHelper) -> None:
        with pytest.raises(StoreError):
            fake_helper("""cat >/dev/null; echo '{"a": {"b": 1}}'""").list()

    def test_an_empty_list_in_go(self, fake_helper: FakeHelper) -> None:
        assert fake_helper("cat >/dev/null; echo null").list() == {}

    def test_terminal_escapes_do_not_reach_the_message(self, fake_helper: FakeHelper) -> None:
        store = fake_helper(r"cat >/dev/null; printf 'boom \033[2J\007 \342\200\256 end'; exit 3")
        with pytest.raises(StoreError, match="boom") as caught:
            store.get(SERVER)
        assert caught.value.reason.isprintable()
        assert "\\u001b" in caught.value.reason
        assert "\\u202e" in caught.value.reason

    def test_a_long_message_is_cut(self) -> None:
        assert len(harmless("x" * 10_000)) < 400

    def test_huge_output(self, fake_helper: FakeHelper) -> None:
        with pytest.raises(StoreError, match="more than"):
            fake_helper("yes").get(SERVER)

    def test_an_answer_for_another_server(self, fake_helper: FakeHelper) -> None:
        answer = json.dumps({"ServerURL": "other.example", "Username": "u", "Secret": "s"})
        with pytest.raises(StoreError, match=r"answered for other\.example"):
            fake_helper(f"cat >/dev/null; echo '{answer}'").get(SERVER)

    @pytest.mark.parametrize("about", [f"https://{SERVER}", f"https://{SERVER}/", SERVER, ""])
    def test_the_same_server_written_otherwise(self, fake_helper: FakeHelper, about: str) -> None:
        answer = json.dumps({"ServerURL": about, "Username": "u", "Secret": "s"})
        held = fake_helper(f"cat >/dev/null; echo '{answer}'").get(SERVER)
        assert held == Record(SERVER, "u", Secret("s"))

    def test_a_hanging_helper(self, fake_helper: FakeHelper) -> None:
        store = fake_helper("sleep 600")
        impatient = HelperStore("fake", "fake", store.program, store.environ, timeout=0.5)
        with pytest.raises(StoreTimedOut) as caught:
            impatient.get(SERVER)
        assert "unlock" in caught.value.mend

    def test_a_crash(self, fake_helper: FakeHelper) -> None:
        with pytest.raises(StoreError, match="ended by signal 9"):
            fake_helper("kill -9 $$").get(SERVER)


MESSAGES = [
    ("echo 'pass not initialized: exit status 1'; exit 1", StoreMissing, "no password store"),
    ("echo 'exit status 2: gpg: decryption failed: No secret key'; exit 1", StoreLocked, "gpg"),
    ("echo 'panic: signal SIGSEGV: segmentation violation' >&2; exit 2", StoreLocked, "locked"),
    ("echo 'Cannot autolaunch D-Bus without X11 $DISPLAY'; exit 1", StoreMissing, "session bus"),
    ("echo 'The name org.freedesktop.secrets was not provided by any .service files'; exit 1", StoreMissing, "Secret"),
    (
        "echo 'Object does not exist at path “/org/freedesktop/secrets/collection/login”'; exit 1",
        StoreMissing,
        "default",
    ),
    (
        "echo 'Object does not exist at path “/org/freedesktop/secrets/collection/login/7”'; exit 1",
        StoreError,
        "login/7",
    ),
    ("echo 'User interaction is not allowed. (-25308)'; exit 1", StoreLocked, "macOS"),
    ("echo 'The stub received bad data.'; exit 1", StoreRefused, "2560"),
    ("echo 'bufio.Scanner: token too long'; exit 1", StoreRefused, "64 KiB"),
    ("echo 'exec: \"docker-credential-desktop.exe: executable file not found'; exit 1", StoreMissing, "WSL"),
    ("echo 'exec: \"pass\": executable file not found in $PATH'; exit 1", StoreMissing, "pass"),
    ("echo 'boom: keyring broken'; echo 'on stderr' >&2; exit 3", StoreError, "boom: keyring broken"),
    ("exit 1", StoreError, "said nothing"),
]


@pytest.mark.parametrize(("script", "kind", "words"), MESSAGES)
def test_known_errors_are_explained(fake_helper: FakeHelper, script: str, kind: type[StoreError], words: str) -> None:
    store = fake_helper(f"cat >/dev/null; {script}")
    for act in (lambda: store.get(SERVER), lambda: store.put(record()), lambda: store.erase(SERVER), store.list):
        with pytest.raises(kind, match=words) as caught:
            act()
        assert type(caught.value) is kind


class TestLimits:
    def test_the_longest_line_of_the_go_helpers(self, fake_helper: FakeHelper) -> None:
        store = fake_helper("cat >/dev/null")
        empty = len(json.dumps({"ServerURL": SERVER, "Username": "alice", "Secret": ""}, separators=(",", ":"))) + 1
        store.put(record("x" * (store.line_bytes - empty)))
        for text in ("x" * (store.line_bytes - empty + 1), '"' * 40_000, "ü" * 33_000):
            with pytest.raises(StoreRefused, match="bytes in one record"):
                store.put(record(text))

    def test_bytes_are_counted_not_characters(self, fake_helper: FakeHelper) -> None:
        store = fake_helper("cat >/dev/null", suffix="wincred")
        assert store.limits == Limits(secret_bytes=2560)
        store.put(record("ü" * 1280))
        with pytest.raises(StoreRefused, match="2560"):
            store.put(record("ü" * 1281))

    @pytest.mark.parametrize("username", ["a\nb", "a\0b", "\x1b[2J"])
    def test_control_characters_in_the_user_name(self, fake_helper: FakeHelper, username: str) -> None:
        with pytest.raises(StoreRefused):
            fake_helper("cat >/dev/null").put(Record(SERVER, username, Secret("x")))

    @pytest.mark.parametrize("secret", ["a\0b", "a\udcff"])
    def test_secrets_that_are_not_text(self, fake_helper: FakeHelper, secret: str) -> None:
        with pytest.raises(StoreRefused):
            fake_helper("cat >/dev/null").put(record(secret))

    def test_nothing_is_started_for_what_is_refused(self, fake_helper: FakeHelper, tmp_path: Path) -> None:
        store = fake_helper(f"touch {tmp_path}/started", suffix="pass")
        for each in (Record(SERVER, "tenancy/user", Secret("x")), record("x\n"), record("x\0")):
            with pytest.raises(StoreRefused):
                store.put(each)
        assert not (tmp_path / "started").exists()


def test_stale_labels_of_secretservice_are_cut_off(fake_helper: FakeHelper) -> None:
    listing = json.dumps({f"Registry credentials for https://{SERVER}": "u", "plain.example": "v"})
    store = fake_helper(f"cat >/dev/null; echo '{listing}'")
    assert store.list() == {f"https://{SERVER}": "u", "plain.example": "v"}


def test_no_secret_in_arguments_or_environment(fake_helper: FakeHelper, tmp_path: Path) -> None:
    """The recorder writes down what every process of this user could read about it while it runs."""
    log = tmp_path / "log"
    secret, other = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    store = fake_helper(
        f"cat > {tmp_path}/stdin; cat /proc/$$/cmdline /proc/$$/environ > {log}",
        DOCKER_AUTH_CONFIG=other,
        REGISTRY_PASSWORD=other,
        GH_TOKEN=other,
        HARMLESS="seen",
    )
    store.put(record(secret))
    assert "HARMLESS=seen" in log.read_text()
    assert secret in (tmp_path / "stdin").read_text()
    assert secret not in log.read_text()
    assert other not in log.read_text()
    assert secret not in repr(store)
    assert other not in repr(store)


class TestRealTroubles:
    def test_pass_without_a_store(self) -> None:
        require("docker-credential-pass", "golang-docker-credential-helpers")
        with empty_gpg_home() as environ:
            probe = helper_store("pass", environ).probe()
        assert not probe.works
        assert "no password store" in probe.reason

    def test_pass_with_a_passphrase_that_nobody_can_type(self) -> None:
        require("docker-credential-pass", "golang-docker-credential-helpers")
        with empty_gpg_home() as environ:
            make_key(environ, secrets.token_hex(8))
            subprocess.run(["pass", "init", fingerprint(environ)], env=environ, check=True, capture_output=True)
            forget_passphrases(environ)
            store = helper_store("pass", environ)
            store.put(record())
            with pytest.raises(StoreLocked) as caught:
                store.get(SERVER)
            assert "GPG_TTY" in caught.value.mend
            probe = store.probe()
            assert not probe.works
            assert [server for server in store.list() if "probe" in server] == []

    def test_secretservice_without_a_bus(self, tmp_path: Path) -> None:
        require("docker-credential-secretservice", "golang-docker-credential-helpers")
        environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
        store = helper_store("secretservice", environ)
        with pytest.raises(StoreMissing, match="bus"):
            store.put(record())
        with pytest.raises(StoreError, match="could not be listed"):
            store.list()

    def test_secretservice_without_a_keyring(self) -> None:
        require("docker-credential-secretservice", "golang-docker-credential-helpers")
        with running_bus() as home, pytest.raises(StoreMissing):
            helper_store("secretservice", home.environ).put(record())

    def test_secretservice_locked(self) -> None:
        require("docker-credential-secretservice", "golang-docker-credential-helpers")
        with running_secret_service() as home:
            store = helper_store("secretservice", home.environ)
            store.put(record())
            home.lock()
            with pytest.raises(StoreLocked):
                store.get(SERVER)
            home.unlock()
            assert store.get(SERVER) is not None
