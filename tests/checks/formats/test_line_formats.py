"""INI, properties and the formats made of them, next to the readers that Python has."""

from __future__ import annotations

import base64
import configparser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import ini, properties
from checks.formats.git_credentials import read_git_credentials
from checks.formats.located import Located
from checks.formats.netrc import read_netrc
from checks.formats.npmrc import read_npmrc, read_yarnrc
from checks.formats.pypirc import read_pypirc
from tests.checks.conftest import encoded, random_password, random_token

lines = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"]), min_size=1)
names = st.text(st.sampled_from("abcXYZ_-."), min_size=1, max_size=8)


def written(text: str, value: Located) -> str:
    return text.split("\n")[value.line - 1][value.column - 1 :]


# INI


@given(st.lists(st.tuples(names, lines), min_size=1), st.sampled_from(["=", " = ", ": ", ":"]))
def test_ini_reads_what_configparser_reads(pairs: list[tuple[str, str]], sign: str) -> None:
    text = "[one]\n" + "".join(f"{name}{sign}{value}\n" for name, value in pairs)
    known = configparser.RawConfigParser(strict=False)
    known.read_string(text)
    found = {one.name: one.value for one in ini.settings(text)}
    assert {name: value.text for name, value in found.items()} == dict(known["one"])
    assert all(written(text, value) == value.text for value in found.values())


def test_ini_of_many_lines() -> None:
    text = "x = 0\n[global]\nindex-url =\n    https://a\n    # no\n\n    https://b\n; no\nflag\n[install]\nx: y\n"
    found = [(one.section, one.name, one.value.text, one.value.line) for one in ini.settings(text)]
    assert found == [
        ("", "x", "0", 1),
        ("global", "index-url", "", 3),
        ("global", "index-url", "https://a", 4),
        ("global", "index-url", "https://b", 7),
        ("install", "x", "y", 11),
    ]


@given(st.text(st.sampled_from("[]=: \t\n#;x\r\0\u2028")))
def test_ini_any_text(text: str) -> None:
    for one in ini.settings(text):
        assert written(text, one.value).startswith(one.value.text)


# properties


def escaped(value: str) -> str:
    special = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f"}
    shown = "".join(special.get(char, char) for char in value)
    return "\\" + shown if shown[:1].isspace() else shown


@given(st.text(), st.sampled_from(["=", ":", " ", " = ", "\t:\t"]))
def test_properties_give_back_any_value(value: str, sign: str) -> None:
    if value[:1] in ("=", ":") and sign == " ":
        return
    text = f"# a\\\n  name{sign}{escaped(value)}\nnext = 1\n"
    found = list(properties.settings(text))
    assert [(one.name, one.value.text) for one in found] == [("name", value), ("next", "1")]
    assert found[0].value.line == 2
    assert found[0].value.column == 3 + len("name") + len(sign)


def test_properties_by_the_book() -> None:
    text = (
        "! note\nTruth1 = Beauty\n Truth2:Beauty\nTruth3   :Beauty\nfruits   apple, banana, \\\n"
        "    cantaloupe, \\\n   durian\ncheeses\nkey\\ with\\:sign=\\u0041\\q\nlast=x\\"
    )
    found = {one.name: one.value.text for one in properties.settings(text)}
    assert found == {
        "Truth1": "Beauty",
        "Truth2": "Beauty",
        "Truth3": "Beauty",
        "fruits": "apple, banana, cantaloupe, durian",
        "cheeses": "",
        "key with:sign": "Aq",
        "last": "x",
    }


@given(st.text(st.sampled_from("\\=: \t\f\r\n#!xu0041")))
def test_properties_any_text(text: str) -> None:
    for one in properties.settings(text):
        assert 1 <= one.value.line <= one.value.end_line <= text.count("\n") + 1


# git


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_git_gives_back_any_password(password: str) -> None:
    spelled = "".join(f"%{byte:02x}" for byte in password.encode())
    text = f"https://ann:{spelled}@github.com\n"
    (login,) = read_git_credentials(text).found
    assert (login.host, login.username, login.secret.text) == ("github.com", "ann", password)
    assert written(text, login.secret).startswith(spelled)


def test_git_lines() -> None:
    token = random_token("ghp_", 36)
    text = (
        f"\n# https://a:b@c\nhttps://github.com\n  https://{token}@github.com\r\nhttps://bob:pw@h.example.com:8443/x\n"
    )
    found = [(one.host, one.username, one.secret.line) for one in read_git_credentials(text).found]
    assert found == [("github.com", "", 4), ("h.example.com:8443", "bob", 5)]


# npm


def test_npm_forms() -> None:
    token, password = random_token("npm_", 36), random_password()
    auth = encoded("ann", password)
    packed = base64.b64encode(password.encode()).decode()
    text = "\n".join(
        [
            "registry=https://npm.example.com/",
            f"//npm.example.com/:_authToken={token}",
            f"_auth = {auth}",
            f"//a.example.com/x/:_password={packed}",
            "//a.example.com/x/:username=ann",
            f'//b.example.com/:_authToken="{token}"',
            "//c.example.com/:_authToken=${NPM_TOKEN}",
            f"proxy=http://ann:{password}@proxy.example.com:3128",
            f"; //d.example.com/:_authToken={token}",
        ]
    )
    found = {one.field: one for one in read_npmrc(text).found}
    got = {field: (one.host, one.username, one.secret.text) for field, one in found.items()}
    assert got == {
        "//npm.example.com/:_authtoken": ("npm.example.com", "", token),
        "_auth": ("npm.example.com", "ann", password),
        "//a.example.com/x/:_password": ("a.example.com", "ann", password),
        "//b.example.com/:_authtoken": ("b.example.com", "", token),
        "//c.example.com/:_authtoken": ("c.example.com", "", "${NPM_TOKEN}"),
        "proxy": ("proxy.example.com:3128", "ann", password),
    }
    assert written(text, found["_auth"].secret) == auth
    assert written(text, found["//b.example.com/:_authtoken"].secret) == f'{token}"'


def test_yarn_1() -> None:
    token = random_token("npm_", 36)
    text = (
        f'# note\nregistry "https://npm.example.com/"\n"//npm.example.com/:_authToken" "{token}"\n'
        f"_auth {encoded('a', 'b')}\n"
    )
    found = [(one.host, one.username, one.secret.text, one.secret.line) for one in read_yarnrc(text).found]
    assert found == [("npm.example.com", "", token, 3), ("npm.example.com", "a", "b", 4)]


@given(lines)
def test_npm_gives_back_any_password(password: str) -> None:
    text = "//x/:username=ann\n//x/:_password=" + base64.b64encode(password.encode()).decode()
    (login,) = read_npmrc(text).found
    assert (login.secret.text, login.username, login.secret.line) == (password, "ann", 2)


@given(st.text(st.sampled_from("/:=_authTokenpswrd\"'$ \n\0")))
def test_npm_any_text(text: str) -> None:
    for login in read_npmrc(text).found:
        assert login.secret.text


# .pypirc


@given(lines)
def test_pypirc_gives_back_any_password(password: str) -> None:
    text = (
        "[distutils]\nindex-servers = a\n[a]\nrepository: https://pypi.example.com/x/\n"
        f"username: ann\npassword: {password}\n"
    )
    (login,) = read_pypirc(text).found
    assert (login.host, login.username, login.secret.text) == ("pypi.example.com", "ann", password)
    assert written(text, login.secret) == password


def test_pypirc_known_indexes_and_urls() -> None:
    text = "[pypi]\nusername = __token__\npassword = p1\n[b]\nrepository = https://ann:p2@x.example.com/\n"
    found = [(one.field, one.host, one.secret.text) for one in read_pypirc(text).found]
    assert found == [("pypi/password", "", "p1"), ("b/repository", "x.example.com", "p2")]


@pytest.mark.parametrize("sign", ["=", "[", " ", "\\", '"', "\0", "a=b\n", "machine x password y ", "\\\n", "\n "])
def test_a_lot_of_anything(sign: str) -> None:
    text = sign * (2**17 // len(sign))
    for reader in (read_netrc, read_git_credentials, read_npmrc, read_pypirc):
        reader(text)
    assert sum(1 for _ in properties.settings(text)) >= 0
    assert sum(1 for _ in ini.settings(text)) >= 0
