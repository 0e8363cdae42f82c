from __future__ import annotations

import copy
import dataclasses
import io
import json
import logging
import pickle
import pprint
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.finding import Confidence, Finding, Place, Severity
from checks.model.secret import FingerprintKey, Secret
from checks.model.token_kinds import TOKEN_KINDS
from tests.checks.conftest import random_password, random_token


@pytest.fixture
def value() -> str:
    return random_password()


def finding(secret: Secret) -> Finding:
    return Finding("c", "r", "t", Severity.LOW, Confidence.CERTAIN, Place("p"), secret)


def test_no_way_of_printing_shows_the_value(value: str) -> None:
    secret = Secret(value)
    holders = [secret, [secret], {"a": secret}, (secret,), finding(secret), {secret}]
    for held in holders:
        for text in (
            repr(held),
            str(held),
            f"{held}",
            f"{held!r}",
            f"{held!s}",
            "%s %r" % (held, held),  # noqa: UP031
            "{0} {0!r}".format(held),  # noqa: UP032
            ascii(held),
            pprint.pformat(held),
        ):
            assert value not in text
    assert value not in f"{secret:>60}{secret:.3}"
    assert value not in format(secret, "40")


def test_logging_shows_no_value(value: str) -> None:
    stream = io.StringIO()
    logger = logging.Logger("test")
    logger.addHandler(logging.StreamHandler(stream))
    logger.warning("%s %r %s", Secret(value), Secret(value), {"secret": Secret(value)})
    assert "Secret" in stream.getvalue()
    assert value not in stream.getvalue()


def test_a_traceback_with_locals_shows_no_value(value: str) -> None:
    secret = Secret(value)

    def fail(held: Secret) -> None:
        raise ValueError(held)

    try:
        fail(secret)
    except ValueError as error:
        caught = traceback.TracebackException.from_exception(error, capture_locals=True)
        error.__traceback__ = None
    for frame in caught.stack:
        if frame.name == "fail":
            assert value not in str(frame.locals)
    assert value not in "".join(caught.format_exception_only())


def test_it_is_never_serialised(value: str) -> None:
    secret = Secret(value)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(secret, protocol)
    with pytest.raises(TypeError):
        json.dumps({"secret": secret})
    with pytest.raises(TypeError):
        "".join([secret])  # type: ignore[list-item]
    assert value not in json.dumps({"secret": secret}, default=str)


def test_a_copy_shows_no_value(value: str) -> None:
    for make in (copy.copy, copy.deepcopy, lambda one: dataclasses.asdict(finding(one))):
        try:
            copied = make(Secret(value))
        except TypeError:
            continue  # refusing is as good
        assert value not in repr(copied)


def test_it_has_no_dictionary(value: str) -> None:
    with pytest.raises(TypeError):
        vars(Secret(value))
    assert not hasattr(Secret(value), "__dict__")


def test_a_password_shows_its_length_only(value: str) -> None:
    assert Secret(value).masked == f"{len(value)} characters"
    assert Secret("x").masked == "1 character"
    assert repr(Secret("ab")) == "<Secret 2 characters>"


@pytest.mark.parametrize("kind", TOKEN_KINDS, ids=lambda kind: kind.id)
def test_a_token_shows_its_prefix_and_its_last_four(kind: object) -> None:
    token = random_token(kind.prefix, kind.shortest)  # type: ignore[attr-defined]
    secret = Secret(token)
    assert secret.kind == kind.id  # type: ignore[attr-defined]
    assert secret.masked == f"{kind.prefix}...{token[-4:]}"  # type: ignore[attr-defined]
    assert Secret(token[: kind.shortest - 1]).kind == "password"  # type: ignore[attr-defined]


@given(st.text(), st.text())
def test_equality_is_that_of_the_values(first: str, second: str) -> None:
    assert (Secret(first) == Secret(second)) is (first == second)
    assert hash(Secret(first)) == hash(Secret(first))
    assert Secret(first) != first
    assert bool(Secret(first)) is bool(first)
    assert len(Secret(first)) == len(first)


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_two_lists_of_parts_have_one_fingerprint_only_if_equal(first: list[str], second: list[str]) -> None:
    key = FingerprintKey(b"k" * 32)
    assert (key.of(*first) == key.of(*second)) is (first == second)
    assert key.of(*first) == key.of(*map(Secret, first))
    assert key.of(*first) != FingerprintKey(b"l" * 32).of(*first)


def test_a_key_does_not_print_itself() -> None:
    key = FingerprintKey(b"very secret key")
    assert "secret" not in repr(key)
    assert "secret" not in f"{key}"
