"""Names of files that may be a tool's, for whom it is too dear to import all the tools: `make rules` writes them."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

COMPILED = Path(__file__).with_name("names.json")
_COPY_ENDINGS = (
    "~", *(f"{mark}{word}" for mark in "._-" for word in ("bak", "backup", "old", "orig", "save", "saved", "copy"))
)  # fmt: skip
_KEY_ENDINGS = (
    *(
        f".{ending}{copy}"
        for ending in ("pem", "key", "ppk", "p8", "pk8", "priv")
        for copy in ("", "~", ".bak", ".old")
    ),
    *("rsa", "dsa", "ed25519", "key", "identity"),
)
"""Every name of a key ends so, or begins with `id_`."""


def may_be_known(name: str, folder: str) -> bool:
    """Whether a tool's file may have this name, in lower case, in this folder."""
    plain = name in _known().names or name.rstrip("0123456789").endswith(_COPY_ENDINGS)
    return plain or may_be_pattern(name, folder.rpartition("/")[2])


def may_be_pattern(name: str, folder: str) -> bool:
    """Whether it fits one of the names that are patterns, below the folder of this name."""
    known = _known()
    if not name.endswith(known.endings) and not name.startswith(known.beginnings):
        return False
    for one in known.patterns:
        fits = name.endswith(one.ending) and name.startswith(one.beginning) and one.folder in ("", folder.lower())
        if fits and fnmatch.fnmatchcase(name, one.name):
            return True
    return False


def may_be_key(name: str, folder: str) -> bool:
    """Whether a private key may lie in this folder under this name, in lower case."""
    return name.startswith("id_") or name.endswith(_KEY_ENDINGS) or folder.endswith("/.ssh")


def compiled(names: Iterable[str], patterns: Iterable[tuple[str, str]]) -> str:
    """Names in full, and those that are patterns, with the folder right above them where one is needed."""
    return json.dumps({"names": sorted(names), "patterns": sorted(set(patterns))}, indent=1) + "\n"


class _Sign(NamedTuple):
    """A pattern, and how what fits it begins and ends."""

    name: str
    folder: str
    """The name of the one above; empty for any."""
    beginning: str
    ending: str


def _sign(name: str, folder: str) -> _Sign:
    return _Sign(name, folder, re.split(r"[*\[]", name, maxsplit=1)[0], re.split(r"[*\]]", name)[-1])


class _Known(NamedTuple):
    names: frozenset[str]
    patterns: tuple[_Sign, ...]
    beginnings: tuple[str, ...]
    """Of patterns whose end may be any."""
    endings: tuple[str, ...]


@cache
def _known() -> _Known:
    held = json.loads(COMPILED.read_bytes())
    patterns = tuple(_sign(*one) for one in held["patterns"])
    return _Known(
        frozenset(held["names"]),
        patterns,
        tuple({one.beginning for one in patterns if not one.ending}),
        tuple({one.ending for one in patterns if one.ending}),
    )
