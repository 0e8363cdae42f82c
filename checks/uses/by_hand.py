"""Uses that a person wrote down, since no file of a program says them: `.dockhygiene-uses.yaml` (docs/uses.md).

The file is a team's to commit, or the person's own. It says who runs a service and how it gets a new credential; a
secret never stands in it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks import late
from checks.formats.yaml_positions import Node, parse
from checks.model.finding import Skipped
from checks.model.token_kinds import kind_of
from checks.model.use import Use
from checks.uses.registries import canonical
from checks.uses.source import Source

NAME = ".dockhygiene-uses.yaml"
"""In a repository; the person's own is `dockhygiene/uses.yaml` in the folder of configuration."""
KIND = "by-hand"
FIELDS = ("service", "registry", "username", "owner", "contact", "update", "staging", "where", "confirmed")
MOST_ENTRIES = 1000
LONGEST = 500
"""Characters of one text."""
_DATE = late.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SAYABLE = late.compile(r"[A-Za-z_-]{1,30}")
"""Keys that a message may name; anything else could be a secret in the wrong place."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One service that stops working when the registry's login ends."""

    service: str
    registry: str
    """As `canonical` gives it."""
    username: str = ""
    owner: str = ""
    contact: str = ""
    update: str = ""
    """How it gets a new credential."""
    staging: str = ""
    """Where the new one can be tried before."""
    where: str = ""
    """A file that shows it, `deploy/prod.yml` or `deploy/prod.yml:12`, below the folder of this file."""
    confirmed: datetime.date | None = None
    """The day on which somebody last said that this is still so."""
    line: int = 0
    """First line of the entry."""
    end_line: int = 0

    @property
    def title(self) -> str:
        who = ", ".join(filter(None, (self.owner, self.contact)))
        return f"{self.service} ({who})" if who else self.service


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one file says: entries that are as they should be, and what is wrong with the others."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(source: Source) -> Iterator[Use | Skipped]:
    inventory = read_inventory(source.text)
    for problem in inventory.problems:
        yield Skipped("uses", source.path, f"line {problem.line}: {problem.reason}")
    for entry in inventory.entries:
        staging = f"try it at {entry.staging}" if entry.staging else ""
        yield Use(
            KIND,
            _shown(entry.title),
            source.path,
            entry.line,
            entry.registry,
            _shown(entry.username) or None,
            update=_shown("; ".join(filter(None, (entry.update, staging)))) or "whoever runs it knows how",
        )


def _shown(text: str) -> str:
    """The text without a token that somebody wrote there all the same: the scan tells of it, this list does not."""
    return " ".join("..." if kind_of(word) else word for word in text.split())


def read_inventory(text: str) -> Inventory:
    parsed = parse(text)
    if parsed.problem:
        return Inventory((), (Problem(parsed.problem.line, parsed.problem.reason),))
    if not parsed.documents:
        return Inventory()
    top = parsed.documents[0]
    problems: list[Problem] = []
    held = _members(top, ("version", "uses"), problems)
    if len(parsed.documents) != 1 or top.kind != "mapping" or "version" not in held or held["version"].text != "1":
        problems.append(Problem(1, "it must be one mapping with `version: 1` and `uses:`"))
    listed = held.get("uses")
    if listed is None or (listed.kind == "scalar" and listed.text in ("", "~", "null")):
        return Inventory((), tuple(problems))
    if listed.kind != "sequence" or len(listed.items) > MOST_ENTRIES:
        return Inventory((), (*problems, Problem(listed.line, f"`uses` is a list of at most {MOST_ENTRIES} entries")))
    entries = [entry for item in listed.items if (entry := _entry(item, problems))]
    return Inventory(tuple(entries), tuple(problems))


def _entry(item: Node, problems: list[Problem]) -> Entry | None:
    before = len(problems)
    if item.kind != "mapping":
        problems.append(Problem(item.line, "an entry has a service and a registry"))
        return None
    held = {name: " ".join(node.text.split()) for name, node in _members(item, FIELDS, problems).items()}
    registry = canonical(held.get("registry", ""))
    if not held.get("service") or not registry:
        problems.append(Problem(item.line, "an entry needs a `service`, and a `registry` such as ghcr.io"))
    if any(len(text) > LONGEST for text in held.values()):
        problems.append(Problem(item.line, f"a text is longer than {LONGEST} characters"))
    confirmed = _date(held.pop("confirmed", ""), item.line, problems)
    if len(problems) > before:
        return None
    lines = [(one.value.line, one.value.end_line) for one in item.members]
    return Entry(
        **{**held, "registry": registry or ""},
        confirmed=confirmed,
        line=item.line,
        end_line=max(end for _, end in lines),
    )


def _date(text: str, line: int, problems: list[Problem]) -> datetime.date | None:
    if not text:
        return None
    try:
        if _DATE.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass  # the 30th of February: told like any other text that is no day
    problems.append(Problem(line, "`confirmed` is a day: 2027-01-31"))
    return None


def _members(node: Node, known: tuple[str, ...], problems: list[Problem]) -> dict[str, Node]:
    held: dict[str, Node] = {}
    for member in node.members:
        shown = f"`{member.name}`" if _SAYABLE.fullmatch(member.name) else "a key"
        if member.name not in known:
            problems.append(Problem(member.key.line, f"{shown} is not known here; known are {', '.join(known)}"))
        elif member.name in held:
            problems.append(Problem(member.key.line, f"{shown} stands there twice"))
        elif member.name != "uses" and member.value.kind != "scalar":
            problems.append(Problem(member.value.line, f"{shown} is a text"))
        else:
            held[member.name] = member.value
    return held
