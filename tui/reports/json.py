"""The JSON report, schema 1: names are fixed, additions are allowed. docs/report.md describes each field."""

from __future__ import annotations

import json
import os
from typing import Any

from checks.model.credential import Credential, credential_id
from checks.model.finding import Finding, History, Place
from checks.model.secret import FingerprintKey, Secret
from checks.model.use import Use
from checks.uses.matching import uses_of
from tui import __version__
from tui.reports.gathered import Gathered

SCHEMA = 1


def render(gathered: Gathered) -> str:
    """The report as ASCII JSON: no control or bidi character of a file name reaches a terminal through it."""
    key = gathered.workstation.key
    report = {
        "schema": SCHEMA,
        "tool": {"name": "dockhygiene", "version": __version__},
        "started": gathered.started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "seconds": round(gathered.seconds, 3),
        "findings": [_finding(finding, key) for finding in gathered.told],
        "ignored": [{**_finding(finding, key), "reason": finding.ignored} for finding in gathered.ignored],
        "credentials": [_credential(credential, gathered.uses, key) for credential in gathered.credentials],
        "uses": [_use(use, key) for use in gathered.uses],
        "skipped": [
            {
                "check": one.check,
                "path": _path(one.path),
                "reason": one.reason,
                "size": one.size,
                "files": one.files,
            }
            for one in gathered.skipped
        ],
        "checks": _checks(gathered),
        "notes": [_path(note) for note in gathered.notes],
    }
    return json.dumps(report, indent=2) + "\n"


def _finding(finding: Finding, key: FingerprintKey) -> dict[str, Any]:
    return {
        "id": finding.id(key),
        "check": finding.check,
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "credential": credential_id(finding.secret, key) if finding.secret else None,
        "place": _place(finding.place),
        "registry": _text(finding.registry),
        "username": _text(finding.username),
        "secret": _secret(finding.secret, key) if finding.secret else None,
        "advice": finding.advice,
        **({"history": _history(finding.history)} if finding.history else {}),
    }


def _history(history: History) -> dict[str, Any]:
    """For what lies in git's objects only."""
    return {
        "author": _text(history.author),
        "authored": history.authored or None,
        "at_head": history.at_head,
        "staged": history.staged,
        "refs": [_text(name) for name in history.refs],
        "remotes": [_text(name) for name in history.remotes],
        "hosts": [_text(name) for name in history.hosts],
        "versions": history.versions,
    }


def _secret(secret: Secret, key: FingerprintKey) -> dict[str, Any]:
    return {
        "masked": secret.masked,
        "fingerprint": key.of("secret", secret),
        "kind": secret.kind,
        "length": len(secret),
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "kind": place.kind.value,
        "path": _path(place.path),
        "line": place.line,
        "end_line": place.end_line,
        "column": place.column,
        "repository": _text(place.repository),
        "commit": place.commit,
        "blob": place.blob,
        "image": _text(place.image),
        "layer": place.layer,
        "field": _text(place.field),
    }


def _credential(credential: Credential, uses: tuple[Use, ...], key: FingerprintKey) -> dict[str, Any]:
    return {
        "id": credential.id,
        "registry": _text(credential.registry),
        "username": _text(credential.username),
        "provider": credential.provider,
        "kind": credential.kind,
        "severity": credential.severity.label,
        "findings": [finding.id(key) for finding in credential.findings],
        "uses": [{"id": use.id(key), "match": match.label} for use, match in uses_of(credential, uses)],
    }


def _use(use: Use, key: FingerprintKey) -> dict[str, Any]:
    return {
        "id": use.id(key),
        "kind": use.kind,
        "title": _text(use.title),
        "path": _path(use.path),
        "line": use.line,
        "registry": _text(use.registry),
        "implied": use.implied,
        "username": _text(use.username),
        "name": _text(use.name),
        "repository": _text(use.repository),
        "pushes": use.pushes,
        "secret": _secret(use.secret, key) if use.secret else None,
        "update": _text(use.update),
    }


def _checks(gathered: Gathered) -> list[dict[str, Any]]:
    ran = [
        {
            "id": one.check,
            "status": "skipped" if one.failure else "ran",
            "reason": f"failed: {one.failure}" if one.failure else None,
            "items": one.items,
            "bytes": one.bytes,
            "unchanged": one.unchanged,
            "seconds": round(one.seconds, 4),
        }
        for one in gathered.finished
    ]
    return ran + [
        {
            "id": name,
            "status": "skipped",
            "reason": "not asked for",
            "items": 0,
            "bytes": 0,
            "unchanged": 0,
            "seconds": 0.0,
        }
        for name in gathered.left_out
    ]


def _path(path: str) -> str:
    """A path that is not UTF-8 is escaped, never lost."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _text(value: str | None) -> str | None:
    return None if value is None else value.encode("utf-8", "backslashreplace").decode("utf-8")
