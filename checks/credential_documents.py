"""Credential files by their shape: a JSON document with `auths`, or a Kubernetes Secret, met below a named PATH.

CI jobs, Kubernetes set-ups and scripts keep them under names of their own; `kubectl get secret -o json` prints one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from checks import by_name, late
from checks.detect.logins import Source, login_findings
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.formats.docker_auth import AuthFile, members, read_auth_file
from checks.formats.encodings import text_of
from checks.formats.text_positions import Lines
from checks.model.finding import Looked, Observation
from checks.model.workstation import Workstation

id = "credential-documents"  # noqa: A001  the protocol's name
title = "credential files under other names"
may_claim = by_name.credential_documents

_AUTHS = late.compile(rb'"auths"\s*:|"auth"\s*:(?!\s*[\[{])', re.IGNORECASE)
"""A login's `auth` is a string; in descriptions of interfaces it is mostly a list."""
_SECRET = late.compile(rb'"kind"\s*:\s*"Secret"')


def survey(_: Workstation) -> Iterator[Observation]:
    """The usual places are known by name."""
    return iter(())


def claims(path: Path) -> bool:
    """What no other check claims is left to it."""
    return path.suffix.lower() in by_name.DOCUMENT_ENDINGS and ".git" not in path.parts


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation))


def look(workstation: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    if _AUTHS.search(document.data):
        auth_file = read_auth_file(document.data)
        if _is_credential_file(auth_file):
            yield from login_findings(auth_file, Source(id, str(path), reader="a client"))
    if _SECRET.search(document.data):
        yield from _kubernetes(document, workstation.relative(str(path)))
    yield Looked(str(path), len(document.data))


def _kubernetes(document: Document, relative: str) -> Iterator[Observation]:
    """What the Secrets of a manifest in JSON hold, decoded."""
    from checks.detect.document_findings import findings_of  # parsers: only for who has met one
    from checks.detect.document_secrets import document_secrets
    from checks.formats.json_nodes import parse_json

    text = text_of(document.data)
    found = document_secrets(text, parse_json(text).documents)
    yield from findings_of(
        found,
        Lines(text),
        str(document.path),
        relative,
        check=id,
        rule="kubernetes-secret",
        store=by_name.KUBERNETES_STORE,
    )


def _is_credential_file(auth_file: AuthFile) -> bool:
    """In today's form, or in the flat one of 2014, where the registries stand at the top."""
    holders = members(auth_file.root, "auths")
    today = any(entry.value.kind == "object" for held in holders for entry in held.value.members)
    return today or any(entry.get("auth") for entry in auth_file.flat_entries())
