"""Copies of credential files that crashes, editors and people left behind: the logins in them still work."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from checks import by_name, late
from checks.detect.logins import Source, login_findings
from checks.files.documents import look_at
from checks.files.places import legacy_place, podman_places
from checks.files.reading import Document
from checks.formats.display import shell_path
from checks.formats.docker_auth import AuthFile, read_auth_file
from checks.formats.dockercfg_ini import is_dockercfg_ini, read_dockercfg_ini
from checks.formats.editor_swap import read_swap
from checks.formats.plain_text_passwords import read_passwords
from checks.model.finding import Finding, Looked, Observation, Skipped
from checks.model.workstation import Workstation

id = "docker-leftovers"  # noqa: A001  the protocol's name
title = "copies of credential files"
may_claim = by_name.docker_leftovers

DOCKER_DESKTOP_PASSWORDS = "plaintext-passwords.json"
# docker: config.json123456. podman: .tmp-auth.json123456. dockhygiene: .config.json.dockhygiene-x.
# vim: .config.json.swp. emacs: #config.json#, config.json~. People: config.json.bak, config_old.json, config (1).json.
_BEFORE = r"(?:\.tmp-|copy[ _-]of[ _-]|backup[ _-]of[ _-]|[.#~_]*|old[._-]|bak[._-]|backup[._-])"
_AFTER_STEM = r"(?![A-Za-z0-9]).*"
_WORDS = r"(?:bak|backup|old|orig|save|saved|prev|copy|tmp|swp)"


def _copies_of(stem: str) -> re.Pattern[str]:
    return re.compile(
        rf"{_BEFORE}{stem}(?:{_AFTER_STEM}\.?json.*|\.json.+|[._-]?{_WORDS}[^/]*)", re.IGNORECASE | re.DOTALL
    )


_CONFIG, _AUTH = _copies_of("config"), _copies_of("auth")
_DOCKERCFG = late.compile(rf"[.#]*\.dockercfg(?:[#~]|[._-]?{_WORDS}.*|\.?[0-9]+|\.sw[a-z])", re.IGNORECASE | re.DOTALL)
_SWAP = late.compile(r"\.sw[a-z]\Z|\.kate-swp\Z")


def survey(workstation: Workstation) -> Iterator[Observation]:
    folders = {path.parent: _AUTH for path in podman_places(workstation) if path.name == "auth.json"}
    folders[legacy_place(workstation).parent] = _DOCKERCFG
    folders[workstation.docker_folder] = _CONFIG
    seen: set[str] = set()
    for folder, pattern in folders.items():
        real = os.path.realpath(folder)
        if real not in seen:
            seen.add(real)
            yield from _look(workstation, folder, pattern)


def _look(workstation: Workstation, folder: Path, pattern: re.Pattern[str]) -> Iterator[Observation]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  names, not paths
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:
        yield Skipped(id, str(folder), f"not readable: {getattr(error, 'strerror', None) or 'not a possible path'}")
        return
    for name in names:
        if _is_copy(name, pattern) or (pattern is _CONFIG and name == DOCKER_DESKTOP_PASSWORDS):
            yield from read(workstation, folder / name)


def claims(path: Path) -> bool:
    name, folder = path.name, path.parent.name
    if folder in (".docker", "docker"):
        return name == DOCKER_DESKTOP_PASSWORDS or _is_copy(name, _CONFIG)
    if folder == "containers" or (folder.isdigit() and path.parent.parent.name == "containers"):
        return _is_copy(name, _AUTH)
    return _is_copy(name, _DOCKERCFG)


def _is_copy(name: str, pattern: re.Pattern[str]) -> bool:
    # `.#config.json` is emacs' lock, a link to nothing; the other two are the files themselves.
    return name not in ("config.json", "auth.json") and not name.startswith(".#") and bool(pattern.fullmatch(name))


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation))


def look(workstation: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    advice = f"Once its logins are in a store or rotated, delete it: rm {shell_path(path, workstation.home)}"
    for finding in login_findings(_parse(path, document.data), Source(id, str(path), advice=advice, reader="a client")):
        if finding.secret:  # whether docker could read it is no matter: nothing reads a copy but a thief
            yield _left_behind(finding)
    yield Looked(str(path), len(document.data))


def _parse(path: Path, data: bytes) -> AuthFile:
    if _SWAP.search(path.name):
        return read_swap(data)
    if path.name == DOCKER_DESKTOP_PASSWORDS:
        return read_passwords(data)
    if ".dockercfg" in path.name and is_dockercfg_ini(data):
        return read_dockercfg_ini(data)
    return read_auth_file(data, flat=".dockercfg" in path.name)


def _left_behind(finding: Finding) -> Finding:
    return replace(finding, rule="login-in-leftover-copy", title=f"{finding.title}, in a copy left behind")
