"""Links that lead nowhere and folders that may not be entered."""

from __future__ import annotations

from pathlib import Path

from checks.files.asking import each_once, matching, resolved
from tests.checks.conftest import unprivileged, write


def test_links(tmp_path: Path) -> None:
    file = write(tmp_path / "file", "x")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "loop").symlink_to("loop")
    assert resolved(tmp_path / "link") == resolved(file)
    assert resolved(tmp_path / "loop").name == "loop"


def test_files_in_order_and_no_folders(tmp_path: Path) -> None:
    for name in ("b.sh", "a.sh", "c.txt"):
        write(tmp_path / name, "x")
    (tmp_path / "d.sh").mkdir()
    assert [path.name for path in matching(tmp_path, "*.sh")] == ["a.sh", "b.sh"]
    assert list(matching(tmp_path / "missing", "*")) == []


def test_a_folder_that_may_not_be_entered(tmp_path: Path) -> None:
    folder = tmp_path / "shut"
    write(folder / "in" / "file", "x")
    folder.chmod(0)
    with unprivileged():
        assert list(matching(folder / "in", "*")) == [folder / "in"]
        assert resolved(folder / "in") == folder / "in"
    folder.chmod(0o700)


def test_a_file_that_two_paths_lead_to_is_met_once(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "b").symlink_to("a")
    missing = tmp_path / "c"
    assert list(each_once([tmp_path / "a", tmp_path / "b", missing, missing])) == [tmp_path / "a", missing]
