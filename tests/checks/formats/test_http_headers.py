from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.http_headers import authorization_login, header_login
from checks.formats.located import Located, Login
from tests.checks.conftest import encoded, random_password


def login_of(text: str) -> list[Login]:
    return list(header_login(Located(text, 2, 5, 2), "h", "ghcr.io"))


def test_basic_is_decoded() -> None:
    password = random_password()
    (found,) = login_of(f"AUTHORIZATION: basic {encoded('ann', password)}")
    assert (found.host, found.username, found.secret.text, found.field) == ("ghcr.io", "ann", password, "h")
    assert (found.secret.line, found.secret.column) == (2, 5 + len("AUTHORIZATION: basic "))
    assert not found.named


@pytest.mark.parametrize("scheme", ["Bearer", "token", "ApiKey"])
def test_other_schemes(scheme: str) -> None:
    password = random_password()
    (found,) = login_of(f"Authorization:{scheme} {password}")
    assert (found.username, found.secret.text) == ("", password)


def test_other_headers_are_judged_by_their_name() -> None:
    (found,) = login_of("PRIVATE-TOKEN: abc")
    assert (found.field, found.secret.text, found.named) == ("h/PRIVATE-TOKEN", "abc", True)


@pytest.mark.parametrize(
    "text", ["", "Authorization", "Authorization:", "Authorization: Basic", "X: ", ": x", "a b: c"]
)
def test_nothing_to_find(text: str) -> None:
    assert login_of(text) == []


@given(st.text())
def test_any_text(text: str) -> None:
    for found in [*login_of(text), *authorization_login(Located(text, 1, 1, 1), "h", "")]:
        assert found.secret.text
