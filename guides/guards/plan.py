"""What installing and removing the hooks of one repository changes. Nothing is written here."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guides.edits.atomic import NotWritten
from guides.guards.asking import GuardError, HookPlace
from guides.guards.changes import Change, content
from guides.guards.entries import ByHand, Entry, Standing
from guides.guards.husky import husky_entry, scripts_folder
from guides.guards.lefthook import is_lefthook, lefthook_entry, lefthook_file
from guides.guards.precommit import is_precommit, precommit_entry, precommit_file
from guides.guards.scripts import GUARDED, PREVIOUS, local_hook, read_written

_LEGACY = ".legacy"
_TEAM = (
    "This is a part of the work tree: once committed it reaches everybody. They need dockhygiene on their PATH too, "
    "for without it their commits and pushes stop."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to be shown, confirmed and made in this order."""

    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    """What has to be known before it is agreed to; one sentence each."""
    standing: tuple[str, ...] = ()
    """What is there already, or stays."""


def plan_install(place: HookPlace, program: Path, own_folder: Path) -> Plan:
    """How the two hooks come into this repository. `own_folder` is where the hooks for all repositories lie.

    Raises GuardError where that cannot be done.
    """
    if place.setting and _same(place.folder, own_folder):
        said = f"the hooks for all repositories stand in {own_folder}, and guard this one too"
        return Plan(standing=(said,))
    _refuse_foreign_folder(place)
    entries = entries_of(place)
    changes, notes, standing = [], [], []
    for hook in GUARDED:
        entry = entries.get(hook)
        if moved := moved_hook(place.folder, hook):
            standing.append(f"{hook}: {moved} guards already, which pre-commit runs first")
            continue
        change = _entry_change(entry) if entry else install_hook(place.folder, hook, None if place.shared else program)
        if change:
            changes.append(change)
            notes += [_TEAM] if entry or place.shared else []
            notes += [entry.note] if entry and entry.note else []
        else:
            standing.append(f"{hook}: {entry.path if entry else place.folder / hook} guards already")
    outside = place.setting and changes and not entries and not place.shared
    if outside and place.setting and not _same(place.folder, place.own):
        notes.append(f"{place.folder} is used by every repository whose core.hooksPath names it.")
    if place.work_tree and (place.work_tree / ".husky").is_dir() and not scripts_folder(place.folder):
        notes.append(
            "husky is in this repository and not set up (npm install does that). Install the guard again afterwards."
        )
    return Plan(tuple(_joined(changes)), tuple(dict.fromkeys(notes)), tuple(standing))


def plan_uninstall(place: HookPlace) -> Plan:
    """How this repository gets its hooks back. Raises GuardError where something of ours was changed since."""
    changes: list[Change] = []
    standing: list[str] = []
    for folder in dict.fromkeys((place.folder, place.own)):
        if folder != place.own and place.setting and place.setting.scope in ("system", "global"):
            standing.append(f"{folder} is for all repositories, and stays: dockhygiene guard uninstall --global")
            continue
        for hook in GUARDED:
            changes += list(uninstall_hook(folder, hook))
    for hook, entry in entries_of(place).items():
        text = _text(entry.path)
        found = entry.standing(text)
        if found is Standing.CHANGED:
            standing.append(f"{hook}: the entry in {entry.path} is not as dockhygiene writes it, and stays")
        elif found is Standing.OURS:
            changes.append(_edited(entry, text, _by_hand(entry.removed, text, entry, "take it out yourself")))
    return Plan(tuple(_joined(changes)), (), tuple(standing))


def entries_of(place: HookPlace) -> Mapping[str, Entry]:
    """The entries that take a hook's place, by hook, where a tool keeps the hooks of this repository."""
    husky = scripts_folder(place.folder)
    if husky:
        return {hook: husky_entry(hook, husky) for hook in GUARDED}
    if not place.work_tree:
        return {}
    held = {hook: _held(place.folder / hook) for hook in (*GUARDED, "prepare-commit-msg")}
    path = lefthook_file(place.work_tree)
    if path and any(is_lefthook(data) for data in held.values()):
        return {hook: lefthook_entry(hook, path) for hook in GUARDED}
    if is_precommit(held["pre-commit"]):
        path = precommit_file(held["pre-commit"], place.work_tree)
        if path.is_file():
            return {"pre-commit": precommit_entry(path)}
    return {}


def install_hook(folder: Path, hook: str, program: Path | None) -> Change | None:
    """The change that puts our hook there, before the one that is there; None where it stands. Raises GuardError."""
    path = folder / hook
    wanted = local_hook(hook, program)
    before = _hook(path)
    if before == wanted and os.access(path, os.X_OK):
        return None
    _refuse_unwritable(folder)
    ours = read_written(before) if before is not None else None
    if ours and not ours.intact:
        raise GuardError(f"{path} was changed since dockhygiene wrote it", f"look at it, and remove it: rm {path}")
    previous = None if before is None or ours else path.with_name(hook + PREVIOUS)
    if previous and os.path.lexists(previous) and _hook(previous) != before:
        raise GuardError(f"{previous} is there already", "look what it is, and move it away")
    return Change(path, before, wanted, previous)


def uninstall_hook(folder: Path, hook: str) -> Iterator[Change]:
    """The changes that take our hook away and put back what it replaced. Raises GuardError."""
    previous = folder / f"{hook}{PREVIOUS}"
    for path in (folder / hook, folder / f"{hook}{_LEGACY}"):
        data = _hook(path)
        ours = read_written(data) if data is not None else None
        if not ours:
            continue
        if not ours.intact:
            mend = f"look at it, and remove it: rm {path}"
            mend += f"; then mv {previous} {path}" if previous.exists() else ""
            raise GuardError(f"{path} was changed since dockhygiene wrote it", mend)
        _refuse_unwritable(folder)
        yield Change(path, data, None, previous if os.path.lexists(previous) else None)
        return


def moved_hook(folder: Path, hook: str) -> Path | None:
    """A hook of ours that `pre-commit install` moved aside: its own hook runs that one first."""
    path = folder / f"{hook}{_LEGACY}"
    ours = read_written(_held(path))
    return path if ours and ours.intact and is_precommit(_held(folder / hook)) else None


def _entry_change(entry: Entry) -> Change | None:
    text = _text(entry.path)
    if entry.standing(text) is not Standing.MISSING:
        return None
    _refuse_unwritable(entry.path.parent)
    return _edited(entry, text, _by_hand(entry.added, text, entry, f"write this there:\n{entry.wanted}"))


def _edited(entry: Entry, before: str, after: str) -> Change:
    old = before.encode("utf-8", "surrogateescape") if entry.path.exists() else None
    new = after.encode("utf-8", "surrogateescape")
    return Change(entry.path, old, new if new.strip() else None, None, entry.mode, hook=False)


def _joined(changes: list[Change]) -> Iterator[Change]:
    """Two entries in one file become one change: the second is planned again on what the first leaves."""
    waiting = list(changes)
    while waiting:
        first = waiting.pop(0)
        twins = [one for one in waiting if one.path == first.path]
        if twins:
            waiting = [one for one in waiting if one.path != first.path]
            first = _merged(first, twins[0])
        yield first


def _merged(first: Change, second: Change) -> Change:
    """lefthook's two hooks stand in one file."""
    text = (first.after or b"").decode("utf-8", "surrogateescape")
    adding = len(first.after or b"") > len(first.before or b"")
    for hook in GUARDED:
        entry = lefthook_entry(hook, first.path)
        standing = entry.standing(text)
        if adding and standing is Standing.MISSING:
            text = _by_hand(entry.added, text, entry, f"write this there:\n{entry.wanted}")
        elif not adding and standing is Standing.OURS:
            text = _by_hand(entry.removed, text, entry, "take it out yourself")
    after = text.encode("utf-8", "surrogateescape")
    return Change(first.path, second.before, after if after.strip() else None, None, first.mode, hook=False)


def _by_hand(edit: object, text: str, entry: Entry, mend: str) -> str:
    assert callable(edit)
    try:
        return str(edit(text))
    except ByHand as error:
        raise GuardError(f"{entry.path} is not edited: {error}", mend) from error


def _refuse_foreign_folder(place: HookPlace) -> None:
    setting = place.setting
    if setting and setting.scope in ("system", "global") and not place.shared:
        raise GuardError(
            f"{setting.where} sets core.hooksPath for all repositories, to {place.folder}: its own hooks do not run",
            "install the guard there: dockhygiene guard install --global",
        )
    if os.path.lexists(place.folder) and not place.folder.is_dir():
        where = f" ({setting.where} sets core.hooksPath)" if setting else ""
        raise GuardError(f"{place.folder} is not a folder: hooks are switched off here{where}")


def _refuse_unwritable(folder: Path) -> None:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise GuardError(f"{there} cannot be written by you", "ask its owner, or see whether it is mounted read-only")


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _held(path: Path) -> bytes:
    try:
        return content(path) or b""
    except NotWritten:
        return b""


def _hook(path: Path) -> bytes | None:
    try:
        return content(path)
    except NotWritten as error:
        raise GuardError(str(error)) from error


def _text(path: Path) -> str:
    return (_hook(path) or b"").decode("utf-8", "surrogateescape")
