"""Dockerfiles: every way to write an instruction gives its text and the place of each character."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.dockerfile import command_of, exec_words, pairs, read_dockerfile, triggered

TEXT = """\
# syntax=docker/dockerfile:1
FROM alpine AS build
ARG TOKEN=abc OTHER
env A=1 B="two words" \\
    # a comment between

    C='it is' D=esc\\ aped
ENV OLD the old form
RUN echo one && \\
    echo two
RUN <<EOF
echo three
EOF
COPY <<-"END" /file
$literal
END
label x=y
"""


def test_the_forms() -> None:
    found = list(read_dockerfile(TEXT))
    assert [one.name for one in found] == ["FROM", "ARG", "ENV", "ENV", "RUN", "RUN", "COPY", "LABEL"]
    held = [[(pair.name, pair.value) for pair in pairs(one)] for one in found if one.name in ("ARG", "ENV", "LABEL")]
    assert held == [
        [("TOKEN", "abc")],
        [("A", "1"), ("B", "two words"), ("C", "it is"), ("D", "esc aped")],
        [("OLD", "the old form")],
        [("x", "y")],
    ]
    assert found[4].text.text == "echo one &&     echo two"
    assert [(one.text, one.literal) for one in (*found[5].heredocs, *found[6].heredocs)] == [
        ("echo three\n", False),
        ("$literal\n", True),
    ]


def test_every_position_is_the_character_s_own() -> None:
    for one in read_dockerfile(TEXT):
        assert "".join(TEXT[one.text.first(at)] for at in range(len(one.text.text))) == one.text.text
        assert TEXT[one.start :].upper().startswith(one.name)
        for heredoc in one.heredocs:
            assert TEXT[heredoc.start :].startswith(heredoc.text)
        for pair in pairs(one):
            assert TEXT[pair.start : pair.end].replace("\\", "") == pair.value


def test_the_escape_directive() -> None:
    (only,) = read_dockerfile("# escape=`\nENV A=1 `\n  B=2\n")
    assert [(pair.name, pair.value) for pair in pairs(only)] == [("A", "1"), ("B", "2")]


def commands(text: str) -> list[str]:
    return [command_of(triggered(one)).text for one in read_dockerfile(text)]


def test_what_is_run() -> None:
    assert commands("RUN --mount=type=secret,id=a --network=none a --flag") == ["a --flag"]
    assert commands("HEALTHCHECK --interval=5s --retries=3 CMD a b") == ["a b"]
    assert commands("HEALTHCHECK NONE") == ["NONE"]
    assert commands("ONBUILD RUN --mount=type=cache a \\\n  b") == ["a   b"]
    assert commands("RUN <<EOF\na\nb\nEOF\nRUN c") == ["<<EOF\na\nb\nEOF\n", "c"]
    assert commands("RUN a <<A <<B\n1\nA\n2\nB\nRUN c") == ["a <<A <<B\n1\nA\n2\nB\n", "c"]


@pytest.mark.parametrize("line", ["RUN a $((1<<BITS))", "RUN a <<<EOF", "ENV A=<<EOF", "RUN a <<EOF"])
def test_what_is_no_heredoc_hides_nothing(line: str) -> None:
    assert [one.name for one in read_dockerfile(f"{line}\nUSER a\nRUN b")][1:] == ["USER", "RUN"]


def test_what_onbuild_holds_back() -> None:
    held = [triggered(one) for one in read_dockerfile("ONBUILD ENV A=1\nONBUILD\nUSER a")]
    assert [one.name for one in held] == ["ENV", "ONBUILD", "USER"]
    assert [pair.value for pair in pairs(held[0])] == ["1"]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.booleans())
def test_the_words_of_the_exec_form(words: list[str], ascii_only: bool) -> None:
    text = json.dumps(words, ensure_ascii=ascii_only)
    found = exec_words(f" {text} ")
    assert [word.text for word in found] == [
        "".join(sign if not "\ud800" <= sign <= "\udfff" else "\ufffd" for sign in word)
        for word in halves(words, ascii_only)
    ]
    for word in found:
        for index, sign in enumerate(word.text):
            written = f" {text} "[word.first(index) : word.last(index + 1)]
            assert written == sign or written.startswith("\\")


def halves(words: list[str], ascii_only: bool) -> list[str]:
    """What lies beyond the first plane is written as two escapes, and read as two signs: it is no part of a name."""
    if not ascii_only:
        return words
    return ["".join(sign if ord(sign) < 0x10000 else "\ufffd\ufffd" for sign in word) for word in words]


@pytest.mark.parametrize("text", ["a b", "[a]", '["a"', '["a" "b"]', "[]", '["a", 1]', '["a"] b'])
def test_what_is_no_exec_form(text: str) -> None:
    assert exec_words(text) == ()


_words = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40)


@given(_words)
def test_any_value_in_double_quotes(word: str) -> None:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    text = f'FROM x\nENV FIRST=1 TOKEN="{escaped}" LAST=2\n'
    (_, env) = read_dockerfile(text)
    held = {pair.name: pair.value for pair in pairs(env)}
    assert held == {"FIRST": "1", "TOKEN": word, "LAST": "2"}


@pytest.mark.parametrize(
    "text",
    [
        "RUN \\\n" * 100_000,
        "ENV " + 'A="' * 200_000,
        "RUN " + "<<A " * 50_000,
        "x" * 2_000_000,
        "RUN <<EOF\n" * 50_000,
        "\x00" * 99,
        "ENV " + "x" * 300_000,
        "CMD [" + '"a",' * 100_000,
        "RUN " + "--a=b " * 100_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    for one in read_dockerfile(text):
        assert len(list(pairs(one))) <= len(text)
