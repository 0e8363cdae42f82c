"""gopass, 1Password, Bitwarden and docker pass: against fakes that were written from the official pages. No proof."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.managers.bitwarden import BitwardenManager
from guides.stores.managers.docker_pass import DockerPassManager
from guides.stores.managers.gopass import GopassManager
from guides.stores.managers.manager import (
    LoginExpired,
    Manager,
    NotAllowed,
    QuotaReached,
    Setting,
    Unreachable,
)
from guides.stores.managers.one_password import OnePasswordManager
from guides.stores.store import StoreError, StoreLocked, StoreMissing, StoreRefused
from tests.guides.stores.managers.conftest import Fake
from tests.guides.stores.managers.contract import ManagerContract

Install = Callable[[str], Fake]


class OfProgram(ManagerContract):
    program: str
    make: Callable[[Setting], Manager]

    @pytest.fixture
    def installed(self, fake: Install) -> Fake:
        return fake(self.program)

    @pytest.fixture
    def manager(self, installed: Fake) -> Manager:
        return type(self).make(Setting(installed.environ))

    @pytest.fixture
    def name(self, fresh: str) -> str:
        return f"Team/{fresh}"

    def put(self, manager: Manager, name: str, field: str, secret: Secret) -> None:
        """Values travel on standard input."""
        super().put(manager, name, field, secret)
        if len(secret) > 3:
            state = Path(manager.setting.environ["HOME"])  # type: ignore[attr-defined]
            assert secret.reveal() not in (state / "argv").read_text()

    def test_without_the_program(self) -> None:
        manager = type(self).make(Setting({"PATH": "/nonexistent", "BW_SESSION": "x"}))
        assert not manager.probe().works
        with pytest.raises(StoreMissing, match="not on PATH"):
            manager.get("Team/x")


class TestGopass(OfProgram):
    program = "gopass"
    make = GopassManager


class TestOnePassword(OfProgram):
    program = "op"
    make = OnePasswordManager


class TestBitwarden(OfProgram):
    program = "bw"
    make = BitwardenManager
    odd = ("--help",)  # a name here is no path


class TestDockerPass(OfProgram):
    program = "docker"
    make = DockerPassManager
    field = ""
    odd = ("/a//b", "--help/x", "a=b", "a b")


TROUBLE: dict[str, list[tuple[str, type[StoreError], str]]] = {
    "op": [
        ("You are not currently signed in. Please run `op signin --help`", LoginExpired, "signin"),
        ("Too many requests", QuotaReached, "ratelimit"),
        ("More than one item matches", StoreRefused, "id"),
        ("dial tcp: lookup my.1password.com: no such host", Unreachable, "network"),
        ("(403) Forbidden", NotAllowed, "vault list"),
    ],
    "bw": [
        ("Vault is locked.", StoreLocked, "BW_SESSION"),
        ("You are not logged in.", LoginExpired, "bw login"),
        ("More than one result was found.", StoreRefused, "id"),
        ("request to https://x failed, reason: connect ECONNREFUSED", Unreachable, "bw status"),
        ("Rate limit exceeded. Try again later.", QuotaReached, "wait"),
    ],
    "gopass": [
        ("6", StoreMissing, "gopass setup"),
        ("11", StoreLocked, "terminal"),
        ("18", StoreError, "exit-codes"),
    ],
    "docker": [
        ("docker: 'pass' is not a docker command.", StoreMissing, "docker-secrets-engine"),
        ("secrets-engine daemon is not reachable", StoreMissing, "systemctl"),
        ("access denied", NotAllowed, "asks"),
        ("masks", StoreRefused, "se://"),
    ],
}
MAKE: dict[str, Callable[[Setting], Manager]] = {
    "op": OnePasswordManager,
    "bw": BitwardenManager,
    "gopass": GopassManager,
    "docker": DockerPassManager,
}


@pytest.mark.parametrize("program", TROUBLE)
def test_each_failure_has_its_own_message_and_loses_nothing(program: str, fake: Install) -> None:
    installed, value = fake(program), secrets.token_hex(8)
    manager = MAKE[program](Setting(installed.environ))
    manager.put("Team/x", "", Secret(value), elsewhere=True)
    for how, error, mend in TROUBLE[program]:
        installed.be(how)
        with pytest.raises(error) as failed:
            manager.put("Team/x", "", Secret(value), elsewhere=True)
        assert type(failed.value) is error
        assert mend in failed.value.mend and value not in str(failed.value)
    installed.be("")
    assert manager.get("Team/x") == Secret(value)


def test_op_names_a_vault_that_is_not_there(fake: Install) -> None:
    with pytest.raises(NotAllowed, match="not there"):
        OnePasswordManager(Setting(fake("op").environ)).get("Other/x")


def test_bw_without_a_session_is_locked_and_the_probe_says_so(fake: Install) -> None:
    manager = BitwardenManager(Setting({**fake("bw").environ, "BW_SESSION": ""}))
    assert "BW_SESSION" in manager.probe().mend
    with pytest.raises(StoreLocked):
        manager.get("x")


def test_bw_takes_no_item_that_only_contains_the_name(fake: Install) -> None:
    manager = BitwardenManager(Setting(fake("bw").environ))
    manager.put("docker-production", "", Secret("other"), elsewhere=True)
    assert manager.get("docker") is None
