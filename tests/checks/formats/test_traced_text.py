"""Text that knows where it came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checks.formats.traced_text import TraceBuilder, Traced

STEPS = st.lists(st.tuples(st.sampled_from(["copy", "drop", "replace", "dynamic"]), st.integers(1, 4)), max_size=12)


def built(steps: list[tuple[str, int]]) -> tuple[str, Traced, list[tuple[int, int]]]:
    """A source, the text made of it, and for each character of that where it stands in the source."""
    source = "".join(chr(0x100 + index) for index in range(sum(length for _, length in steps)))
    builder, position, places = TraceBuilder(source), 0, []
    for kind, length in steps:
        end = position + length
        if kind in ("copy", "dynamic"):
            (builder.copied if kind == "copy" else builder.dynamic)(position, end)
            places += [(at, at + 1) for at in range(position, end)]
        elif kind == "replace":
            builder.replaced("x", position, end)
            places.append((position, end))
        position = end
    return source, builder.done(0, position), places


@given(STEPS)
def test_every_character_knows_its_place(steps: list[tuple[str, int]]) -> None:
    source, traced, places = built(steps)
    assert len(traced.text) == len(places)
    for index, (start, end) in enumerate(places):
        assert (traced.first(index), traced.last(index + 1)) == (start, end)
        assert traced.text[index] in ("x", source[start])


@given(STEPS, st.integers(0, 40), st.integers(0, 40))
def test_a_part_keeps_its_places(steps: list[tuple[str, int]], one: int, two: int) -> None:
    _, traced, places = built(steps)
    start, end = sorted((min(one, len(places)), min(two, len(places))))
    part = traced.part(start, end)
    assert part.text == traced.text[start:end]
    for index, place in enumerate(places[start:end]):
        assert (part.first(index), part.last(index + 1)) == place
    inside = {at for begin, stop in traced.dynamic_spans for at in range(begin, stop)}
    assert {at for begin, stop in part.dynamic_spans for at in range(begin, stop)} == {
        at - start for at in inside if start <= at < end
    }


def test_a_text_that_stands_as_it_is() -> None:
    traced = Traced("  abc ", 10, 16)
    assert (traced.first(2), traced.last(5), traced.dynamic) == (12, 15, False)
    stripped = traced.stripped()
    assert (stripped.text, stripped.start, stripped.end) == ("abc", 12, 15)


def test_a_text_of_nothing() -> None:
    empty = TraceBuilder("''").done(0, 2)
    assert (empty.text, empty.first(0), empty.last(0), empty.part(0).text) == ("", 2, 2, "")


def test_it_prints_no_text() -> None:
    assert "secret" not in repr(Traced("secret", 0, 6))
