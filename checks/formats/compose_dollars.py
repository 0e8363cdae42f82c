"""compose's `$$`, which is one `$`: docs.docker.com, "Interpolation" of the Compose file reference."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.traced_text import Piece, Traced, joined


def undoubled(value: Traced) -> Traced:
    """The value that compose takes: every `$$` is one `$`, still where both stood."""
    return joined(_parts(value)) if "$$" in value.text else value


def _parts(value: Traced) -> Iterator[Traced]:
    position = 0
    while (found := value.text.find("$$", position)) >= 0:
        yield value.part(position, found)
        position = found + 2
        start, end = value.first(found), value.last(position)
        yield Traced("$", start, end, (Piece(0, start, end),))
    yield value.part(position)
