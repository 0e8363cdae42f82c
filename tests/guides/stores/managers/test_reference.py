"""The one spelling of a reference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.stores.managers.catalog import MANAGERS
from guides.stores.managers.reference import BadReference, Reference, format_reference, is_reference, parse

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        (Reference("vault", "secret/docker/ghcr", "token"), "dockhygiene://vault/secret/docker/ghcr#token"),
        (Reference("pass", "docker"), "dockhygiene://pass/docker"),
        (Reference("keepass", "~/t.kdbx/a b"), "dockhygiene://keepass/~/t.kdbx/a%20b"),
        (Reference("keepass", "/srv/t.kdbx//x/"), "dockhygiene://keepass/%2Fsrv/t.kdbx%2F%2Fx%2F"),
        (Reference("aws", "arn:aws:x:1:secret:n-1", "a/b"), "dockhygiene://aws/arn:aws:x:1:secret:n-1#a/b"),
        (Reference("1password", "Team/\u00fc", "50 %#"), "dockhygiene://1password/Team/%C3%BC#50%20%25%23"),
    ],
)
def test_spelled_and_read(reference: Reference, text: str) -> None:
    assert (str(reference), parse(text)) == (text, reference)
    assert is_reference(text)


@given(st.sampled_from(list(MANAGERS)), TEXT, st.one_of(st.just(""), TEXT))
def test_every_name_comes_back(store: str, name: str, field: str) -> None:
    reference = Reference(store, name, field)
    assert parse(str(reference)) == reference
    assert str(reference).isascii() and not set(str(reference)) & set(" \"'`$\\\n;&|<>(){}")


@given(st.text(max_size=80))
def test_any_text_is_a_reference_or_says_why_not(text: str) -> None:
    for each in (text, f"dockhygiene://vault/{text}"):
        try:
            assert str(parse(each)) == each
        except BadReference as error:
            assert str(error).isprintable() or "\n" not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "dockhygiene://vault",
        "dockhygiene://vault/",
        "dockhygiene://Vault/x",
        "dockhygiene:///x",
        "dockhygiene://vault/x#",
        "dockhygiene://vault/x#a#b",
        "dockhygiene://vault/a%2Fb",
        "dockhygiene://vault/%61",
        "dockhygiene://vault/%c3%bc",
        "dockhygiene://vault/a//b",
        "dockhygiene://vault/%FF",
        "dockhygiene://vault/%00",
        "dockhygiene://vault/a b",
        "dockhygiene://vault/a\n",
        "DOCKHYGIENE://vault/a",
        f"dockhygiene://vault/{'a' * 2048}",
    ],
)
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(BadReference):
        parse(text)


def test_what_no_reference_can_name() -> None:
    for reference in (Reference("vault", ""), Reference("vault", "a\x1b"), Reference("a b", "c")):
        with pytest.raises(BadReference):
            format_reference(reference)
