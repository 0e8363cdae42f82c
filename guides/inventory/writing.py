"""Adding an entry to a file of uses, and taking one out. What people wrote around it stays, comments too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.encodings import text_of
from checks.model.finding import Finding
from checks.model.workstation import Workstation
from checks.source_text import findings_in
from checks.uses.by_hand import FIELDS, NAME, Entry, Inventory, read_inventory
from guides.guards.changes import Change

LARGEST = 1 << 20
MODE = 0o644
_HEAD = (
    "# What uses a registry's login, and no file of a program says. No secret belongs here.\n"
    "# dockhygiene uses shows it, uses --add and --remove write it. The format: docs/uses.md of dockhygiene.\n"
    "version: 1\nuses:\n"
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./ +-]{0,200}(?<! )")
"""Texts that YAML reads as the same text without quotes."""
_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


class Refused(Exception):
    """The file is not changed. `reason` says why, `mend` what to do."""

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(f"{reason}; {mend}" if mend else reason)


def person_file(workstation: Workstation) -> Path:
    """The person's own."""
    return workstation.config_home / "dockhygiene" / "uses.yaml"


def team_file(folder: Path) -> Path | None:
    """The file of the repository around this folder, whether it is there or not; None outside of one."""
    top = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)
    return top / NAME if top else None


def read_at(path: Path) -> tuple[str | None, Inventory]:
    """The text, None where there is no file, and what it says. Raises Refused where it cannot be read."""
    try:
        text = text_of(read_file(path, LARGEST).data)
    except NotRead as error:
        if error.missing:
            return None, Inventory()
        raise Refused(f"{path}: {error.reason}") from None
    return text, read_inventory(text)


def plan_add(path: Path, entry: Entry, workstation: Workstation) -> Change:
    """The change that adds this entry, in the place of one of the same service and registry. Raises Refused."""
    text, held = read_at(path)
    _whole(path, held)
    same = next((one for one in held.entries if _same(one, entry)), None)
    kept = _without(text, same) if text is not None and same else text
    after = _appended(_HEAD if kept is None else kept, entry)
    wanted = [*(one for one in held.entries if one is not same), entry]
    _proven(path, after, wanted)
    _no_secret(after, path, workstation)
    return _change(path, text, after)


def plan_remove(path: Path, service: str) -> Change:
    """The change that takes the entries of this service out. Raises Refused."""
    text, held = read_at(path)
    _whole(path, held)
    gone = [one for one in held.entries if one.service == service]
    if text is None or not gone:
        raise Refused(f"{path} has no service of that name", "dockhygiene uses lists them")
    after = text
    for entry in reversed(gone):
        after = _without(after, entry)
    _proven(path, after, [one for one in held.entries if one not in gone])
    return _change(path, text, after)


def secrets_in(text: str, path: Path, workstation: Workstation) -> Iterator[Finding]:
    """What the detector of free text takes for a secret, even if it is only possible."""
    for one in findings_in(text.encode("utf-8", "surrogateescape"), str(path), workstation):
        if isinstance(one, Finding) and one.secret:
            yield one


def _no_secret(text: str, path: Path, workstation: Workstation) -> None:
    found = next(secrets_in(text, path, workstation), None)
    if found:
        raise Refused(
            f"line {found.place.line} would hold what looks like a secret ({found.title})",
            "say where the secret is kept, not what it is",
        )


def _whole(path: Path, held: Inventory) -> None:
    if held.problems:
        first = held.problems[0]
        raise Refused(f"{path}:{first.line}: {first.reason}", "mend it first")


def _proven(path: Path, after: str, wanted: list[Entry]) -> None:
    """The new text is read again: it must say exactly what was meant."""
    found = read_inventory(after)
    if found.problems or [_meaning(one) for one in found.entries] != [_meaning(one) for one in wanted]:
        raise Refused(f"{path} is written in a way that cannot be changed safely", "change it by hand")


def _meaning(entry: Entry) -> Entry:
    return replace(entry, line=0, end_line=0)


def _same(one: Entry, other: Entry) -> bool:
    return (one.service, one.registry) == (other.service, other.registry)


def _without(text: str, entry: Entry) -> str:
    lines = text.splitlines(keepends=True)
    del lines[entry.line - 1 : entry.end_line]
    return "".join(lines)


def _appended(text: str, entry: Entry) -> str:
    """Behind the last entry, as deep as the others are. The file ends with its list, or it is refused later."""
    lines = [line for line in text.splitlines() if line.lstrip().startswith("- ")]
    indent = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip())] if lines else "  "
    gap = "" if text.endswith("\n") else "\n"
    fields = {name: getattr(entry, name) for name in FIELDS}
    shown = [f"{name}: {_spelled(str(value), name)}" for name, value in fields.items() if value]
    return text + gap + f"{indent}- {shown[0]}\n" + "".join(f"{indent}  {line}\n" for line in shown[1:])


def _spelled(text: str, name: str) -> str:
    if name == "confirmed" or (_PLAIN.fullmatch(text) and text.lower() not in _WORDS):
        return text
    return json.dumps(text, ensure_ascii=False)  # JSON's strings are YAML's, in double quotes


def _change(path: Path, before: str | None, after: str) -> Change:
    was = None if before is None else before.encode("utf-8", "surrogateescape")
    return Change(path, was, after.encode("utf-8", "surrogateescape"), None, MODE, hook=False)
