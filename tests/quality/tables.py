"""The measured numbers, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.quality.form import Example
from tests.quality.measure import Result, Tally


def recall_table(result: Result) -> Iterator[str]:
    yield "| format | planted | found on line | same secret | only possible | extra | quiet twins | told |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    total = Tally()
    for name, tally in result.tallies.items():
        yield _row(name, tally)
        for field in Tally.__slots__:
            setattr(total, field, getattr(total, field) + getattr(tally, field))
    yield _row("all", total)
    if total.planted and total.quiet:
        recall, told = total.on_line / total.planted, total.told / total.quiet
        yield f"\nrecall {recall:.4f} (the same secret {total.same / total.planted:.4f}), quiet twins told {told:.4f}"


def _row(name: str, tally: Tally) -> str:
    counts = (tally.planted, tally.on_line, tally.same, tally.possible, tally.extra, tally.quiet, tally.told)
    return f"| {name} | " + " | ".join(map(str, counts)) + " |"


def misses(result: Result) -> Iterator[str]:
    """What was not as it should be, by format, shape and kind of value; no value is shown."""
    lists = (
        ("missed", Counter(map(_of, result.missed))),
        ("another secret told", Counter(map(_of, result.other_secret))),
        ("told elsewhere in the file", Counter(
            f"{_of(one)} | {finding.rule}" for one, finding in result.extra)),
        ("quiet twin told", Counter(
            f"{_of(one)} | {finding.rule}" for one, finding in result.false)),
    )  # fmt: skip
    for title, counted in lists:
        if counted:
            yield f"\n{title}"
            yield from (f"  {count:3} {key}" for key, count in sorted(counted.items()))


def _of(one: Example) -> str:
    return f"{one.form.format} | {one.form.shape} | {one.kind}"
