"""One version, said the same everywhere."""

from __future__ import annotations

import importlib.metadata
import tomllib
from pathlib import Path

from tui import __version__

ROOT = Path(__file__).parents[1]


def test_the_project_and_the_program_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    assert importlib.metadata.version("dockhygiene") == __version__


def test_the_changelog_knows_this_version() -> None:
    """Where there is a changelog: a release without an entry has no notes."""
    changelog = ROOT / "CHANGELOG.md"
    assert not changelog.exists() or __version__ in changelog.read_text()
