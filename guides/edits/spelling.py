"""How a value is spelled in a file: as it is, with escapes, percent-encoded, or inside base64.

A spelling is found near the place that a check tells, and the same spelling of another value is made. Whether a file
then says what it should is not believed but read: `guides.edits.readings`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote

from checks.formats import json_positions
from checks.model.secret import Secret
from guides.edits.json_text import Splice, apply, spell

DEEPEST = 3
"""Base64 inside base64: Kubernetes' `.dockerconfigjson` holds a document whose `auth` is encoded once more."""
LONGEST = 4096
"""Characters of a secret that is looked for with its escapes: a longer one is no password."""
_LONGEST_WAY = 16
"""Characters with which one character is written: four bytes, each with a backslash."""
_BEGINNING = 4
"""Characters of the value that an expression looks for before all of it is compared."""
_MOST_WORK = 200_000
"""Comparisons in one search. In the rest of a text that is made to cost more, the value is found only as it is."""
_MARKS = ("'", '"')
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_SHORT_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_WRITTEN_TWICE = "'\"$%{\\"
_DIGITS = r"(?:[A-Za-z0-9+/]|\\/)"
_BREAK = r"(?:\\[rn]|\r?\n[ \t]*+)"
_BASE64 = re.compile(rf"(?>{_DIGITS}{{4,}})={{0,2}}")
_WRAPPED = re.compile(rf"(?>{_DIGITS}{{16,}})(?>(?:{_BREAK}+{_DIGITS}+(?=[\s\"'\\,<=]|\Z))*)(?:{_BREAK}?={{1,2}})?")
_BETWEEN = re.compile(r"(?:\\[rn]|\s)+")
_URL_BEFORE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s/?#@\"'<>]*\Z")
_URL_BEHIND = re.compile(r"[^\s/?#@\"'<>]*@")
_ACCOUNT_BEFORE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://\Z")


class Form(StrEnum):
    """How the value stands there."""

    PLAIN = "as it is, or with escapes"
    PERCENT = "percent-encoded"
    BASE64 = "in base64"


@dataclass(frozen=True, slots=True)
class Spelled:
    """The stretch of a text that spells a value."""

    start: int
    end: int
    form: Form


def spellings(text: str, value: Secret, start: int, end: int) -> Iterator[Spelled]:
    """Every stretch that begins between these offsets and spells the value."""
    plain = value.reveal()
    if not plain or len(plain) > LONGEST:
        return
    for first, last in _stretches(text, plain, start, end):
        yield Spelled(first, last, _form(text, first, last))
    yield from _encoded(text, plain, start, end)


def nearest(text: str, value: Secret, first: int, last: int, near: int) -> Spelled | None:
    """The spelling between `first` and `last` that begins closest to `near`, where the check saw the value."""
    found = sorted(spellings(text, value, first, last), key=lambda one: (abs(one.start - near), -one.end))
    return found[0] if found else None


def respelled(text: str, spelled: Spelled, old: Secret, new: Secret) -> str | None:
    """The new value, percent-encoded or in base64 as the old one was; None where it stands there in another form."""
    written = text[spelled.start : spelled.end]
    if spelled.form is Form.PERCENT:
        return quote(new.reveal(), safe="", errors="surrogateescape")
    if spelled.form is Form.BASE64:
        plain = decoded(written)
        changed = None if plain is None else _changed(plain, old.reveal(), new.reveal(), 1)
        return None if changed is None else _encoded_like(written, changed)
    return None


def decoded(written: str) -> str | None:
    """The text that this base64 stands for, padded or not, wrapped or not; None where it is none."""
    digits = _BETWEEN.sub("", written.replace("\\/", "/"))
    try:
        data = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return data.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How a value can be spelled: its beginning as an expression, and the ways to write each of its characters."""

    beginning: re.Pattern[str]
    ways: tuple[tuple[str, ...], ...]


@lru_cache(8)
def _pattern(value: str) -> _Pattern:
    ways = tuple(_spellings_of(char) for char in value)
    # Shells join what is quoted in pieces: "ab"'c'.
    first = r"[\"']?".join(f"(?i:{'|'.join(map(re.escape, one))})" for one in ways[:_BEGINNING])
    return _Pattern(re.compile(first), ways)


def _stretches(text: str, value: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches that spell the value in any mixture of ways, the longest where it can end sooner or later.

    All ways are followed at once, so that no text makes it try their combinations one by one.
    """
    pattern, work, position = _pattern(value), _MOST_WORK, start
    while work > 0 and (found := pattern.beginning.search(text, position, end + _LONGEST_WAY * _BEGINNING)):
        begin = found.start()
        if begin > end:
            return
        reached = {begin}
        for number, ways in enumerate(pattern.ways):
            work -= len(reached)
            reached = set(_steps(text, ways, reached, joined=number > 0))
            if not reached:
                break
        if reached:
            yield begin, max(reached)
        position = max(reached, default=begin + 1)
    while work <= 0 and 0 <= (begin := text.find(value, position)) <= end:
        yield begin, begin + len(value)
        position = begin + len(value)


def _steps(text: str, ways: tuple[str, ...], reached: set[int], *, joined: bool) -> Iterator[int]:
    """Where one more character can end."""
    for position in reached:
        starts = (position, position + 1) if joined and text[position : position + 1] in _MARKS else (position,)
        for start in starts:
            written = text[start : start + _LONGEST_WAY]
            folded = written.lower()
            for way in ways:
                if (folded if len(way) > 2 else written).startswith(way):
                    yield start + len(way)


def _spellings_of(char: str) -> tuple[str, ...]:
    """Every way in which a format may write this character. Those of more than two characters in small letters."""
    point = ord(char)
    encoded = char.encode("utf-8", "surrogateescape")
    ways = [char, f"\\u{point:04x}", f"\\u{{{point:x}}}", f"&#x{point:x};", f"&#{point};"]
    ways += ["".join(f"{mark}{byte:02x}" for byte in encoded) for mark in ("%", "\\x")]
    ways.append("".join(f"\\{byte:03o}" for byte in encoded))
    if point > 0xFFFF:
        high, low = 0xD800 + (point - 0x10000 >> 10), 0xDC00 + (point & 0x3FF)
        ways.append(f"\\u{high:04x}\\u{low:04x}")
    if char in _NAMED:
        ways.append(f"&{_NAMED[char]};")
    if char in _SHORT_ESCAPES:
        ways.append(f"\\{_SHORT_ESCAPES[char]}")
    if char in "'\"":
        other = "'" if char == '"' else '"'
        ways += [f"{char}\\{char}{char}", f"{char}{other}{char}{other}{char}"]
    if not char.isalnum() and char not in "\n\r":
        ways += [f"\\\\\\{char}", f"\\{char}", f"`{char}"]
    if char in _WRITTEN_TWICE:
        ways.append(char * 2)
    return tuple(dict.fromkeys(ways))


def _form(text: str, start: int, end: int) -> Form:
    """Percent-encoded is what stands where a URL has its login, whether the old value needed it or not."""
    line = max(text.rfind("\n", 0, start) + 1, start - 400)
    before = _URL_BEFORE.search(text[line:start])
    behind = _URL_BEHIND.match(text, end, end + 400)
    if before and behind:
        return Form.PERCENT
    return Form.PERCENT if _ACCOUNT_BEFORE.search(text[line:start]) and behind else Form.PLAIN


def _encoded(text: str, value: str, start: int, end: int) -> Iterator[Spelled]:
    first = start
    while first > 0 and (text[first - 1].isalnum() or text[first - 1] in "+/"):
        first -= 1
    for pattern in (_BASE64, _WRAPPED):
        known: list[Spelled] = []
        for run in pattern.finditer(text, first):
            if run.start() > end:
                break
            if run.end() > start and _holds(run.group(), value):
                known.append(Spelled(run.start(), run.end(), Form.BASE64))
        if known:
            yield from known
            return


def _holds(written: str, value: str) -> bool:
    plain = decoded(written)
    return plain is not None and _changed(plain, value, value + "x", 1) is not None


def _changed(plain: str, old: str, new: str, depth: int) -> str | None:
    """This decoded text with the new value for the old one, or None where it does not hold that."""
    body = plain.rstrip("\n\0")
    behind = plain[len(body) :]
    if body == old:
        return new + behind
    user, colon, password = body.partition(":")
    if colon and password == old:
        return f"{user}:{new}{behind}"
    if plain.lstrip().startswith("{"):
        return _in_document(plain, old, new, depth)
    return _in_settings(plain, old, new)


def _in_document(plain: str, old: str, new: str, depth: int) -> str | None:
    """A JSON document: every string of it that is the value, or base64 that holds it."""
    parsed = json_positions.parse(plain)
    if not parsed.root or plain[parsed.root.end :].strip("\n\0 "):
        return None
    waiting, splices = [parsed.root], []
    while waiting:
        node = waiting.pop()
        waiting += [*node.items, *(held.value for held in node.members)]
        if node.kind != "string":
            continue
        if node.text == old:
            splices.append(Splice(node.start, node.end, spell(new)))
        elif depth < DEEPEST and (inner := decoded(node.text)) is not None and node.text:
            changed = _changed(inner, old, new, depth + 1)
            if changed is not None:
                splices.append(Splice(node.start, node.end, spell(_encoded_like(node.text, changed))))
    return apply(plain, splices) if splices else None


def _in_settings(plain: str, old: str, new: str) -> str | None:
    """Lines of a settings file in one value: only what needs no quotes is put there."""
    lines = plain.split("\n")
    named = [number for number, line in enumerate(lines) if line.endswith((f"={old}", f": {old}"))]
    if len(lines) < 2 or not named or not is_inert(new):
        return None
    for number in named:
        lines[number] = lines[number][: len(lines[number]) - len(old)] + new
    return "\n".join(lines)


def _encoded_like(written: str, plain: str) -> str:
    """In base64 with the old one's padding and line breaks."""
    made = base64.b64encode(plain.encode("utf-8", "surrogateescape")).decode("ascii")
    if "=" not in written and len(_BETWEEN.sub("", written)) % 4:
        made = made.rstrip("=")
    wrapped = _BETWEEN.search(written)
    if not wrapped or wrapped.start() < 16:
        return made
    width = wrapped.start()
    return wrapped.group().join(made[position : position + width] for position in range(0, len(made), width))


_INERT = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.+/=-]*[A-Za-z0-9_=])?")


def is_inert(value: str) -> bool:
    """Whether it means itself in every format and between any quotes, as the tokens of all issuers do."""
    return bool(_INERT.fullmatch(value))
