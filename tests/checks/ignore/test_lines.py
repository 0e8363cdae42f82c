from __future__ import annotations

import random
from pathlib import Path

import pytest

from checks.ignore.lines import LastFile
from tests.checks.conftest import write


def test_any_line_in_any_order(tmp_path: Path) -> None:
    lines = [f"line {number}" + "x" * (number % 7) for number in range(1, 2000)]
    path = str(write(tmp_path / "a", "\n".join(lines)))
    file = LastFile(1 << 20)
    numbers = [*range(1, 2000)]
    random.shuffle(numbers)
    assert all(file.line(path, number) == lines[number - 1] for number in numbers)


@pytest.mark.parametrize("number", [-1, 0, 3, 4, 256, 257, 100_000])
def test_no_such_line(tmp_path: Path, number: int) -> None:
    assert LastFile(100).line(str(write(tmp_path / "a", "a\nb")), number) == ""


@pytest.mark.parametrize("data", [b"a\rb\rc", "a\nb\nc".encode("utf-16"), b"\xef\xbb\xbfa\nb\nc", b"a\nb\nc\xff"])
def test_encodings(tmp_path: Path, data: bytes) -> None:
    assert LastFile(100).line(str(write(tmp_path / "a", data)), 2) == "b"


def test_not_read(tmp_path: Path) -> None:
    file = LastFile(10)
    for path in (
        write(tmp_path / "large", "a\n" * 10),
        write(tmp_path / "binary", b"\0" * 10),
        tmp_path,
        tmp_path / "no",
    ):
        assert file.line(str(path), 1) == ""
    assert file.line(str(write(tmp_path / "good", "a")), 1) == "a"


def test_read_once_in_a_row(tmp_path: Path) -> None:
    first, second, file = write(tmp_path / "a", "old"), write(tmp_path / "b", "other"), LastFile(100)
    assert file.line(str(first), 1) == "old"
    write(first, "new")
    assert file.line(str(first), 1) == "old"
    assert file.line(str(second), 1) == "other"
    assert file.line(str(first), 1) == "new"


@pytest.mark.timeout(60)  # counting a million lines anew for each would take an hour
def test_many_lines(tmp_path: Path) -> None:
    path, file = str(write(tmp_path / "a", "\n" * 1_000_000 + "end")), LastFile(1 << 24)
    for number in range(1_000_001, 990_001, -1):
        file.line(path, number)
    assert file.line(path, 1_000_001) == "end"
