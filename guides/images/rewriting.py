"""A Dockerfile without a secret: ARG, ENV, commands and copied files become mounts of `docker build --secret`.

Sources: Docker's Dockerfile reference (RUN --mount=type=secret, parser directives) and "Build secrets". What cannot be
rewritten so that the RUN still gets the secret, and its layer does not, is refused with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guides.edits.json_text import Splice
from guides.images.copies import without_files
from guides.images.draft import Draft, Given, NotRewritten
from guides.images.literals import Literal, without_literals
from guides.images.stages import Line
from guides.images.variables import SETS, settings, without_variables


@dataclass(frozen=True, slots=True)
class Wanted:
    """What has to go: where the file spells the secret, and what an image told of its variables and files."""

    literals: tuple[Literal, ...] = ()
    variables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Absolute paths in the image."""
    context: Path | None = None
    """The folder that the build is given, where it is known."""
    name: str = "BUILD_SECRET"
    """What a secret is called that no variable names."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The change, what the build is to be given, and what the person should know."""

    splices: tuple[Splice, ...]
    given: tuple[Given, ...]
    notes: tuple[str, ...]


def rewrite(text: str, wanted: Wanted) -> Rewrite:
    """Raises NotRewritten."""
    draft = Draft.of(text)
    in_runs, names = _sorted(draft, wanted)
    without_literals(draft, in_runs, wanted.name)
    if names:
        without_variables(draft, names)
    without_files(draft, wanted.files, wanted.context)
    return Rewrite(draft.splices(), tuple(draft.given.values()), tuple(draft.notes))


def _sorted(draft: Draft, wanted: Wanted) -> tuple[list[tuple[Line, Literal]], list[str]]:
    """The literals of commands, and the names of variables. Raises NotRewritten for one that stands elsewhere."""
    in_runs, names = [], dict.fromkeys(wanted.variables)
    for one in wanted.literals:
        line = _line_at(draft.stages.lines, one.start)
        if line.name == "RUN":
            in_runs.append((line, one))
        elif line.name in SETS:
            names |= dict.fromkeys(_setting_at(line, one))
        else:
            raise NotRewritten(_elsewhere(line), _RUN_TIME if line.name in _STARTS else "", line)
    return in_runs, list(names)


_STARTS = ("CMD", "ENTRYPOINT", "HEALTHCHECK")
_RUN_TIME = (
    "Let the program read it from its environment or from a file, and give it to the container when it starts: "
    "docker run --env-file FILE, or a secret of compose."
)


def _line_at(lines: Sequence[Line], offset: int) -> Line:
    found = next((one for one in lines if one.start <= offset < one.end), None)
    if not found:
        raise NotRewritten("it stands in no instruction, in a comment for example", "Take that line out by hand.")
    return found


def _setting_at(line: Line, literal: Literal) -> list[str]:
    text = line.instruction.text
    for one in settings(line):
        if text.first(one.start) <= literal.start < text.last(one.end):
            return [one.name]
    raise NotRewritten("it stands beside the values there", line=line)


def _elsewhere(line: Line) -> str:
    if line.name in _STARTS:
        return f"{line.name} holds it, which is what the container runs, not the build"
    return f"it stands in {line.name}, which no mount reaches"
