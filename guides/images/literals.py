"""A secret that stands in the command of a RUN: the shell reads it from its mount instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guides.edits.json_text import Splice
from guides.images.draft import SECRETS, Draft, NotRewritten, RunDraft
from guides.images.lasting import Stays, Written, lasting
from guides.images.logins import login_file
from guides.images.stages import Line

_IN_URL = re.compile(r"://[^\s/?#\"']*\Z")


@dataclass(frozen=True, slots=True)
class Literal:
    """Where the file spells the secret. `plain`: not inside base64."""

    start: int
    end: int
    plain: bool


def without_literals(draft: Draft, found: list[tuple[Line, Literal]], name: str) -> None:
    """Takes these out of their RUNs; `name` is what the mount is called. Raises NotRewritten."""
    for line, one in found:
        run = draft.run(line)
        run.check()
        number = run.part_at(one.start)
        match lasting(run.chain.parts[number], line):
            case Stays(reason):
                raise NotRewritten(reason, line=line)
            case Written() as written:
                if number not in run.dropped:
                    login_file(draft, run, number, written)
            case None:
                _from_the_mount(draft, run, number, one, name)


def _from_the_mount(draft: Draft, run: RunDraft, number: int, one: Literal, name: str) -> None:
    if not one.plain:
        raise NotRewritten("it is encoded there", line=run.line)
    held = draft.give(name, f"env={name}")
    run.mount(held)
    quote = _quote_at(draft.text, run.command.first(run.chain.parts[number].start), one.start)
    read = f"$(cat {SECRETS}/{held.id})"
    spelled = {"": f'"{read}"', '"': read, "'": f"'\"{read}\"'"}[quote]
    run.replaced.append((number, Splice(one.start, one.end, spelled)))
    if _IN_URL.search(draft.text, max(one.start - 300, 0), one.start):
        draft.note("It stands in a URL there: characters such as @ and / in the new one have to be percent-encoded.")


def _quote_at(text: str, start: int, position: int) -> str:
    """The quote that is open at this place of a shell command, or an empty text."""
    quote = ""
    while start < position:
        char = text[start]
        if char == "\\" and quote != "'":
            start += 1
        elif char == quote:
            quote = ""
        elif not quote and char in "\"'":
            quote = char
        start += 1
    return quote
