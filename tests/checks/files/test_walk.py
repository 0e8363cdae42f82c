from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from checks.files.walk import NotWalked, walk
from checks.model.workstation import Limits
from tests.checks.conftest import MakeWorkstation, unprivileged, write


def names(found: object, top: Path) -> list[str]:
    return [str(one.relative_to(top)) for one in found if isinstance(one, Path)]  # type: ignore[attr-defined]


def test_every_file_in_a_stable_order_hidden_ones_too(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top = tmp_path / "top"
    for name in ("b", ".hidden/x", "a/2", "a/1", "a/z/deep"):
        write(top / name, b"")
    expected = ["b", ".hidden/x", "a/1", "a/2", "a/z/deep"]
    assert names(walk(workstation(), top), top) == expected == names(walk(workstation(), top), top)


def test_a_file_is_its_own_tree(workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "f", b"")
    assert list(walk(workstation(), path)) == [path]
    assert list(walk(workstation(), tmp_path / "missing")) == [tmp_path / "missing"]


@pytest.mark.timeout(60)
def test_links_to_folders_are_not_followed(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top = tmp_path / "top"
    write(top / "a/f", b"")
    (top / "a/loop").symlink_to(top)
    (top / "out").symlink_to("/")
    assert names(walk(workstation(), top), top) == ["out", "a/f", "a/loop"]


def test_a_named_link_is_followed(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "top/f", b"")
    (tmp_path / "link").symlink_to("top")
    assert list(walk(workstation(), tmp_path / "link")) == [tmp_path / "link/f"]


def test_depth_is_bounded_and_told(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "top/1/2/3/f", b"")
    found = list(walk(workstation(limits=Limits(depth=2)), tmp_path / "top"))
    assert found == [NotWalked(str(tmp_path / "top/1/2"), "more than 2 folders deep")]


def test_unreadable_folders_are_told(workstation: MakeWorkstation) -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        top.chmod(0o755)
        closed = top / "closed"
        write(closed / "below/f", b"")
        closed.chmod(0)
        try:
            with unprivileged():
                assert list(walk(workstation(), top)) == [NotWalked(str(closed), "not readable: Permission denied")]
                assert list(walk(workstation(), closed / "below")) == [closed / "below"]
        finally:
            closed.chmod(0o700)


def test_names_that_are_not_utf8(workstation: MakeWorkstation, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff\n")).touch()
    (found,) = [one for one in walk(workstation(), tmp_path) if "\n" in str(one)]
    assert os.fsencode(found).endswith(b"/\xff\n")  # type: ignore[arg-type]


def test_cancelling_ends_the_walk(workstation: MakeWorkstation, tmp_path: Path) -> None:
    for name in ("a/f", "b/f", "c/f"):
        write(tmp_path / "top" / name, b"")
    here = workstation()
    found = []
    for one in walk(here, tmp_path / "top"):
        found.append(one)
        here.cancelled.set()
    assert len(found) == 1
