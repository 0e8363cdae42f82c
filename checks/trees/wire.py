"""Batches and outcomes as bytes, on their way between dockhygiene's own processes over a private pair of sockets.

JSON, not pickle: what a process that read hostile files sends back can be nothing but text and numbers. This is where
secrets leave their `Secret` for the length of a system call: both ends are this program, and nothing is stored.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, NamedTuple

from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity, Skipped
from checks.model.secret import Secret
from checks.model.token_kinds import TokenKind
from checks.trees.batch import Batch, Objects, Outcome, Work

_PLAIN = [
    one.name for one in fields(Finding) if one.name not in ("severity", "confidence", "place", "secret", "history")
]
"""`history` is added later, by the process that shows the findings."""


class Order(NamedTuple):
    """What a reader is asked to do: these batches, by these checks, for the scan of this number."""

    scan: int
    checks: tuple[str, ...]
    declined: tuple[str, ...]
    named: tuple[str, ...]
    """What the person named."""
    batches: tuple[Work, ...]


def pack_order(order: Order) -> bytes:
    batches = [
        [one.folder, one.names, sorted(one.links)]
        if isinstance(one, Batch)
        else [one.folder, one.names, one.paths, one.program]
        for one in order.batches
    ]
    return _dump([order.scan, order.checks, order.declined, order.named, batches])


def unpack_order(data: bytes) -> Order:
    scan, checks, declined, named, batches = json.loads(data)
    return Order(scan, tuple(checks), tuple(declined), tuple(named), tuple(_work(*one) for one in batches))


def _work(folder: str, names: list[str], more: list[str], program: str = "") -> Work:
    if program:
        return Objects(folder, program, tuple(names), tuple(more))
    return Batch(folder, tuple(names), frozenset(more))


def pack_outcome(scan: int, outcome: Outcome) -> bytes:
    return _dump(
        {
            "scan": scan,
            "told": [[check, _packed(one)] for check, one in outcome.told],
            "looked": outcome.looked,
            "passed": outcome.passed,
            "eventful": sorted(outcome.eventful),
            "binaries": sorted(outcome.binaries),
            "failures": outcome.failures,
            "complete": outcome.complete,
            "path": outcome.path,
        }
    )


def unpack_outcome(data: bytes) -> tuple[int, Outcome]:
    """With the number of the scan that it belongs to."""
    held = json.loads(data)
    outcome = Outcome(
        told=[(check, _unpacked(one)) for check, one in held["told"]],
        looked={name: (files, size) for name, (files, size) in held["looked"].items()},
        passed={name: (files, size) for name, (files, size) in held["passed"].items()},
        eventful=set(held["eventful"]),
        binaries=set(held["binaries"]),
        failures=held["failures"],
        complete=held["complete"],
        path=held["path"],
    )
    return held["scan"], outcome


def _packed(one: Finding | Skipped) -> dict[str, Any]:
    if isinstance(one, Skipped):
        return {"check": one.check, "path": one.path, "reason": one.reason, "size": one.size, "files": one.files}
    place, secret = one.place, one.secret
    form = secret.form if secret is not None else None
    return {
        **{name: getattr(one, name) for name in _PLAIN},
        "severity": one.severity.value,
        "confidence": one.confidence.value,
        "place": {name: getattr(place, name) for name in Place.__slots__},
        "secret": secret.reveal() if secret is not None else None,
        "form": [form.id, form.title, form.provider, form.prefix, form.shortest] if form else None,
    }


def _unpacked(held: dict[str, Any]) -> Finding | Skipped:
    if "rule" not in held:
        return Skipped(held["check"], held["path"], held["reason"], size=held["size"], files=held["files"])
    form = held.pop("form")
    secret = held.pop("secret")
    place = held.pop("place")
    return Finding(
        severity=Severity(held.pop("severity")),
        confidence=Confidence(held.pop("confidence")),
        place=Place(**{**place, "kind": PlaceKind(place["kind"])}),
        secret=Secret(secret, TokenKind(*form) if form else None) if secret is not None else None,
        **held,
    )


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
