"""What our helper does when the keyring wants to ask the person, and when it talks nonsense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from guides.stores.own import secret_service
from guides.stores.own.secret_service import SecretService
from guides.stores.own.trouble import Locked
from tests.guides.stores.own.conftest import Run
from tests.guides.stores.own.prompting_service import ITEM, SECRET, prompting_service
from tests.services.secret_service import SecretServiceHome, running_bus


@pytest.fixture
def bus() -> Iterator[SecretServiceHome]:
    with running_bus() as home:
        yield home


def test_a_prompt_that_is_answered(run: Run, bus: SecretServiceHome) -> None:
    with prompting_service(bus, dismissed=False) as service:
        done = run(bus.environ, "get", stdin="r.example")
    assert json.loads(done.stdout) == {"ServerURL": "r.example", "Username": "alice", "Secret": SECRET}
    assert service.called[:4] == ["OpenSession", "SearchItems", "Unlock", "Prompt"]


def test_a_prompt_that_is_dismissed(run: Run, bus: SecretServiceHome) -> None:
    with prompting_service(bus, dismissed=True) as service:
        done = run(bus.environ, "get", stdin="r.example")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("the keyring is locked")
    assert "GetSecret" not in service.called


def test_a_prompt_that_nobody_answers(bus: SecretServiceHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.environ["DBUS_SESSION_BUS_ADDRESS"])
    monkeypatch.setattr(secret_service, "PERSON_SECONDS", 0.5)
    monkeypatch.setattr(secret_service, "NOBODY_SECONDS", 0.5)
    with prompting_service(bus, dismissed=None) as service:
        keyring = SecretService.connect()
        with pytest.raises(Locked, match="nobody answered"):
            keyring.get("r.example")
        keyring.close()
    assert service.called[-1] == "Dismiss", "no prompt is left on the screen"


NONSENSE: list[dict[str, tuple[str, tuple[Any, ...]]]] = [
    {"OpenSession": ("s", ("junk",))},
    {"OpenSession": ("", ())},
    {"SearchItems": ("s", ("junk",))},
    {"SearchItems": ("aoao", (["/x"], [])), "Get": ("v", (("i", 7),))},
    {"SearchItems": ("aoao", (["/x"], [])), "GetSecret": ("(oayays)", (("/s", b"", b"\xff\xfe", "text/plain"),))},
    {"SearchItems": ("aoao", (["/x"], [])), "GetSecret": ("s", ("junk",))},
]


@pytest.mark.parametrize("answers", NONSENSE)
def test_nonsense_is_a_clear_text(
    run: Run, bus: SecretServiceHome, answers: dict[str, tuple[str, tuple[Any, ...]]]
) -> None:
    with prompting_service(bus, dismissed=False, **answers):
        done = run(bus.environ, "get", stdin="r.example")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("the keyring could not be used")


GONE = {
    "SearchItems": ("aoao", ([ITEM], [])),
    "Get": ("error", ("org.freedesktop.DBus.Error.UnknownMethod", "s", ("Object does not exist",))),
}


def test_items_that_another_process_erased_since_the_search(run: Run, bus: SecretServiceHome) -> None:
    with prompting_service(bus, dismissed=False, **GONE) as service:
        listed, got = run(bus.environ, "list"), run(bus.environ, "get", stdin="r.example")
    assert (listed.returncode, listed.stdout) == (0, "{}\n")
    assert (got.returncode, got.stdout) == (1, "the keyring changed all the time\n")
    assert service.called.count("SearchItems") == 1 + 3
