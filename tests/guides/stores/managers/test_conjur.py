"""Conjur: the official client against a double over TLS. No real server was at hand."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.managers.conjur import ConjurManager
from guides.stores.managers.conjur_login import conjur_login, connect
from guides.stores.managers.manager import (
    LoginExpired,
    Manager,
    NotAllowed,
    NotTrusted,
    QuotaReached,
    Setting,
    Unreachable,
)
from guides.stores.store import StoreError, StoreRefused
from tests.guides.stores.managers.contract import ManagerContract
from tests.services.authority import Authority
from tests.services.conjur_double import ConjurDouble, running_conjur


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, Path]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    return authority, authority.trust_in(authority.folder / "trust")


@pytest.fixture(scope="module")
def conjur(trusted: tuple[Authority, Path]) -> Iterator[ConjurDouble]:
    with running_conjur(trusted[0].server("127.0.0.1")) as double:
        yield double


@pytest.fixture
def environ(conjur: ConjurDouble, trusted: tuple[Authority, Path]) -> dict[str, str]:
    conjur.privileges.clear()
    conjur.broken = 0
    return {**conjur.environ, "CONJUR_CERT_FILE": str(trusted[1])}


@pytest.fixture(scope="module")
def manager(conjur: ConjurDouble, trusted: tuple[Authority, Path]) -> Manager:
    return ConjurManager(Setting({**conjur.environ, "CONJUR_CERT_FILE": str(trusted[1])}))


class TestConjur(ManagerContract):
    field = ""
    erases = False

    @pytest.fixture
    def name(self, conjur: ConjurDouble, fresh: str) -> str:
        """A variable that a policy made and nobody set."""
        conjur.values[f"dev/{fresh}"] = None
        return f"dev/{fresh}"


def test_rights_and_variables_that_are_not_there(conjur: ConjurDouble, environ: dict[str, str], fresh: str) -> None:
    manager = ConjurManager(Setting(environ))
    with pytest.raises(StoreRefused, match="not there, or hidden") as missing:
        manager.put(fresh, "", Secret("x"), elsewhere=True)
    assert "!variable" in missing.value.mend
    conjur.set(fresh, "held")
    with pytest.raises(StoreRefused, match="does not erase"):
        manager.erase(fresh)
    conjur.privileges[fresh] = frozenset({"read", "execute"})
    with pytest.raises(NotAllowed, match="update"):
        manager.put(fresh, "", Secret("x"), elsewhere=True)
    assert manager.get(fresh) == Secret("held")
    conjur.privileges[fresh] = frozenset({"read"})
    with pytest.raises(NotAllowed, match="execute"):
        manager.get(fresh)
    conjur.privileges[fresh] = frozenset()
    assert manager.get(fresh) is None


def test_logins(conjur: ConjurDouble, environ: dict[str, str], fresh: str, tmp_path: Path) -> None:
    """The API key of ~/.netrc with the address of ~/.conjurrc, and an access token in a file."""
    conjur.set(fresh, "held")
    home = {"HOME": str(tmp_path)}
    assert "conjur init" in ConjurManager(Setting(home)).probe().mend
    (tmp_path / ".conjurrc").write_text(
        f"---\nconjur_url: {conjur.url}\nconjur_account: {conjur.account}\ncert_file: {environ['CONJUR_CERT_FILE']}\n"
    )
    assert "conjur login" in ConjurManager(Setting(home)).probe().mend
    token = tmp_path / "token"
    token.write_bytes(conjur.new_token())
    assert ConjurManager(Setting({**home, "CONJUR_AUTHN_TOKEN_FILE": str(token)})).get(fresh) == Secret("held")
    netrc = f"machine {conjur.url}/authn\n  login {conjur.login}\n  password {conjur.key.reveal()}\n"
    (tmp_path / ".netrc").write_text(netrc)
    assert ConjurManager(Setting(home)).get(fresh) == Secret("held")
    wrong = secrets.token_hex(8)
    with pytest.raises(LoginExpired, match="does not accept") as failed:
        ConjurManager(Setting({**environ, "CONJUR_AUTHN_API_KEY": wrong})).get(fresh)
    assert wrong not in str(failed.value)


def test_servers_that_are_not_there_not_trusted_or_broken(conjur: ConjurDouble, environ: dict[str, str]) -> None:
    with pytest.raises(NotTrusted, match="nothing was sent"):
        ConjurManager(Setting({**environ, "CONJUR_CERT_FILE": ""})).get("x")
    with pytest.raises(Unreachable):
        ConjurManager(Setting({**environ, "CONJUR_APPLIANCE_URL": "https://127.0.0.1:9"})).get("x")
    with pytest.raises(NotTrusted, match="http"):
        ConjurManager(Setting({**environ, "CONJUR_APPLIANCE_URL": "http://conjur.example.com"})).get("x")
    for status, error in ((429, QuotaReached), (503, StoreError)):
        conjur.broken = status
        with pytest.raises(error) as failed:
            ConjurManager(Setting(environ)).get("x")
        assert type(failed.value) is error


def test_the_official_client_passes_the_double(conjur: ConjurDouble, environ: dict[str, str], fresh: str) -> None:
    """Versions, a batch and whoami, which the manager does not use: so that the double is one for others too."""
    client = connect(conjur_login(environ))
    before = list(logging.getLogger().handlers)
    for value in ("one", "two", "two"):
        conjur.values.setdefault(fresh, None)
        asyncio.run(client.set(fresh, value))
    assert asyncio.run(client.get(fresh, "1")) == b"one"
    assert asyncio.run(client.get_many(fresh)) == {fresh: "two"}
    assert len(conjur.history[fresh]) == 2
    assert asyncio.run(client.whoami())["username"] == conjur.login
    assert logging.getLogger().handlers == before
