from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest

from checks.files.content import Binary, is_binary, read_text_bytes
from checks.files.reading import NotRead

LIMIT = 1_000_000


def read(tmp_path: Path, data: bytes) -> bytes:
    path = tmp_path / "f"
    path.write_bytes(data)
    return read_text_bytes(str(path), LIMIT)


def test_text_is_given_as_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, b"") == b""
    assert read(tmp_path, "h\u00e4user\r\nx\n".encode()) == "h\u00e4user\r\nx\n".encode()
    assert read(tmp_path, b"latin-1 h\xe4user\n") == b"latin-1 h\xe4user\n"
    long = b"line\n" * 50_000
    assert read(tmp_path, long) == long


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_become_utf8(tmp_path: Path, encoding: str) -> None:
    text = "first line\npassword\u00e4 = x\n"
    assert read(tmp_path, text.encode(encoding)) == text.encode()


def test_lines_that_end_with_a_return_alone(tmp_path: Path) -> None:
    assert read(tmp_path, b"a\rb\r") == b"a\nb\n"


def test_a_stray_nul_does_not_make_a_text_binary(tmp_path: Path) -> None:
    data = b"some text\0 and what follows it\n" * 3 + b"x" * 200
    assert read(tmp_path, data) == data


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 40, zlib.compress(os.urandom(5000)), b"\x7fELF\2\1\1" + b"\0" * 500]
)
def test_binaries_are_told_apart_with_their_size(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Binary) as caught:
        read(tmp_path, data)
    assert caught.value.size == len(data)
    assert is_binary(data[:8192])


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotRead, match=r"too large: 1\.0 MB"):
        read(tmp_path, b"x" * (LIMIT + 1))
    with pytest.raises(NotRead, match="No such file"):
        read_text_bytes(str(tmp_path / "missing"), LIMIT)
    with pytest.raises(NotRead, match="not a regular file"):
        read_text_bytes(str(tmp_path), LIMIT)
    with pytest.raises(NotRead, match="not a possible path"):
        read_text_bytes("a\0b", LIMIT)


@pytest.mark.timeout(60)
def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(NotRead, match="not a regular file"):
        read_text_bytes(str(tmp_path / "fifo"), LIMIT)
