"""Credential files by their shape: a JSON document with `auths`, whatever its name, met below a named PATH.

CI jobs, Kubernetes set-ups and scripts keep docker's file under names of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks import container_auth, container_builds, docker_config, docker_leftovers, environment_files
from checks.detect.logins import Source, login_findings
from checks.files.reading import NotRead, read_file
from checks.formats.docker_auth import AuthFile, members, read_auth_file
from checks.model.finding import Looked, Observation, Skipped
from checks.model.workstation import Workstation

id = "credential-documents"  # noqa: A001  the protocol's name
title = "credential files under other names"

_KNOWN_BY_NAME = (docker_config, container_auth, docker_leftovers, environment_files, container_builds)
_ENDINGS = ("", ".json", ".dockerconfigjson", ".dockercfg", ".auth", ".cfg", ".conf", ".txt")


def survey(_: Workstation) -> Iterator[Observation]:
    """The usual places are known by name."""
    return iter(())


def claims(path: Path) -> bool:
    if path.suffix.lower() not in _ENDINGS or ".git" in path.parts:
        return False
    return not any(check.claims(path) for check in _KNOWN_BY_NAME)


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    try:
        document = read_file(path, workstation.limits.config_bytes)
    except NotRead as error:
        if not error.missing:
            yield Skipped(id, str(path), error.reason, size=error.size)
        return
    if b"auth" in document.data.lower():
        auth_file = read_auth_file(document.data)
        if _is_credential_file(auth_file):
            yield from login_findings(auth_file, Source(id, str(path), reader="a client"))
    yield Looked(str(path), len(document.data))


def _is_credential_file(auth_file: AuthFile) -> bool:
    """In today's form, or in the flat one of 2014, where the registries stand at the top."""
    holders = members(auth_file.root, "auths")
    today = any(entry.value.kind == "object" for held in holders for entry in held.value.members)
    return today or any(entry.get("auth") for entry in auth_file.flat_entries())
