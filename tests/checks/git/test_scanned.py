"""A scan reads the files of a repository by its checks, and its history once, wherever it was met."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from checks import git_history
from checks.catalog import CHECKS
from checks.model.check import Check
from checks.model.finding import Confidence, Finding, PlaceKind, Skipped
from checks.model.workstation import Workstation
from checks.scan import CheckFinished, FindingFound, ItemSkipped, scan
from checks.trees.trees import KNOWN_PLACES, Trees
from tests.checks.conftest import random_password, random_token
from tests.services.git_repository import GitRepository


def scanned(
    here: Workstation, *paths: Path, trees: Trees = KNOWN_PLACES, checks: Sequence[Check] = CHECKS
) -> tuple[list[Finding], list[Skipped]]:
    events = list(scan(here, checks, paths, trees))
    assert not [one.failure for one in events if isinstance(one, CheckFinished) and one.failure]
    findings = [one.finding for one in events if isinstance(one, FindingFound)]
    return (
        [one for one in findings if one.confidence > Confidence.POSSIBLE],
        [one.skipped for one in events if isinstance(one, ItemSkipped)],
    )


def leaking(path: Path) -> GitRepository:
    """A secret that only the history still holds."""
    made = GitRepository.new(path)
    made.added("a.py", f"key = '{random_token('dckr_pat_', 27)}'\n")
    made.removed("a.py")
    return made


def test_one_that_lies_in_an_ignored_folder_of_another(here: Workstation, repository: GitRepository) -> None:
    inner = leaking(repository.path / "vendor/inner").path
    repository.added(".gitignore", "vendor/\n")
    ((found,), _) = scanned(here, repository.path)
    assert (found.place.kind, found.place.repository, found.place.path) == (PlaceKind.GIT, str(inner), "a.py")


def test_what_is_there_and_in_the_history_is_told_of_both(here: Workstation, repository: GitRepository) -> None:
    repository.added("a.py", f"key = '{random_token('dckr_pat_', 27)}'\n")
    findings, _ = scanned(here, repository.path)
    assert sorted((one.place.kind, one.check) for one in findings) == [
        (PlaceKind.FILE, "source-text"),
        (PlaceKind.GIT, "git-history"),
    ]
    assert len({one.secret for one in findings}) == 1


def test_settings_hooks_and_reflogs_of_any_repository(here: Workstation, tmp_path: Path) -> None:
    passwords = [random_password() for _ in range(5)]
    made = GitRepository.new(tmp_path / "top/work")
    bare = GitRepository.new(tmp_path / "top/bare.git", "--bare")
    bare.git("config", "remote.origin.url", f"https://bob:{passwords[0]}@git.example.com/a.git")
    made.git("config", f"url.https://bob:{passwords[1]}@git.example.com/.insteadOf", "x:")
    made.git("config", "http.https://git.example.com/.extraHeader", f"Authorization: Bearer {passwords[2] * 2}")
    hook = made.path / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ndocker login ghcr.io -u bob -p {passwords[3]}\n")
    log = made.path / ".git/logs/HEAD"
    log.parent.mkdir(exist_ok=True)
    who = "Ada <ada@example.com> 1700000000 +0000"
    log.write_text(f"{'0' * 40} {'1' * 40} {who}\tclone: from https://bob:{passwords[4]}@git.acme.org/b.git\n")
    findings, _ = scanned(here, tmp_path / "top")
    told = {one.secret.reveal() for one in findings if one.secret}
    expected = [*passwords[:2], passwords[2] * 2, *passwords[3:]]
    assert [one in told for one in expected] == [True] * 5
    assert len(told) == 5


def test_without_a_path_those_below_the_home_folder_as_long_as_there_is_time(
    here: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = leaking(here.home / "src/shop")
    made.git("gc", "--quiet")
    assert len(scanned(here, trees=Trees(repositories=True))[0]) == 1
    monkeypatch.setattr("checks.git.history.time", SimpleNamespace(monotonic=lambda: float("inf")))
    findings, skipped = scanned(here, trees=Trees(repositories=True))
    assert findings == []
    (left,) = [one for one in skipped if one.check == "git-history"]
    assert left.path == str(made.path)
    assert "--history" in left.reason
    assert left.size and left.size > 100
    assert len(scanned(here, trees=Trees(repositories=True, history=True))[0]) == 1


def test_only_where_it_is_asked_for(here: Workstation, tmp_path: Path) -> None:
    path = leaking(tmp_path / "work").path
    others = [check for check in CHECKS if check is not git_history]
    assert scanned(here, path, checks=others)[0] == []
    (found,) = scanned(here, path, checks=[git_history])[0]
    assert found.place.kind is PlaceKind.GIT
