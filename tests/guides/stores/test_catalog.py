"""The order of the stores, and when our own is among them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guides.stores.catalog import choose, find_store, may_offer_own, probes, stores
from guides.stores.own.install import InstallPlan, install, plan_install
from guides.stores.own.store import own_store
from guides.stores.store import StoreMissing
from tests.services.secret_service import SecretServiceHome

WORKS = """
case $1 in
store) cat > "$HOME/held";;
get) cat >/dev/null; cat "$HOME/held" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; };;
erase) cat >/dev/null; rm -f "$HOME/held";;
esac
"""
BROKEN = "cat >/dev/null; echo boom; exit 1"


@pytest.fixture
def environ(tmp_path: Path, keyring_home: SecretServiceHome) -> dict[str, str]:
    """A home of its own with our helper installed, on the bus of the real keyring."""
    environ = {**keyring_home.environ, "HOME": str(tmp_path), "PATH": f"{tmp_path}/.local/bin:/bin"}
    plan: InstallPlan = plan_install(environ)
    install(plan)
    return environ


def add(environ: dict[str, str], suffix: str, script: str) -> None:
    program = Path(environ["HOME"], ".local/bin", f"docker-credential-{suffix}")
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    environ["PATH"] = f"{environ['HOME']}/.local/bin{os.pathsep}/bin"


@pytest.fixture(autouse=True)
def _no_system_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    """/bin may be a link to /usr/bin, where the real helpers are."""
    monkeypatch.setattr("guides.stores.native.KNOWN", ())
    monkeypatch.setattr(
        "guides.stores.native.PLAIN_TEXT", frozenset({"pass", "secretservice", "osxkeychain", "wincred"})
    )


def test_all_that_is_installed_native_first(environ: dict[str, str]) -> None:
    add(environ, "zoo", BROKEN)
    assert [store.id for store in stores(environ)] == ["zoo", "dockhygiene"]


def test_our_own_is_not_offered_where_a_native_one_works(environ: dict[str, str]) -> None:
    add(environ, "acme", WORKS)
    chosen = choose(environ)
    assert [(store.id, probe.works) for store, probe in chosen] == [("acme", True)]
    assert not may_offer_own(chosen)


def test_our_own_is_offered_where_no_native_one_works(environ: dict[str, str]) -> None:
    add(environ, "acme", BROKEN)
    chosen = choose(environ)
    assert [(store.id, probe.works) for store, probe in chosen] == [("dockhygiene", True), ("acme", False)]
    assert may_offer_own(chosen)


def test_the_store_that_a_configuration_names(environ: dict[str, str]) -> None:
    add(environ, "acme", WORKS)
    assert find_store("acme", environ).id == "acme"
    assert find_store("dockhygiene", environ) == own_store(environ)
    with pytest.raises(StoreMissing):
        find_store("absent", environ)


def test_probes_arrive_one_by_one(environ: dict[str, str]) -> None:
    add(environ, "acme", WORKS)
    add(environ, "zoo", BROKEN)
    arriving = probes(environ)
    assert next(arriving)[0].id == "acme"
    assert next(arriving)[0].id == "zoo"
    assert next(arriving, None) is None


def test_nothing_at_all(tmp_path: Path) -> None:
    environ = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    assert stores(environ) == ()
    assert choose(environ) == []
