"""Foreign text made safe to look at: nothing in it can move the cursor, reverse the line or hide."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from checks import late

# C0 and C1 controls, line separators, bidi and zero-width controls, fillers that show nothing, tags, lone surrogates.
_UNSEEN = late.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def printable(text: str, limit: int = 200) -> str:
    """The text with what cannot be seen written as `\\x..` or `\\u....`, cut to `limit` characters."""
    shown = _UNSEEN.sub(_spelled, text[: limit + 1])
    return shown if len(shown) <= limit else f"{shown[: max(limit - 3, 0)]}..."


def shell_path(path: Path | str, home: Path) -> str:
    """The path as one word of a POSIX shell, short below the home folder, and exact for every name."""
    text = str(path)
    if _UNSEEN.search(text):
        spelled = "".join(
            chr(byte) if 32 <= byte < 127 and byte not in b"\\'" else f"\\x{byte:02x}" for byte in _bytes(text)
        )
        return f"$'{spelled}'"
    below = text.removeprefix(f"{home}/")
    return f"~/{shlex.quote(below)}" if below != text else shlex.quote(text)


def _bytes(text: str) -> bytes:
    return os.fsencode(text) if _encodable(text) else text.encode("utf-8", "surrogatepass")


def _encodable(text: str) -> bool:
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


def _spelled(match: re.Match[str]) -> str:
    point = ord(match.group())
    if 0xDC80 <= point <= 0xDCFF:  # a surrogate escape stands for one byte
        return f"\\x{point - 0xDC00:02x}"
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
