"""A workstation with an image in a file, as docker save writes it, and the repository that it was built from."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from checks.model.secret import Secret
from tests.checks.conftest import random_token
from tests.checks.images.planting import Planted, docker_files, tar_of
from tests.guides.case.scene import Scene
from tests.services.require import require

DOCKERFILE = """FROM node:22
WORKDIR /app
ARG GHCR_TOKEN
RUN curl -H "Authorization: Bearer $GHCR_TOKEN" https://ghcr.io/v2/ > /app/probe
COPY .netrc package.json ./
RUN npm ci && rm .netrc
COPY . .
CMD ["node", "."]
"""
TAG = "ghcr.io/acme/shop:1"


def image(secret: str = "") -> Planted:
    """What this Dockerfile makes, with the secret as a build argument and in a file that a later layer deletes."""
    given = f"|1 GHCR_TOKEN={secret} " if secret else ""
    run = 'curl -H "Authorization: Bearer $GHCR_TOKEN" https://ghcr.io/v2/ > /app/probe'
    history: list[dict[str, Any]] = [
        {"created_by": "WORKDIR /app", "empty_layer": True},
        {"created_by": f"RUN {given}/bin/sh -c {run} # buildkit"},
        {"created_by": "COPY .netrc package.json ./ # buildkit"},
        {"created_by": f"RUN {given}/bin/sh -c npm ci && rm .netrc # buildkit"},
        {"created_by": "COPY . . # buildkit"},
        {"created_by": 'CMD ["node" "."]', "empty_layer": True},
    ]
    login = f"machine ghcr.io login alice password {secret}\n" if secret else ""
    layers = [
        tar_of({"app/": b"", "app/probe": b"{}"}),
        tar_of({"app/.netrc": login.encode(), "app/package.json": b"{}"}),
        tar_of({"app/.wh..netrc": b""}),
        tar_of({"app/index.js": b"1\n"}),
    ]
    return Planted(layers, {"Cmd": ["node", "."]}, history, tag=TAG)


def archive(path: Path, made: Planted) -> Path:
    path.write_bytes(tar_of(docker_files([made])))
    return path


def image_scene(home: Path) -> tuple[Scene, list[Path]]:
    """A GitHub token in an image of one's own, in a file of docker save, beside the repository with its Dockerfile."""
    scene = Scene(home, Secret(random_token("ghp_", 36)), "ghcr.io", path="/usr/bin:/bin")
    scene.write("shop/Dockerfile", DOCKERFILE)
    scene.write("shop/package.json", "{}")
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
    git = [require("git", "git"), "init", "-q", str(home / "shop")]
    subprocess.run(git, env=environment, check=True, capture_output=True)
    return scene, [archive(home / "shop.tar", image(scene.secret.reveal()))]
