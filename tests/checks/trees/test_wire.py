from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity, Skipped
from checks.model.secret import Secret
from checks.model.token_kinds import TokenKind
from checks.trees.batch import Batch, Outcome
from checks.trees.wire import Order, pack_order, pack_outcome, unpack_order, unpack_outcome

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
"""Lone surrogates too: file names that are not UTF-8 have them."""
FORM = TokenKind("a-kind", "A kind", "somebody", "pre_", 0)
FINDING = Finding(
    "check", "rule", "title", Severity.HIGH, Confidence.LIKELY, Place("/p", PlaceKind.FILE, 3, 4, 5, field="auths"),
    Secret("s"), "ghcr.io", "alice", "advice", "locator", "ignored",
)  # fmt: skip


@given(st.lists(st.tuples(ANY_TEXT, st.lists(ANY_TEXT, max_size=5)), max_size=5), ANY_TEXT, st.integers(0, 2**60))
def test_orders(batches: list[tuple[str, list[str]]], named: str, scan: int) -> None:
    made = tuple(Batch(folder, tuple(names), frozenset(names[:1])) for folder, names in batches)
    order = Order(scan, ("a", "b"), ("c",), (named,), made)
    assert unpack_order(pack_order(order)) == order


@given(ANY_TEXT, ANY_TEXT, st.one_of(st.none(), st.just(FORM)))
def test_findings(value: str, path: str, form: TokenKind | None) -> None:
    finding = replace(FINDING, secret=Secret(value, form), place=replace(FINDING.place, path=path))
    scan, outcome = unpack_outcome(pack_outcome(7, Outcome(told=[("check", finding)])))
    ((check, got),) = outcome.told
    assert (scan, check, got) == (7, "check", finding)
    assert isinstance(got, Finding) and got.secret is not None and finding.secret is not None
    assert (got.secret.kind, got.secret.masked) == (finding.secret.kind, finding.secret.masked)


def test_the_rest_of_an_outcome() -> None:
    outcome = Outcome(
        told=[("a", Skipped("a", "/x", "why", size=3, files=2)), ("b", replace(FINDING, secret=None))],
        looked={"a": (1, 2)},
        passed={"binary": (3, 4)},
        eventful={"x"},
        binaries={"y"},
        failures={"b": "KeyError"},
        complete=False,
        path="/x",
    )
    assert unpack_outcome(pack_outcome(1, outcome)) == (1, outcome)
