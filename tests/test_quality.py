"""The measure of quality itself, on a few files of every format: what it counts must not rot, nor the detection."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.quality.form import Form, quiet_examples, secret_examples
from tests.quality.formats import FORMS
from tests.quality.measure import Result, measure
from tests.quality.tables import misses, recall_table
from tests.quality.values import PLAIN_SECRETS, SECRETS

FORMATS = sorted({form.format for form in FORMS})
ODD = ("phrase", "marks", "quotes", "dollar", "hash", "backslash", "at, colon, slash", "unicode")


def forms_of(name: str) -> list[Form]:
    return [form for form in FORMS if form.format == name]


def said(result: Result) -> str:
    return "\n".join((*recall_table(result), *misses(result)))


@pytest.mark.parametrize("name", FORMATS)
def test_every_ordinary_secret_is_told_on_its_line(name: str, tmp_path: Path) -> None:
    examples = [
        one
        for form in forms_of(name)
        for one in secret_examples(form, Random(f"{name}/{form.shape}"))
        if one.kind not in ODD
    ]
    result = measure(examples, tmp_path)
    assert result.tallies[name].planted == len(examples) > 0
    assert not result.missed, said(result)


@pytest.mark.parametrize("name", FORMATS)
def test_quiet_twins_are_left(name: str, tmp_path: Path) -> None:
    quiet = [
        one
        for form in forms_of(name)
        for one in quiet_examples(form, Random(f"{name}/{form.shape}"))
        if one.kind in ("placeholder", "variable", "in brackets", "expression", "uuid", "digest", "address")
    ]
    result = measure(quiet, tmp_path)
    assert not result.false, said(result)


def test_a_secret_that_is_not_told_is_counted_as_missed(tmp_path: Path) -> None:
    form = Form("x", "y", "notes.txt", "the harbour is %value%\n", secrets={"eight": SECRETS["eight"]})
    result = measure(secret_examples(form, Random(1)), tmp_path)
    assert (result.tallies["x"].planted, result.tallies["x"].on_line, len(result.missed)) == (1, 0, 1)
    assert "missed" in said(result)


def test_a_twin_that_is_told_is_counted(tmp_path: Path) -> None:
    form = Form("x", "y", ".env", "DB_PASSWORD=%value%\n", quiet={"not quiet": PLAIN_SECRETS["letters+digits"]})
    result = measure(quiet_examples(form, Random(1)), tmp_path)
    assert (result.tallies["x"].quiet, result.tallies["x"].told) == (1, 1)


def test_another_secret_on_the_line_is_not_the_same(tmp_path: Path) -> None:
    form = Form("x", "y", ".env", "DB_PASSWORD=more%value%\n", secrets={"hex": SECRETS["hex"]})
    result = measure(secret_examples(form, Random(1)), tmp_path)
    assert (result.tallies["x"].on_line, result.tallies["x"].same) == (1, 0)
