"""Which hooks git runs in a repository, and whether they guard it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guides.edits.atomic import NotWritten
from guides.guards.asking import HookPlace, HooksPath, everywhere
from guides.guards.changes import content
from guides.guards.entries import Entry, Standing
from guides.guards.plan import entries_of, moved_hook
from guides.guards.scripts import CLIENT, GUARDED, PREVIOUS, VERSION, Written, read_written

_INSTALL = "dockhygiene guard install"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one hook, or of the settings."""

    subject: str
    good: bool
    text: str
    mend: str = ""


def look(place: HookPlace, own_folder: Path, environment: Mapping[str, str]) -> list[Told]:
    """One line for each guarded hook, then what else matters; the guard stands where all are good."""
    for_all = os.path.realpath(place.folder) == os.path.realpath(own_folder)
    entries = {} if for_all else entries_of(place)
    told = []
    for hook in GUARDED:
        entry = None if moved_hook(place.folder, hook) else entries.get(hook)
        told.append(_entry(hook, entry, place, environment) if entry else _hook(hook, place, environment))
    return [*told, *_shadowed(place, own_folder), *_kept(place), *_configured(place)]


def _hook(hook: str, place: HookPlace, environment: Mapping[str, str]) -> Told:
    path = place.folder / hook
    data = _content(path)
    if data is None:
        return Told(hook, False, f"no hook in {place.folder}", _where(place))
    ours = read_written(data)
    if moved := moved_hook(place.folder, hook):
        path, ours = moved, read_written(_content(moved) or b"")
    if not ours or not ours.guards:
        return Told(hook, False, f"{path} does not guard: it is not dockhygiene's", _where(place))
    return _ours(hook, path, ours, environment)


def _ours(hook: str, path: Path, ours: Written, environment: Mapping[str, str]) -> Told:
    if not os.access(path, os.X_OK):
        return Told(hook, False, f"{path} is not executable: git does not run it", f"chmod +x {path}")
    program = _program(ours.program, environment)
    if not program:
        gone = f"{ours.program} is gone" if ours.program else "dockhygiene is not on PATH"
        return Told(hook, False, f"{path} stops everything: {gone}", f"install dockhygiene, then {_INSTALL}")
    if not ours.intact:
        return Told(hook, False, f"{path} was changed since dockhygiene wrote it", "look at it, and remove it")
    if ours.version != VERSION:
        return Told(hook, False, f"{path} was written by another version of dockhygiene", _INSTALL)
    by_path = ours.program and program != ours.program
    remark = f" ({ours.program} is gone, and this one is on PATH: {_INSTALL})" if by_path else ""
    return Told(hook, True, f"{path} guards, with {program}{remark}")


def _program(named: str, environment: Mapping[str, str]) -> str:
    """The program that the hook finds: the named one, else PATH's, which must be absolute."""
    if named and os.access(named, os.X_OK):
        return named
    found = shutil.which("dockhygiene", path=environment.get("PATH", ""))
    return found if found and found.startswith("/") else ""


def _entry(hook: str, entry: Entry, place: HookPlace, environment: Mapping[str, str]) -> Told:
    text = (_content(entry.path) or b"").decode("utf-8", "surrogateescape")
    path = place.folder / hook
    if entry.standing(text) is Standing.MISSING:
        return Told(
            hook, False, f"{entry.tool} keeps the hooks, and {entry.path} has no entry of dockhygiene", _INSTALL
        )
    if _content(path) is None:
        return Told(hook, False, f"{entry.path} has the entry, but {path} is missing", f"set {entry.tool} up again")
    if not os.access(path, os.X_OK):
        return Told(hook, False, f"{path} is not executable: git does not run it", f"chmod +x {path}")
    program = _program("", environment)
    if not program and entry.standing(text) is Standing.OURS:
        return Told(hook, False, f"{entry.path} stops everything: dockhygiene is not on PATH", "install it for PATH")
    return Told(hook, True, f"{entry.tool} guards, by the entry in {entry.path}")


def _shadowed(place: HookPlace, own_folder: Path) -> Iterator[Told]:
    """Hooks of ours that do not run because a setting leads elsewhere."""
    setting = place.setting
    if not setting:
        return
    if os.path.realpath(place.folder) == os.path.realpath(own_folder):
        yield _passing(own_folder, setting)
        return
    origin = f"{setting.where} sets core.hooksPath to {setting.folder} ({setting.scope})"
    for hook in GUARDED:
        data = _content(place.own / hook)
        if place.folder != place.own and data is not None and (ours := read_written(data)) and ours.guards:
            yield Told("shadowed", True, f"{place.own / hook} does not run: {origin}")
    for other in place.settings[:-1]:
        if os.path.realpath(other.folder) == os.path.realpath(own_folder):
            yield Told("shadowed", True, f"the hooks for all repositories do not run here: {origin}")
    yield Told("core.hooksPath", True, origin)


def _passing(own_folder: Path, setting: HooksPath) -> Told:
    """Whether the folder for all repositories hands every hook on to the repository's own."""
    lacking = [hook for hook in CLIENT if not os.access(own_folder / hook, os.X_OK)]
    if lacking:
        said = f"{setting.where} leads to {own_folder}, where hooks are missing: {', '.join(lacking)}"
        return Told("core.hooksPath", False, said, f"{_INSTALL} --global")
    return Told("core.hooksPath", True, f"{setting.where} leads all repositories to dockhygiene's own hooks")


def look_everywhere(environment: Mapping[str, str], own_folder: Path) -> list[Told]:
    """The guard of all repositories; empty where there is none. Raises GuardError."""
    setting = next(reversed(everywhere(environment)), None)
    if not setting or os.path.realpath(setting.folder) != os.path.realpath(own_folder):
        return []
    place = HookPlace(own_folder, own_folder, None, (setting,))
    return [*(_hook(hook, place, environment) for hook in GUARDED), _passing(own_folder, setting)]


def _kept(place: HookPlace) -> Iterator[Told]:
    for hook in GUARDED:
        previous = place.folder / f"{hook}{PREVIOUS}"
        if previous.is_file() and not os.access(previous, os.X_OK):
            yield Told(hook, True, f"{previous} is not executable: it did not run before, and does not now")


def _configured(place: HookPlace) -> Iterator[Told]:
    if place.configured:
        names = ", ".join(place.configured)
        yield Told("configuration", True, f"git 2.54 and later also run the hooks of the configuration: {names}")


def _where(place: HookPlace) -> str:
    setting = place.setting
    outside = setting and setting.scope in ("system", "global") and not place.shared
    return f"{_INSTALL} --global" if outside else _INSTALL


def _content(path: Path) -> bytes | None:
    try:
        return content(path)
    except NotWritten:
        return b""
