"""What is asked before a command is read: it may be too generous, it may never drop a secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.detect.command_forms import BY_PROGRAM
from checks.detect.command_logins import command_secrets
from checks.detect.document_secrets import yaml_secrets
from checks.detect.telling_text import may_tell_in_yaml
from checks.detect.telling_words import telling_offsets, worth_parsing
from tests.checks.conftest import random_token
from tests.checks.detect.test_command_forms import COMMANDS
from tests.checks.detect.test_command_logins import LOGINS

ALL = [command for command, *_ in (*COMMANDS, *LOGINS)]
QUOTES = ("{}", "'{}'", '"{}"', "\\\n{}", "bash -c '{}'", 'ssh host "{}"', "$({})", "x && ({})")


def spellings(program: str) -> Iterator[str]:
    """Every flag of a program that takes a secret, in every way that it can be written."""
    word = random_token("K7", 26)
    for form in BY_PROGRAM[program]:
        start = " ".join((program, *(one.split("|")[0] for one in form.words)))
        for flag in form.secrets | form.pairs:
            value = f"bob{form.separator}{word}" if flag in form.pairs else form.prefix + word
            for written in (
                f"{flag} {value}",
                f"{flag}={value}",
                f"{flag}{value}",
                f"{flag}:{value}",
                f"'{flag}' {value}",
            ):
                yield f"{start} enc {written} x"
            if len(flag) == 2:
                yield f"{start} -v{flag[1]} {value} x"
                yield f"{start} -v{flag[1]}{value} x"


@pytest.mark.parametrize("program", sorted(BY_PROGRAM))
def test_no_flag_with_a_secret_is_dropped(program: str) -> None:
    for command in spellings(program):
        if any(True for _ in command_secrets(command)):
            assert worth_parsing(command), command


@pytest.mark.parametrize("command", ALL)
@pytest.mark.parametrize("quote", QUOTES)
def test_no_known_command_is_dropped(command: str, quote: str) -> None:
    assert worth_parsing(quote.format(command.format(random_token("K7", 26))))


@pytest.mark.parametrize(
    "command",
    [
        "curl -fsS https://web.example/api/1234 -o /tmp/api",
        "wget https://web.example/a.tar.gz",
        "docker build -t registry.example/web/api:12 .",
        "docker run --rm -e LEVEL=3 web:12 sh -c 'echo api'",
        "mysql -h db shop",
        "zip -r a.zip b",
        "kubectl -n web logs deploy/api --since=5m",
        "",
    ],
)
def test_a_command_without_anything_telling_is_not_read(command: str) -> None:
    assert not worth_parsing(command)
    assert not list(command_secrets(command))


def test_a_word_that_is_enough_is_enough_beside_one_that_is_not() -> None:
    assert worth_parsing("curl https://x.example; export DB_PASSWORD=x")
    assert worth_parsing("curl https://bob:x@x.example")
    assert worth_parsing("curl -d 'pin_2=x' https://x.example")
    assert not worth_parsing("curl https://x.example/a-u")  # not a flag
    assert worth_parsing("http x.example X-JFrog-Art-Api:x")


@given(st.lists(st.sampled_from([*ALL, "curl https://x.example", "docker run -e A=1 x", "ls"]), min_size=1, max_size=4))
def test_what_is_found_is_worth_it(chosen: list[str]) -> None:
    text = " ; ".join(one.format("K7Qm2Zt9Xb4Lw8Rc5Vn1Hd6Jf3") for one in chosen)
    if any(True for _ in command_secrets(text)):
        assert worth_parsing(text)
        assert any(True for _ in telling_offsets(text))


@given(st.text())
def test_any_text_is_read_or_not(text: str) -> None:
    if not worth_parsing(text):
        assert not any(True for _ in command_secrets(text))


@pytest.mark.parametrize("program", sorted(BY_PROGRAM))
def test_no_list_of_a_command_is_dropped(program: str) -> None:
    """As a health check of compose has it."""
    for command in spellings(program):
        words = [] if "=" in command or "'" in command else command.split()
        flow, block = ", ".join(f'"{word}"' for word in words), "".join(f"\n  - {word}" for word in words)
        for text in (f"test: [{flow}]", f"test:{block}\n"):
            if words and not may_tell_in_yaml(text):
                assert not list(yaml_secrets(text)), text


def test_a_list_without_a_command_s_flags_is_not_read() -> None:
    assert not may_tell_in_yaml("test: [CMD, mongosh, --quiet]")
    assert not may_tell_in_yaml("files: ['a.zip', 'b.zip']")
