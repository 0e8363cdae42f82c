"""Dockerfiles: every way to write an instruction gives its text and the place of each character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.dockerfile import pairs, read_dockerfile

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
    assert found[4].text == "echo one &&     echo two"
    assert [(one.text, one.literal) for one in (*found[5].heredocs, *found[6].heredocs)] == [
        ("echo three", False),
        ("$literal", True),
    ]


def test_every_position_is_the_character_s_own() -> None:
    for one in read_dockerfile(TEXT):
        assert "".join(TEXT[offset] for offset in one.offsets) == one.text
        assert TEXT[one.start :].upper().startswith(one.name)
        for heredoc in one.heredocs:
            assert TEXT[heredoc.start :].startswith(heredoc.text)
        for pair in pairs(one):
            assert TEXT[pair.start : pair.end].replace("\\", "") == pair.value


def test_the_escape_directive() -> None:
    (only,) = read_dockerfile("# escape=`\nENV A=1 `\n  B=2\n")
    assert [(pair.name, pair.value) for pair in pairs(only)] == [("A", "1"), ("B", "2")]


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
    ],
)
def test_no_text_takes_long(text: str) -> None:
    for one in read_dockerfile(text):
        assert len(list(pairs(one))) <= len(text)
