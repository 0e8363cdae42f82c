"""Credential files of the other clients: podman, buildah, skopeo, helm, and docker's old `.dockercfg`."""

from __future__ import annotations

import binascii
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from checks import by_name
from checks.detect.logins import Source, login_findings
from checks.files.documents import look_at
from checks.files.places import helm_places, legacy_place, podman_places
from checks.files.reading import Document
from checks.formats.docker_auth import AuthFile, member, read_auth_file
from checks.formats.dockercfg_ini import is_dockercfg_ini, read_dockercfg_ini
from checks.model.finding import Looked, Observation
from checks.model.workstation import Workstation

id = "container-auth"  # noqa: A001  the protocol's name
title = "credential files of podman, helm and docker-py"
may_claim = by_name.container_auth

_KUBERNETES = ".dockerconfigjson"


def survey(workstation: Workstation) -> Iterator[Observation]:
    # Two variables may name one file, or the file that docker-config reads.
    seen = {os.path.realpath(workstation.docker_folder / "config.json")}
    for reader, path in _places(workstation):
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            yield from look_at(id, path, workstation.limits.config_bytes, partial(_look, reader=reader))


def _places(workstation: Workstation) -> Iterator[tuple[str, Path]]:
    yield from (("podman", path) for path in podman_places(workstation))
    yield from (("helm", path) for path in helm_places(workstation))
    yield "docker-py", legacy_place(workstation)


def claims(path: Path) -> bool:
    return _reader(path) is not None


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation))


def look(_: Workstation, document: Document) -> Iterator[Observation]:
    return _look(document, _reader(document.path) or "podman")


def _reader(path: Path) -> str | None:
    """The client whose file this name and folder tell, or None."""
    folder = path.parent
    if path.name == "auth.json":
        per_user = folder.name.isdigit() and folder.parent.name == "containers"  # /run/containers/1000
        return "podman" if folder.name == "containers" or per_user else None
    if path.name == "config.json":
        return "helm" if folder.name == "registry" else None
    if path.name == ".dockercfg":
        return "docker-py"
    return "Kubernetes" if path.name == _KUBERNETES else None


def _look(document: Document, reader: str) -> Iterator[Observation]:
    auth_file = _parse(document.data, reader)
    ours = bool(auth_file.entries) or any(member(auth_file.root, name) for name in ("auths", "credHelpers"))
    for finding in login_findings(auth_file, Source(id, str(document.path), reader=reader)):
        if ours or finding.rule != "malformed-file":  # any program may have an auth.json that means something else
            yield finding
    yield Looked(str(document.path), len(document.data))


def _parse(data: bytes, reader: str) -> AuthFile:
    if reader == "docker-py" and is_dockercfg_ini(data):
        return read_dockercfg_ini(data)
    return read_auth_file(_unwrapped(data) if reader == "Kubernetes" else data, flat=reader == "docker-py")


def _unwrapped(data: bytes) -> bytes:
    """The document of a Kubernetes secret, which may still be in base64. Lines are then those of the document."""
    try:
        plain = binascii.a2b_base64(b"".join(data.split()), strict_mode=True)
    except (binascii.Error, ValueError):
        return data
    return plain if plain.lstrip().startswith(b"{") else data
