"""Cases to JSON and back."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.case.codec import made, plain
from guides.case.model import (
    Case,
    CaseEdit,
    CasePlace,
    CaseUse,
    EditStage,
    Entry,
    Evidence,
    Held,
    Order,
    Pending,
    Settled,
    StepId,
    StepRecord,
    StepState,
    Watch,
)
from guides.edits.applying import EditRecord, JournalSplice
from guides.edits.edit import Way

texts = st.text(max_size=20)
times = st.floats(0, 1e10)


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=2).map(tuple)


helds = st.builds(Held, texts, texts, texts, accepted=st.none() | times, identity=st.booleans())
steps = st.sampled_from(StepId)
splices = st.builds(JournalSplice, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
records = st.builds(EditRecord, texts, st.sampled_from(Way), texts, texts, texts, several(splices), texts)
cases = st.builds(
    Case,
    id=texts,
    opened=times,
    registry=st.none() | texts,
    username=texts,
    provider=texts,
    old=helds,
    new=st.none() | helds,
    order=st.sampled_from(Order),
    exposure=several(texts),
    steps=st.dictionaries(steps, st.builds(StepRecord, st.sampled_from(StepState), times, texts), max_size=3),
    places=several(st.builds(CasePlace, *[texts] * 6, line=st.none() | st.integers(1, 9))),
    uses=several(st.builds(CaseUse, texts, texts, texts, st.integers(1, 3), state=st.sampled_from(Settled))),
    evidence=several(st.builds(Evidence, times, texts, several(texts), st.none() | st.booleans())),
    edits=several(st.builds(CaseEdit, records, several(texts), st.sampled_from(EditStage))),
    pending=st.none() | st.builds(Pending, times, steps, texts, texts),
    watch=st.none() | st.builds(Watch, times, several(texts)),
    journal=several(st.builds(Entry, times, steps, texts)),
)


@given(cases)
def test_back_and_forth(case: Case) -> None:
    assert made(Case, json.loads(json.dumps(plain(case)))) == case


def minimal() -> dict[str, object]:
    case = Case("a", 1.0, None, "", "unknown", Held("m", "k", "f"))
    data: dict[str, object] = plain(case)
    return data


@pytest.mark.parametrize(
    "change",
    [
        {"more": 1},
        {"opened": "now"},
        {"opened": True},
        {"old": None},
        {"old": {"masked": "m"}},
        {"order": "backwards"},
        {"steps": {"nap": {}}},
        {"steps": []},
        {"places": {}},
        {"places": [{"id": 7}]},
        {"watch": {"until": None}},
        {"username": None},
    ],
)
def test_what_is_no_case_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        made(Case, minimal() | change)


def test_a_missing_field_with_a_default_is_fine_and_one_without_is_not() -> None:
    data = minimal()
    del data["journal"]
    assert made(Case, data).journal == ()
    del data["username"]
    with pytest.raises(ValueError, match="username"):
        made(Case, data)


def test_every_field_of_a_case_can_be_written() -> None:
    assert set(minimal()) == {field.name for field in dataclasses.fields(Case)}
