"""Which files of lower layers a layer deletes or overwrites. Names are kept as hashes: 8 bytes each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

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
