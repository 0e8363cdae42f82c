"""An image as an archive or a layout folder describes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

CHECK = "image-archives"
MOST_DOCUMENT = 8 * 1024 * 1024
"""Bytes of one manifest or configuration: real ones have some kilobytes."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the build history. `created_by` is foreign text, and may hold secrets."""

    created_by: str = field(repr=False)
    makes_layer: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of one image. The digests are what the image says: reading it computes them again."""

    number: int
    """Counts from 1, the lowest."""
    blob: str
    """Where it lies in the archive."""
    digest: str = ""
    """Of the blob as it is stored, `sha256:...`; empty where only its place is known."""
    diff_id: str = ""
    """Of the layer unpacked."""
    made_by: str = field(default="", repr=False)
    """The line of the history that made it; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image, or what no image refers to: then it has nothing but layers."""

    tags: tuple[str, ...]
    config_digest: str
    config_blob: str = ""
    """Where its configuration lies in the archive."""
    config: dict[str, Any] = field(default_factory=dict, repr=False)
    history: tuple[HistoryLine, ...] = ()
    layers: tuple[Layer, ...] = ()
    attestation: bool = False
    """It says how another image was built; its layers are documents."""


def history_of(config: dict[str, Any]) -> tuple[HistoryLine, ...]:
    return tuple(
        HistoryLine(text(one, "created_by"), one.get("empty_layer") is not True) for one in dicts(config, "history")
    )


def layers_of(
    blobs: list[tuple[str, str]], config: dict[str, Any], history: tuple[HistoryLine, ...]
) -> tuple[Layer, ...]:
    """Of (blob, digest) pairs, lowest first. The history tells who made a layer where it counts the same layers."""
    rootfs = config.get("rootfs")
    diff_ids = texts(rootfs if isinstance(rootfs, dict) else {}, "diff_ids")
    makers = [line.created_by for line in history if line.makes_layer]
    same = len(diff_ids) == len(blobs)
    return tuple(
        Layer(
            number,
            blob,
            digest,
            diff_ids[number - 1] if same else "",
            makers[number - 1] if len(makers) == len(blobs) else "",
        )
        for number, (blob, digest) in enumerate(blobs, 1)
    )


def text(node: dict[str, Any], name: str) -> str:
    """The text under this name, or an empty one: JSON of others may hold anything."""
    value = node.get(name)
    return value if isinstance(value, str) else ""


def texts(node: dict[str, Any], name: str) -> list[str]:
    value = node.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def pairs(node: dict[str, Any], name: str) -> Iterator[tuple[str, str]]:
    value = node.get(name)
    for key, one in value.items() if isinstance(value, dict) else ():
        if isinstance(one, str):
            yield key, one


def dicts(node: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = node.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
