"""A workstation that has git and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.model.workstation import Workstation
from tests.checks.git.kept import Kept
from tests.checks.git.payloads import Scene
from tests.services.git_repository import GitRepository


@pytest.fixture
def here(workstation: Callable[..., Workstation]) -> Workstation:
    return workstation(environment={"PATH": os.defpath})


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository.new(tmp_path / "work")
    made.added("README", "a program\n")
    return made


@pytest.fixture
def kept(repository: GitRepository) -> Kept:
    return Kept.new(repository)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene.new(tmp_path / "hostile")
