"""Each snippet does what its label says: it reads an awkward secret by awkward names, or its language accepts it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from guides.snippets.catalog import language, snippets
from guides.snippets.template import Label
from tests.guides.snippets.scene import Rendered, Scene, renderings
from tests.guides.snippets.toolchains import CHECK, RUN

CHECKED_TOO = ("python", "javascript", "bash", "go", "ruby")
"""Whose checkers say more than that it runs: style, types, warnings."""


@pytest.mark.parametrize("name", RUN)
def test_what_is_said_to_run_reads_the_secret(name: str, servers: Scene, tmp_path: Path) -> None:
    ran = renderings([one for one in snippets(language(name)) if one.label is Label.RAN])
    assert ran
    found = RUN[name](tmp_path, ran, servers.environ)
    for one in ran:
        outcome = found[one.name]
        shown = outcome.error.replace(servers.secret, "SECRET")
        assert (outcome.secret == servers.secret) is one.there, f"{one.name}: {shown}"
        if not one.there:
            assert outcome.secret is None and outcome.error, f"{one.name} fails without a reason"
            assert not any(login in outcome.error for login in servers.logins), f"{one.name} tells its login"
    if (tmp_path / "arguments").exists():
        arguments = (tmp_path / "arguments").read_text()
        assert "--max-time" in arguments
        assert not any(value in arguments for value in (servers.secret, *servers.logins)), "a secret in arguments"


@pytest.mark.parametrize("name", CHECK)
def test_what_is_said_to_be_checked_is_accepted(name: str, tmp_path: Path) -> None:
    every = [one for one in renderings(snippets(language(name))) if one.there]
    checked = [one for one in every if one.template.label is Label.SYNTAX_CHECKED or name in CHECKED_TOO]
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir(), bad.mkdir()
    CHECK[name](good, checked)
    CHECK[name](bad, [_broken(checked[-1])], fails=True)


def _broken(one: Rendered) -> Rendered:
    """The same without its last bracket, or with one too many: a checker that lets it pass proves nothing."""
    return replace(one, text=one.text + "\n)(\n")


def test_no_label_is_better_than_its_test() -> None:
    """What neither runs nor is checked here says so."""
    for one in snippets():
        if one.label is Label.RAN:
            assert one.language.id in RUN
        assert one.label is not Label.COMPILED, "no test compiles without running"
