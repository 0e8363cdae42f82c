from __future__ import annotations

import base64

import pytest

from checks.formats.located import Located, basic_login, decoded, host_of, login_in, logins_in, parts
from tests.checks.conftest import random_password, random_token


def value(text: str) -> Located:
    return Located(text, 3, 7, 3)


def test_the_password_of_a_url() -> None:
    login = login_in(value("https://ann:p%40ss@npm.example.com/x"), "registry")
    assert login
    assert (login.host, login.username, login.secret.text) == ("npm.example.com", "ann", "p@ss")
    assert login.secret.column == 7 + len("https://ann:")


@pytest.mark.parametrize("ending", ["", ":", ":x-oauth-basic"])
def test_a_token_alone(ending: str) -> None:
    token = random_token("ghp_", 36)
    login = login_in(value(f"https://{token}{ending}@github.com/a"), "x")
    assert login
    assert (login.host, login.secret.text, login.secret.column) == ("github.com", token, 15)


@pytest.mark.parametrize("url", ["", "https://npm.example.com", "https://ann@npm.example.com", "git@github.com:a/b"])
def test_no_login(url: str) -> None:
    assert login_in(value(url), "x") is None


def test_base64_of_a_login() -> None:
    password = random_password()
    text = base64.b64encode(f"ann:{password}".encode()).decode()
    for spelled in (text, text.rstrip("=")):
        user, secret = basic_login(value(spelled))
        assert (user, secret.text, secret.line) == ("ann", password, 3)
    assert basic_login(value("${AUTH}")) == ("", value("${AUTH}"))
    assert decoded(value("no base64!")) is None


def test_a_value_does_not_print_itself() -> None:
    password = random_password()
    assert password not in repr(value(password))


def test_every_url_of_a_value() -> None:
    text = "https://ann:one@a.example.com/x https://b.example.com\nhttps://bob:two@c.example.com:8443"
    found = [(one.host, one.username, one.secret) for one in logins_in(value(text), "x")]
    assert found == [
        ("a.example.com", "ann", Located("one", 3, 7 + len("https://ann:"), 3)),
        ("c.example.com:8443", "bob", Located("two", 4, 1 + len("https://bob:"), 4)),
    ]


def test_parts_of_a_value() -> None:
    found = list(parts(value("ab\ncd"), [(1, 2), (1, 4), (4, 5)]))
    assert found == [Located("b", 3, 8, 3), Located("b\nc", 3, 8, 4), Located("d", 4, 2, 4)]


@pytest.mark.parametrize(
    "address",
    [
        "https://h.example.com:5000/a/b",
        "h.example.com:5000",
        "//h.example.com:5000/a",
        "https://u:p@h.example.com:5000",
    ],
)
def test_the_host_of_an_address(address: str) -> None:
    assert host_of(address) == "h.example.com:5000"
