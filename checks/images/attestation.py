"""What a build attestation tells of how an image was built: the build arguments, in BuildKit's provenance.

Source: BuildKit, "SLSA provenance": `invocation.parameters.args`, since version 1 `externalParameters.request.args`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from checks.detect.assigned import assigned_secret
from checks.formats.display import printable
from checks.images.model import CHECK
from checks.model.finding import Finding, Place

_PREFIXES = ("build-arg:", "label:")
_MOST_NODES = 200_000


def argument_findings(path: str, data: bytes) -> Iterator[Finding]:
    """Secrets among the build arguments and labels. Nothing where it is no JSON."""
    try:
        top = json.loads(data)
    except (ValueError, RecursionError):
        return
    arguments = dict(_arguments(top))
    for name, value in arguments.items():
        if found := assigned_secret(name, value, arguments):
            shown = printable(name)
            yield Finding(
                check=CHECK,
                rule="image-attestation-secret",
                title=f"build argument {shown} in plain text, in the image's attestation",
                severity=found.severity,
                confidence=found.confidence,
                place=Place(path, field=f"attestation {shown}"),
                secret=found.secret,
                registry=found.registry,
                username=found.username,
                locator=f"attestation {shown}",
            )


def _arguments(top: Any) -> Iterator[tuple[str, str]]:
    nodes = [top]
    for _ in range(_MOST_NODES):
        if not nodes:
            return
        node = nodes.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                prefix = next((one for one in _PREFIXES if key.startswith(one)), "")
                if prefix and isinstance(value, str):
                    yield key.removeprefix(prefix), value
                elif isinstance(value, dict | list):
                    nodes.append(value)
        elif isinstance(node, list):
            nodes.extend(node)
