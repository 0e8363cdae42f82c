from __future__ import annotations

import netrc
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.netrc import read_netrc
from tests.checks.conftest import random_password, write

passwords = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0", exclude_categories=["Cc", "Zl", "Zp"]))
plain = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"], exclude_characters="\"'\\#"), min_size=1)
_KEYWORDS = ("machine", "default", "login", "user", "password", "account", "macdef", "port")


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.mark.parametrize(
    "text",
    [
        "machine ghcr.io login ann password {}",
        "machine ghcr.io\n  login ann\n  password {}\n",
        "machine\nghcr.io\nlogin\nann\npassword\n{}",
        "# mine\nmachine ghcr.io # here\n\tlogin ann # ann\n\tpassword {}\n",
        "machine ghcr.io password {} login ann",
        'machine "ghcr.io" login "ann" password "{}"',
        "machine ghcr.io login ann password {} port 443\nmachine b login c",
        "macdef init\nmachine x login y password z\n\nmachine ghcr.io login ann password {}",
        "stray words machine ghcr.io login ann password {}",
        "machine ghcr.io user ann\r\npassword {}\r\n",
    ],
)
def test_every_form(text: str) -> None:
    password = random_password()
    text = text.format(password)
    (login,) = read_netrc(text).found
    secret = login.secret
    assert (login.host, login.username, secret.text) == ("ghcr.io", "ann", password)
    assert login.field == "machine ghcr.io/password"
    assert text.split("\n")[secret.line - 1][secret.column - 1 :].startswith(password)


def test_default_and_account() -> None:
    logins = read_netrc("default login ann password p1 account p2").found
    assert [(one.field, one.host, one.secret.text) for one in logins] == [
        ("default/password", "", "p1"),
        ("default/account", "", "p2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "machine x login ann",
        "machine x login anonymous password me@example.com",
        "# machine x login ann password y",
        "macdef a\nmachine x login ann password y",
        "machine x password",
    ],
)
def test_nothing_to_find(text: str) -> None:
    assert read_netrc(text).found == ()


@given(passwords)
def test_any_password_in_quotes(password: str) -> None:
    text = f"machine x\nlogin y password {quoted(password)}\nmachine z login a password b"
    first, second = read_netrc(text).found
    assert (first.secret.text, first.secret.line, first.secret.column) == (password, 2, 19)
    assert second.host == "z"


@given(plain)
def test_reads_what_python_reads(password: str) -> None:
    text = f"machine x login ann password {password}"
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        known = netrc.netrc(file.name).hosts["x"]
    (login,) = read_netrc(text).found
    assert (login.username, login.secret.text) == (known[0], known[2])


def test_python_agrees(tmp_path: Path) -> None:
    password = random_password()
    text = f'machine a login "x y" password {password}\nmacdef m\n  put a\n\nmachine b\n  login q\n  password "r s"\n'
    known = netrc.netrc(write(tmp_path / "netrc", text))
    found = {one.host: (one.username, one.secret.text) for one in read_netrc(text).found}
    assert found == {host: (login, secret) for host, (login, _, secret) in known.hosts.items()}


words = st.sampled_from([*(word + " " for word in _KEYWORDS), '"', "\\", "#", "\n", "\0", "x", " "])


@given(st.lists(words).map("".join))
def test_any_text(text: str) -> None:
    for login in read_netrc(text).found:
        assert 1 <= login.secret.line <= text.count("\n") + 1
