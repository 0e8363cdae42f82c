"""The environment of a command: its own variables and those of `.env` files, every reference resolved.

As with docker compose, a variable that is set already stands before a file's, and a later file before an earlier one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.display import printable
from checks.formats.dotenv import Assignment, read_dotenv
from guides.references.interpolation import NotReplaced, replaced
from guides.references.resolving import Resolver, Unresolved, read_reference
from guides.stores.managers.reference import SCHEME, Reference, is_reference

MOST_BYTES = 1 << 20
"""Of a `.env` file."""

LONGEST = 128 * 1024 - 1
"""Bytes of one `NAME=value` that Linux passes to a program (MAX_ARG_STRLEN, execve(2))."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one variable, or one file, stops the command. `wrong`: it has to be spelled otherwise."""

    where: str
    reason: str
    mend: str = ""
    wrong: bool = False


@dataclass(slots=True)
class Prepared:
    """The command's environment, and everything that stands against starting it."""

    environ: dict[str, str] = field(repr=False)
    problems: list[Problem] = field(default_factory=list)
    shadowed: list[str] = field(default_factory=list)
    """Variables whose reference in a file does not count, because they are set already."""


Told = Callable[[str, Reference], None]


def prepare(environ: Mapping[str, str], files: Sequence[Path], resolver: Resolver, told: Told) -> Prepared:
    """Resolves all that can be; `told` is called with each variable and its reference before a manager is asked."""
    builder = _Builder(environ, resolver, told)
    for name, value in environ.items():
        builder.keep(name, value)
    for path in files:
        builder.read(path)
    return builder.prepared


class _Builder:
    def __init__(self, environ: Mapping[str, str], resolver: Resolver, told: Told) -> None:
        self.own = environ
        self.resolver = resolver
        self.told = told
        self.prepared = Prepared({})

    def read(self, path: Path) -> None:
        shown = printable(str(path), 200)
        try:
            text = read_file(path, MOST_BYTES).data.decode("utf-8-sig")
        except NotRead as error:
            self.prepared.problems.append(Problem(shown, error.reason))
            return
        except UnicodeDecodeError:
            self.prepared.problems.append(Problem(shown, "it is not UTF-8", "save it as UTF-8", wrong=True))
            return
        for line, one in _numbered(text):
            self._assign(f"{shown}, line {line}: {one.name}", text, one)

    def keep(self, name: str, value: str) -> None:
        """Of the command's own variables."""
        if is_reference(value):
            self._resolve(name, name, value)
        else:
            self.prepared.environ[name] = value

    def _assign(self, where: str, text: str, one: Assignment) -> None:
        if one.name in self.own:
            if is_reference(one.value) and one.value != self.own[one.name]:
                self.prepared.shadowed.append(one.name)
        elif is_reference(one.value):
            self._resolve(one.name, where, one.value)
        elif SCHEME in one.value:
            mend = "put the reference into a variable of its own, and name that here as ${NAME}"
            self._stop(where, "a reference stands inside a longer value", mend, wrong=True)
        else:
            try:
                self.prepared.environ[one.name] = one.value if one.literal else self._replaced(text, one)
            except NotReplaced as error:
                mend = "give that a value, or put this one between single quotes"
                self._stop(where, str(error), mend, wrong=True)

    def _replaced(self, text: str, one: Assignment) -> str:
        quoted = one.start > 0 and text[one.start - 1] == '"' == text[one.end : one.end + 1]
        return replaced(text[one.start : one.end], self.prepared.environ.get, escapes=quoted)

    def _resolve(self, name: str, where: str, value: str) -> None:
        self.prepared.environ[name] = ""  # what builds on it in the same file has its own problem to tell, or none
        try:
            reference = read_reference(value)
            self.told(name, reference)
            secret = self.resolver.value(reference)
        except Unresolved as error:
            self._stop(where, error.reason, error.mend, wrong=error.wrong)
            return
        found = secret.reveal()
        if "\0" in found or len(os.fsencode(f"{name}=")) + secret.size > LONGEST:
            mend = "let the program read it itself: dockhygiene snippet shows how"
            self._stop(where, "the secret is too long for a variable, or holds a NUL character", mend)
            return
        self.prepared.environ[name] = found

    def _stop(self, where: str, reason: str, mend: str, *, wrong: bool = False) -> None:
        self.prepared.problems.append(Problem(where, reason, mend, wrong))


def _numbered(text: str) -> Iterator[tuple[int, Assignment]]:
    line, position = 1, 0
    for one in read_dotenv(text):
        line += text.count("\n", position, one.start)
        position = one.start
        yield line, one
