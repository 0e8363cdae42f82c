from __future__ import annotations

import pytest

from checks.detect.weak_values import is_weak
from tests.checks.conftest import random_password


@pytest.mark.parametrize(
    "value",
    ["postgres", "Admin123", "'changeit'", "Password!", "password-2024", "1234", "123456789", "abab", "", "aaaaaa"],
)
def test_what_everybody_knows(value: str) -> None:
    assert is_weak(value)


@pytest.mark.parametrize("value", ["correct horse", "postgres-7Hk2", "20394857", "adminkR4x"])
def test_what_somebody_made_up(value: str) -> None:
    assert not is_weak(value)
    assert not is_weak(random_password())
