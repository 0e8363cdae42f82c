from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from checks.files.reading import NotRead, read_file, size_text
from tests.checks.conftest import unprivileged, write

LIMIT = 1000


def refusal(path: Path, limit: int = LIMIT) -> NotRead:
    with pytest.raises(NotRead) as caught:
        read_file(path, limit)
    return caught.value


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_reads_a_file_and_what_the_folder_says_of_it(tmp_path: Path) -> None:
    path = write(tmp_path / "config.json", b"text", 0o640)
    document = read_file(path, LIMIT)
    assert (document.data, document.mode, document.uid) == (b"text", 0o640, os.geteuid())
    assert document.mtime_ns == path.stat().st_mtime_ns


def test_reads_an_empty_file(tmp_path: Path) -> None:
    assert read_file(write(tmp_path / "f", b""), LIMIT).data == b""


def test_reads_through_a_link(tmp_path: Path) -> None:
    write(tmp_path / "target", b"text")
    (tmp_path / "link").symlink_to("target")
    assert read_file(tmp_path / "link", LIMIT).data == b"text"


def test_nothing_there_is_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "f").missing
    assert refusal(write(tmp_path / "file", b"") / "f").missing


def test_a_folder_is_refused_and_closed(tmp_path: Path) -> None:
    before = open_descriptors()
    for _ in range(20):
        assert refusal(tmp_path).reason == "not a regular file: a folder"
    assert open_descriptors() == before


@pytest.mark.timeout(60)
def test_a_fifo_does_not_hang_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "f")
    assert refusal(tmp_path / "f").reason == "not a regular file: a FIFO"


def test_a_socket_is_refused() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/s")
        assert "socket" in refusal(Path(folder) / "s").reason


def test_a_device_is_refused() -> None:
    assert refusal(Path("/dev/zero")).reason == "not a regular file: a device"


def test_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    found = refusal(tmp_path / "link")
    assert (found.reason, found.missing) == ("a link to nothing", False)


def test_a_link_loop_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert refusal(tmp_path / "a").reason == "a link that leads back to itself"


def test_a_sparse_file_of_two_gigabytes_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "f").open("wb") as stream:
        stream.truncate(2 * 10**9)
    found = refusal(tmp_path / "f")
    assert (found.size, found.reason) == (2 * 10**9, "too large: 2.0 GB, the limit is 1.0 kB")


def test_the_limit_itself_is_read(tmp_path: Path) -> None:
    assert len(read_file(write(tmp_path / "f", b"x" * LIMIT), LIMIT).data) == LIMIT
    assert refusal(write(tmp_path / "f", b"x" * (LIMIT + 1))).size == LIMIT + 1


def test_a_file_without_a_size_is_bounded_too() -> None:
    assert "grew beyond" in refusal(Path("/proc/self/mountinfo"), 10).reason


def test_an_unreadable_file_is_told() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = write(Path(folder) / "f", b"x", 0)
        with unprivileged():
            assert refusal(path).reason == "not readable: Permission denied"


def test_a_path_with_a_nul_byte_is_refused() -> None:
    assert "NUL" in refusal(Path("a\0b")).reason


@pytest.mark.parametrize(("size", "text"), [(0, "0 bytes"), (999, "999 bytes"), (2_100_000_000, "2.1 GB")])
def test_sizes_for_people(size: int, text: str) -> None:
    assert size_text(size) == text
