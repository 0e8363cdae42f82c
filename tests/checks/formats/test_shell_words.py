"""Words of command lines, held against the shells themselves."""

from __future__ import annotations

import os
import random
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.formats.shell_words import Command, commands

ANY = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r"), max_size=40)
SHELLS = [shell for shell in ("bash", "zsh", "dash") if shutil.which(shell)]


def in_double_quotes(value: str) -> str:
    return '"' + "".join(f"\\{sign}" if sign in '\\"$`' else sign for sign in value) + '"'


def in_dollar_quotes(value: str) -> str:
    return "$'" + "".join(f"\\x{byte:02x}" for byte in value.encode()) + "'"


def with_backslashes(value: str) -> str:
    return "".join(sign if sign.isalnum() else f"'{sign}'" if sign == "\n" else f"\\{sign}" for sign in value) or "''"


def in_pieces(value: str) -> str:
    half = len(value) // 2
    return shlex.quote(value[:half]) + in_double_quotes(value[half:])


QUOTINGS = [shlex.quote, in_double_quotes, in_dollar_quotes, with_backslashes, in_pieces]


def words(text: str, *, fish: bool = False) -> list[list[str]]:
    return [[word.text for word in command.words] for command in commands(text, fish=fish)]


def only(text: str) -> Command:
    (command,) = commands(text)
    return command


def as_the_shell_says(shell: str, script: str) -> list[str]:
    """The words that `show` is given, in any order of quoting, as the shell takes them apart."""
    plain = ["-o", "no_equals"] if shell == "zsh" else []  # `=name` would be the path of that program
    with tempfile.TemporaryDirectory() as home:  # fish writes into it
        environ = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": home, "TERM": "dumb"}
        done = subprocess.run([shell, *plain, "-c", script], capture_output=True, env=environ, check=True, timeout=60)
    return done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


@pytest.mark.parametrize("quote", QUOTINGS, ids=lambda one: one.__name__)
@given(value=ANY)
def test_any_value_in_any_quotes(quote, value: str) -> None:  # type: ignore[no-untyped-def]
    text = f"docker login -p {quote(value)} ghcr.io"
    (found,) = words(text)
    assert found == ["docker", "login", "-p", value, "ghcr.io"]
    word = only(text).words[3]
    assert text[word.start : word.end] == quote(value)


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=30, deadline=None)
@given(values=st.lists(ANY, min_size=1, max_size=20), seed=st.integers(0, 1000))
def test_words_are_the_shell_s_own(shell: str, values: list[str], seed: int) -> None:
    quotings = [one for one in QUOTINGS if one is not in_dollar_quotes or shell != "dash"]
    chosen = random.Random(seed).choices(quotings, k=len(values))
    text = " ".join(quote(value) for quote, value in zip(chosen, values, strict=True))
    (found,) = words(f"show {text}")
    assert found[1:] == as_the_shell_says(shell, f"printf '%s\\0' {text}")


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
@settings(max_examples=20, deadline=None)
@given(values=st.lists(ANY, min_size=1, max_size=20))
def test_words_are_fish_s_own(values: list[str]) -> None:
    quoted = ["'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" for value in values]
    text = " ".join(quoted)
    (found,) = words(f"show {text}", fish=True)
    assert found[1:] == values == as_the_shell_says("fish", f"printf '%s\\0' {text}")


LINES = [
    "one 'two three' \"four $HOME\"",
    "a=1 b='2 3' cmd x",
    "x\\ y z",
    "a;b;c",
    "a && b || c",
    "if true; then a b; fi",
    "for i in 1 2; do a $i; done",
    "{ a; b; }",
    "a # comment 'with a quote",
    "a#b 'c'#d",
    'a "b\\"c" \'d"e\' f',
    "a $'it\\'s' b",
    "a \\\n b",
    "a 2>&1 >/dev/null <in b",
    'a "$(echo "x y")" b',
    "a `echo x y` b",
    "a ${x:-'y z'} b",
    "a $((1 + 2)) b",
]


def test_what_a_line_is_made_of() -> None:
    assert [words(line) for line in LINES] == [
        [["one", "two three", "four $HOME"]],
        [["cmd", "x"]],
        [["x y", "z"]],
        [["a"], ["b"], ["c"]],
        [["a"], ["b"], ["c"]],
        [["true"], ["a", "b"], ["fi"]],
        [["for", "i", "in", "1", "2"], ["a", "$i"], ["done"]],
        [["a"], ["b"], []],
        [["a"]],
        [["a#b", "c#d"]],
        [["a", 'b"c', 'd"e', "f"]],
        [["a", "it's", "b"]],
        [["a", "b"]],
        [["a", "b"]],
        [["a", '$(echo "x y")', "b"]],
        [["a", "`echo x y`", "b"]],
        [["a", "y z", "b"]],
        [["a", "$((1 + 2))", "b"]],
    ]


def test_every_line_is_one_that_a_shell_accepts() -> None:
    for line in LINES:
        assert subprocess.run(["bash", "-n", "-c", line], check=False).returncode == 0, line


@pytest.mark.parametrize(
    ("text", "dynamic"),
    [("$X", True), ('"${X}"', True), ("$(pass show x)", True), ("`x`", True), ("'$X'", False), ("\\$X", False),
     ("$'$X'", False), ("${X:-literal}", False), ('"a$"', False), ("<(x)", True), ("${X:-$Y}", True)],
)  # fmt: skip
def test_what_only_a_running_shell_knows(text: str, dynamic: bool) -> None:
    assert only(f"a {text}").words[1].dynamic is dynamic


@pytest.mark.parametrize(
    "text",
    ["X='v w'", "X=\"v w\" cmd", "export X='v w'", "export A=1 X=v\\ w B", "declare -x X='v w'", "set -gx X 'v w'",
     "set --export X 'v w'", "setenv X 'v w'", "set X = 'v w'", "$env:X = 'v w'", "$env:X='v w'", "${env:X} = 'v w'",
     "if X='v w' cmd; then a; fi", "readonly X=$'v w'", "typeset -r X='v w'"],
)  # fmt: skip
def test_every_way_to_assign(text: str) -> None:
    assert [one.value.text for command in commands(text) for one in command.assignments if one.name == "X"] == ["v w"]


@pytest.mark.parametrize("text", ["X == y", "test X=y", "set -e", "set -- X y", "set X", "export X", "a X=y", "set -l"])
def test_what_is_no_assignment(text: str) -> None:
    assert [one for command in commands(text) for one in command.assignments] == []


def stdin(text: str) -> list[str | None]:
    return [command.stdin_text and command.stdin_text.text for command in commands(text)]


def test_what_a_command_reads() -> None:
    assert stdin("a <<< 'x y'") == ["x y"]
    assert stdin("a <<EOF b\nx\ny\nEOF\nc") == ["x\ny\n", None]
    assert stdin("a <<-EOF\n\tx\n\tEOF\nc") == ["x\n", None]
    assert stdin("a <<EOF\nx\\$y \\z\\\\ a\\\nb\nEOF\n") == ["x$y \\z\\ ab\n"]
    assert stdin("a <<'EOF'\nx\\$y \\z\\\\ a\\\nb\nEOF\n") == ["x\\$y \\z\\\\ a\\\nb\n"]
    assert stdin("a <<A; b <<B\n1\nA\n2\nB\n") == ["1\n", "2\n"]
    assert stdin("a <<EOF | b\nx\nEOF\n") == ["x\n", None]
    assert stdin("a <<EOF\nno end\n") == [None, None]
    assert stdin("a < file") == [None]
    assert stdin("a < <(b)") == ["<(b)"]
    assert stdin("a $((1<<2)); b") == [None, None]


@pytest.mark.parametrize(("end", "dynamic"), [("EOF", True), ("'EOF'", False), ('"EOF"', False), ("\\EOF", False)])
def test_a_quoted_end_leaves_the_document_as_it_is(end: str, dynamic: bool) -> None:
    body = only(f"a <<{end}\nb $X\nEOF\n").stdin_text
    assert body and body.dynamic is dynamic


def test_pipes_are_followed() -> None:
    first, second, third, last = commands("a | b |\nc && d")
    assert (third.piped_from, second.piped_from, first.piped_from, last.piped_from) == (second, first, None, None)


@given(st.text(st.sampled_from("ab'\"\\$(){}`<>|&;#=\n \tE-!"), max_size=80))
def test_no_text_is_refused_and_no_place_is_wrong(text: str) -> None:
    for fish in (False, True):
        for command in commands(text, fish=fish):
            for word in command.words:
                assert 0 <= word.start < word.end <= len(text)
                assert word.start <= word.first(0) <= word.last(len(word.text)) <= word.end
                if not word.pieces:
                    assert text[word.start : word.end] == word.text


@pytest.mark.parametrize(
    "part",
    [
        '"',
        "'",
        "$(",
        "`",
        "${",
        '"$(',
        "<<A ",
        "cat <<A\n",
        "a|",
        "(",
        "((",
        "$'",
        "\\",
        "A=(",
        "x='\n",
        "#\n",
        "\\\n",
        "a<(",
    ],
)
def test_no_text_takes_long(part: str) -> None:
    """Nothing here may be quadratic: such a text would take minutes."""
    text = part * (300_000 // len(part))
    assert sum(1 for _ in commands(text)) <= len(text)


def test_bash_s_own_history_of_quoting(tmp_path: Path) -> None:
    """`printf %q` and `${x@Q}` write any value as bash would type it."""
    values = ["it's", "a b", "$x", "\n", "é", "a\tb", '"', "\\", "#", "~", "{a,b}", "\x01"]
    script = tmp_path / "script"
    script.write_text('for value; do printf \'%q\\0%s\\0\' "$value" "${value@Q}"; done')
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", script, *values], capture_output=True, env=environment, check=True)
    quoted = done.stdout.decode().split("\0")[:-1]
    assert [words(f"a {one}")[0][1] for one in quoted] == [value for value in values for _ in range(2)]
