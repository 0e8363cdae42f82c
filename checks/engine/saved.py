"""What a save says of its images beside what the engine says: what made each layer, and build attestations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from checks.engine.saving import Descriptions, Held
from checks.images.joining import Stay, found_in
from checks.images.layers import LayerReader
from checks.images.model import Image
from checks.model.finding import Finding
from checks.trees.contents import Contents

Makers = Mapping[tuple[str, ...], tuple[str, ...]]
"""The lines of the history that made the layers, by the diff ids of all of them."""


def makers_in(images: Iterable[Image]) -> Makers:
    return {
        tuple(layer.diff_id for layer in image.layers): tuple(layer.made_by for layer in image.layers)
        for image in images
    }


def with_makers(image: Image, makers: Makers) -> Image:
    made = makers.get(tuple(layer.diff_id for layer in image.layers), ())
    pairs = zip(image.layers, made or [""] * len(image.layers), strict=True)
    return replace(image, layers=tuple(replace(layer, made_by=one) for layer, one in pairs))


def attested(
    images: Iterable[Image], descriptions: Descriptions, reader: LayerReader, contents: Contents
) -> Iterator[Finding]:
    """What BuildKit wrote down of a build: containerd's store saves it beside the image."""
    for image in images:
        for layer in image.layers if image.attestation else ():
            if layer.blob in descriptions.documents:
                read = reader.read(Held(descriptions.documents[layer.blob]), layer.blob)
                yield from found_in(Stay(read, [(image, layer)]), {}, contents)
