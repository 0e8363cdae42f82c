"""Testcontainers logs in as docker does. Field: java.testcontainers.org, "Image name substitution"."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.properties import settings
from checks.model.use import Use
from checks.uses.source import Source


def read(source: Source) -> Iterator[Use]:
    """Testcontainers logs in as docker does; a prefix of its image names says where."""
    for one in settings(source.text):
        if one.name == "hub.image.name.prefix" and one.value.text:
            update = "docker login on this machine"
            yield source.use(
                "testcontainers", "prefix of image names", one.value.line, registry=one.value.text, update=update
            )
