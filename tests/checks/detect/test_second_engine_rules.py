"""What the second engine's rules are called here, what of a secret is shown, and how two engines' findings merge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.detect.free_text.found import Context, Found
from checks.detect.second_engine import MOST_FOUND, _as_written, merged
from checks.detect.second_engine_rules import KnownRule, judged
from checks.model.finding import Confidence, Severity
from checks.model.secret import Secret
from tests.checks.conftest import random_token

PLAIN = Context()


def rule(name: str = "betterleaks.some-token", pattern: str = "", *, sure: bool = True, says: str = "") -> KnownRule:
    return KnownRule(name, says, sure, pattern)


@pytest.mark.parametrize(
    "name",
    ["betterleaks.fly-token", "kingfisher.fly-token.1", "kingfisher.fly.token.12", "veles.secrets/fly_token",
     "custom.Fly-Token", "fly-token"],
)  # fmt: skip
def test_a_name_outlives_its_catalogue(name: str) -> None:
    assert rule(name).rule == "kingfisher-fly-token"


@pytest.mark.parametrize(
    ("name", "says", "title"),
    [
        ("betterleaks.fly-api-token", "Found a Fly token, which opens everything.", "Fly API token"),
        ("veles.secrets/denopatorg", "Deno Organization Token", "Deno Organization Token"),
        ("betterleaks.aws-access-token", "", "AWS access token"),
    ],
)
def test_titles_are_one_line_for_people(name: str, says: str, title: str) -> None:
    assert rule(name, says=says).title == title


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        (r"\b(abc_[A-Z]{20})\b", "abc_"), (r"(?i)\b(?:abc-def\.[a-z]+)", "abc-def."), (r"abcd?[0-9]+", "abc"),
        (r"(?P<TOKEN>\babc_[a-z]+)", "abc_"), (r"(?i:xyz)=([a-z]+)", ""), (r"[a-z]{30}", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_what_the_rule_itself_says_is_shown(pattern: str, prefix: str) -> None:
    token = f"{prefix or 'abc_'}{random_token('', 30)}"
    assert rule(pattern=pattern).prefix(token) == prefix


@given(pattern=st.text(max_size=60), value=st.text(min_size=1, max_size=60))
def test_any_pattern_and_any_value(pattern: str, value: str) -> None:
    known = rule(pattern=pattern)
    prefix = known.prefix(value)
    assert value.startswith(prefix) and len(prefix) < len(value)
    assert not prefix or prefix in pattern.replace("\\", "")
    found = judged(known, value, 0, len(value), PLAIN)
    assert found and found.secret == Secret(value)
    assert len(found.secret.masked) < max(len(value), len("60 characters") + 1)


def test_a_long_pattern_is_read_in_no_time() -> None:
    assert rule(pattern=r"\b(?i)((?:(?P<a>" * 100_000).fixed == ""
    assert len(rule(pattern="a" * 1_000_000).fixed) == 1_000_000


@pytest.mark.parametrize("name", ["nuget-config-password", "generic-credential-uri", "curl-auth-user"])
def test_of_a_password_only_the_length_is_told(name: str) -> None:
    value = random_token("", 32)
    found = judged(rule(f"betterleaks.{name}"), value, 0, 32, PLAIN)
    assert found and found.secret.masked == "32 characters" and found.secret.form is None


def test_of_a_short_or_doubtful_value_too() -> None:
    assert Secret("v", rule().form(random_token("", 16))).masked == "1 character"
    assert rule(sure=False).form(random_token("", 32)) is None
    assert rule().form(random_token("", 20) + " @") is None


def test_how_sure_and_how_bad() -> None:
    token = random_token("abc_", 30)
    known = r"abc_[a-z]+"

    def seen(rule: KnownRule, context: Context = PLAIN) -> tuple[Severity, Confidence] | None:
        found = judged(rule, token, 0, len(token), context)
        return (found.severity, found.confidence) if found else None

    assert seen(rule(sure=True)) == (Severity.HIGH, Confidence.LIKELY)
    assert seen(rule(pattern=known, sure=False)) == (Severity.HIGH, Confidence.LIKELY)
    assert seen(rule(sure=False)) == (Severity.MEDIUM, Confidence.POSSIBLE)
    assert seen(rule("betterleaks.fly-client-id.1")) == (Severity.LOW, Confidence.POSSIBLE)
    assert seen(rule(), Context(example=True)) == (Severity.HIGH, Confidence.POSSIBLE)
    assert seen(rule(), Context(locked=True)) is None
    assert seen(rule(pattern=r"abc[_a-z]+"), Context(locked=True)) is None
    assert seen(rule(pattern=known), Context(locked=True)) == (Severity.HIGH, Confidence.LIKELY)


def place(start: int, end: int, name: str) -> Found:
    return Found(name, name, Severity.HIGH, Confidence.LIKELY, Secret("x" * (end - start)), start, end)


@st.composite
def places(draw: st.DrawFn, name: str) -> list[Found]:
    """In order, without overlaps."""
    edges = sorted(draw(st.sets(st.integers(0, 60), max_size=16)))
    return [place(a, b, name) for a, b in zip(edges[::2], edges[1::2], strict=False)]


@given(ours=places("ours"), theirs=places("theirs"))
def test_ours_win_and_nothing_else_is_lost(ours: list[Found], theirs: list[Found]) -> None:
    both = merged(ours, theirs)
    assert [one for one in both if one.rule == "ours"] == ours
    apart = [one for one in theirs if all(one.end <= mine.start or mine.end <= one.start for mine in ours)]
    assert [one for one in both if one.rule == "theirs"] == apart
    assert both == sorted(both, key=lambda one: one.start)


def test_a_name_of_ours_learns_their_kind() -> None:
    value = random_token("", 32)
    named = Found("named-secret", "a secret", Severity.MEDIUM, Confidence.LIKELY, Secret(value), 5, 37, "ghcr.io")
    theirs = judged(rule("betterleaks.fly-api-token"), value, 5, 37, PLAIN)
    assert theirs
    (one,) = merged([named], [theirs])
    assert (one.rule, one.registry, one.severity) == ("named-secret", "ghcr.io", Severity.MEDIUM)
    assert (one.secret.kind, one.secret.masked) == ("kingfisher-fly-api-token", f"...{value[-4:]}")


def test_but_only_of_the_same_secret() -> None:
    value = random_token("dckr_pat_", 27)
    ours = Found("docker-hub-pat", "a token", Severity.HIGH, Confidence.CERTAIN, Secret(value), 5, 41)
    wider = judged(rule("betterleaks.fly-api-token"), f"x{value}", 4, 41, PLAIN)
    same = judged(rule("betterleaks.fly-api-token"), value, 5, 41, PLAIN)
    assert wider and same
    for theirs in (wider, same):
        assert merged([ours], [theirs])[0].secret.kind == "docker-hub-pat"
    named = Found("named-secret", "a secret", Severity.HIGH, Confidence.LIKELY, Secret("other"), 5, 41)
    assert merged([named], [same]) == [named]


def test_both_together_end_somewhere() -> None:
    ours = [place(at, at + 1, "ours") for at in range(0, 2 * MOST_FOUND, 4)]
    theirs = [place(at, at + 1, "theirs") for at in range(2, 2 * MOST_FOUND + 2, 2)]
    assert len(merged(ours, theirs)) == MOST_FOUND


def test_the_place_is_that_of_the_secret_alone() -> None:
    value = random_token("", 30)
    piece = f"user:{value}@host".encode()
    assert _as_written(piece, 0, len(piece), value) == (5, 35, value)
    assert _as_written(piece, 5, 35, value) == (5, 35, value)
    assert _as_written(piece, 0, 4, value) == (0, 4, value)  # it stands there in another spelling
    assert _as_written(b"a\xffb", 0, 3, "a\ufffdb") == (0, 3, "a\udcffb")
