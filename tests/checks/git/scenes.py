"""A secret in a hostile repository, and whether it is found."""

from __future__ import annotations

from checks.model.finding import Finding
from checks.model.workstation import Workstation
from tests.checks.conftest import random_token
from tests.checks.git.payloads import Scene
from tests.checks.git.test_history import Told, read


def planted(scene: Scene) -> str:
    """In a message, so that it is there whatever the payload does to files."""
    secret = random_token("dckr_pat_", 27)
    scene.repository.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", f"deploy with {secret}")
    scene.fired()
    return secret


def secrets_of(told: list[Finding]) -> set[str]:
    return {one.secret.reveal() for one in told if one.secret}


def found_in(here: Workstation, scene: Scene) -> tuple[set[str], Told]:
    told = read(here, scene.repository.path)
    return secrets_of(told.findings), told
