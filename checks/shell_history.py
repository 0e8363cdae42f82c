"""Shell history: every command that was typed with its password still has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from checks import by_name
from checks.detect.command_logins import CommandSecret, command_secrets, parsed_secrets
from checks.detect.shell_findings import finding_of
from checks.detect.telling_words import telling_offsets, worth_parsing
from checks.files.asking import each_once, matching
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.formats.shell_history import HistoryFormat, entries_at, format_of, history_text
from checks.formats.text_positions import Lines
from checks.model.finding import Looked, Observation
from checks.model.secret import Secret
from checks.model.workstation import MEBIBYTE, Workstation

id = "shell-history"  # noqa: A001  the protocol's name
title = "shell history"
may_claim = by_name.shell_history

LARGEST = 32 * MEBIBYTE
"""A history of 400,000 commands has 20 MB."""
_NAMES = (".bash_history", ".zsh_history", ".zhistory", ".histfile", ".sh_history", ".ash_history", ".ksh_history",
          ".mksh_history", ".history", ".tcsh_history", ".csh_history", ".osh_history")  # fmt: skip
_POWERSHELL = "ConsoleHost_history.txt"
"""PSReadLine's."""
_ADVICE = "Rotate the secret first; then delete the line with the shell closed, or it will be written again."


_MOST_CLEAN, _LONGEST_CLEAN = 10_000, 500
"""Commands without a secret that are remembered, as people type the same again and again; and their characters."""


@dataclass(slots=True)
class _Held:
    last: CommandSecret
    times: int = 1


def survey(workstation: Workstation) -> Iterator[Observation]:
    for path in each_once(_places(workstation)):
        yield from read(workstation, path)


def _places(workstation: Workstation) -> Iterator[Path]:
    home, environment = workstation.home, workstation.environment
    if (named := environment.get("HISTFILE", "")).startswith("/"):
        yield Path(named)
    if folder := environment.get("ZDOTDIR"):
        yield from (Path(folder) / name for name in (".zsh_history", ".zhistory"))
    yield from (home / name for name in _NAMES)
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")
    yield from matching(data / "fish", "*_history")
    state = Path(environment.get("XDG_STATE_HOME") or home / ".local" / "state")
    yield from (folder / "history" for folder in (data / "zsh", state / "zsh", state / "bash", data / "bash"))
    yield from matching(home / ".zsh_sessions", "*.history")
    yield from matching(home / ".bash_sessions", "*.history*")
    yield data / "powershell" / "PSReadLine" / _POWERSHELL


def claims(path: Path) -> bool:
    name, folder = path.name, path.parent.name
    return (
        name in _NAMES
        or (folder == "fish" and name.endswith("_history"))
        or (folder in ("zsh", "bash") and name == "history")
        or (folder in (".zsh_sessions", ".bash_sessions") and ".history" in name)
        or name == _POWERSHELL
    )


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, LARGEST, partial(look, workstation))


def look(workstation: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    history = format_of(path.name, document.data)
    text = history_text(document.data, history)
    fish = history is HistoryFormat.FISH
    held: dict[Secret, _Held] = {}
    clean: set[str] = set()
    for entry in entries_at(text, history, telling_offsets(text)):
        if workstation.cancelled.is_set():
            return
        if entry.text in clean:
            continue
        found = list(_secrets(path.name, entry.text, fish=fish)) if worth_parsing(entry.text) else []
        for one in found:
            _keep(held, one.moved(entry.first(one.start), entry.last(one.end)))
        if not found and len(clean) < _MOST_CLEAN and len(entry.text) < _LONGEST_CLEAN:
            clean.add(entry.text)
    if held:
        lines = Lines(text)
        for kept in held.values():
            yield finding_of(kept.last, lines, check=id, path=str(path), advice=_ADVICE, times=kept.times)
    yield Looked(str(path), len(document.data))


def _secrets(name: str, command: str, *, fish: bool) -> Iterator[CommandSecret]:
    if name != _POWERSHELL:
        return command_secrets(command, fish=fish)
    from checks.formats.powershell import powershell_commands

    return parsed_secrets(list(powershell_commands(command)), command)


def _keep(held: dict[Secret, _Held], found: CommandSecret) -> None:
    """The last place of each secret; the surest of what is known of it."""
    before = held.get(found.secret)
    if not before:
        held[found.secret] = _Held(found)
        return
    before.times += 1
    known = before.last
    if found.confidence < known.confidence or (known.registry and not found.registry):
        found = known.moved(found.start, found.end)
    before.last = found
