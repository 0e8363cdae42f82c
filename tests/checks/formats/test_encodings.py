from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.encodings import text_of, utf16_without_mark

TEXT = "PASSWORD=h\u00e4user-\u4e2d\nsecond line\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_that_editors_write(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == TEXT


def test_utf16_with_a_mark_in_either_order() -> None:
    assert text_of(b"\xff\xfe" + TEXT.encode("utf-16-le")) == TEXT
    assert text_of(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT


def test_bytes_that_are_no_utf8_are_kept() -> None:
    data = TEXT.encode("latin-1", "replace")
    assert text_of(data).encode("utf-8", "surrogateescape") == data


def test_a_return_alone_ends_a_line_and_offsets_stay() -> None:
    assert text_of(b"a\rb\r\nc\r") == "a\nb\r\nc\n"


@pytest.mark.parametrize("data", [b"", b"a", b"a\0", b"a\0b\0", b"plain text without zeros", b"\0" * 100, b"a\0b" * 50])
def test_what_is_no_utf16(data: bytes) -> None:
    assert utf16_without_mark(data) is None or data == b"a\0b\0" * (len(data) // 4)


@given(st.binary(max_size=2000))
def test_any_bytes_are_some_text(data: bytes) -> None:
    assert isinstance(text_of(data), str)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), min_size=1))
def test_any_text_survives_a_mark(text: str) -> None:
    assert text_of(b"\xff\xfe" + text.encode("utf-16-le")) == text
