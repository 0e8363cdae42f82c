"""The docker CLI's own credential file, `config.json`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.detect.logins import Source, login_findings
from checks.files.documents import read_document
from checks.files.reading import Document
from checks.formats.docker_auth import read_auth_file
from checks.model.finding import Looked, Observation
from checks.model.workstation import Workstation

id = "docker-config"  # noqa: A001  the protocol's name
title = "docker's config.json"


def survey(workstation: Workstation) -> Iterator[Observation]:
    yield from read(workstation, workstation.docker_folder / "config.json")


def may_claim(name: str, _: str) -> bool:
    return name == "config.json"


def claims(path: Path) -> bool:
    return path.name == "config.json" and path.parent.name in (".docker", "docker")


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    document = read_document(id, path, workstation.limits.config_bytes)
    if not isinstance(document, Document):
        yield from document
        return
    yield from login_findings(read_auth_file(document.data), Source(id, str(path)))
    yield Looked(str(path), len(document.data))
