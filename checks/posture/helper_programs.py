"""credsStore and credHelpers: programs that docker starts for every pull. Nothing is started here."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checks.files.safe_path import path_entries, unsafe_entry, unsafe_program
from checks.formats.display import printable
from checks.formats.docker_auth import AuthFile, members
from checks.formats.helper_names import PLAIN_TEXT, PREFIX, is_suffix
from checks.model.finding import Finding, Severity
from checks.model.workstation import Workstation
from checks.posture.weakness import in_file, weakness

_DESKTOP = frozenset({"desktop", "desktop.exe"})


class _Use(NamedTuple):
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
    if not is_suffix(use.suffix):
        return (
            "unsafe-helper-name",
            f"the helper name {printable(use.suffix, 60)} can lead to a program outside PATH",
            Severity.HIGH,
            "Find out who wrote it and take it out: docker starts the program for every pull.",
        )
    if use.suffix.lower() in PLAIN_TEXT:
        return (
            "plain-text-helper",
            f"the helper {PREFIX}{use.suffix} keeps logins in plain text",
            Severity.MEDIUM,
            "Move its logins into a real store (dockhygiene move) and name that one instead.",
        )
    return None


def _wrong_program(workstation: Workstation, suffix: str) -> _Wrong:
    name = PREFIX + suffix
    entries = list(path_entries(workstation.environment))
    position, reason = _first_program(entries, name)
    if position is None:
        return _missing(suffix, name, reason)
    for entry in entries[: position + 1]:
        if weak := unsafe_entry(entry):
            return (
                "helper-from-unsafe-folder",
                f"{name} is looked for in {printable(entry, 80) or 'an empty PATH entry'}: {printable(weak)}",
                Severity.HIGH,
                "Take that entry out of PATH, or close it for others: whoever writes there reads every login.",
            )
    if weak := unsafe_program(Path(entries[position]) / name):
        return (
            "helper-writable-by-others",
            f"the program {name} is not safe: {printable(weak)}",
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
