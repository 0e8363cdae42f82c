"""The containers of the engines on this machine, running or stopped: what they were started with.

What stands in the image's own configuration is told there, once, and not again for each container.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checks.engine.asking import each_engine
from checks.model.finding import Looked, Observation, Skipped
from checks.model.workstation import Workstation

if TYPE_CHECKING:
    from checks.engine.client import Engine

id = "containers"  # noqa: A001  the protocol's name
title = "containers of docker and Podman"


def survey(workstation: Workstation) -> Iterator[Observation]:
    return each_engine(workstation, id, lambda engine: _started(workstation, engine))


def may_claim(_: str, __: str) -> bool:
    return False


def claims(_: Path) -> bool:
    return False


def read(_: Workstation, __: Path) -> Iterator[Observation]:
    return iter(())


def _started(workstation: Workstation, engine: Engine) -> Iterator[Observation]:
    from checks.catalog import CHECKS  # it imports every parser
    from checks.engine.container_settings import container_findings, listed_containers, secrets_of_image
    from checks.model.secret import Secret
    from checks.trees.contents import Contents

    contents = Contents(workstation, CHECKS)
    told: dict[str, frozenset[Secret]] = {}
    for container in listed_containers(engine):
        if workstation.cancelled.is_set():
            return
        if isinstance(container, Skipped):
            yield container
            continue
        if container.image_id not in told:
            told[container.image_id] = secrets_of_image(engine, container.image_id, contents, workstation)
        for finding in container_findings(container, engine, contents, workstation):
            if not finding.secret or finding.secret not in told[container.image_id]:
                yield finding
        yield Looked(container.name, 0)
