"""credsStore and credHelpers: programs that docker starts for every pull. Nothing is started here."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.formats.display import printable
from checks.formats.docker_auth import AuthFile, members
from checks.model.finding import Finding, Severity
from checks.model.workstation import Workstation
from checks.posture.weakness import in_file, weakness

SAFE_SUFFIX = re.compile(r"[A-Za-z0-9._-]+")
PLAIN_TEXT = frozenset(
    {"plaintext", "plain", "flatfile", "file", "files", "text", "json", "env", "environment", "dotenv"}
)
"""Suffixes of helpers that keep the secrets in a file or in the environment, as plain as config.json."""
_DESKTOP = frozenset({"desktop", "desktop.exe"})
_PREFIX = "docker-credential-"


@dataclass(frozen=True, slots=True)
class _Use:
    """One place that names a helper: `credsStore`, or `credHelpers/ghcr.io`."""

    field: str
    suffix: str
    offset: int


def helper_findings(workstation: Workstation, auth_file: AuthFile, path: Path, *, own: bool) -> Iterator[Finding]:
    """What is wrong with the helpers a file names; whether they are installed only for the user's own file."""
    installed: set[str] = set()
    for use in _uses(auth_file):
        place = in_file(path, auth_file, use.offset, use.field)
        found = _wrong_name(use)
        if not found and own and use.suffix and use.suffix not in installed:
            installed.add(use.suffix)  # one finding for a program, however many registries name it
            found = _wrong_program(workstation, use.suffix)
        if found:
            rule, title, severity, advice = found
            yield weakness(rule, title, severity, place, advice, locator=f"{use.field}={use.suffix}")


def _uses(auth_file: AuthFile) -> Iterator[_Use]:
    stores = [held for held in members(auth_file.root, "credsStore") if held.value.kind == "string"]
    if stores and stores[-1].value.text:
        yield _Use("credsStore", stores[-1].value.text, stores[-1].start)
    offsets = {
        entry.name: entry.start for held in members(auth_file.root, "credHelpers") for entry in held.value.members
    }
    for registry, suffix in auth_file.cred_helpers.items():
        yield _Use(f"credHelpers/{registry}", suffix, offsets[registry])


_Wrong = tuple[str, str, Severity, str] | None


def _wrong_name(use: _Use) -> _Wrong:
    if not use.suffix:
        return (
            "empty-helper-name",
            "an empty helper name: docker then uses the file for this registry, podman and skopeo fail",
            Severity.LOW,
            "Name a helper for this registry, or accept that podman and skopeo cannot use this file.",
        )
    if not SAFE_SUFFIX.fullmatch(use.suffix):
        return (
            "unsafe-helper-name",
            f"the helper name {printable(use.suffix, 60)} can lead to a program outside PATH",
            Severity.HIGH,
            "Find out who wrote it and take it out: docker starts the program for every pull.",
        )
    if use.suffix.lower() in PLAIN_TEXT:
        return (
            "plain-text-helper",
            f"the helper {_PREFIX}{use.suffix} keeps logins in plain text",
            Severity.MEDIUM,
            "Move its logins into a real store (dockhygiene move) and name that one instead.",
        )
    return None


def _wrong_program(workstation: Workstation, suffix: str) -> _Wrong:
    name = _PREFIX + suffix
    entries = _path_entries(workstation)
    position, reason = _first_program(entries, name)
    if position is None:
        return _missing(suffix, name, reason)
    for entry in entries[: position + 1]:
        if weak := _weak_entry(workstation, entry):
            return (
                "helper-from-unsafe-folder",
                f"{name} is looked for in {printable(entry, 80) or 'an empty PATH entry'}, {weak}",
                Severity.HIGH,
                "Take that entry out of PATH, or close it for others: whoever writes there reads every login.",
            )
    if weak := _weak_file(workstation, Path(entries[position]) / name):
        return (
            "helper-writable-by-others",
            f"the program {name} {weak}",
            Severity.HIGH,
            f'Close it for others: chmod go-w "$(command -v {name})"',
        )
    return None


def _missing(suffix: str, name: str, reason: str) -> _Wrong:
    advice = f"Install {name} where PATH finds it, or take the setting out and log in again."
    if suffix in _DESKTOP:
        advice = "Start or reinstall Docker Desktop, or take the setting out and log in again with another helper."
    title = f"the helper {name} {reason or 'is not on PATH'}: docker silently falls back to plain text"
    return "missing-helper", title, Severity.MEDIUM, advice


def _path_entries(workstation: Workstation) -> list[str]:
    value = workstation.environment.get("PATH", "")
    return value.split(os.pathsep) if value else []


def _first_program(entries: list[str], name: str) -> tuple[int | None, str]:
    """Position of the entry that holds the program; else what lies there instead of one."""
    reason = ""
    for position, entry in enumerate(entries):
        program = Path(entry) / name
        try:
            mode = program.stat().st_mode
        except (OSError, ValueError):
            if _is_link(program):
                reason = reason or "is a link to nothing"
            continue
        if stat.S_ISREG(mode) and mode & 0o111:
            return position, ""
        reason = reason or "is not executable"
    return None, reason


def _is_link(path: Path) -> bool:
    try:
        return stat.S_ISLNK(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def _weak_entry(workstation: Workstation, entry: str) -> str:
    if not os.path.isabs(entry):  # noqa: PTH117  Path("") would already be "."
        return "which means wherever docker is started"
    return _weak_file(workstation, Path(entry))


def _weak_file(workstation: Workstation, path: Path) -> str:
    if workstation.platform == "win32":
        return ""  # its access lists are not read here
    try:
        status = path.stat()
    except (OSError, ValueError):
        return ""
    if status.st_mode & 0o002:
        return "which everybody can write to"
    return "" if status.st_uid in (0, workstation.uid) else "which belongs to another user"
