"""The guard of all repositories: a folder of ours that the person's `core.hooksPath` names.

It lies beside git's own files of the person and not in the state folder: where it were lost, every hook of every
repository would stop running, without a word.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from checks.formats.git_config import git_settings
from guides.edits.atomic import NotWritten
from guides.guards.asking import GuardError, HooksPath, everywhere
from guides.guards.changes import Change, content
from guides.guards.plan import Plan, install_hook, uninstall_hook
from guides.guards.scripts import CLIENT, GUARDED, global_hook, read_written

_SEEN = "A repository with a core.hooksPath of its own (husky sets one) keeps to that: guard install there too."
_TOOLS = "Some tools, pre-commit and lefthook among them, do not install hooks while core.hooksPath is set."


def own_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Where the hooks for all repositories lie."""
    return _config_home(environment, home) / "dockhygiene" / "git-hooks"


def person_file(environment: Mapping[str, str], home: Path) -> Path:
    """The file that `git config --global` writes (git-config(1), FILES). Raises GuardError where there is none."""
    named = environment.get("GIT_CONFIG_GLOBAL")
    if named is not None:
        if not named or named == os.devnull:
            raise GuardError("GIT_CONFIG_GLOBAL switches your own settings of git off", "unset it")
        return Path(os.path.realpath(home / named))
    beside = _config_home(environment, home) / "git" / "config"
    usual = home / ".gitconfig"
    return Path(os.path.realpath(beside if beside.exists() and not usual.exists() else usual))


def plan_global_install(environment: Mapping[str, str], home: Path, program: Path) -> Plan:
    """The hooks for all repositories. Raises GuardError."""
    folder = own_folder(environment, home)
    settings = everywhere(environment)
    setting = settings[-1] if settings else None
    if setting and os.path.realpath(setting.folder) != os.path.realpath(folder):
        return _into_theirs(setting, program)
    changes = list(_hooks(folder, program))
    if not setting:
        changes.append(_set(person_file(environment, home), folder))
    notes = (_SEEN, _TOOLS) if changes else ()
    return Plan(tuple(changes), notes, () if changes else (f"{folder} guards all repositories already",))


def plan_global_uninstall(environment: Mapping[str, str], home: Path) -> Plan:
    """git first stops looking there, then the folder goes. Raises GuardError where something was changed since."""
    folder = own_folder(environment, home)
    settings = everywhere(environment)
    setting = settings[-1] if settings else None
    changes: list[Change] = []
    if setting and os.path.realpath(setting.folder) == os.path.realpath(folder):
        changes.append(_unset(person_file(environment, home), folder))
    elif setting and setting.scope == "global" and Path(setting.folder).is_absolute():
        changes += [one for hook in GUARDED for one in uninstall_hook(Path(setting.folder), hook)]
    return Plan((*changes, *_removed(folder)))


def remove_folder(environment: Mapping[str, str], home: Path) -> None:
    """After all its hooks are gone: the folder too, where it is empty."""
    folder = own_folder(environment, home)
    for each in (folder, folder.parent):
        try:
            each.rmdir()
        except OSError:
            return  # it holds something else, or was never there


def _hooks(folder: Path, program: Path) -> Iterator[Change]:
    for hook in CLIENT:
        wanted = global_hook(hook, program)
        before = _content(folder / hook)
        ours = read_written(before) if before is not None else None
        if before == wanted and os.access(folder / hook, os.X_OK):
            continue
        if before is not None and not (ours and ours.intact):
            raise GuardError(f"{folder / hook} is not as dockhygiene wrote it", "look at it, and move it away")
        yield Change(folder / hook, before, wanted)


def _removed(folder: Path) -> Iterator[Change]:
    strange = sorted(set(os.listdir(folder)) - set(CLIENT)) if folder.is_dir() else []  # noqa: PTH208  names alone
    if strange:
        raise GuardError(f"{folder / strange[0]} was not written by dockhygiene", "move it away first")
    for hook in CLIENT:
        data = _content(folder / hook)
        ours = read_written(data) if data is not None else None
        if data is not None and not (ours and ours.intact):
            raise GuardError(f"{folder / hook} is not as dockhygiene wrote it", "look at it, and move it away")
        if data is not None:
            yield Change(folder / hook, data, None)


def _into_theirs(setting: HooksPath, program: Path) -> Plan:
    """Into the folder that is set already: what the person or the machine set stays set."""
    folder = Path(setting.folder)
    if not folder.is_absolute():
        raise GuardError(
            f"{setting.where} sets core.hooksPath to {setting.folder}, which is another folder in each repository",
            "install the guard in each: dockhygiene guard install",
        )
    if os.path.lexists(folder) and not folder.is_dir():
        raise GuardError(f"{setting.where} switches all hooks off: core.hooksPath is {folder}", "take that line out")
    changes = [change for hook in GUARDED if (change := install_hook(folder, hook, program))]
    note = f"{setting.where} sets core.hooksPath to {folder}: the guard goes there, beside the hooks that are there."
    return Plan(tuple(changes), (note,) if changes else (), () if changes else (f"{folder} guards already",))


def _set(path: Path, folder: Path) -> Change:
    before = _content(path)
    text = (before or b"").decode("utf-8", "surrogateescape")
    gap = "\n" if text and not text.endswith("\n") else ""
    after = (text + gap + _section(folder)).encode("utf-8", "surrogateescape")
    return Change(path, before, after, None, 0o644, hook=False)


def _unset(path: Path, folder: Path) -> Change:
    before = _content(path)
    text = (before or b"").decode("utf-8", "surrogateescape")
    section = _section(folder)
    after = text.replace(section, "")
    left = [one for one in git_settings(after) if (one.section, one.name) == ("core", "hookspath")]
    if text.count(section) != 1 or any(one.value and one.value.text == str(folder) for one in left):
        command = "git config --global --unset core.hooksPath"
        raise GuardError(f"core.hooksPath does not stand in {path} as dockhygiene wrote it", f"first: {command}")
    new = after.encode("utf-8", "surrogateescape")
    return Change(path, before, new or None, None, 0o644, hook=False)


def _section(folder: Path) -> str:
    """git-config(1), SYNTAX: inside quotes a backslash stands before quotes and backslashes."""
    text = str(folder)
    if "\n" in text:
        raise GuardError("the path of your configuration folder holds a line end", "set XDG_CONFIG_HOME to another")
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'[core] # dockhygiene guard\n\thooksPath = "{quoted}"\n'


def _config_home(environment: Mapping[str, str], home: Path) -> Path:
    named = environment.get("XDG_CONFIG_HOME", "")
    return Path(named) if named.startswith("/") else home / ".config"


def _content(path: Path) -> bytes | None:
    try:
        return content(path)
    except NotWritten as error:
        raise GuardError(str(error)) from error
