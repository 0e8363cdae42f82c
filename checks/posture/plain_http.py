"""Registries that daemon and podman talk to without TLS: logins and images then travel in the clear."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checks.files.documents import read_document
from checks.files.reading import Document
from checks.formats.display import printable
from checks.formats.docker_auth import members
from checks.formats.json_positions import Node, parse
from checks.formats.registry_names import hostname_of, is_loopback
from checks.formats.text_positions import Lines
from checks.model.finding import Finding, Looked, Observation, Severity, Skipped
from checks.model.workstation import MEBIBYTE, Workstation
from checks.posture.entries import is_plain_http
from checks.posture.weakness import CHECK, at_file, weakness

_INSECURE = "insecure-registries"
_LIMIT = MEBIBYTE // 4
"""Bytes of a registries.conf: the TOML reader's time is not bounded by much else."""
_DAEMON_ADVICE = "Give the registry a certificate (in /etc/docker/certs.d if it is your own), then delete the line."
_PODMAN_ADVICE = "Give the registry a certificate (in /etc/containers/certs.d if it is your own), then delete the line."


def plain_http_findings(workstation: Workstation) -> Iterator[Observation]:
    seen: set[str] = set()
    for path in _places(workstation):
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            yield from read_registry_settings(path)


def is_registry_settings(path: Path) -> bool:
    if path.name == "daemon.json":
        return path.parent.name in ("docker", ".docker")
    return path.name == "registries.conf" or (path.suffix == ".conf" and path.parent.name == "registries.conf.d")


def read_registry_settings(path: Path) -> Iterator[Observation]:
    document = read_document(CHECK, path, _LIMIT)
    if not isinstance(document, Document):
        yield from document
        return
    yield from _daemon(document) if path.suffix == ".json" else _registries(document)
    yield Looked(str(path), len(document.data))


def _places(workstation: Workstation) -> Iterator[Path]:
    yield workstation.system("/etc/docker/daemon.json")
    yield workstation.config_home / "docker" / "daemon.json"  # the daemon without root
    yield workstation.docker_folder / "daemon.json"  # Docker Desktop
    for folder in (workstation.system("/etc/containers"), workstation.config_home / "containers"):
        yield folder / "registries.conf"
        try:
            names = sorted(os.listdir(folder / "registries.conf.d"))  # noqa: PTH208  names, not paths
        except (OSError, ValueError):
            continue
        yield from (folder / "registries.conf.d" / name for name in names if name.endswith(".conf"))


def _daemon(document: Document) -> Iterator[Finding]:
    text = document.data.decode("utf-8", "surrogateescape")
    root, lines = parse(text).root, Lines(text)
    for name in (_INSECURE, "registry-mirrors"):
        for node in _strings(root, name):
            open_to_all = not is_loopback(hostname_of(node.text)) if name == _INSECURE else is_plain_http(node.text)
            if open_to_all:
                yield _insecure(document.path, node.text, lines.at(node.start)[0], name, _DAEMON_ADVICE)


def _strings(root: Node | None, name: str) -> Iterator[Node]:
    for held in members(root, name):
        yield from (item for item in held.value.items if item.kind == "string")


def _registries(document: Document) -> Iterator[Observation]:
    try:
        text = document.data.decode("utf-8")
        settings = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        yield Skipped(CHECK, str(document.path), f"not TOML: {printable(str(error), 80)}")
        return
    seen: set[str] = set()
    for location in _insecure_locations(settings):
        if location not in seen and not is_loopback(location.split("/", 1)[0].removeprefix("*.")):
            seen.add(location)
            line = _line_of(text, location)
            yield _insecure(document.path, location, line, "registries.conf", _PODMAN_ADVICE)


def _insecure_locations(settings: dict[str, Any]) -> Iterator[str]:
    """Registries with `insecure = true`, and the list of the older form."""
    registries = settings.get("registry")
    for registry in registries if isinstance(registries, list) else []:
        mirrors = registry.get("mirror") if isinstance(registry, dict) else None
        for one in (registry, *(mirrors if isinstance(mirrors, list) else [])):
            if isinstance(one, dict) and one.get("insecure") is True:
                location = one.get("location") or one.get("prefix")
                if isinstance(location, str):
                    yield location
    older = settings.get("registries")
    insecure = older.get("insecure") if isinstance(older, dict) else None
    listed = insecure.get("registries") if isinstance(insecure, dict) else None
    yield from (one for one in (listed if isinstance(listed, list) else []) if isinstance(one, str))


def _line_of(text: str, location: str) -> int | None:
    """The line that names the registry: the TOML reader keeps no positions, and the name is close enough."""
    offset = text.find(location)
    return text.count("\n", 0, offset) + 1 if offset >= 0 else None


def _insecure(path: Path, address: str, line: int | None, setting: str, advice: str) -> Finding:
    title = f"{printable(address, 80)} may be reached over plain http ({setting}): logins travel in the clear"
    if "/" in address and "://" not in address and address.rpartition("/")[2].isdigit():
        title = f"every registry in {printable(address, 80)} may be reached over plain http ({setting})"
    place = at_file(path, line, field=setting)
    registry = hostname_of(address)
    return weakness(
        "plain-http-registry", title, Severity.MEDIUM, place, advice, locator=f"{setting}/{address}", registry=registry
    )
