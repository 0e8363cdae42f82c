"""The printed guide for concrete findings, as files to be reviewed; and that each point is taught in its step.

`DOCKHYGIENE_GOLDEN=write pytest tests/guides/steps/test_golden.py` writes the files anew: then read the difference.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.opening import look_for_uses
from guides.steps.cheat_sheet import cheat_sheet
from guides.steps.printed import printed_guide
from tests.checks.conftest import random_password, random_token
from tests.guides.case.scene import Scene
from tests.guides.test_words import TAUGHT
from tests.services.require import require

GOLDEN = Path(__file__).parent / "golden"
WORKFLOW = """on: push
jobs:
  publish:
    steps:
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: alice
          password: ${{ secrets.GHCR_TOKEN }}
"""


def docker_hub(home: Path) -> tuple[Scene, list[Path]]:
    """A personal token of Docker Hub in docker's own file and in a shell's start-up file."""
    scene = Scene(home, Secret(random_token("dckr_pat_", 27)), "https://index.docker.io/v1/")
    scene.log_in()
    return scene, [scene.write(".bashrc", f"export DOCKERHUB_TOKEN={scene.secret.reveal()}\n")]


def ghcr_pushed(home: Path) -> tuple[Scene, list[Path]]:
    """A GitHub token in a tracked file of a repository with a remote, with a workflow that names it."""
    scene = Scene(home, Secret(random_token("ghp_", 36)), "ghcr.io")
    env = scene.write("shop/.env", f"GHCR_USER=alice\nGHCR_TOKEN={scene.secret.reveal()}\n")
    scene.write("shop/.github/workflows/publish.yml", WORKFLOW)
    git = require("git", "git")
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
    for arguments in (["init", "-q"], ["remote", "add", "origin", "https://github.com/acme/shop.git"], ["add", ".env"]):
        subprocess.run([git, "-C", str(home / "shop"), *arguments], env=environment, check=True, capture_output=True)
    return scene, [env]


def gitlab_deploy(home: Path) -> tuple[Scene, list[Path]]:
    """A GitLab deploy token in a shell's history."""
    scene = Scene(home, Secret(random_token("gldt-", 20)), "registry.gitlab.com", "gitlab+deploy-token-7")
    login = f"docker login registry.gitlab.com -u gitlab+deploy-token-7 -p {scene.secret.reveal()}"
    return scene, [scene.write(".bash_history", f"{login}\n")]


def own_registry(home: Path) -> tuple[Scene, list[Path]]:
    """The password of a registry in the local net, reached without encryption, in docker's file."""
    scene = Scene(home, Secret(random_password()), "registry.lan:5000")
    scene.log_in()
    return scene, []


def unknown_registry(home: Path) -> tuple[Scene, list[Path]]:
    scene = Scene(home, Secret(random_password()), "images.example.com")
    scene.log_in()
    return scene, []


SCENES: dict[str, Callable[[Path], tuple[Scene, list[Path]]]] = {
    "docker-hub-token": docker_hub,
    "ghcr-token-pushed": ghcr_pushed,
    "gitlab-deploy-token-in-history": gitlab_deploy,
    "own-registry": own_registry,
    "unknown-registry": unknown_registry,
}


def printed(home: Path, name: str) -> str:
    """The whole guide; what is new in every run stands as a word."""
    scene, files = SCENES[name](home)
    scene.home.chmod(0o700)
    with scene.walk(scene.credential(*files)) as walk:
        look_for_uses(walk, None)
        text = printed_guide(walk)
        value, case = scene.secret, walk.case.id
    assert value.reveal() not in text
    text = re.sub(r"\.\.\.[A-Za-z0-9]{4}\b", "...WXYZ", text.replace(case, "CASE0001"))
    return re.sub(r"\d+ characters", "N characters", text)


@pytest.mark.parametrize("name", SCENES)
def test_the_guide_reads_as_it_was_reviewed(tmp_path: Path, name: str) -> None:
    text, file = printed(tmp_path, name), GOLDEN / f"{name}.md"
    if os.environ.get("DOCKHYGIENE_GOLDEN") == "write":
        file.write_text(text)
    assert text == file.read_text()


def test_the_cheat_sheet_reads_as_it_was_reviewed() -> None:
    file = GOLDEN / "cheat-sheet.md"
    if os.environ.get("DOCKHYGIENE_GOLDEN") == "write":
        file.write_text(cheat_sheet())
    assert cheat_sheet() == file.read_text()


STEP_OF = {
    "D": "Understand", "L": "Understand", "R": "Understand", "B": "Understand", "S": "Understand", "M": "Evidence",
    "G": "Generate", "P1": "Generate", "P2": "Update", "E": "Update", "A": "Update", "V": "Update", "C": "Update",
    "P0": "Revoke", "P3": "Revoke", "P4": "Monitor", "O": "Close",
}  # fmt: skip
"""Where each point belongs, by the beginning of its id."""
EXPOSURES = {"L2", "L3", "L4", "L5"}
"""Reasons that these findings do not have: tests/guides/case/test_exposure.py holds which finding gives which."""


@pytest.mark.parametrize("point", sorted(TAUGHT.keys() - EXPOSURES))
def test_each_point_is_taught_in_its_step(point: str) -> None:
    """By its concrete words, in the text that a person reads for a Docker Hub token."""
    _, ideas = TAUGHT[point]
    step = STEP_OF.get(point[:2]) or STEP_OF[point[:1]]
    text = (GOLDEN / "docker-hub-token.md").read_text().replace("\\", "")
    (chapter,) = re.findall(rf"(?ms)^## \d+ {step}$(.*?)(?=^## |\Z)", text)
    said = " ".join(chapter.split()).casefold()
    missing = [idea for idea in ideas if idea not in said]
    assert not missing
