"""Which files of lower layers a layer deletes or overwrites. Names are kept as hashes: 8 bytes each."""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from checks.formats.tar import Kind

_WHITEOUT = b".wh."
_OPAQUE = b".wh..wh..opq"
_OWN = b".wh..wh."
"""What AUFS kept for itself."""


class Covers:
    """Filled while the layer is read, asked when all layers are. Source: OCI image specification, "Whiteouts"."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._removed: set[bytes] = set()
        self._emptied: set[bytes] = set()

    def packed(self) -> list[Any]:
        """For JSON, to a process of the same family: hashes of names are the same in all that were forked from one."""
        return [
            b64encode(self._hashes).decode(),
            *(list(map(_text, names)) for names in (self._removed, self._emptied)),
        ]

    @classmethod
    def unpacked(cls, held: list[Any]) -> Covers:
        covers = cls()
        covers._hashes.frombytes(b64decode(held[0]))
        covers._removed, covers._emptied = (
            {one.encode("utf-8", "surrogateescape") for one in names} for names in held[1:]
        )
        return covers

    def add(self, name: bytes, kind: Kind) -> None:
        folder, _, base = name.rpartition(b"/")
        if not base.startswith(_WHITEOUT):
            if kind is not Kind.FOLDER:  # a folder lets what lies in it shine through
                self._hashes.append(hash(name))
        elif base == _OPAQUE:
            self._emptied.add(folder)
        elif not base.startswith(_OWN):
            self._removed.add(folder + b"/" + base[len(_WHITEOUT) :] if folder else base[len(_WHITEOUT) :])

    def verdicts(self, paths: Iterable[bytes]) -> dict[bytes, str]:
        """`deleted` or `overwritten` for each of these paths that it hides."""
        wanted = {path: tuple(_upwards(path)) for path in paths}
        hashes = {hash(each) for upwards in wanted.values() for each in upwards}
        present = hashes.intersection(self._hashes)
        found: dict[bytes, str] = {}
        for path, upwards in wanted.items():
            if any(hash(each) in present for each in upwards):
                found[path] = "overwritten"
            elif any(each in self._removed for each in upwards) or self._is_emptied(upwards):
                found[path] = "deleted"
        return found

    def _is_emptied(self, upwards: tuple[bytes, ...]) -> bool:
        return any(each in self._emptied for each in (*upwards[1:], b""))


def _upwards(path: bytes) -> Iterator[bytes]:
    while path:
        yield path
        path = path.rpartition(b"/")[0]


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
