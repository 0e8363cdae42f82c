"""The text of a file in any encoding that editors write."""

from __future__ import annotations

from checks import late

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LONE_RETURN = late.compile(r"\r(?!\n)")
_SAMPLE = 512
"""Bytes that are looked at to recognise UTF-16 without a mark."""


def text_of(data: bytes) -> str:
    """UTF-8 or UTF-16, with a mark or without. Bytes that are neither become surrogate escapes: nothing is lost.

    A carriage return that ends a line alone, as on old Macs, becomes a newline: every offset stays.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _with_newlines(_decoded(data[len(mark) :], encoding))
    return _with_newlines(_decoded(data, utf16_without_mark(data) or "utf-8"))


def utf16_without_mark(data: bytes) -> str | None:
    """The byte order of Latin text in UTF-16 without a mark, told by the zero in every other byte; else None."""
    low, high = data[0:_SAMPLE:2], data[1:_SAMPLE:2]
    if len(high) < 4:
        return None
    for zeros, others, encoding in ((high, low, "utf-16-le"), (low, high, "utf-16-be")):
        if zeros.count(0) * 10 >= len(zeros) * 9 and others.count(0) * 10 < len(others):
            return encoding
    return None


def _decoded(data: bytes, encoding: str) -> str:
    return data.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")


def _with_newlines(text: str) -> str:
    return _LONE_RETURN.sub("\n", text) if "\r" in text else text
