"""A Dockerfile being rewritten: what is cut, what each RUN is given, and what the person is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from checks.formats.dockerfile import command_of, exec_words
from checks.formats.traced_text import Traced
from guides.edits.json_text import Splice, line_ending
from guides.images.chain import Chain, Part, chain_of
from guides.images.stages import Line, Stages, has_syntax, read_stages

SECRETS = "/run/secrets"
"""Where a build finds a secret whose mount names no target (Dockerfile reference, RUN --mount=type=secret)."""
SYNTAX = "# syntax=docker/dockerfile:1"


class NotRewritten(Exception):
    """The Dockerfile is left to a person: why, and how it is done by hand."""

    def __init__(self, reason: str, how: str = "", line: Line | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.how = how or HOW
        self.line = line


HOW = (
    "Give it to the one RUN that needs it: RUN --mount=type=secret,id=NAME ..., which reads /run/secrets/NAME, and "
    "docker build --secret id=NAME,env=NAME. What that RUN writes into files stays in the image."
)


@dataclass(frozen=True, slots=True)
class Given:
    """A secret that `docker build` is to be given: `source` is `env=NAME` or `src=FILE`."""

    id: str
    source: str


@dataclass
class RunDraft:
    """One RUN. `dropped` are numbers of its chain's parts; offsets are the file's."""

    line: Line
    mounts: dict[str, str] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    replaced: list[tuple[int, Splice]] = field(default_factory=list)
    """What stands in a part, by its number, and becomes something else."""

    @cached_property
    def command(self) -> Traced:
        return command_of(self.line.instruction)

    @cached_property
    def chain(self) -> Chain:
        return chain_of(self.command.text)

    @property
    def removed(self) -> bool:
        return bool(self.dropped) and len(self.dropped) == len(self.chain.parts)

    def part_at(self, offset: int) -> int:
        """Number of the part in which this offset of the file lies. Raises NotRewritten."""
        for number, part in enumerate(self.chain.parts):
            if self.command.first(part.start) <= offset < self.command.last(part.stop):
                return number
        raise NotRewritten("it stands in a part of the command that is not understood", line=self.line)

    def drop(self, number: int) -> None:
        if not self.chain.plain:
            raise NotRewritten("the command does more than one thing after the other", line=self.line)
        self.dropped.add(number)

    def check(self) -> None:
        """Raises NotRewritten for a RUN that no shell of the Bourne family reads, or not from this line."""
        if self.line.instruction.heredocs:
            raise NotRewritten("its RUN has a here-document", line=self.line)
        if exec_words(self.command.text):
            raise NotRewritten("its RUN is a list of words, which no shell reads", line=self.line)
        if not self.line.shell:
            raise NotRewritten("its RUN is given to a shell that is not known here", line=self.line)

    def mount(self, held: Given, target: str = "") -> None:
        """Mounts the secret into this RUN, and stops the build where it is not given."""
        where = f",target={target}" if target else ""
        self.mounts[held.id] = f"--mount=type=secret,id={held.id}{where},required=true{self._rights()}"

    def export(self, name: str, held: Given) -> None:
        self.mount(held)
        self.exports[name] = f'export {name}="$(cat {SECRETS}/{held.id})";'

    def _rights(self) -> str:
        """A mounted secret is root's, 0400: another user would not be able to read it."""
        if self.line.runs_as_root:
            return ""
        user = self.line.user.partition(":")[0]
        return f",uid={user}" if user.isdigit() else ",mode=0444"

    def splices(self) -> list[Splice]:
        if self.removed:
            return [Splice(self.line.start, self.line.end, "")]
        flags, command = self.line.instruction.text, self.command
        begin = flags.first(len(flags.text) - len(flags.text.lstrip()))
        made = [Splice(begin, begin, "".join(f"{one} " for one in self.mounts.values()))] if self.mounts else []
        if self.exports:
            kept = next((one for number, one in enumerate(self.chain.parts) if number not in self.dropped), None)
            start = command.first(kept.start if kept else 0)
            made.append(Splice(start, start, "".join(f"{one} " for one in self.exports.values())))
        return [*made, *self._cuts(), *(one for number, one in self.replaced if number not in self.dropped)]

    def _cuts(self) -> Iterator[Splice]:
        """Parts before one that stays go with what is behind them, those at the end with what is before them."""
        parts, command = self.chain.parts, self.command
        last = max(number for number in range(len(parts)) if number not in self.dropped)
        for number in sorted(self.dropped):
            if number < last:
                yield Splice(command.first(parts[number].start), command.first(parts[number].end), "")
        if last < len(parts) - 1:
            yield Splice(command.last(parts[last].stop), command.last(parts[-1].stop), "")


@dataclass
class Draft:
    """The whole file."""

    text: str
    stages: Stages
    cuts: list[Splice] = field(default_factory=list)
    runs: dict[int, RunDraft] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Draft:
        stages = read_stages(text)
        return cls(text, stages, runs={one.start: RunDraft(one) for one in stages.runs()})

    def run(self, line: Line) -> RunDraft:
        return self.runs[line.start]

    def give(self, id: str, source: str) -> Given:  # noqa: A002  what the mount calls it
        return self.given.setdefault(id, Given(id, source))

    def note(self, text: str) -> None:
        self.notes[text] = None

    def remove(self, line: Line) -> None:
        """The whole instruction goes."""
        self.cuts.append(Splice(line.start, line.end, ""))

    def splices(self) -> tuple[Splice, ...]:
        """In order, not overlapping; what is put in before a cut stands before what is left."""
        found = [*self.cuts, *(one for run in self.runs.values() for one in run.splices())]
        if any(run.mounts and not run.removed for run in self.runs.values()) and not has_syntax(self.text):
            found.append(Splice(0, 0, SYNTAX + line_ending(self.text)))
        merged: list[Splice] = []
        for one in sorted(dict.fromkeys(found), key=lambda splice: (splice.start, splice.end)):
            last = merged[-1] if merged else None
            if last and one.end <= last.end and not one.text:
                continue  # a cut inside another one
            if last and one.start == last.start:
                merged[-1] = Splice(last.start, one.end, last.text + one.text)
            elif last and one.start < last.end:
                raise NotRewritten("two changes would overlap")
            else:
                merged.append(one)
        return tuple(merged)


def parts_with(run: RunDraft, mentions: re.Pattern[str]) -> Iterator[tuple[int, Part]]:
    """The parts of a RUN in which this is found, by number."""
    yield from ((number, one) for number, one in enumerate(run.chain.parts) if mentions.search(one.text))
