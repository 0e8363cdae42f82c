"""Which case store a case gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from guides.stores.case.catalog import case_stores, find_case_store, first_working
from guides.stores.case.pass_store import PassCaseStore
from guides.stores.case.secret_service import SecretServiceCaseStore
from guides.stores.store import StoreError, StoreMissing
from tests.services.pass_store import running_pass_store
from tests.services.secret_service import running_secret_service


def test_the_desktop_s_keyring_comes_first() -> None:
    with running_secret_service() as home:
        store, tried = first_working(home.environ)
        assert isinstance(store, SecretServiceCaseStore) and not tried


def test_pass_where_there_is_no_desktop() -> None:
    with running_pass_store() as environ:
        store, tried = first_working(environ)
        assert isinstance(store, PassCaseStore)
        assert any("D-Bus" in probe.reason for _, probe in tried)
        assert find_case_store("pass", environ) == store


def test_nowhere_at_all_each_reason_is_told(tmp_path: Path) -> None:
    store, tried = first_working({"HOME": str(tmp_path), "PATH": str(tmp_path)})
    assert store is None
    assert len(tried) == 3
    assert all(not probe.works and probe.reason for _, probe in tried)


def test_an_unknown_store_is_missing() -> None:
    with pytest.raises(StoreMissing, match="no store that this version knows"):
        find_case_store("etcd", {})


def test_no_program_is_started_before_a_probe(tmp_path: Path) -> None:
    marker, folder = tmp_path / "started", tmp_path / "bin"
    folder.mkdir()
    for name in ("pass", "gpg", "docker-credential-pass", "docker-credential-secretservice"):
        (folder / name).write_text(f"#!/bin/sh\ntouch {marker}\n")
        (folder / name).chmod(0o755)
    (tmp_path / ".password-store").mkdir()
    (tmp_path / ".password-store/.gpg-id").write_text("KEY\n")
    environ = {"HOME": str(tmp_path), "PATH": f"{folder}:/usr/bin:/bin", "XDG_RUNTIME_DIR": str(tmp_path)}
    found = list(case_stores(environ))
    assert [one.id for one in found if not isinstance(one, StoreError)] == ["secretservice", "pass", "keyring"]
    find_case_store("pass", environ)
    assert not marker.exists()
    _, tried = first_working(environ)
    assert marker.exists()
    assert len(tried) == 3
