"""The prefilter leaves nothing out, and no text is slow or fatal, whoever wrote it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model.finding import Skipped
from checks.uses.catalog import SYSTEMS, System, systems_of
from checks.uses.prefilter import words
from checks.uses.reading import MOST_USES, uses_in_text
from checks.uses.source import Source
from tests.checks.conftest import random_password
from tests.checks.uses.examples import EXAMPLES, QUIET, Example, filled
from tests.checks.uses.test_systems import REMOTE, parts_of, uses_in

ALL = (*EXAMPLES, *QUIET)
"""Of this process, for a quarter of a megabyte of anything; what is not linear takes minutes."""
SIZE = 64 * 1024


@st.composite
def damaged(draw: st.DrawFn) -> Example:
    """An example some lines of which are missing, doubled, out of order or cut."""
    example = draw(st.sampled_from(ALL))
    lines = example.text.split("\n")
    kept = draw(st.lists(st.integers(0, len(lines) - 1), min_size=1, max_size=len(lines)))
    if draw(st.booleans()):
        kept = sorted(set(kept))
    cut = draw(st.integers(0, 60))
    return Example(example.path, "\n".join(line[: cut or None] for line in (lines[index] for index in kept)), ())


@settings(max_examples=400, deadline=None)
@given(damaged())
def test_the_prefilter_changes_nothing(example: Example) -> None:
    text = filled(example.text, "aB3kLm9qRs7tUv2x") if example.text.count("B64(") == example.text.count(")46B") else ""
    assert uses_in(example.path, text) == uses_in(example.path, text, prefilter=False)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.id)
def test_a_reader_finds_nothing_without_its_words(system: System) -> None:
    """Every word of every example is taken out in turn: what is still found still passes."""
    for example in EXAMPLES:
        if system not in systems_of(parts_of(example.path)):
            continue
        text = filled(example.text, random_password())
        for word in {word for group in (system.needs.any, *system.needs.further) for word in group}:
            less = text.replace(word, "zz").replace(word.upper(), "zz").replace(word.capitalize(), "zz")
            assert not list(system.read(Source(example.path, less, REMOTE))) or system.needs.may_hold(
                less.lower().encode()
            )


def test_escaped_letters_are_never_taken_for_absent() -> None:
    assert words("image").may_hold(b'"\\u0069mage": 1')
    assert words("image").may_hold(b"&#105;mage")
    assert not words("image").may_hold(b"nothing")
    assert words("a").also("b").may_hold(b"a b")
    assert not words("a").also("b").may_hold(b"a")


JUNK = {
    "brackets": "[" * SIZE,
    "braces": "{" * SIZE,
    "quotes": "'" * SIZE,
    "long quotes": "'''" * (SIZE // 3),
    "escaped long quotes": '"""\\' * (SIZE // 4),
    "dollars": "${" * (SIZE // 2),
    "expressions": "${{ secrets.X " * (SIZE // 14),
    "angles": "<<" * (SIZE // 2),
    "substitutions": "$(" * (SIZE // 2),
    "logins": "docker login -u a -p $B quay.io\n" * (SIZE // 33),
    "one line": "docker login " * (SIZE // 13),
    "pushes": "docker push -a -a -a -a -a -a " * (SIZE // 30),
    "auths": 'echo "{\\"auths\\": {' * (SIZE // 20),
    "rules": "{matchHost" * (SIZE // 10),
    "registries": "withRegistry(" * (SIZE // 13),
    "blocks": "jib { to { " * (SIZE // 11),
    "tags": "tags: |\n" * (SIZE // 8),
    "aliases": "a: &a [x, x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a, *a]\n" for n in range(2000)),
    "billion laughs": "a0: &a0 [image, image]\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)),
    "elements": "<from><image>" * (SIZE // 13),
    "entities": '<!DOCTYPE a [<!ENTITY b "c">]><project><from><image>&b;</image></from></project>',
    "pods": "apiVersion: v1\nkind: Pod\nimagePullSecrets: [{name: a}]\nspec: {image: quay.io/a/b}\n---\n" * 2_000,
    "secrets": "- name: ${{ secrets.DOCKERHUB_TOKEN }}\n" * (SIZE // 40),
    "steps": "jobs:\n  a:\n    steps:\n" + "    - uses: docker/login-action@v3\n      with: {password: x}\n" * 2_000,
    "services": "services:\n" + "".join(f"  s{n}: {{image: 'quay.io/a/b{n}'}}\n" for n in range(4_000)),
    "controls": "\x00\x1b[31m\u202e" * 10_000,
    "surrogates": "\udc80" * 1000,
}


@pytest.mark.timeout(60)  # all systems take a second or two
@pytest.mark.parametrize("name", JUNK)
def test_reading_ends_soon(name: str) -> None:
    text = JUNK[name]
    source = Source("x.yml", text)
    for system in SYSTEMS:
        for number, _ in enumerate(system.read(source)):
            if number > MOST_USES:
                break


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(SYSTEMS))
def test_no_text_is_fatal(text: str, system: System) -> None:
    list(system.read(Source("a/b.yml", text)))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(EXAMPLES), st.randoms(use_true_random=False))
def test_no_broken_file_is_fatal(example: Example, chance: random.Random) -> None:
    signs = list(example.text)
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(signs))
        signs[at] = chance.choice(["", "\n", '"', "'", "{", "}", "$", ":", "\t", "\0", "\u202e", signs[at] * 3])
    uses_in(example.path, "".join(signs))


def test_so_many_uses_are_told_to_be_too_many() -> None:
    text = JUNK["services"].encode()
    found = list(uses_in_text(text, "compose.yml", systems_of(("compose.yml",))))
    skipped = [one for one in found if isinstance(one, Skipped)]
    assert len(found) == MOST_USES + 1
    assert "only its first 1,000" in skipped[0].reason


def test_the_encodings_of_editors() -> None:
    text = "services:\n  web:\n    image: quay.io/acme/web\n"
    for data in (text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode(), text.replace("\n", "\r\n").encode()):
        (use,) = uses_in_text(data, "compose.yml", systems_of(("compose.yml",)), prefilter=False)
        assert not isinstance(use, Skipped)
        assert (use.line, use.registry) == (3, "quay.io")
