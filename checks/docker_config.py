"""The docker CLI's own credential file, `config.json`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from checks import by_name
from checks.detect.logins import Source, login_findings
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.formats.docker_auth import read_auth_file
from checks.model.finding import Looked, Observation
from checks.model.workstation import Workstation

id = "docker-config"  # noqa: A001  the protocol's name
title = "docker's config.json"
may_claim = by_name.docker_config


def survey(workstation: Workstation) -> Iterator[Observation]:
    yield from read(workstation, workstation.docker_folder / "config.json")


def claims(path: Path) -> bool:
    return path.name == "config.json" and path.parent.name in (".docker", "docker")


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation))


def look(_: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    yield from login_findings(read_auth_file(document.data), Source(id, str(path)))
    yield Looked(str(path), len(document.data))
