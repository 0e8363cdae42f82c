"""What the container engines of this machine know of an image beyond its content: its history, and where it was pushed.

Asked over their sockets here only; nothing is changed, and no registry is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from checks import docker_images
from checks.engine.asking import each_engine
from checks.images.model import HistoryLine
from checks.model.finding import Skipped
from checks.model.workstation import Workstation

if TYPE_CHECKING:
    from checks.engine.client import Engine


def histories(workstation: Workstation, images: Collection[str]) -> Iterator[tuple[HistoryLine, ...]]:
    """Of the images that findings call so."""

    def ask(engine: Engine) -> Iterator[tuple[HistoryLine, ...]]:
        from checks.engine.client import Refused
        from checks.engine.listing import history, listed_images

        for listed in listed_images(engine):
            if listed.shown in images:
                try:
                    yield history(engine, listed)
                except Refused:
                    continue  # deleted meanwhile, or a history that Podman cannot tell

    for said in each_engine(workstation, docker_images.id, ask):
        if not isinstance(said, Skipped):
            yield said


def digests(workstation: Workstation, images: Collection[str]) -> Iterator[str | Skipped]:
    """`name@sha256:...` under which registries know these images: it was pushed there, or came from there."""

    def ask(engine: Engine) -> Iterator[str]:
        from checks.engine.listing import listed_images
        from checks.images.model import dicts, text, texts

        wanted = {listed.id for listed in listed_images(engine) if listed.shown in images}
        said = engine.json("/images/json", all="0")
        for node in dicts({"images": said}, "images"):
            if text(node, "Id") in wanted:
                yield from (one for one in texts(node, "RepoDigests") if "<none>" not in one)

    yield from each_engine(workstation, docker_images.id, ask)
