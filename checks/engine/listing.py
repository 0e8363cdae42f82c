"""The images of an engine as it lists them: tags, configuration, build history, which layers. Nothing is pulled.

Source: Docker Engine API, "List images", "Inspect an image", "Get the history of an image".
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from checks import late
from checks.engine.client import Engine, EngineError
from checks.formats.display import printable
from checks.images.model import HistoryLine, Image, Layer, dicts, text, texts

_ID = late.compile(r"(?:sha256:)?[0-9a-f]{64}", re.ASCII)
_DIFF_ID = late.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_NO_TAG = "<none>"
MOST_IMAGES = 5000


class Listed(NamedTuple):
    """One image in the list."""

    id: str
    tags: tuple[str, ...]
    size: int
    """Bytes of all its layers, shared ones too."""
    created: int

    @property
    def shown(self) -> str:
        return printable(", ".join(self.tags[:3]) or self.id, 160)


def listed_images(engine: Engine) -> list[Listed]:
    """Newest first; those that only other images are made of are left out. Raises EngineError."""
    said = engine.json("/images/json", all="0")
    if not isinstance(said, list):
        raise EngineError("its list of images is none: is it a container engine?")
    found = [one for one in map(_listed, said[:MOST_IMAGES]) if one]
    return sorted(found, key=lambda one: -one.created)


def _listed(node: Any) -> Listed | None:
    node = node if isinstance(node, dict) else {}
    name = text(node, "Id")
    if not is_image_id(name):
        return None
    tags = tuple(tag for tag in texts(node, "RepoTags") if _NO_TAG not in tag)
    return Listed(name, tags, _number(node, "Size"), _number(node, "Created"))


def is_image_id(name: str) -> bool:
    """Whether it may stand in a path of the API."""
    return bool(_ID.fullmatch(name))


def described(engine: Engine, listed: Listed) -> Image:
    """The image with its configuration; the history is asked for by itself. Raises EngineError."""
    said = engine.json(f"/images/{listed.id}/json")
    if not isinstance(said, dict):
        raise EngineError("what it says of an image is nothing that describes one")
    rootfs = said.get("RootFS")
    diff_ids = [one for one in texts(rootfs if isinstance(rootfs, dict) else {}, "Layers") if _DIFF_ID.fullmatch(one)]
    config = {
        "config": said.get("Config"),
        "container_config": said.get("ContainerConfig"),
        "author": said.get("Author"),
        "comment": said.get("Comment"),
        "docker_version": said.get("DockerVersion"),
    }
    layers = tuple(Layer(number, one, diff_id=one) for number, one in enumerate(diff_ids, 1))
    return Image(listed.tags, listed.id, config=config, layers=layers)


def history(engine: Engine, listed: Listed) -> tuple[HistoryLine, ...]:
    """The oldest line first. The engine does not say which of them made a layer, but how large it is."""
    said = engine.json(f"/images/{listed.id}/history")
    lines = dicts({"lines": said}, "lines")[::-1]
    return tuple(HistoryLine(text(one, "CreatedBy"), bool(_number(one, "Size"))) for one in lines)


def _number(node: dict[str, Any], name: str) -> int:
    value = node.get(name)
    return value if isinstance(value, int) and value > 0 else 0
