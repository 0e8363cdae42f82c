"""A layer that was read, as bytes between two of our own processes: JSON, as in `checks.trees.wire`."""

from __future__ import annotations

import json

from checks.images.covers import Covers
from checks.images.layers import ReadLayer
from checks.images.model import CHECK
from checks.model.finding import Finding, PassedOver, Skipped
from checks.trees.batch import Outcome
from checks.trees.wire import pack_outcome, unpack_outcome

_SAME = ("digest", "diff_id", "skipped", "problem", "document", "members", "bytes")


def pack_layer(layer: ReadLayer, failures: dict[str, str]) -> tuple[bytes, bytes]:
    """What it says of itself, and what was found in it, with the checks that ended with an error."""
    held = {name: getattr(layer, name) for name in _SAME}
    held["covers"] = layer.covers.packed()
    held["passed"] = [[one.path, one.reason, one.bytes] for one in layer.said if isinstance(one, PassedOver)]
    held["also"] = [[_text(name), list(map(_text, others))] for name, others in layer.also.items()]
    outcome = Outcome(failures=failures)
    outcome.told += [(_text(name), one) for name, one in layer.found]
    outcome.told += [(CHECK, one) for one in layer.said if isinstance(one, Skipped)]
    return json.dumps(held).encode("ascii"), pack_outcome(0, outcome)


def unpack_layer(said: bytes, findings: bytes) -> tuple[ReadLayer, dict[str, str]]:
    held = json.loads(said)
    layer = ReadLayer(**{name: held[name] for name in _SAME})
    layer.skipped = {reason: (files, size) for reason, (files, size) in layer.skipped.items()}
    layer.covers = Covers.unpacked(held["covers"])
    layer.said += [PassedOver(*one) for one in held["passed"]]
    layer.also = {_bytes(name): list(map(_bytes, others)) for name, others in held["also"]}
    _, outcome = unpack_outcome(findings)
    for name, one in outcome.told:
        if isinstance(one, Finding):
            layer.found.append((_bytes(name), one))
        else:
            layer.said.append(one)
    return layer, outcome.failures


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
