"""What echo and printf write, held against bash itself."""

from __future__ import annotations

import os
import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.formats.shell_printed import printed
from checks.formats.shell_words import Command, commands

words = st.text(st.sampled_from("ab %s\\n01x'\"$=:\t"), max_size=8)
formats = st.lists(st.sampled_from(["%s", "%b", "%%", "\\n", "\\t", "a", " ", "'", "\\x41", "\\101", "é"]), max_size=6)


def only(text: str) -> Command:
    (command,) = commands(text)
    return command


def read(text: str) -> str:
    command = only(text)
    return printed(command.words, command.words[0].text).text


def bash(texts: list[str]) -> list[str]:
    script = "; printf '\\0'; ".join((*texts, ":"))
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=environment, check=True)
    return done.stdout.decode().split("\0")[:-1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(formats, st.lists(words, max_size=3)), min_size=1, max_size=20))
def test_printf_as_bash_does_it(cases: list[tuple[list[str], list[str]]]) -> None:
    plain = [(form, [one.replace("\\", "") for one in arguments]) for form, arguments in cases]
    texts = [shlex.join(("printf", "--", "".join(form), *arguments)) for form, arguments in plain]
    assert [read(text) for text in texts] == bash(texts)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "-n", "-e", "-ne", "-E"]), words, words), min_size=1, max_size=20))
def test_echo_as_bash_does_it(cases: list[tuple[str, str, str]]) -> None:
    texts = [
        shlex.join(("echo", *([option] if option else []), f"a{one}", two.replace("\\0", "").replace("\\x", "")))
        for option, one, two in cases
        if "\\0" not in one and "\\x" not in one
    ]
    assert [read(text) for text in texts] == bash(texts)


@pytest.mark.parametrize(
    "text",
    [
        "printf 'machine %s login %s\\npassword %s\\n' h u Wren48",
        "printf 'a\\tb %% Wren48\\n'",
        "printf '%s\\n' 'machine h' 'password Wren48'",
        "echo -e 'machine h\\npassword Wren48'",
        'echo "a\\"b" Wren48',
        "printf '%b' 'a\\nWren48'",
    ],
)
def test_each_character_is_traced_to_where_it_stands(text: str) -> None:
    command = only(text)
    output = printed(command.words, command.words[0].text)
    at = output.text.index("Wren48")
    assert text[output.first(at) : output.last(at + 6)] == "Wren48"


def test_what_only_a_shell_knows_stays_known() -> None:
    command = only("printf 'password %s\\n' \"$(pass show x)\"")
    output = printed(command.words, "printf")
    assert output.part(output.text.index("$(")).dynamic
    assert not output.part(0, 9).dynamic
