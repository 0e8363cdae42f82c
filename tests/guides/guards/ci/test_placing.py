"""Where a set-up goes, and that nothing of the person's is ever overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from guides.edits.atomic import NotWritten
from guides.guards.ci import placing
from guides.guards.ci.catalog import SYSTEMS, CiSystem, ci_system
from guides.guards.ci.placing import State, place, write
from tests.checks.conftest import unprivileged

TEXT = "a: 1\nb: 2\n"


def tree(top: Path) -> set[str]:
    return {str(path.relative_to(top)) for path in top.rglob("*")}


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.id)
def test_a_free_place_gets_the_set_up(system: CiSystem, tmp_path: Path) -> None:
    placement = place(system, tmp_path, TEXT)
    assert (placement.state, placement.path, placement.taken) == (State.FREE, system.path, "")
    assert not tree(tmp_path)
    assert placement.diff[-2:] == ("+a: 1", "+b: 2")
    write(placement)
    assert placement.file.read_text() == TEXT
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [placement.file]
    assert place(system, tmp_path, TEXT).state is State.SAME


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.id)
def test_a_file_of_the_persons_stays(system: CiSystem, tmp_path: Path) -> None:
    theirs = tmp_path / system.path
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.write_text("theirs\n")
    placement = place(system, tmp_path, TEXT)
    assert placement.taken == system.path
    if not system.beside:
        assert placement.state is State.TAKEN
        with pytest.raises(NotWritten, match="appeared"):
            write(placement)
    else:
        assert (placement.state, placement.path) == (State.FREE, system.beside)
        write(placement)
        assert (tmp_path / system.beside).read_text() == TEXT
    assert theirs.read_text() == "theirs\n"
    assert not [name for name in tree(tmp_path) if "dockhygiene-" in name]


def test_a_file_that_appears_meanwhile_stays(tmp_path: Path) -> None:
    placement = place(ci_system("travis"), tmp_path, TEXT)
    placement.file.write_text("theirs\n")
    with pytest.raises(NotWritten, match="appeared just now"):
        write(placement)
    assert tree(tmp_path) == {".travis.yml"}
    assert placement.file.read_text() == "theirs\n"


def test_a_link_to_nothing_is_a_file_of_the_persons(tmp_path: Path) -> None:
    (tmp_path / ".travis.yml").symlink_to(tmp_path / "elsewhere")
    placement = place(ci_system("travis"), tmp_path, TEXT)
    assert placement.state is State.TAKEN
    with pytest.raises(NotWritten):
        write(placement)
    assert not (tmp_path / "elsewhere").exists()


def test_a_linked_folder_leads_nowhere(tmp_path: Path) -> None:
    top, outside = tmp_path / "top", tmp_path / "outside"
    top.mkdir()
    outside.mkdir()
    (top / ".github").symlink_to(outside)
    with pytest.raises(NotWritten, match="is a link"):
        write(place(ci_system("github"), top, TEXT))
    assert not tree(outside)


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / ".circleci").write_text("theirs\n")
    with pytest.raises(NotWritten, match="no folder"):
        write(place(ci_system("circleci"), tmp_path, TEXT))
    assert tree(tmp_path) == {".circleci"}


def test_a_folder_that_refuses_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with unprivileged(), pytest.raises(NotWritten, match="nothing was written"):
            write(place(ci_system("github"), tmp_path, TEXT))
    finally:
        tmp_path.chmod(0o755)
    assert not tree(tmp_path)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(placing.os, "fsync", full)
    with pytest.raises(NotWritten, match="No space left"):
        write(place(ci_system("travis"), tmp_path, TEXT))
    assert not tree(tmp_path)
