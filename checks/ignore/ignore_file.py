"""`.dockhygiene.yaml`: what a person or a team does not want to be told of, and why. docs/ignoring.md has the format.

Checked strictly: what is misspelt must not silently ignore less, or more, than was meant.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from checks import late
from checks.files.reading import NotRead, read_file
from checks.formats.display import printable
from checks.formats.encodings import text_of
from checks.ignore.fingerprints import SharedKey, is_fingerprint
from checks.ignore.globs import Glob, GlobError, compile_glob
from checks.model.finding import Finding

if TYPE_CHECKING:
    from checks.formats.yaml_positions import Member, Node

NAME = ".dockhygiene.yaml"
LARGEST = 256 * 1000
MOST_ENTRIES = 1000
MOST_RULES = 100
"""In one entry."""
_VERSION = "1"
_MOST_PROBLEMS = 20
_RULE = late.compile(r"[a-z0-9]+(?>(?:-[a-z0-9]+)*)")
_DATE = late.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SAYABLE = late.compile(r"[A-Za-z_-]{1,30}")
"""Keys that a message may name; anything else could be a secret that slipped into the wrong place."""


class Problem(NamedTuple):
    """What is wrong with an ignore file. `line` counts from 1, None where the file as a whole is meant."""

    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        where = f":{self.line}" if self.line else ""
        return f"{printable(self.file, 4096)}{where}: {self.reason}"


class IgnoreFileError(Exception):
    """The file is not as it should be; the message has one line for each problem."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Entry(NamedTuple):
    """One member of `ignore`. Everything that it names must fit; at least one of path, rule, fingerprint is named."""

    line: int
    reason: str
    glob: Glob | None = None
    base: str = ""
    """Folder where the glob starts, without a slash at its end."""
    rules: frozenset[str] = frozenset()
    fingerprint: str = ""
    expires: datetime.date | None = None

    @property
    def what(self) -> str:
        """What it names, in one short text that can be shown."""
        parts = [printable(self.glob.text, 100)] if self.glob else []
        parts += [", ".join(sorted(self.rules))] if self.rules else []
        parts += [f"fingerprint {self.fingerprint[:8]}..."] if self.fingerprint else []
        return " ".join(parts)

    def covers(self, finding: Finding, paths: tuple[str, ...], key: SharedKey | None) -> bool:
        """`paths` are the absolute names of the finding's file; none where it lies in no file."""
        if self.rules and finding.rule not in self.rules:
            return False
        if self.glob and not any(self.glob.matches(path) for path in _below(self.base, paths)):
            return False
        if not self.fingerprint:
            return True
        return key is not None and finding.secret is not None and key.of(finding.secret) == self.fingerprint


class IgnoreFile(NamedTuple):
    """A file that was read and found good."""

    path: str
    uid: int
    """Who owns it."""
    key: SharedKey | None
    entries: tuple[Entry, ...]


def read_ignore_file(path: Path, base: Path, *, of_person: bool = False) -> IgnoreFile | None:
    """None where there is no such file; raises IgnoreFileError. Globs start at `base`.

    In a person's own file a glob may also start with `/`, the root of all files, or with `~/`; in a tree's file a
    leading slash means the tree's own folder.
    """
    try:
        document = read_file(path, LARGEST)
    except NotRead as error:
        if error.missing:
            return None
        raise IgnoreFileError((Problem(str(path), None, error.reason),)) from error
    reader = _Reader(str(path), str(base), of_person)
    key, entries = reader.read(text_of(document.data))
    if reader.problems:
        raise IgnoreFileError(tuple(reader.problems[:_MOST_PROBLEMS]))
    return IgnoreFile(str(path), document.uid, key, entries)


class _Reader:
    """Reads the tree of nodes and gathers every problem, so that a person mends them all at once."""

    def __init__(self, path: str, base: str, of_person: bool) -> None:
        self.path = path
        self.base = base.rstrip("/")
        self.of_person = of_person
        self.problems: list[Problem] = []

    def read(self, text: str) -> tuple[SharedKey | None, tuple[Entry, ...]]:
        from checks.formats.yaml_positions import parse  # most trees have no such file, and hooks are in a hurry

        parsed = parse(text)
        if parsed.problem:
            self._problem(parsed.problem.line, parsed.problem.reason)
            return None, ()
        if len(parsed.documents) != 1 or parsed.documents[0].kind != "mapping":
            self._problem(1, "it must hold one mapping with `version: 1` and `ignore:`")
            return None, ()
        top = parsed.documents[0]
        held = self._members(top, ("version", "key", "ignore"))
        if "version" not in held or held["version"].text != _VERSION:
            self._problem(held["version"].line if "version" in held else 1, f"`version: {_VERSION}` is needed")
        key = SharedKey.of_text(held["key"].text) if "key" in held else None
        if "key" in held and not key:
            self._problem(held["key"].line, "`key` is 64 hexadecimal digits, as dockhygiene has made them")
        return key, tuple(self._entries(held.get("ignore"), key))

    def _entries(self, listed: Node | None, key: SharedKey | None) -> Iterator[Entry]:
        if listed is None or _is_empty(listed):
            return
        if listed.kind != "sequence":
            self._problem(listed.line, "`ignore` is a list")
            return
        if len(listed.items) > MOST_ENTRIES:
            self._problem(listed.line, f"more than {MOST_ENTRIES} entries: a baseline is made for so many")
            return
        for item in listed.items:
            if item.kind != "mapping":
                self._problem(item.line, "an entry has a path, a rule or a fingerprint, and a reason")
                continue
            yield self._entry(item, key)

    def _entry(self, item: Node, key: SharedKey | None) -> Entry:
        held = self._members(item, ("path", "rule", "fingerprint", "reason", "expires"))
        if not held.keys() & {"path", "rule", "fingerprint"}:
            self._problem(item.line, "an entry needs a path, a rule or a fingerprint")
        reason = " ".join(held["reason"].text.split()) if "reason" in held and not _is_empty(held["reason"]) else ""
        if not reason:
            self._problem(item.line, "an entry needs a reason")
        glob, base = self._glob(held.get("path"))
        return Entry(
            line=item.line,
            reason=reason,
            glob=glob,
            base=base,
            rules=self._rules(held.get("rule")),
            fingerprint=self._fingerprint(held.get("fingerprint"), key),
            expires=self._expires(held.get("expires")),
        )

    def _glob(self, node: Node | None) -> tuple[Glob | None, str]:
        if node is None:
            return None, ""
        text, base = node.text, self.base
        if self.of_person and text.startswith("/"):
            base = ""
        elif self.of_person and text.startswith("~/"):
            text = text[1:]
        try:
            return compile_glob(text), base
        except GlobError as error:
            self._problem(node.line, str(error))
            return None, ""

    def _rules(self, node: Node | None) -> frozenset[str]:
        if node is None:
            return frozenset()
        items = node.items if node.kind == "sequence" else (node,)
        if not items or len(items) > MOST_RULES or not all(_RULE.fullmatch(item.text) for item in items):
            self._problem(node.line, "`rule` is a rule's id, as reports show it, or a list of them")
        return frozenset(item.text for item in items[:MOST_RULES])

    def _fingerprint(self, node: Node | None, key: SharedKey | None) -> str:
        if node is None:
            return ""
        if not is_fingerprint(node.text):
            self._problem(node.line, "`fingerprint` is 32 hexadecimal digits")
        elif not key:
            self._problem(node.line, "a fingerprint needs the `key` with which it was made")
        return node.text.lower()

    def _expires(self, node: Node | None) -> datetime.date | None:
        if node is None:
            return None
        try:
            if _DATE.fullmatch(node.text):
                return datetime.date.fromisoformat(node.text)
        except ValueError:
            pass  # the 30th of February: told like any other text that is no day
        self._problem(node.line, "`expires` is a day: 2027-01-31")
        return None

    def _members(self, node: Node, known: tuple[str, ...]) -> dict[str, Node]:
        """The members by name; unknown and repeated ones are problems, and so is a list where a text belongs."""
        held: dict[str, Node] = {}
        for member in node.members:
            if member.name not in known:
                self._problem(member.key.line, f"{_named(member)} is not known here; known are {', '.join(known)}")
            elif member.name in held:
                self._problem(member.key.line, f"`{member.name}` stands there twice")
            elif member.name not in ("ignore", "rule") and member.value.kind != "scalar":
                self._problem(member.value.line, f"`{member.name}` is a text")
            else:
                held[member.name] = member.value
        return held

    def _problem(self, line: int, reason: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(self.path, line, reason))


def _named(member: Member) -> str:
    return f"`{member.name}`" if _SAYABLE.fullmatch(member.name) else "a key"


def _is_empty(node: Node) -> bool:
    return node.kind == "scalar" and not node.style and node.text in ("", "~", "null")


def _below(base: str, paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        if path.startswith(f"{base}/"):
            yield path[len(base) + 1 :]
