"""Whole trees: what is walked, what is left out and said, what need not be read again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from checks import credential_documents, environment_files, source_text
from checks.catalog import CHECKS
from checks.files.walk import Folder
from checks.model.finding import Finding, Skipped
from checks.model.workstation import Workstation
from checks.trees import seen, walking
from checks.trees.batch import Outcome
from checks.trees.left_out import GIT_HISTORY, git_history, third_party
from checks.trees.reading import read_trees
from checks.trees.repositories import work_trees
from checks.trees.seen import SeenFiles
from checks.trees.trees import KNOWN_PLACES, Trees
from tests.checks.conftest import MakeWorkstation, random_token, write
from tests.services.processes import wait_until

TEXT = (source_text,)


def read(
    workstation: Workstation, *paths: Path, trees: Trees = KNOWN_PLACES, checks: tuple[object, ...] = TEXT
) -> tuple[list[Finding], list[Skipped], int, int]:
    """Findings, what was skipped, files that were looked at, and how many of them were not read again."""
    workstation = replace(workstation, named=paths)
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    looked = unchanged = 0
    until = trees.deadline(paths)
    for one in read_trees(workstation, checks, paths, trees, deadline=until):  # type: ignore[arg-type]
        if isinstance(one, Skipped):
            skipped.append(one)
            continue
        findings += [told for _, told in one.told if isinstance(told, Finding)]
        skipped += [told for _, told in one.told if isinstance(told, Skipped)]
        looked += one.looked.get(source_text.id, (0, 0))[0]
        unchanged += one.unchanged
    return findings, skipped, looked, unchanged


def token() -> str:
    return random_token("dckr_pat_", 27)


def age(top: Path) -> None:
    """Waits until the files of this tree have not just changed: the cache keeps only what is older than two seconds."""
    newest = max(path.lstat().st_ctime_ns for path in (top, *top.rglob("*")))
    wait_until(lambda: time.time_ns() - newest > seen._RACY_NS + 50_000_000, 30, "the files are old enough")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_RACY_NS", 20_000_000)


def test_every_file_of_a_named_tree_hidden_ones_too(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top = tmp_path / "top"
    for name in ("a", ".hidden/b", "node_modules/c/d.js", ".venv/lib/e.py", ".cache/f"):
        write(top / name, token())
    findings, skipped, looked, _ = read(workstation(), top)
    assert len(findings) == looked == 5
    assert skipped == []


def test_git_s_objects_are_left_to_git_history_but_not_its_config(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top = tmp_path / "top"
    for name in (".git/objects/ab/cdef", ".git/refs/x", ".git/config", ".git/hooks/pre-push", ".git/COMMIT_EDITMSG"):
        write(top / name, token())
    findings, skipped, _, _ = read(workstation(), top)
    assert sorted(one.place.path.rpartition(".git/")[2] for one in findings) == [
        "COMMIT_EDITMSG",
        "config",
        "hooks/pre-push",
    ]
    assert skipped == []  # git-history reads them, or says why not


def folder(path: str, *files: str) -> Folder:
    class Entry:
        def __init__(self, name: str) -> None:
            self.name = name

    return Folder(path, tuple(Entry(name) for name in files), ())  # type: ignore[misc]


def test_which_folders_are_left_out_of_a_scan_without_path() -> None:
    assert "npm" in third_party(folder("/h/p"), "node_modules")
    assert "Cargo" in third_party(folder("/h/.cargo"), "registry")
    assert third_party(folder("/h/p"), "registry") == ""
    assert "environment" in third_party(folder("/h/p/env", "pyvenv.cfg"), "lib")
    assert third_party(folder("/h/p/env"), "lib") == ""
    assert git_history(folder("/h/p/.git"), "objects") == GIT_HISTORY == third_party(folder("/h/p/.git"), "objects")
    assert git_history(folder("/h/p/.git/modules/sub"), "objects") == GIT_HISTORY
    assert git_history(folder("/h/p"), "objects") == ""
    assert git_history(folder("/h/p"), "node_modules") == ""


def test_another_file_system_is_left_out_of_a_scan_without_path(
    workstation: MakeWorkstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = workstation()
    top = repository(here.home / "src")
    write(top / "mounted/a.txt", token())
    monkeypatch.setattr("checks.trees.left_out.os.path.ismount", lambda path: str(path).endswith("/mounted"))
    findings, skipped, *_ = read(here, trees=Trees(repositories=True))
    assert len(findings) == 1
    assert [one.path for one in skipped if "file system" in one.reason] == [str(top / "mounted")]
    assert len(read(here, top)[0]) == 2  # named, it is read


def test_binaries_and_links_are_counted_in_one_line(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top = tmp_path / "top"
    for number in range(3):
        write(top / f"{number}/x.bin", bytes(range(256)))
    (top / "link").symlink_to("0")
    (top / "0" / "link").symlink_to("x.bin")
    _, skipped, looked, _ = read(workstation(), top)
    lines = {one.reason: (one.path, one.files, one.size) for one in skipped}
    assert lines["binary"] == (str(top), 3, 768)
    assert [files for reason, (_, files, _) in lines.items() if reason.startswith("links")] == [2]
    assert looked == 0


def test_an_unchanged_tree_is_not_read_again(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top, state = tmp_path / "top", tmp_path / "state"
    state.mkdir()
    for number in range(5):
        write(top / f"{number}/text", "nothing in here")
        write(top / f"{number}/x.bin", bytes(range(256)))
    secret = token()
    write(top / "3/found", secret)
    age(top)
    trees = Trees(state=state)
    first, again = read(workstation(), top, trees=trees), read(workstation(), top, trees=trees)
    assert (first[2], first[3]) == (6, 0)
    assert (again[2], again[3]) == (6, 5)
    assert [one.secret for one in again[0]] == [one.secret for one in first[0]]
    binaries = [[(one.files, one.size) for one in result[1] if one.reason == "binary"] for result in (first, again)]
    assert binaries[0] == binaries[1] == [(5, 1280)]
    everything = (state / seen.NAME).read_bytes()
    assert secret.encode() not in everything


CHANGES: list[Callable[[Path], object]] = [
    lambda path: path.write_text(token()),
    lambda path: path.replace(path.with_name("other")) and path.write_text(token()),
    lambda path: path.with_name("new").write_text(token()),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_new_secret_is_never_hidden(
    workstation: MakeWorkstation, tmp_path: Path, change: Callable[[Path], object]
) -> None:
    top, state = tmp_path / "top", tmp_path / "state"
    state.mkdir()
    path = write(top / "a/f", "x" * 36)
    before = path.stat()
    age(top)
    assert read(workstation(), top, trees=Trees(state=state))[0] == []
    change(path)
    if path.exists():
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # a tool that keeps the time of change
    assert len(read(workstation(), top, trees=Trees(state=state))[0]) == 1


def test_what_one_check_has_looked_at_another_has_not(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top, state = tmp_path / "top", tmp_path / "state"
    state.mkdir()
    write(top / "a.txt", token())
    age(top)
    trees = Trees(state=state)
    assert read(workstation(), top, trees=trees, checks=(environment_files,))[0] == []
    assert len(read(workstation(), top, trees=trees)[0]) == 1


def test_a_scan_that_was_stopped_keeps_only_what_it_read(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top, state = tmp_path / "top", tmp_path / "state"
    state.mkdir()
    for number in range(50):
        write(top / f"{number:02}/f", "nothing")
    write(top / "49/g", token())
    age(top)
    here = replace(workstation(), named=(top,))
    for one in read_trees(here, TEXT, (top,), Trees(state=state)):
        assert isinstance(one, Outcome)
        here.cancelled.set()
    findings, _, looked, unchanged = read(workstation(), top, trees=Trees(state=state))
    assert looked == 51 and 0 < unchanged < 50
    assert len(findings) == 1


def test_a_damaged_cache_is_told(workstation: MakeWorkstation, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    (state / seen.NAME).write_bytes(b"not a database" * 100)
    write(tmp_path / "top/f", "x")
    _, skipped, _, _ = read(workstation(), tmp_path / "top", trees=Trees(state=state))
    assert [one.check for one in skipped] == ["cache"]


def test_a_declined_check_s_files_are_looked_at_by_nobody(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "top/.env", f"A={token()}")
    write(tmp_path / "top/b", token())
    trees = Trees(declined=(environment_files,))
    findings, *_ = read(workstation(), tmp_path / "top", trees=trees, checks=(source_text, credential_documents))
    assert [one.place.path for one in findings] == [str(tmp_path / "top/b")]


def test_a_named_file(workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "tests/login.py", f'password = "{random_token("", 12)}x7"')
    ((finding,), *_) = read(workstation(), path)
    assert finding.place.path == str(path)
    assert finding.confidence.label == "likely"  # what the folder is called says nothing: the file was named


def test_a_tree_is_read_by_every_check(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "top/.env", "DB_PASSWORD=" + random_token("", 12) + "x7\n")
    write(tmp_path / "top/Dockerfile", f"FROM x\nRUN docker login -u a -p {random_token('', 12)}x7\n")
    write(tmp_path / "top/a.py", f'password = "{random_token("", 12)}x7"')
    findings, *_ = read(workstation(), tmp_path / "top", checks=CHECKS)
    assert {one.check for one in findings} == {"environment-files", "container-builds", "source-text"}


# Without PATH: the work trees below the home folder


def repository(path: Path, secret: str = "") -> Path:
    write(path / ".git/HEAD", "ref: refs/heads/main\n")
    write(path / "a.txt", secret or token())
    return path


def test_work_trees_are_found_and_what_lies_outside_is_not_read(workstation: MakeWorkstation, tmp_path: Path) -> None:
    here = workstation()
    for name in ("src/one", "src/deep/er/two", ".dotfiles"):
        repository(here.home / name)
    repository(here.home / "src/one/nested")
    write(here.home / "src/worktree/.git", "gitdir: /somewhere\n")
    write(here.home / "Documents/letter.txt", token())
    findings, skipped, *_ = read(here, trees=Trees(repositories=True))
    names = sorted(str(Path(one.place.path).relative_to(here.home)) for one in findings)
    assert names == [".dotfiles/a.txt", "src/deep/er/two/a.txt", "src/one/a.txt", "src/one/nested/a.txt"]
    assert all(one.check == "walk" for one in skipped)


def test_those_in_use_come_first(workstation: MakeWorkstation) -> None:
    here = workstation()
    for number, name in enumerate(("old", "new", "middle")):
        os.utime(repository(here.home / name) / ".git", (0, {0: 100, 1: 300, 2: 200}[number]))
    tops = [one for one in work_trees(here, third_party, None) if isinstance(one, Path)]
    assert [top.name for top in tops] == ["new", "middle", "old"]


def test_a_home_that_is_a_repository_is_said_and_not_read_whole(workstation: MakeWorkstation) -> None:
    here = workstation()
    repository(here.home)
    repository(here.home / "src")
    findings, skipped, *_ = read(here, trees=Trees(repositories=True))
    assert [Path(one.place.path).parent.name for one in findings] == ["src"]
    assert [one.path for one in skipped if "name it" in one.reason] == [str(here.home)]


def test_what_is_left_out_is_said_with_its_size_and_full_reads_it(workstation: MakeWorkstation) -> None:
    here = workstation()
    top = repository(here.home / "src")
    write(top / "node_modules/a/b.js", token())
    findings, skipped, *_ = read(here, trees=Trees(repositories=True))
    assert len(findings) == 1
    (left,) = [one for one in skipped if "--full" in one.reason]
    assert (left.path, left.files, left.size) == (str(top / "node_modules"), 1, 36)
    assert len(read(here, trees=Trees(repositories=True, full=True))[0]) == 2


def test_when_the_time_is_spent_the_rest_is_said_and_the_next_scan_goes_on(
    workstation: MakeWorkstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, state = workstation(), tmp_path / "state"
    state.mkdir()
    for number in range(4):
        write(repository(here.home / f"r{number}", "nothing") / "b.txt", "nothing")
    age(here.home)
    asked = iter(range(10_000))
    with monkeypatch.context() as patched:
        patched.setattr(walking.TreeWalk, "_spent", lambda _: next(asked) > 4)
        _, skipped, looked, _ = read(here, trees=Trees(state=state, repositories=True))
    assert 0 < looked < 12
    assert any("the time for this scan was spent" in one.reason for one in skipped)
    _, skipped, looked, unchanged = read(here, trees=Trees(state=state, repositories=True))
    assert unchanged > 0 and looked == 12
    assert not any("spent" in one.reason for one in skipped)


def test_a_budget_of_nothing_reads_nothing_and_says_so(workstation: MakeWorkstation) -> None:
    here = workstation()
    repository(here.home / "src")
    findings, skipped, *_ = read(here, trees=Trees(repositories=True, budget=0.0))
    assert findings == []
    assert any("spent" in one.reason for one in skipped)


def test_the_cache_is_written_for_folders_of_many_files(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top, state = tmp_path / "top", tmp_path / "state"
    state.mkdir()
    for number in range(350):
        write(top / f"f{number}", "nothing")
    age(top)
    read(workstation(), top, trees=Trees(state=state))
    cache = SeenFiles(state, workstation().key, [source_text.id])
    assert len(cache.known(str(top)).clean) == 350
    cache.close()
