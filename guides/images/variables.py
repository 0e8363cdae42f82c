"""ARG, ENV and LABEL that carry a secret: their lines go, and each RUN that uses them gets a mount instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guides.edits.json_text import Splice
from guides.images.draft import Draft, NotRewritten, RunDraft, parts_with
from guides.images.lasting import Stays, Written, lasting
from guides.images.logins import login_file
from guides.images.secret_files import readers_of_variable
from guides.images.stages import Line

SETS = ("ARG", "ENV", "LABEL")
_AT_RUN_TIME = ("CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "EXPOSE", "VOLUME", "MAINTAINER", "USER", "SHELL")
_TOKEN = re.compile(r"(?>(?:[^\s\"'\\]|\\.|\"(?>(?:[^\"\\]|\\.)*)\"|'[^']*')+)", re.DOTALL)
_COPY = re.compile(r"[\"']?\$(?:\{(?P<braced>\w+)\}|(?P<plain>\w+))[\"']?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Setting:
    """`name` or `name=value` in an ARG, ENV or LABEL; `start` and `end` are offsets in the instruction's text."""

    line: Line
    name: str
    value: str
    start: int
    end: int

    @property
    def copied(self) -> str:
        """The variable whose value it takes as it is, or an empty text."""
        found = _COPY.fullmatch(self.value)
        return (found["braced"] or found["plain"]) if found else ""


def settings(line: Line) -> list[Setting]:
    text = line.instruction.text.text
    tokens = [(one.group(), *one.span()) for one in _TOKEN.finditer(text)]
    if tokens and line.name != "ARG" and "=" not in tokens[0][0]:  # the old form: ENV name value
        first = tokens[0]
        return [Setting(line, first[0], text[first[2] :].strip(), first[1], len(text.rstrip()))]
    made = []
    for token, start, end in tokens:
        name, _, value = token.partition("=")
        made.append(Setting(line, name, value, start, end))
    return made


def without_variables(draft: Draft, names: Iterable[str]) -> None:
    """Takes these variables out. Raises NotRewritten where something else than a RUN needs one."""
    roots = {name: name for name in names}
    while more := dict(_copies(draft, roots)):
        roots |= more
    for line in draft.stages.lines:
        if line.name in SETS:
            _cut(draft, line, [one for one in settings(line) if one.name in roots])
        elif _mentions(roots, dollar=True).search(line.instruction.text.text):
            _check_other(line, roots)
    for name in roots:
        _give(draft, name, roots[name])


def _copies(draft: Draft, roots: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Variables that take the value of one of these as it is. Raises NotRewritten for one that is made of it."""
    mentions = _mentions(roots, dollar=True)
    for line in draft.stages.lines:
        for one in settings(line) if line.name in SETS else ():
            if one.name in roots or not mentions.search(one.value):
                continue
            if one.copied not in roots or line.name == "LABEL":
                raise NotRewritten(f"{line.name} {one.name} is made of it", line=line)
            yield one.name, roots[one.copied]


def _mentions(names: Iterable[str], *, dollar: bool) -> re.Pattern[str]:
    some = "|".join(map(re.escape, names))
    return re.compile(rf"\$\{{?(?:{some})(?!\w)" if dollar else rf"(?<!\w)(?:{some})(?!\w)", re.ASCII)


def _check_other(line: Line, roots: dict[str, str]) -> None:
    """What an instruction that is no RUN does with a variable."""
    if line.name in _AT_RUN_TIME or line.name == "RUN":
        return
    raise NotRewritten(f"{line.name} needs it, and a mount reaches a RUN only", line=line)


def _cut(draft: Draft, line: Line, gone: list[Setting]) -> None:
    """Takes these settings out of their instruction, and the instruction with the last of them."""
    if not gone:
        return
    everything, text = settings(line), line.instruction.text
    if len(gone) == len(everything):
        draft.remove(line)
        return
    for number, one in enumerate(everything):
        if one not in gone:
            continue
        if any(other not in gone for other in everything[:number]):
            draft.cuts.append(Splice(text.last(everything[number - 1].end), text.last(one.end), ""))
        else:
            draft.cuts.append(Splice(text.first(one.start), text.first(everything[number + 1].start), ""))


def _give(draft: Draft, name: str, root: str) -> None:
    """A mount for each RUN that uses this variable, or what the person should know where none does."""
    setting = [line for line in draft.stages.lines if line.name in SETS]
    sets = [line for line in setting if any(one.name == name for one in settings(line))]
    if not sets:
        raise NotRewritten(f"{name} is set nowhere in it")
    if all(line.name == "LABEL" for line in sets):
        return
    after = dict.fromkeys(run.start for line in sets for run in draft.stages.after(line) if run.name == "RUN")
    runs = [draft.runs[start] for start in after]
    mentions = _mentions([name], dollar=False)
    using = [run for run in runs if mentions.search(run.command.text)]
    tools = readers_of_variable(name)
    using = using or [run for run in runs if any(tools.intersection(part.programs) for part in run.chain.parts)]
    for run in using:
        run.check()
        _into(draft, run, name, root, mentions)
    environment = any(line.name == "ENV" for line in sets)
    if not using:
        draft.note(_unused(name, environment=environment))
    elif environment:
        draft.note(f"Where the program itself reads {name} too: {_RUN_TIME}")


_RUN_TIME = (
    "give it to the container when it starts, docker run --env-file FILE or a secret of compose. "
    "The image does not hold it any more."
)


def _unused(name: str, *, environment: bool) -> str:
    if environment:
        return f"No RUN names {name}, so the program reads it when it runs: {_RUN_TIME}"
    return (
        f"No RUN names {name}. Where one reads it all the same, give it --mount=type=secret,id={name},env={name}, "
        "which the Dockerfile syntax 1.10 and later knows."
    )


def _into(draft: Draft, run: RunDraft, name: str, root: str, mentions: re.Pattern[str]) -> None:
    """One RUN that uses the variable: its value by a mount, or a login file where the command only made one of it."""
    needs = not mentions.search(run.command.text)
    for number, part in parts_with(run, mentions):
        match lasting(part, run.line):
            case Stays(reason):
                raise NotRewritten(reason, line=run.line)
            case Written() as written:
                login_file(draft, run, number, written)
            case None:
                needs = True
    if needs:
        run.export(name, draft.give(root, f"env={root}"))
