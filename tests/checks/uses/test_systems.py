"""Each system's files: every use with its line, its registry, its names, and where it is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model.use import Use
from checks.uses.catalog import SYSTEMS, systems_of
from checks.uses.git_remote import Remote
from checks.uses.reading import uses_in_text
from tests.checks.conftest import random_password
from tests.checks.uses.examples import EXAMPLES, QUIET, Example, Expected, filled

REMOTE = Remote("github.com", "acme/shop")


def parts_of(path: str) -> tuple[str, ...]:
    return ("home", "shop", *path.lower().split("/"))


def uses_in(path: str, text: str, *, prefilter: bool = True) -> list[Use]:
    found = uses_in_text(text.encode(), path, systems_of(parts_of(path)), REMOTE, prefilter=prefilter)
    return [one for one in found if isinstance(one, Use)]


def line_of(text: str, at: str, *, last: bool = False) -> int:
    lines = [number for number, line in enumerate(text.split("\n"), 1) if at in line]
    assert lines, at
    return lines[-1 if last else 0]


def as_expected(use: Use, text: str, password: str) -> Expected:
    line = text.split("\n")[(use.line or 1) - 1]
    return Expected(
        use.kind, line, use.registry, use.username, use.name, use.repository, use.pushes, bool(use.secret), use.update
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.id)
def test_every_system(example: Example) -> None:
    password = random_password()
    text = filled(example.text, password)
    found = uses_in(example.path, text)
    told = [as_expected(use, example.text, password) for use in found]
    left = list(told)
    for wanted in example.uses:
        match = next(
            (
                one
                for one in left
                if wanted.at in one.at
                and wanted.update in one.update
                and (one.kind, one.registry, one.username, one.name, one.repository, one.pushes, one.literal)
                == (
                    wanted.kind,
                    wanted.registry,
                    wanted.username,
                    wanted.name,
                    wanted.repository,
                    wanted.pushes,
                    wanted.literal,
                )
            ),
            None,
        )
        assert match, (wanted, left)
        left.remove(match)
    assert not left
    for use in found:
        assert use.title
        assert use.update
        assert password not in repr(use)
        assert use.secret is None or use.secret.reveal() == password


@pytest.mark.parametrize("example", QUIET, ids=lambda one: one.path)
def test_what_needs_no_login_is_no_use(example: Example) -> None:
    assert systems_of(parts_of(example.path)), "some system knows the file"
    assert uses_in(example.path, example.text) == []


def test_every_system_of_the_catalog_has_an_example() -> None:
    read = {system.id for one in EXAMPLES for system in systems_of(parts_of(one.path)) if one.uses}
    assert {system.id for system in SYSTEMS} <= read


def test_no_update_holds_a_secret() -> None:
    """A command is given the value by a file or a question."""
    for example in EXAMPLES:
        password = random_password()
        for use in uses_in(example.path, filled(example.text, password)):
            assert not any(password in text for text in (use.title, use.update, use.name, use.username or ""))


def test_paths_are_known_whatever_lies_around(tmp_path: Path) -> None:
    assert not systems_of(("ci", "x", "notes.txt"))
    assert any(system.id == "gitlab-ci" for system in systems_of(("x", "ci", "deep", "build.yml")))
    assert not any(system.id == "github-actions" for system in systems_of(("workflows", "a.yml")))
