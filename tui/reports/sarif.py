"""The SARIF 2.1.0 report: for code scanning at GitHub, for editors, for DefectDojo. It holds no secret."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from checks.catalog import by_id
from checks.detect.rule_book import rules
from checks.files.walk import is_folder
from checks.formats.display import printable
from checks.ignore.markers import is_marked
from checks.ignore.places import file_of, real_folder, repository_of
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity, Skipped
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from checks.scan import CheckFinished
from tui import __version__
from tui.reports.gathered import Gathered

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LONGEST = 1000
"""Characters of one text."""
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""On the scale of CVSS: what GitHub calls critical begins above 9, high at 7, medium at 4."""
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_NOT_LOOKED_AT, _CHECK_FAILED = "not-looked-at", "check-failed"


def render(gathered: Gathered, folder: Path | None = None) -> str:
    """The report as ASCII JSON. Names are relative to the repository, or the folder, that was scanned.

    `folder` is the current one where it is not given.
    """
    root = _root(gathered.workstation, folder or Path.cwd())
    key = gathered.workstation.key
    by_rule: dict[str, list[Finding]] = {}
    for finding in gathered.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    numbers = {name: number for number, name in enumerate(by_rule)}
    run = {
        "tool": {
            "driver": {
                "name": "dockhygiene",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": _rules(by_rule),
                "notifications": [
                    _descriptor(_NOT_LOOKED_AT, "Something was not looked at", "The message says why"),
                    _descriptor(_CHECK_FAILED, "A check ended early", "Please report the message"),
                ],
            }
        },
        "automationDetails": {"id": "dockhygiene/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": _uri(f"{root.rstrip('/')}/")}},
        "invocations": [_invocation(gathered, root)],
        "results": [_result(finding, numbers[finding.rule], key, root) for finding in gathered.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _root(workstation: Workstation, folder: Path) -> str:
    """The repository that holds the current folder where all that is scanned lies there, else what is scanned."""
    current, home = real_folder(str(folder)), real_folder(str(workstation.home))
    named = [real_folder(str(top if is_folder(top) else top.parent)) for top in workstation.named]
    if all(f"{top}/".startswith(f"{current.rstrip('/')}/") for top in named):
        start = current
    else:
        start = os.path.commonpath(named)
    return repository_of(start, home) or start


def _rules(by_rule: Mapping[str, Sequence[Finding]]) -> list[dict[str, Any]]:
    titles = {rule.id: rule.title for rule in rules()}
    described = []
    for name, told in by_rule.items():
        severity, check = max(finding.severity for finding in told), by_id(told[0].check)
        title = titles.get(name) or name.replace("-", " ").capitalize()
        described.append(
            {
                "id": name,
                "name": name.title().replace("-", ""),
                "shortDescription": {"text": _sentence(title)},
                "fullDescription": {"text": _sentence(f"{title}, found in: {check.title if check else told[0].check}")},
                "help": {"text": _sentence(told[0].advice or "Take it out of there, and rotate it")},
                "defaultConfiguration": {"level": _LEVELS[severity]},
                "properties": {"security-severity": _SCORES[severity], "tags": ["security", "secret"]},
            }
        )
    return described


def _descriptor(name: str, text: str, advice: str) -> dict[str, Any]:
    """With all that GitHub asks for, even of a notification."""
    described = {"text": _sentence(text)}
    return {
        "id": name,
        "shortDescription": described,
        "fullDescription": described,
        "help": {"text": _sentence(advice)},
    }


def _result(finding: Finding, rule: int, key: FingerprintKey, root: str) -> dict[str, Any]:
    secret, place = finding.secret, finding.place
    fingerprints = {"findingId/v1": finding.id(key)}
    if secret:
        fingerprints["secretHash/v1"] = key.of("secret", secret)
    properties = {
        "confidence": finding.confidence.label,
        "severity": finding.severity.label,
        "check": finding.check,
        "registry": _text(finding.registry),
        "username": _text(finding.username),
        "masked": secret.masked if secret else None,
        "kind": secret.kind if secret else None,
        "commit": place.commit,
        "blob": place.blob,
        "image": _text(place.image),
        "layer": place.layer,
        "repository": _text(place.repository),
        "atHead": finding.history.at_head if finding.history else None,
        "pushedTo": [_text(host) for host in finding.history.hosts] if finding.history else None,
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": "note" if finding.confidence is Confidence.POSSIBLE else _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(place, root)],
        "partialFingerprints": fingerprints,
        "suppressions": _suppressions(finding.ignored),
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def _suppressions(ignored: str) -> list[dict[str, str]]:
    """An empty list says that it is not suppressed; without one a viewer may not know."""
    if not ignored:
        return []
    return [
        {
            "kind": "inSource" if is_marked(ignored) else "external",
            "status": "accepted",
            "justification": printable(ignored, _LONGEST),
        }
    ]


def _message(finding: Finding) -> str:
    masked = f" ({finding.secret.masked})" if finding.secret else ""
    text = _sentence(f"{finding.title}{masked}")
    return f"{text} {_sentence(finding.advice)}" if finding.advice else text


def _sentence(text: str) -> str:
    """Escaped as SARIF wants it (3.11.5, 3.11.6): foreign names could look like links or placeholders."""
    text = printable(text, _LONGEST)
    for sign, escaped in (("\\", "\\\\"), ("[", "\\["), ("]", "\\]"), ("{", "{{"), ("}", "}}")):
        text = text.replace(sign, escaped)
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _location(place: Place, root: str) -> dict[str, Any]:
    """A file with its line. What lies in no file gets a name and a path made of it: GitHub wants one."""
    path = file_of(place)
    region = {"startLine": place.line or 1}
    if place.line and place.column:
        region["startColumn"] = place.column
    if place.line and place.end_line:
        region["endLine"] = max(place.end_line, place.line)
    parts = [printable(part, _LONGEST) for part in (place.kind.value, place.image, place.layer, place.path) if part]
    artifact = _artifact(path, root) if path else {"uri": quote("/".join(parts), safe="/")}
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    if not path:
        kind = "variable" if place.kind is PlaceKind.ENVIRONMENT else "resource"
        location["logicalLocations"] = [{"name": parts[-1], "fullyQualifiedName": "/".join(parts), "kind": kind}]
    elif place.field:
        field = printable(place.field, _LONGEST)
        location["logicalLocations"] = [{"name": field, "fullyQualifiedName": field, "kind": "member"}]
    return location


def _artifact(path: str, root: str) -> dict[str, str]:
    below = path.removeprefix(f"{root.rstrip('/')}/")
    return {"uri": _uri(path)} if below == path else {"uri": quote(_bytes(below), safe="/"), "uriBaseId": _ROOT}


def _uri(path: str) -> str:
    return f"file://{quote(_bytes(path), safe='/')}"


def _bytes(path: str) -> bytes:
    """Names that are not UTF-8 keep their own bytes."""
    return path.encode("utf-8", "surrogateescape" if not _is_odd(path) else "surrogatepass")


def _is_odd(path: str) -> bool:
    """Whether it holds a surrogate that stands for no byte: no file system gave us such a name."""
    return any("\ud800" <= char <= "\udc7f" or "\udd00" <= char <= "\udfff" for char in path)


def _invocation(gathered: Gathered, root: str) -> dict[str, Any]:
    ended = gathered.started + datetime.timedelta(seconds=gathered.seconds)
    return {
        "executionSuccessful": not gathered.failures,
        "startTimeUtc": _time(gathered.started),
        "endTimeUtc": _time(ended),
        "toolExecutionNotifications": [_failure(one) for one in gathered.failures]
        + [_skipped(one, root) for one in gathered.places_skipped],
    }


def _failure(finished: CheckFinished) -> dict[str, Any]:
    text = _sentence(f"The check {finished.check} ended early: {finished.failure}")
    return {"descriptor": {"id": _CHECK_FAILED}, "level": "error", "message": {"text": text}}


def _skipped(skipped: Skipped, root: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "descriptor": {"id": _NOT_LOOKED_AT},
        "level": "note",
        "message": {"text": _sentence(f"Not looked at: {skipped.path}: {skipped.reason}")},
    }
    if path := file_of(Place(skipped.path)):
        told["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(path, root)}}]
    return told


def _time(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(value: str | None) -> str | None:
    return None if value is None else printable(value, _LONGEST)
