"""Values that people choose, and forms that hide one."""

from __future__ import annotations

import secrets
from random import Random

import pytest

from checks.detect.validity import chosen_values, supabase
from tests.checks.detect.key_parts import KEY_MAKERS


@pytest.mark.parametrize("value", ["changeme", "postgres", "admin123", "${PASSWORD}", "<password>", "xxxxxxxx", ""])
def test_a_default_or_a_reference_is_no_password(value: str) -> None:
    assert not chosen_values.password(value)


def test_a_random_value_is_a_password() -> None:
    assert chosen_values.password(secrets.token_urlsafe(12))


@pytest.mark.parametrize(
    ("value", "fits"), [("0822455D0A16", True), ("0822455D0A", True), ("08FFFFFFFF", False), ("8", False)]
)
def test_the_published_word_that_cisco_hides(value: str, fits: bool) -> None:
    assert chosen_values.cisco_hidden(value) is fits


def test_hidden_by_the_same_constant_from_any_place() -> None:
    random = Random(3)
    assert all(chosen_values.cisco_hidden(KEY_MAKERS["cisco-hidden"](random, "")) for _ in range(50))


def test_a_phrase_repeats_hardly_any_word() -> None:
    assert chosen_values.phrase(KEY_MAKERS["words12"](Random(1), ""))
    assert not chosen_values.phrase("one two " * 6)


def test_a_list_of_bytes() -> None:
    assert chosen_values.byte_list(KEY_MAKERS["byte-list"](Random(1), ""))
    assert not chosen_values.byte_list(",".join(["300", *map(str, range(63))]))
    assert not chosen_values.byte_list(",".join(map(str, range(63))))
    assert not chosen_values.byte_list(",".join(["0"] * 64))


def test_the_role_decides() -> None:
    random = Random(1)
    assert supabase.service_role(KEY_MAKERS["service-role-jwt"](random, ""))
    assert not supabase.service_role(KEY_MAKERS["anon-jwt"](random, ""))
    assert not supabase.service_role("eyJ.eyJ.x")
