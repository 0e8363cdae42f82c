"""Challenges: real ones, malformed ones, and any that can be written down are read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.registries.challenge import MOST_CHALLENGES, MOST_LENGTH, MOST_PARAMETERS, Challenge, read_challenges

SCOPE = "repository:a/b:pull,push registry:catalog:*"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (['Basic realm="r"'], [("basic", {"realm": "r"})]),
        (["Basic"], [("basic", {})]),
        (["basic realm=r"], [("basic", {"realm": "r"})]),
        (
            [f'Bearer realm="https://auth.example/t?a=b,c",service="s",scope="{SCOPE}",error="insufficient_scope"'],
            [
                (
                    "bearer",
                    {
                        "realm": "https://auth.example/t?a=b,c",
                        "service": "s",
                        "scope": SCOPE,
                        "error": "insufficient_scope",
                    },
                )
            ],
        ),
        (['BEARER Realm = "x" ,\tSERVICE="y"'], [("bearer", {"realm": "x", "service": "y"})]),
        (
            ['Negotiate, Basic realm="a, b", Bearer realm="c"'],
            [("negotiate", {}), ("basic", {"realm": "a, b"}), ("bearer", {"realm": "c"})],
        ),
        (["Negotiate", 'Basic realm="a"'], [("negotiate", {}), ("basic", {"realm": "a"})]),
        (["NTLM YWJj/+==, Basic realm=a"], [("ntlm", {}), ("basic", {"realm": "a"})]),
        ([r'Basic realm="a \"quoted\" \\ one"'], [("basic", {"realm": r'a "quoted" \ one'})]),
        (['Bearer realm="first", realm="second"'], [("bearer", {"realm": "first"})]),
        (["", ",", " , ,, ", "\t"], []),
        ([',, Basic ,, realm="a",'], [("basic", {"realm": "a"})]),
        (['Basic realm="no end, Bearer realm="x"'], [("basic", {})]),
        (['Basic realm="a"junk, charset="UTF-8"'], [("basic", {"charset": "UTF-8"})]),
        (['realm="nobody asks"'], []),
        (["Basic realm="], [("basic", {})]),
        (['"quoted", Basic'], [("basic", {})]),
        (["Basic \u00e9=1, realm=x"], [("basic", {"realm": "x"})]),
    ],
)
def test_what_is_read(headers: list[str], expected: list[tuple[str, dict[str, str]]]) -> None:
    assert [(one.scheme, dict(one.parameters)) for one in read_challenges(headers)] == expected


def test_a_missing_parameter_is_empty() -> None:
    assert Challenge("basic").get("realm") == ""


def test_bounds() -> None:
    assert len(read_challenges(["Basic, " * 500])) == MOST_CHALLENGES
    assert len(read_challenges(["Basic"] * 500)) == MOST_CHALLENGES
    many = "Bearer " + ",".join(f"p{number}=1" for number in range(500))
    assert len(read_challenges([many])[0].parameters) == MOST_PARAMETERS
    late = "Basic " + " " * MOST_LENGTH + 'realm="x"'
    assert read_challenges([late]) == (Challenge("basic"),)


HOSTILE = ['"', "\\", ",", "=", " ", "a", "a=", 'a="', 'a="\\', 'Basic a="b"x,', 'a="b",', "a ", '"\\",', "a=b c,"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_ends(piece: str) -> None:
    """The test's time limit is the proof: a reader that went back over the text would take hours."""
    for start in ("", "Bearer ", 'Bearer realm="'):
        read_challenges([start + piece * (1_000_000 // len(piece))] * 50)


TOKENS = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1, max_size=8)
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=20)
PARAMETERS = st.dictionaries(TOKENS.map(str.lower), VALUES, max_size=4)
CHALLENGES = st.lists(st.tuples(TOKENS, PARAMETERS), max_size=5)


def written(scheme: str, parameters: dict[str, str]) -> str:
    """As RFC 9110 writes it: quotes and backslashes escaped."""
    quoted = (
        f'{name}="{value.translate({34: chr(92) + chr(34), 92: chr(92) * 2})}"' for name, value in parameters.items()
    )
    return f"{scheme} {', '.join(quoted)}".rstrip(" ") if parameters else scheme


@given(CHALLENGES, st.booleans())
def test_every_challenge_that_can_be_written_is_read(challenges: list[tuple[str, dict[str, str]]], one: bool) -> None:
    texts = [written(scheme, parameters) for scheme, parameters in challenges]
    found = read_challenges([", ".join(texts)] if one else texts)
    assert [(each.scheme, dict(each.parameters)) for each in found] == [
        (scheme.lower(), parameters) for scheme, parameters in challenges
    ]


@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_text_gives_tokens_and_texts(headers: list[str]) -> None:
    for one in read_challenges(headers):
        assert one.scheme and one.scheme == one.scheme.lower() and " " not in one.scheme


@given(st.text(alphabet='Bearer realm=",\\ \t=;', max_size=400))
def test_what_looks_like_a_challenge(header: str) -> None:
    read_challenges([header])
