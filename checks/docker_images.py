"""The images of the container engines on this machine: configuration and build history, and their layers.

The survey asks what every image says of itself. The scan asks for the layers when all else is read
(`checks.engine.layers`), since they are most of what there is to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from checks.engine.asking import each_engine
from checks.model.finding import Looked, Observation, Skipped
from checks.model.workstation import Workstation

if TYPE_CHECKING:
    from checks.engine.client import Engine

id = "docker-images"  # noqa: A001  the protocol's name
title = "images of docker and Podman"


def survey(workstation: Workstation) -> Iterator[Observation]:
    return each_engine(workstation, id, lambda engine: _described(workstation, engine))


def may_claim(_: str, __: str) -> bool:
    return False


def claims(_: Path) -> bool:
    """Images that lie in files are image-archives'."""
    return False


def read(_: Workstation, __: Path) -> Iterator[Observation]:
    return iter(())


def _described(workstation: Workstation, engine: Engine) -> Iterator[Observation]:
    from checks.catalog import CHECKS  # it imports every parser
    from checks.engine.client import Refused
    from checks.engine.listing import described, history, listed_images
    from checks.images.config import config_findings
    from checks.trees.contents import Contents

    contents = Contents(workstation, CHECKS)
    for listed in listed_images(engine):
        if workstation.cancelled.is_set():
            return
        try:
            image = described(engine, listed)
        except Refused as error:  # it may have been deleted in the meantime
            yield Skipped(id, listed.shown, str(error))
            continue
        try:
            image = replace(image, history=history(engine, listed))
        except Refused as error:  # Podman 4.3 fails where a line of the history has no date
            yield Skipped(id, f"{listed.shown} history", str(error))
        for finding in config_findings(image, contents, workstation):
            yield engine.placed(finding, id, listed.shown)
        yield Looked(listed.shown, 0)
