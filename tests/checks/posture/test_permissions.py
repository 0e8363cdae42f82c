from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.model.finding import Severity
from checks.posture.permissions import file_findings, folder_findings, key_findings
from tests.checks.conftest import MakeWorkstation, write


@pytest.mark.parametrize(
    ("mode", "folder_mode", "expected"),
    [
        (0o600, 0o755, []),
        (0o400, 0o755, []),
        (0o644, 0o755, [("readable-file", Severity.HIGH)]),
        (0o644, 0o700, [("readable-file", Severity.MEDIUM)]),
        (0o640, 0o755, [("readable-file", Severity.MEDIUM)]),
        (0o666, 0o755, [("writable-file", Severity.HIGH)]),
        (0o660, 0o755, [("writable-file", Severity.MEDIUM)]),
    ],
)
def test_modes(mode: int, folder_mode: int, expected: object, workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "home/.docker/config.json", "", mode)
    (tmp_path / "home").chmod(0o755)
    path.parent.chmod(folder_mode)
    found = list(file_findings(workstation(), path, holds_secret=True))
    assert [(one.rule, one.severity) for one in found] == expected
    assert all(one.advice == "chmod 600 ~/.docker/config.json" for one in found)
    assert all(one.secret is None for one in found)


def test_a_file_without_secrets_may_be_read(workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "home/.docker/config.json", "", 0o644)
    assert list(file_findings(workstation(), path, holds_secret=False)) == []
    path.chmod(0o646)
    assert [one.rule for one in file_findings(workstation(), path, holds_secret=False)] == ["writable-file"]


@pytest.mark.parametrize(("mode", "rules"), [(0o700, []), (0o755, []), (0o777, ["writable-folder"])])
def test_folders(mode: int, rules: list[str], workstation: MakeWorkstation, tmp_path: Path) -> None:
    folder = tmp_path / "home/.docker"
    folder.mkdir()
    folder.chmod(mode)
    found = list(folder_findings(workstation(), folder))
    assert [one.rule for one in found] == rules
    assert all(one.advice == "chmod 700 ~/.docker" for one in found)


def test_an_owner_who_is_not_the_user(workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "home/.docker/config.json", "")
    found = list(file_findings(workstation(uid=os.geteuid() + 1), path, holds_secret=True))
    assert [one.rule for one in found] == ["foreign-owner"]
    assert found[0].severity is (Severity.HIGH if os.geteuid() else Severity.MEDIUM)
    assert found[0].advice == 'sudo chown "$(id -u)" ~/.docker/config.json'


@pytest.mark.parametrize(("mode", "rules"), [(0o600, []), (0o640, ["readable-key"]), (0o604, ["readable-key"])])
def test_keys(mode: int, rules: list[str], workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "key.pem", "", mode)
    assert [one.rule for one in key_findings(workstation(), path)] == rules


def test_nothing_there_and_no_modes(workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "f", "", 0o666)
    assert list(file_findings(workstation(platform="win32"), path, holds_secret=True)) == []
    assert list(file_findings(workstation(), tmp_path / "no", holds_secret=True)) == []
    assert list(folder_findings(workstation(), path)) == []
    assert list(key_findings(workstation(), tmp_path)) == []
