"""curl's, PostgreSQL's and git's files of one entry a line."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checks.formats.curlrc import read_curlrc
from checks.formats.git_cookies import read_git_cookies
from checks.formats.pgpass import read_pgpass
from checks.tool_files.s3fs import read_passwd_s3fs
from checks.tool_files.token_file import read_token_file
from tests.checks.conftest import encoded, random_password

CURL = shutil.which("curl")
passwords = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1)


def escaped(text: str, signs: str) -> str:
    return "".join(f"\\{char}" if char in signs else char for char in text)


@given(passwords, passwords)
def test_pgpass_gives_back_any_password(password: str, user: str) -> None:
    before = f"h:1:*:{escaped(user, chr(92) + ':')}:"
    text = f"# note\r\n*:5432:db\n{before}{escaped(password, chr(92) + ':')}\r\n"
    found = [one for one in read_pgpass(text).found if one.host]
    assert [(one.host, one.username, one.secret.text, one.secret.line) for one in found] == [("h", user, password, 3)]
    assert found[0].secret.column == len(before) + 1


def test_pgpass_lines() -> None:
    text = "#h:1:d:u:no\nh:1:d:u\n*:*:*:*:any\nh:1:d:u:a:b\nh:1:d:u:\n"
    assert [(one.host, one.secret.text, one.secret.line) for one in read_pgpass(text).found] == [
        ("", "any", 3),
        ("h", "a", 4),
    ]


@given(passwords)
def test_curl_gives_back_any_password(password: str) -> None:
    text = f'url = "https://h.example.com/"\nuser = "ann:{escaped(password, chr(92) + chr(34))}"\n'
    (found,) = read_curlrc(text).found
    assert (found.host, found.username, found.secret.text) == ("h.example.com", "ann", password)
    assert (found.secret.line, found.secret.column) == (2, len('user = "ann:') + 1)


def test_curl_forms() -> None:
    words = [random_password() for _ in range(6)]
    text = "\n".join(
        [
            f"# user = ann:{words[0]}",
            f"-u ann:{words[0]}",
            f"  --proxy-user: bob:{words[1]}",
            f"header = 'x'\nheader = \"Authorization: Basic {encoded('carl', words[2])}\"",
            f"oauth2-bearer {words[3]}",
            f"proxy = http://dan:{words[4]}@proxy.example.com:3128",
            f"pass={words[5]}",
            "silent\nuser-agent = a:b",
        ]
    )
    found = [(one.username, one.secret.text, one.secret.line) for one in read_curlrc(text).found]
    assert found == [
        ("ann", words[0], 2),
        ("bob", words[1], 3),
        ("carl", words[2], 5),
        ("", words[3], 6),
        ("dan", words[4], 7),
        ("", words[5], 8),
    ]


@pytest.mark.skipif(not CURL, reason="curl is not installed: Debian package curl")
@pytest.mark.parametrize("form", ['user = "ann:{}"', "-u ann:{}", "user: ann:{}", "user=ann:{}", "--user ann:{}"])
def test_reads_what_curl_reads(form: str, tmp_path: Path) -> None:
    """curl is asked for the program that would do the same, and fetches nothing."""
    assert CURL
    password, text = random_password(), tmp_path / "curlrc"
    text.write_text("# note\n" + form.format(password) + "\n")
    command = [CURL, "-q", "--silent", "--config", str(text), "--libcurl", "-", "file:///dev/null"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    (found,) = read_curlrc(text.read_text()).found
    assert f'CURLOPT_USERPWD, "{found.username}:{found.secret.text}"' in done.stdout
    assert found.secret.text == password


def test_cookies_of_git() -> None:
    word = random_password()
    text = f"# Netscape HTTP Cookie File\n#HttpOnly_.g.example.com\tTRUE\t/\tTRUE\t0\to\tgit-ann.x={word}\r\n\nx\ty\n"
    (found,) = read_git_cookies(text).found
    assert (found.host, found.secret.text, found.secret.line) == ("g.example.com", f"git-ann.x={word}", 2)
    assert text.split("\n")[1][found.secret.column - 1 :].startswith("git-ann")


@pytest.mark.parametrize("text", ["", "\n", "two words", "#!/bin/sh\nx", "a" * 3000])
def test_no_token(text: str) -> None:
    assert read_token_file(text).found == ()


@given(st.sampled_from(["", "\n", " \n\t", "\r\n"]), passwords)
def test_a_token_alone(before: str, word: str) -> None:
    assume(word.strip())  # Unicode has blanks that are printable; a line of them holds nothing
    text = f"{before}{word}\nmore\n"
    for one in read_token_file(text).found:
        assert one.secret.text == word.strip()
        assert text.split("\n")[one.secret.line - 1][one.secret.column - 1 :].startswith(one.secret.text)


READERS = (read_pgpass, read_curlrc, read_git_cookies, read_passwd_s3fs, read_token_file)


@given(st.text(st.sampled_from(":\\\"' \t\n\r#=-aub\0")))
def test_any_text(text: str) -> None:
    for read in READERS:
        for login in read(text).found:
            assert 1 <= login.secret.line <= text.count("\n") + 1
            assert login.secret.column >= 1


@pytest.mark.parametrize("sign", [":", "\\", '"', "a", "\t", "a:", "user=", 'u "', "\n", " "])
def test_a_megabyte_of_anything(sign: str) -> None:
    for read in READERS:
        read(sign * (2**20 // len(sign)))
