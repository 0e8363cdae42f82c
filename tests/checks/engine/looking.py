"""One look at the images of one engine, as the scan takes it: the survey, then the layers."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docker import APIClient
from docker.errors import APIError

from checks import docker_images
from checks.engine.layers import read_layers
from checks.model.finding import Finding, Skipped
from checks.model.workstation import Workstation
from checks.trees.batch import Outcome
from checks.trees.trees import KNOWN_PLACES, Trees
from tests.checks.images.planting import Planted, docker_files, tar_of

CREATED = "2026-01-02T03:04:05Z"


@dataclass(frozen=True)
class Sight:
    findings: list[Finding]
    skipped: list[Skipped]
    layers: list[str]
    """Those that went by, with the image that one of them is part of."""

    def of(self, image: str) -> list[Finding]:
        return [one for one in self.findings if image in (one.place.image or "")]

    def read(self, image: str) -> list[str]:
        return [one for one in self.layers if image in one]

    def reasons(self, path: str = "") -> list[str]:
        return [one.reason for one in self.skipped if path in one.path]


def layers_of(workstation: Workstation, trees: Trees = KNOWN_PLACES, deadline: float | None = None) -> Sight:
    seen = list(read_layers(workstation, trees, deadline))
    return Sight(
        [one for one in seen if isinstance(one, Finding)],
        [one for one in seen if isinstance(one, Skipped)],
        [one.path for one in seen if isinstance(one, Outcome) and one.looked],
    )


def looked(workstation: Workstation, trees: Trees = KNOWN_PLACES) -> Sight:
    survey = list(docker_images.survey(workstation))
    layers = layers_of(workstation, trees)
    return Sight(
        [one for one in survey if isinstance(one, Finding)] + layers.findings,
        [one for one in survey if isinstance(one, Skipped)] + layers.skipped,
        layers.layers,
    )


@contextmanager
def held(url: str, *images: Planted) -> Iterator[APIClient]:
    """These images in a real engine, as long as the block lasts."""
    client = APIClient(base_url=url, timeout=60)
    try:
        for image in images:
            for line in image.history:
                line["created"] = CREATED  # Podman 4.3's history fails without
            list(client.load_image(tar_of(docker_files([image]))))
        yield client
    finally:
        for image in images:
            remove(client, image.tag)
        client.close()


def remove(client: APIClient, tag: str) -> None:
    try:
        client.remove_image(tag, force=True)
    except APIError:
        pass  # it was not made, or the test removed it


def context_of(files: Mapping[str, str]) -> io.BytesIO:
    """What a build is made from."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    packed.seek(0)
    return packed


def built(client: APIClient, files: Mapping[str, str], tag: str, **options: Any) -> list[str]:
    said = client.build(fileobj=context_of(files), custom_context=True, tag=tag, decode=True, rm=True, **options)
    lines = [str(one.get("stream") or one.get("error") or "") for one in said]
    assert client.images(tag), lines
    return lines


def around(url: str, home: Path) -> dict[str, str]:
    """An environment in which only this engine is seen."""
    return {"DOCKER_HOST": url, "XDG_RUNTIME_DIR": str(home), "HOME": str(home)}
