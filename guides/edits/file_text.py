"""The text of a file, and how to change parts of it without touching any other byte."""

from __future__ import annotations

from dataclasses import dataclass, field

from checks.formats.encodings import text_of, utf16_without_mark

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class NotText(Exception):
    """The bytes cannot be turned into text and back; the message says why, as a clause."""


@dataclass(frozen=True, slots=True)
class FileText:
    """`text` is what the checks read: without a mark, and with newlines for lone returns. Offsets are those of it."""

    text: str = field(repr=False)
    written: str = field(repr=False)
    """The same characters as they stand in the file."""
    encoding: str
    mark: int
    """Bytes of the byte order mark."""

    @classmethod
    def of(cls, data: bytes) -> FileText:
        """Raises NotText where writing the text again would not give the same bytes."""
        mark, encoding = next(((len(mark), name) for mark, name in _MARKS if data.startswith(mark)), (0, ""))
        encoding = encoding or utf16_without_mark(data) or "utf-8"
        made = cls(text_of(data), _decoded(data[mark:], encoding), encoding, mark)
        if len(made.text) != len(made.written) or made.encoded(made.written) != data[mark:]:
            raise NotText("it is not text in UTF-8 or UTF-16 throughout")
        return made

    def encoded(self, part: str) -> bytes:
        """A part of the text as the file holds it. Raises NotText."""
        try:
            return part.encode(self.encoding, "surrogateescape" if self.encoding == "utf-8" else "strict")
        except UnicodeEncodeError as error:
            raise NotText("it holds characters that its encoding does not have") from error

    def offset_in_bytes(self, offset: int) -> int:
        return self.mark + len(self.encoded(self.written[:offset]))

    @property
    def is_ascii_or_utf(self) -> bool:
        """False for text in an old eight-bit encoding: other letters than English ones cannot be added to that."""
        return not any("\udc80" <= char <= "\udcff" for char in self.written)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "surrogateescape" if encoding == "utf-8" else "strict")
    except UnicodeDecodeError as error:
        raise NotText("it is not text in UTF-8 or UTF-16 throughout") from error
