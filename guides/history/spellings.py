"""How one secret may be spelled in a repository: as bytes to look for in every object."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from checks.model.secret import Secret

SHORTEST = 6
"""Characters below which a spelling would be met by chance, and in ordinary words."""
_UNTOUCHED = ("", "/", "!'()*", ";,/?:@&=+$!*'()#")
"""What programs leave as it is: all percent-encoded, a path, JavaScript's encodeURIComponent and encodeURI."""
WIDE = ("utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One row of bytes that gives the secret away."""

    name: str
    """For people: "in base64"."""
    find: bytes = field(repr=False)
    wide: str = ""
    """The encoding, where a character takes two bytes."""
    edges: tuple[bool, bool] = (False, False)
    """Base64: whether the character before, and the one behind, hold some bits of it as well."""


class TooShort(Exception):
    """The secret is too short to be told from other text: cleaning would change what is none."""


def spellings_of(secret: Secret, username: str = "") -> tuple[Spelling, ...]:
    """Every spelling that is looked for, the longest first. Raises TooShort."""
    value = secret.reveal()
    if len(value) < SHORTEST:
        raise TooShort(f"the secret has {len(value)} characters only, and would be found in ordinary words")
    found = {one.find: one for one in reversed(list(_spelled(value, username)))}
    return tuple(sorted(found.values(), key=lambda one: -len(one.find)))


def found_in(data: bytes, spellings: Iterable[Spelling]) -> list[Spelling]:
    """Those that these bytes hold."""
    return [one for one in spellings if one.find in data]


def hidden(data: bytes, spellings: Iterable[Spelling]) -> bytes:
    """These bytes without the secret: for what a program says."""
    for one in spellings:
        data = data.replace(one.find, b"***")
    return data


def _spelled(value: str, username: str) -> Iterator[Spelling]:
    texts = {value: "as it is"}
    percent = [quote(value, safe=safe, errors="surrogateescape") for safe in _UNTOUCHED]
    for text in (*percent, *map(_lower, percent), quote_plus(value, errors="surrogateescape")):
        texts.setdefault(text, "percent-encoded")
    for text in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        texts.setdefault(text, "with JSON's escapes")
        texts.setdefault(text.replace("/", "\\/"), "with JSON's escapes")
    for text in (html.escape(value, quote=False), html.escape(value)):
        texts.setdefault(text, "with XML's escapes")
    for text, name in texts.items():
        yield Spelling(name, _bytes(text))
        if not any("\ud800" <= char <= "\udfff" for char in text):
            yield from (Spelling(f"{name}, in UTF-16", text.encode(code), code) for code in WIDE)
    yield from _base64(_bytes(value))
    if username:
        login = base64.b64encode(_bytes(f"{username}:{value}"))
        yield from (Spelling("as a login in base64", one) for one in (login, login.translate(_URL_SAFE)))


def _base64(value: bytes) -> Iterator[Spelling]:
    """What stands in the base64 of any text that holds the value, by where in a group of three bytes it begins."""
    for before in range(3):
        digits = base64.b64encode(bytes(before) + value)
        first = -(-before * 8 // 6)
        last = (before + len(value)) * 8 // 6
        core = digits[first:last]
        edges = (before > 0, (before + len(value)) % 3 > 0)
        if len(core) >= SHORTEST:
            yield Spelling("in base64", core, edges=edges)
            yield Spelling("in base64", core.translate(_URL_SAFE), edges=edges)


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _lower(text: str) -> str:
    """Percent escapes with small letters, as some programs write them."""
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
