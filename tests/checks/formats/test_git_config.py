"""git's configuration, next to git itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.formats.git_config import git_settings, read_git_config
from tests.checks.conftest import encoded, random_password, random_token

GIT = shutil.which("git")
names = st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True)
pieces = st.sampled_from(
    ["a", "B7", "é", " ", "#", ";", "=", '"', "\\\\", '\\"', "\\n", "\\t", "\\\n", "[", "]", "\\\r\n"]
)


def listed(text: str) -> list[tuple[str, str | None]] | None:
    """Names and values as git lists them, or None where it refuses the text."""
    assert GIT
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        command = [GIT, "config", "--list", "--null", "--file", file.name]
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode:
        return None
    entries = [entry.partition("\n") for entry in done.stdout.decode().split("\0")[:-1]]
    return [(name, value if newline else None) for name, newline, value in entries]


def read(text: str) -> list[tuple[str, str | None]]:
    return [
        (
            ".".join((one.section, *([one.subsection.text] if one.subsection else []), one.name)),
            one.value and one.value.text,
        )
        for one in git_settings(text)
        if one.name
    ]


@pytest.mark.skipif(not GIT, reason="git is not installed: Debian package git")
@settings(max_examples=60)
@example([("a", "a \\\n"), ("b", 'a ""'), ("c", "\\\n a ")], "[a]")
@given(
    st.lists(st.tuples(names, st.lists(pieces, max_size=8).map("".join)), min_size=1, max_size=4),
    st.sampled_from(["[a]", '[a "b c\\"d"]']),
)
def test_reads_what_git_reads(lines: list[tuple[str, str]], header: str) -> None:
    text = header + "\n" + "".join(f"\t{name} = {value}\n" for name, value in lines)
    known = listed(text)
    if known is not None:
        assert read(text) == known


@pytest.mark.skipif(not GIT, reason="git is not installed: Debian package git")
def test_a_file_by_hand() -> None:
    text = (
        '; note\n[core] bare = false # no\n\tflag\n[Remote "Or\\\\i"]\n\turl = "a b" c ; x\n  fetch=+refs/*:x\n'
        "[a.B]\nk = one \\\n  two\n\n[c]\r\nd = e\r\n"
    )
    assert read(text) == listed(text)


def test_logins_everywhere() -> None:
    one, two, three, four = (random_password() for _ in range(4))
    token = random_token("ghp_", 36)
    text = "\n".join(
        [
            '[remote "origin"]',
            f"\turl = https://ann:{one}@git.example.com/a.git",
            f'[url "https://{token}@github.com/"]',
            "\tinsteadOf = https://github.com/",
            '[http "https://git.example.com/"]',
            f'\textraHeader = "Authorization: Basic {encoded("bob", two)}"',
            "[sendemail]",
            f"\tsmtpPass = {three}",
            '[credential "https://x.example.com"]',
            f'\thelper = "!f() {{ echo username=carl; echo password={four}; }}; f"',
            "[user]\n\tname = ann\n\temail = ann@example.com\n[credential]\n\thelper = store",
        ]
    )
    found = {login.secret.text: login for login in read_git_config(text).found if not login.named}
    assert {secret: (login.host, login.username) for secret, login in found.items()} == {
        one: ("git.example.com", "ann"),
        token: ("github.com", ""),
        two: ("git.example.com", "bob"),
        three: ("", ""),
        four: ("x.example.com", ""),
    }
    lines = text.split("\n")
    for secret, login in found.items():
        shown = encoded("bob", two) if secret == two else secret
        assert lines[login.secret.line - 1][login.secret.column - 1 :].startswith(shown)
        assert secret not in login.field


def test_a_mistake_costs_no_other_line() -> None:
    password = random_password()
    text = f'[x\n= 3\n[a "b]\n\\\n[remote "o"]\nurl = https://a:{password}@h.example.com/\n'
    assert [login.secret.text for login in read_git_config(text).found if not login.named] == [password]


@pytest.mark.parametrize("sign", ["[", '[a "', '"', "\\\n", "a=\\", "[a]b=", "x", "a = https://b:c@d ", "#", '\\"'])
def test_a_megabyte_of_anything(sign: str) -> None:
    read_git_config("[a]\nb = " + sign * (2**20 // len(sign)))
    read_git_config(sign * (2**20 // len(sign)))


@given(st.text(st.sampled_from('[]="\\;# \n\rab./:@')))
def test_any_text(text: str) -> None:
    for login in read_git_config(text).found:
        assert 1 <= login.secret.line <= text.count("\n") + 1
