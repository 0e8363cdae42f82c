"""The printed guide for concrete findings, as files to be reviewed; and that each point is taught in its step.

`DOCKHYGIENE_GOLDEN=write pytest tests/guides/steps/test_golden.py` writes the files anew: then read the difference.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.opening import look_for_uses
from guides.steps.cheat_sheet import cheat_sheet
from guides.steps.printed import printed_guide
from tests.checks.conftest import random_password, random_token
from tests.guides.case.scene import Scene
from tests.guides.images.scenes import image_scene
from tests.guides.test_words import TAUGHT
from tests.services.aws_keys import aws_id, aws_secret
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


def aws_key(home: Path) -> tuple[Scene, list[Path]]:
    """An IAM access key in Amazon's own file, and as variables of a project."""
    key_id, secret = aws_id(), aws_secret()
    scene = Scene(home, Secret(secret))
    own = f"[default]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n"
    scene.write(".aws/credentials", own)
    return scene, [scene.write("shop/.env", f"AWS_ACCESS_KEY_ID={key_id}\nAWS_SECRET_ACCESS_KEY={secret}\n")]


def ecr_login(home: Path) -> tuple[Scene, list[Path]]:
    """The login of twelve hours, as docker keeps it."""
    scene = Scene(home, Secret(random_password()), "123456789012.dkr.ecr.eu-west-1.amazonaws.com", "AWS")
    scene.log_in()
    return scene, []


def google_key(home: Path) -> tuple[Scene, list[Path]]:
    """A service account's key as the password of docker's login."""
    held = {"type": "service_account", "private_key_id": "0" * 40, "private_key": random_password()}
    value = json.dumps({**held, "client_email": "ci@acme.iam.gserviceaccount.com"})
    scene = Scene(home, Secret(value), "europe-docker.pkg.dev", "_json_key")
    scene.log_in()
    return scene, []


def azure_token(home: Path) -> tuple[Scene, list[Path]]:
    scene = Scene(home, Secret(random_password()), "acme.azurecr.io", "ci")
    scene.log_in()
    return scene, []


def azure_admin(home: Path) -> tuple[Scene, list[Path]]:
    """The admin user is called as its registry."""
    scene = Scene(home, Secret(random_password()), "acme.azurecr.io", "acme")
    scene.log_in()
    return scene, []


def in_docker_config(
    registry: str, username: str, value: Callable[[], str]
) -> Callable[[Path], tuple[Scene, list[Path]]]:
    """A login in docker's own file."""

    def scene(home: Path) -> tuple[Scene, list[Path]]:
        made = Scene(home, Secret(value()), registry, username)
        made.log_in()
        return made, []

    return scene


def random_hex(prefix: str, length: int) -> str:
    return prefix + secrets.token_hex(length // 2)


def npm_token(home: Path) -> tuple[Scene, list[Path]]:
    """A token that opens no registry of images, in a project's .env."""
    scene = Scene(home, Secret(random_token("npm_", 36)))
    return scene, [scene.write("shop/.env", f"NPM_TOKEN={scene.secret.reveal()}\n")]


def github_token(home: Path) -> tuple[Scene, list[Path]]:
    """A GitHub token without a registry beside it."""
    scene = Scene(home, Secret(random_token("ghp_", 36)))
    return scene, [scene.write(".bashrc", f"export GITHUB_TOKEN={scene.secret.reveal()}\n")]


def database_password(home: Path) -> tuple[Scene, list[Path]]:
    """The password in a database's address, whose host looks like a registry's."""
    scene = Scene(home, Secret(random_password()))
    address = f"postgres://shop:{scene.secret.reveal()}@db.example.com:5432/shop"
    return scene, [scene.write("shop/.env", f"DATABASE_URL={address}\n")]


SCENES: dict[str, Callable[[Path], tuple[Scene, list[Path]]]] = {
    "docker-hub-token": docker_hub,
    "ghcr-token-pushed": ghcr_pushed,
    "gitlab-deploy-token-in-history": gitlab_deploy,
    "quay-robot": in_docker_config("quay.io", "acme+ci", lambda: random_token("", 64)),
    "harbor-robot": in_docker_config("harbor.example.com", "robot$shop+ci", random_password),
    "ovh-robot": in_docker_config("x1.gra7.container-registry.ovh.net", "robot$shop+ci", random_password),
    "jfrog-token": in_docker_config("acme.jfrog.io", "alice", lambda: random_token("cmVmdGtu", 56)),
    "nexus-user": in_docker_config("images.example.com:8443", "alice", random_password),
    "digitalocean-token": in_docker_config(
        "registry.digitalocean.com", "alice@example.com", lambda: random_hex("dop_v1_", 64)
    ),
    "scaleway-key": in_docker_config("rg.fr-par.scw.cloud", "nologin", lambda: str(uuid.uuid4())),
    "ibm-key": in_docker_config("us.icr.io", "iamapikey", lambda: random_token("", 44)),
    "red-hat-service-account": in_docker_config("registry.redhat.io", "12345678|shop", random_password),
    "own-registry": own_registry,
    "unknown-registry": unknown_registry,
    "token-in-an-image": image_scene,
    "aws-access-key": aws_key,
    "ecr-login": ecr_login,
    "google-service-account-key": google_key,
    "azure-token": azure_token,
    "azure-admin-user": azure_admin,
    "npm-token": npm_token,
    "github-token": github_token,
    "database-password": database_password,
}


RECOGNISED = {"nexus-user": "nexus"}
"""What the registry of a scene says it is when it is asked."""


def printed(home: Path, name: str) -> str:
    """The whole guide; what is new in every run stands as a word."""
    scene, files = SCENES[name](home)
    scene.home.chmod(0o700)
    with scene.walk(scene.credential(*files)) as walk:
        if name in RECOGNISED:
            walk.log(StepId.UNDERSTAND, "the registry was asked which software it is", provider=RECOGNISED[name])
        look_for_uses(walk, None)
        text = printed_guide(walk)
        value, case = scene.secret, walk.case.id
    assert value.reveal() not in text
    text = re.sub(r"\.\.\.[A-Za-z0-9+/_=-]{4}", "...WXYZ", text.replace(case, "CASE0001"))
    text = re.sub(r"\bAKIA[A-Z2-7]{16}\b", "AKIA-EXAMPLE", text)
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
