"""A Dockerfile as its stages see it: who runs an instruction, in which folder, by which shell.

Source: Docker's Dockerfile reference (FROM, USER, WORKDIR, SHELL, parser directives).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.formats.dockerfile import Instruction, exec_words, read_dockerfile

ROOT = frozenset({"root", "0"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
_FROM = re.compile(r"\s*(?:--\S+\s+)*(?P<base>\S+)(?:\s+AS\s+(?P<name>\S+))?\s*", re.IGNORECASE)
_WINDOWS = re.compile(r"\A(?:#[^\n]*\n)*?#[ \t]*escape[ \t]*=[ \t]*`", re.IGNORECASE)
_SYNTAX = re.compile(r"\A(?:#[ \t]*\w+[ \t]*=[^\n]*\n)*?#[ \t]*syntax[ \t]*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One instruction with what is in force for it. Offsets are the file's, the line's own newline included."""

    instruction: Instruction
    stage: int
    """Counts from 0; -1 before the first FROM."""
    start: int
    end: int
    user: str
    """Empty where only the base image says it."""
    folder: str
    """Absolute, empty where only the base image says it."""
    shell: bool
    """Whether what a RUN gives to a shell goes to a Bourne shell."""

    @property
    def name(self) -> str:
        return self.instruction.name

    @property
    def runs_as_root(self) -> bool:
        """As far as this Dockerfile says: nearly every base image begins with root."""
        return not self.user or self.user.partition(":")[0] in ROOT


@dataclass(frozen=True, slots=True)
class Stages:
    """All instructions of a Dockerfile in order, and which stage is made from which."""

    lines: tuple[Line, ...]
    parents: tuple[int | None, ...]

    def heirs(self, stage: int) -> frozenset[int]:
        """This stage, and those that are made from it."""
        found = {stage}
        for number, parent in enumerate(self.parents):
            if parent in found:
                found.add(number)
        return frozenset(found)

    def after(self, line: Line) -> Iterator[Line]:
        """The instructions behind this one that see what it did."""
        heirs = self.heirs(line.stage)
        yield from (one for one in self.lines if one.start > line.start and one.stage in heirs)

    def runs(self) -> Iterator[Line]:
        yield from (one for one in self.lines if one.name == "RUN")


def has_syntax(text: str) -> bool:
    """Whether a directive at the top names the version of the Dockerfile's syntax."""
    return bool(_SYNTAX.match(text))


def read_stages(text: str) -> Stages:
    """Linear, whatever the text."""
    reader = _Reader(text)
    return Stages(tuple(reader.lines()), tuple(reader.parents))


@dataclass(slots=True)
class _State:
    user: str = ""
    folder: str = ""
    shell: bool = True


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.parents: list[int | None] = []
        self._names: dict[str, int] = {}
        self._ends: list[_State] = []
        self._bourne = not _WINDOWS.match(text)

    def lines(self) -> Iterator[Line]:
        state = _State(shell=self._bourne)
        for instruction in read_dockerfile(self.text):
            if instruction.name == "FROM":
                state = self._stage(instruction)
            self._change(state, instruction)
            start = self.text.rfind("\n", 0, instruction.start) + 1
            end = self.text.find("\n", max(instruction.text.end, instruction.script.end - 1))
            yield Line(
                instruction,
                len(self.parents) - 1,
                start,
                len(self.text) if end < 0 else end + 1,
                state.user,
                state.folder,
                state.shell,
            )

    def _stage(self, instruction: Instruction) -> _State:
        found = _FROM.match(instruction.text.text)
        base = found["base"].lower() if found else ""
        parent = self._names.get(base)
        if parent is None and base.isdigit() and int(base) < len(self.parents):
            parent = int(base)
        if found and found["name"]:
            self._names[found["name"].lower()] = len(self.parents)
        self.parents.append(parent)
        if parent is None:
            state = _State(folder="/" if base == "scratch" else "", shell=self._bourne)
        else:
            known = self._ends[parent]
            state = _State(known.user, known.folder, known.shell)
        self._ends.append(state)
        return state

    def _change(self, state: _State, instruction: Instruction) -> None:
        value = instruction.text.text.strip()
        if instruction.name == "USER":
            state.user = value
        elif instruction.name == "WORKDIR":
            known = value.startswith("/") or state.folder
            state.folder = posixpath.normpath(posixpath.join(state.folder, value)) if known and "$" not in value else ""
        elif instruction.name == "SHELL":
            words = exec_words(value)
            state.shell = bool(words) and posixpath.basename(words[0].text) in _SHELLS
