"""What is asked before a text is read as a command: it may be too generous, it may never drop a secret."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.detect import document_values
from checks.detect.document_values import prose_secrets
from checks.detect.given_values import may_be_given
from checks.formats.traced_text import Traced
from tests.checks.detect.test_command_forms import COMMANDS
from tests.checks.detect.test_command_logins import LOGINS

WORD = "K7Qm2Zt9Xb4Lw8Rc5Vn1Hd6Jf3"
PIECES = (
    "password",
    "DB_TOKEN",
    "--token",
    "-p",
    "pin",
    "level",
    "ACR_PASSWORD",
    "=",
    "==",
    " ",
    "\n",
    '"',
    "'",
    "\\",
    "$X",
    "`",
    "{{ x }}",
    "$(x)",
    ";",
    "&",
    "#",
    ",",
    ": ",
    WORD,
    "test",
    "changeme",
    f"ghp_{WORD}{WORD[:10]}",
    f"https://bob:{WORD}@x.example",
    "https://x.example/?token=",
    "curl -u ",
    "docker login -p=",
    "export ",
    "--creds=",
    "bob:",
    "${X:-",
    "}",
    ")",
    "pa$$",
    "a=b ",
    "env ",
    "echo ",
    " | docker login --password-stdin x",
)


def found(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], list[int]]:
    """Where secrets begin: as they are told, and without asking first."""
    value = Traced(text, 0, len(text))
    told = [one.start for one in prose_secrets((), value)]
    with monkeypatch.context() as patched:
        patched.setattr(document_values, "may_be_given", lambda _: True)
        return told, [one.start for one in prose_secrets((), value)]


@settings(max_examples=800, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10))
def test_no_secret_is_dropped(pieces: list[str]) -> None:
    told, all_of_them = found("".join(pieces), pytest.MonkeyPatch())
    assert told == all_of_them


@settings(deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    told, all_of_them = found(text, pytest.MonkeyPatch())
    assert told == all_of_them


@pytest.mark.parametrize("command", [command for command, *_ in (*COMMANDS, *LOGINS)])
@pytest.mark.parametrize("around", ["{}", "run {} now", "X={}", 'say "{}"', "a\n{}\nb"])
def test_no_known_command_is_dropped(command: str, around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told, all_of_them = found(around.format(command.replace("{}", WORD)), monkeypatch)
    assert told == all_of_them


@pytest.mark.parametrize(
    "text",
    [
        "Pass the token to the module.",
        "state=present force=true",
        "https://x.example/a?b=c",
        "password={{ x }}",
        "token=",
    ],
)
def test_what_gives_nothing_is_not_read(text: str) -> None:
    assert not may_be_given(text)


@pytest.mark.parametrize("text", [f"password={WORD}", f"https://bob:{WORD}@x.example", f"x --token='{WORD}'"])
def test_what_may_give_one_is_read(text: str) -> None:
    assert may_be_given(text)
