"""The layers of all local images, when all else has been read: each once, and none that was read before in vain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.engine.asking import each_engine
from checks.model.finding import Finding, Skipped
from checks.model.workstation import Workstation
from checks.trees.batch import Outcome
from checks.trees.seen import program_version
from checks.trees.trees import Trees

if TYPE_CHECKING:
    from checks.engine.client import Engine

CHECK = "docker-images"


def read_layers(
    workstation: Workstation, trees: Trees, deadline: float | None = None
) -> Iterator[Outcome | Finding | Skipped]:
    """What the files in the layers give away; that an engine does not answer was told. Deadline: of time.monotonic."""
    return each_engine(workstation, CHECK, lambda engine: _read(workstation, trees, engine, deadline), told=True)


def _read(
    workstation: Workstation, trees: Trees, engine: Engine, deadline: float | None
) -> Iterator[Outcome | Finding | Skipped]:
    from checks.catalog import CHECKS  # it imports every parser
    from checks.engine.known_layers import KnownLayers
    from checks.engine.reading import ImageReading
    from checks.trees.contents import Contents

    wanted = [check for check in CHECKS if check not in trees.declined]
    version = " ".join((program_version(), str(workstation.limits.text_bytes), *(check.id for check in wanted)))
    known = KnownLayers.read(trees.state, workstation.key, version)
    reading = ImageReading(workstation, engine, Contents(workstation, wanted), known, deadline)
    yield from reading.all()
    if note := known.keep():
        yield Skipped("cache", str(trees.state), note)
