"""Credential files of the tools around docker: git, package managers, clouds, clusters, ssh.

The same registry token often lies in several of them: GitHub's opens git, npm and ghcr.io.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from checks import by_name
from checks.detect.assignments import judge
from checks.detect.values import not_a_secret
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.files.walk import NotWalked
from checks.formats.display import printable, shell_path
from checks.formats.encodings import text_of
from checks.formats.located import Login
from checks.formats.private_keys import PrivateKey, private_keys
from checks.formats.registry_names import is_loopback, registry_of
from checks.model.finding import Confidence, Finding, Looked, Observation, Place, Severity, Skipped
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.tool_files.key_places import is_for_ssh, is_key_name, ssh_folder
from checks.tool_files.places import known_places, tool_of
from checks.tool_files.tool import Tool

id = "tool-credentials"  # noqa: A001  the protocol's name
title = "credential files of other tools"
may_claim = by_name.tool_credentials


def survey(workstation: Workstation) -> Iterator[Observation]:
    seen: set[str] = set()
    for tool, path in known_places(workstation):
        if isinstance(path, NotWalked):
            yield Skipped(id, path.path, path.reason)
            continue
        real = os.path.realpath(path) if "\0" not in str(path) else str(path)
        if real not in seen:  # two variables may name one file
            seen.add(real)
            yield from _read(workstation, path, tool)
    yield from _ssh_keys(workstation)


def _ssh_keys(workstation: Workstation) -> Iterator[Observation]:
    folder = ssh_folder(workstation)
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  names, not paths
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        yield Skipped(id, str(folder), f"not readable: {error.strerror}")
        return
    for path in (folder / name for name in names):
        if is_key_name(path) and path.is_file():
            yield from _read(workstation, path, None)


def claims(path: Path) -> bool:
    return tool_of(path) is not None or is_key_name(path)


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation)) if claims(path) else iter(())


def look(workstation: Workstation, document: Document) -> Iterator[Observation]:
    return _look(workstation, document, tool_of(document.path))


def _read(workstation: Workstation, path: Path, tool: Tool | None) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(_look, workstation, tool=tool))


def _look(workstation: Workstation, document: Document, tool: Tool | None) -> Iterator[Observation]:
    """One file; without a tool it is looked at for private keys."""
    yield from _logins(tool, document) if tool else _keys(workstation, document)
    yield Looked(str(document.path), len(document.data))


def _logins(tool: Tool, document: Document) -> Iterator[Observation]:
    logins = tool.read(text_of(document.data))
    repeated: Counter[str] = Counter()
    for login in logins.found:
        if confidence := _confidence(tool, login):
            finding = _finding(tool, login, document.path, confidence)
            repeated[finding.locator] += 1
            if (count := repeated[finding.locator]) > 1:
                finding = replace(finding, locator=f"{finding.locator}#{count}")
            yield finding
    if logins.problem and not tool.quiet:
        yield Skipped(id, str(document.path), f"not read to its end: {logins.problem}")


def _confidence(tool: Tool, login: Login) -> Confidence | None:
    """None where the value is no secret."""
    value = login.secret.text
    if login.named:
        return judge(login.field.rpartition("/")[2], value)
    if not value or (not_a_secret(value) and not tool.encrypted):
        return None
    return Confidence.POSSIBLE if login.doubtful else Confidence.CERTAIN


def _finding(tool: Tool, login: Login, path: Path, confidence: Confidence) -> Finding:
    held = login.secret
    secret = Secret(held.text)
    field = printable(login.field, 200)
    return Finding(
        check=id,
        rule=f"{tool.id}-credential",
        title=f"{tool.subject} password" if tool.encrypted else f"{tool.subject} {_what(login)} in plain text",
        severity=_severity(tool, login, secret),
        confidence=confidence,
        place=Place(str(path), line=held.line, end_line=held.end_line, column=held.column, field=field),
        secret=secret,
        registry=registry_of(login.host) or None if login.host else None,
        username=login.username or None,
        advice=tool.advice,
        locator=field,
    )


def _what(login: Login) -> str:
    """What the field holds, in a word; a property is called by its name."""
    name = login.field.rpartition("/")[2]
    if login.named:
        return f"setting {printable(name, 60)}"
    words = name.lower()
    return next((word for word in ("token", "passphrase", "cookie", "key") if word in words), "password")


def _severity(tool: Tool, login: Login, secret: Secret) -> Severity:
    """A token with a known form opens an account from anywhere; what this machine alone serves is less."""
    if secret.kind not in ("password", "jwt"):
        return Severity.CRITICAL
    return Severity.MEDIUM if login.host and is_loopback(login.host) else tool.severity


def _keys(workstation: Workstation, document: Document) -> Iterator[Finding]:
    for key in private_keys(text_of(document.data)):
        if not (key.protected or key.hardware):
            yield _key(key, document.path, workstation)


def _key(key: PrivateKey, path: Path, workstation: Workstation) -> Finding:
    for_ssh = is_for_ssh(path)
    return Finding(
        check=id,
        rule="ssh-key-without-passphrase" if for_ssh else "private-key-without-passphrase",
        title="private key without a passphrase",
        severity=Severity.HIGH if for_ssh else Severity.MEDIUM,
        confidence=Confidence.CERTAIN,
        place=Place(str(path), line=key.line, end_line=key.line, column=key.column),
        advice=f"Give it a passphrase: ssh-keygen -p -f {shell_path(path, workstation.home)}"
        if for_ssh
        else "Keep it out of repositories, images and backups, readable for its owner alone, and replace it if it was.",
        locator=f"key {key.line}" if key.line > 1 else "key",
    )
