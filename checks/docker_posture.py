"""Weak settings around docker's credentials: helpers, modes, dead entries, keys, headers, plain http, the socket."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from checks import by_name
from checks.files.documents import read_document
from checks.files.places import legacy_place, podman_places
from checks.files.reading import Document, NotRead, read_file
from checks.formats.docker_auth import AuthFile, read_auth_file
from checks.formats.dockercfg_ini import is_dockercfg_ini, read_dockercfg_ini
from checks.model.finding import Finding, Looked, Observation
from checks.model.workstation import Workstation
from checks.posture.docker_socket import socket_findings
from checks.posture.entries import entry_findings
from checks.posture.headers_and_proxies import header_findings, proxy_findings
from checks.posture.helper_programs import helper_findings
from checks.posture.permissions import file_findings, folder_findings, key_findings
from checks.posture.plain_http import is_registry_settings, plain_http_findings, read_registry_settings
from checks.posture.tls_keys import is_key, tls_key_findings

id = "docker-posture"  # noqa: A001  the protocol's name
title = "settings that weaken docker's credentials"
may_claim = by_name.docker_posture


def survey(workstation: Workstation) -> Iterator[Observation]:
    config = workstation.docker_folder / "config.json"
    yield from folder_findings(workstation, workstation.docker_folder)
    yield from _read_config(workstation, config, own=True)
    yield from _modes_of_other_files(workstation, config)
    yield from tls_key_findings(workstation)
    yield from plain_http_findings(workstation)
    yield from socket_findings(workstation)


def claims(path: Path) -> bool:
    return _is_config(path) or is_key(path) or is_registry_settings(path)


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    if _is_config(path):
        own = os.path.realpath(path) == os.path.realpath(workstation.docker_folder / "config.json")
        yield from _read_config(workstation, path, own=own)
    elif is_registry_settings(path):
        yield from read_registry_settings(path)
    else:
        yield from key_findings(workstation, path)
        yield Looked(str(path), 0)


def look(_: Workstation, document: Document) -> Iterator[Observation]:
    """What a copy of docker's settings tells wherever it lies: modes and programs are those of this machine alone."""
    if _is_config(document.path):
        yield from _in_settings(read_auth_file(document.data), document.path)


def _is_config(path: Path) -> bool:
    return path.name == "config.json" and path.parent.name in (".docker", "docker")


def _read_config(workstation: Workstation, path: Path, *, own: bool) -> Iterator[Observation]:
    document = read_document(id, path, workstation.limits.config_bytes)
    if not isinstance(document, Document):
        yield from document
        return
    auth_file = read_auth_file(document.data)
    hidden = list(_in_settings(auth_file, path))
    yield from hidden
    yield from helper_findings(workstation, auth_file, path, own=own)
    yield from entry_findings(auth_file, path)
    yield from file_findings(workstation, path, holds_secret=bool(hidden) or _holds_secret(auth_file))
    yield Looked(str(path), len(document.data))


def _in_settings(auth_file: AuthFile, path: Path) -> Iterator[Finding]:
    yield from header_findings(auth_file, path)
    yield from proxy_findings(auth_file, path)


def _modes_of_other_files(workstation: Workstation, config: Path) -> Iterator[Finding]:
    seen = {os.path.realpath(config)}
    for path in (*podman_places(workstation), legacy_place(workstation)):
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        try:
            data = read_file(path, workstation.limits.config_bytes).data
        except NotRead:
            continue  # container-auth, whose file it is, says why
        ini = path == legacy_place(workstation) and is_dockercfg_ini(data)
        auth_file = read_dockercfg_ini(data) if ini else read_auth_file(data, flat=True)
        yield from file_findings(workstation, path, holds_secret=_holds_secret(auth_file))


def _holds_secret(auth_file: AuthFile) -> bool:
    return any(entry.secrets for entry in (*auth_file.entries, *auth_file.flat_entries()))
