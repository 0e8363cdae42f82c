"""What a container was started with: environment, command, labels, mounts, where its log goes.

Source: Docker Engine API, "List containers", "Inspect a container".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from checks import late
from checks.detect.assigned import assigned_secret
from checks.engine.client import Engine, EngineError, Refused
from checks.engine.listing import Listed, described, is_image_id
from checks.formats.display import printable
from checks.images.config import IN_CONFIGURATION, config_findings
from checks.images.model import Image, dicts, pairs, text
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity, Skipped
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.trees.contents import Contents

CHECK = "containers"
_ADVICE = (
    "Start the container anew without it, from a file that only it may read, and rotate it: "
    "whoever may use docker reads it with docker inspect."
)
_ID = late.compile(r"[0-9a-f]{64}", re.ASCII)
_MOST_CONTAINERS = 5000
_LOG_TOKENS = frozenset({"splunk-token", "logentries-token"})
"""Options of docker's log drivers that are secrets whatever they look like."""
_SOCKETS = ("docker.sock", "podman.sock")
_CREDENTIALS = late.compile(
    r"/(?:\.docker(?:/config\.json)?|\.dockercfg|containers/auth\.json|\.netrc|\.npmrc|\.pypirc|\.git-credentials"
    r"|\.aws(?:/credentials)?|\.ssh(?:/id_\w+)?|\.kube(?:/config)?|\.azure|\.gnupg|\.config/gcloud|\.vault-token)/?\Z"
)


@dataclass(frozen=True, slots=True)
class Container:
    name: str
    image: str
    """The name it was started by; foreign text."""
    image_id: str
    said: dict[str, Any] = field(repr=False)
    """Of the inspection."""


def listed_containers(engine: Engine) -> Iterator[Container | Skipped]:
    """Running and stopped. Raises EngineError where there is no list."""
    said = engine.json("/containers/json", all="1")
    if not isinstance(said, list):
        raise EngineError("its list of containers is none: is it a container engine?")
    for node in dicts({"listed": said[:_MOST_CONTAINERS]}, "listed"):
        if not _ID.fullmatch(text(node, "Id")):
            continue
        try:
            held = engine.json(f"/containers/{text(node, 'Id')}/json")
        except Refused as error:  # it may have been removed in the meantime
            yield Skipped(CHECK, f"container {text(node, 'Id')[:12]}", str(error))
            continue
        held = held if isinstance(held, dict) else {}
        config = held.get("Config")
        image = text(config if isinstance(config, dict) else {}, "Image")
        name = text(held, "Name").lstrip("/") or text(node, "Id")[:12]
        yield Container(name, image, text(held, "Image"), held)


def secrets_of_image(engine: Engine, image_id: str, contents: Contents, workstation: Workstation) -> frozenset[Secret]:
    """What the image's configuration gives away; nothing where the image is gone."""
    if not is_image_id(image_id):
        return frozenset()
    try:
        image = described(engine, Listed(image_id, (), 0, 0))
    except Refused:
        return frozenset()
    return frozenset(one.secret for one in config_findings(image, contents, workstation) if one.secret)


def container_findings(
    container: Container, engine: Engine, contents: Contents, workstation: Workstation
) -> Iterator[Finding]:
    config = container.said.get("Config")
    image = Image((), container.image_id, config={"config": config})
    for finding in config_findings(image, contents, workstation):
        title = finding.title.replace(IN_CONFIGURATION, "in the container's configuration")
        rule = finding.rule.replace("image-", "container-", 1)
        yield _placed(replace(finding, title=title, rule=rule), container, engine)
    host = container.said.get("HostConfig")
    for finding in (*_logging(host if isinstance(host, dict) else {}), *_mounts(container.said)):
        yield _placed(finding, container, engine)


def _placed(finding: Finding, container: Container, engine: Engine) -> Finding:
    place = replace(finding.place, path=container.name, kind=PlaceKind.CONTAINER, line=None, end_line=None)
    finding = replace(finding, place=place, advice=finding.advice if not finding.secret else _ADVICE)
    return engine.placed(finding, CHECK, container.image or container.image_id)


def _logging(host: dict[str, Any]) -> Iterator[Finding]:
    """Options of the log's driver: `splunk-token`, a gelf or fluentd address with a password."""
    config = host.get("LogConfig")
    options = list(pairs(config, "Config")) if isinstance(config, dict) else []
    for name, value in options:
        shown = printable(name, 60)
        found = assigned_secret(name, value, dict(options), literal=True)
        if not found and not (name in _LOG_TOKENS and value):
            continue
        yield Finding(
            check=CHECK,
            rule="container-log-secret",
            title=f"{shown} in plain text, in the container's log options",
            severity=found.severity if found else Severity.MEDIUM,
            confidence=found.confidence if found else Confidence.CERTAIN,
            place=Place("", field=f"LogConfig {shown}"),
            secret=found.secret if found else Secret(value),
            registry=None,
            username=found.username if found else None,
            locator=f"LogConfig {shown}",
        )


def _mounts(said: dict[str, Any]) -> Iterator[Finding]:
    for mount in dicts(said, "Mounts"):
        source, target = text(mount, "Source"), text(mount, "Destination")
        if source.rpartition("/")[2] in _SOCKETS:
            title = "the container may use the engine's socket: whatever runs in it is root on this machine"
            advice = "Start it without the socket, or with a proxy that lets only the needed calls through."
            yield _weak("container-mounts-engine-socket", title, Severity.HIGH, source, target, advice)
        elif known := _CREDENTIALS.search(source):
            shown = printable(known[0].strip("/"), 60)
            how = "read and change" if mount.get("RW") is True else "read"
            title = f"whatever runs in the container may {how} your {shown}"
            advice = "Give it only the one credential that it needs, from a file of its own."
            yield _weak("container-mounts-credentials", title, Severity.MEDIUM, source, target, advice)


def _weak(rule: str, title: str, severity: Severity, source: str, target: str, advice: str) -> Finding:
    place = Place("", field=printable(f"Mounts {source}", 160))
    return Finding(
        CHECK, rule, title, severity, Confidence.CERTAIN, place, advice=advice, locator=printable(target, 160)
    )
