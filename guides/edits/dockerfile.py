"""The edit that takes a secret out of a Dockerfile: what `guides.images.rewriting` proposes, read again as proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from checks import container_builds
from checks.files.state import StateError
from checks.formats.display import printable, shell_path
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.json_text import Splice
from guides.edits.places import located
from guides.edits.planning import NotPlanned, Opened, Request, changed, finished, line_table, opened
from guides.edits.readings import Reading, difference, readings
from guides.edits.spelling import Form
from guides.images.context import context_of
from guides.images.copies import brought, copy_of
from guides.images.draft import NotRewritten
from guides.images.literals import Literal
from guides.images.rewriting import Rewrite, Wanted, rewrite
from guides.images.stages import read_stages
from guides.images.variables import SETS, settings

_BUILT = "Images that were built before hold the old value: build anew, and remove them."


def plan(request: Request, held: Opened, variables: Sequence[str] = (), files: Sequence[str] = ()) -> ValueEdit:
    """For the secret where this file spells it, and what an image told: names of variables, paths of files in it.

    Raises NotPlanned.
    """
    with readings(request.workstation, request.check, request.path) as reads:
        before = reads.of(held.data)
        literals = _literals(request, held, before)
        if not literals and not variables and not files:
            raise NotPlanned(
                "nothing of it brings the secret there any more",
                "Where it was not changed since, the base image holds it: that one has to be built anew.",
            )
        context = context_of(request.path, held.text)
        wanted = Wanted(literals, tuple(variables), tuple(files), context, request.name or "BUILD_SECRET")
        made = _rewritten(held, wanted)
        splices = _widened(held.text, made.splices)
        after = reads.of(changed(held, splices))
        removed = "".join(held.text[one.start : one.end] for one in splices)
        if reason := difference(before, after, request.old, None, removed=removed):
            raise NotPlanned(reason)
        return finished(request, held, splices, before, after, _notes(request, made, context))


def plan_for_image(
    workstation: Workstation, path: Path, old: Secret, variables: Sequence[str], files: Sequence[str], name: str
) -> ValueEdit | ToDo:
    """The same for a secret that was found in an image which this Dockerfile made."""
    request = Request.of(workstation, container_builds, path, old, None, Way.MOUNT, name)
    try:
        held = opened(request)
        return plan(request, held, *_of_this_file(held, path, variables, files))
    except NotPlanned as left:
        return request.to_do(left)
    except (StateError, OSError) as error:
        return request.to_do(NotPlanned(f"it could not be tried out in memory: {error}"))


def _of_this_file(
    held: Opened, path: Path, variables: Sequence[str], files: Sequence[str]
) -> tuple[list[str], list[str]]:
    """What it sets and copies itself: an image has other variables and files from its base, or of its commands."""
    stages, context = read_stages(held.text), context_of(path, held.text)
    names = {one.name for line in stages.lines if line.name in SETS for one in settings(line)}
    copies = [copy for line in stages.lines if (copy := copy_of(line))]
    copied = [one for one in files if any(brought(copy, one, context) for copy in copies)]
    return [one for one in variables if one in names], copied


def _rewritten(held: Opened, wanted: Wanted) -> Rewrite:
    try:
        made = rewrite(held.text, wanted)
    except NotRewritten as left:
        number = held.text.count("\n", 0, left.line.instruction.start) + 1 if left.line else None
        raise NotPlanned(left.reason, left.how, number) from None
    if not made.splices:
        raise NotPlanned("nothing of it has to change: it is the build context that holds it")
    return made


def _widened(text: str, splices: Sequence[Splice]) -> list[Splice]:
    """What is put in takes the character behind it along: what undoing puts back is never empty."""
    return [
        replace(one, end=one.end + 1, text=one.text + text[one.end]) if one.start == one.end < len(text) else one
        for one in splices
    ]


def _literals(request: Request, held: Opened, before: Reading) -> tuple[Literal, ...]:
    found = []
    lines = line_table(held)
    for finding in before.of(request.old):
        spelled = located(held.text, lines, finding)
        if not spelled:
            raise NotPlanned("it is written there in a form that is not known", line=finding.place.line)
        found.append(Literal(spelled.start, spelled.end, spelled.form is not Form.BASE64))
    kept: list[Literal] = []
    for one in sorted(set(found), key=lambda literal: (literal.start, -literal.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _notes(request: Request, made: Rewrite, context: Path) -> list[str]:
    command = build_command(made, request.path, context, request.workstation.home)
    notes = [f"Build it so: {command}"] if made.given else []
    if names := [one.source.removeprefix("env=") for one in made.given if one.source.startswith("env=")]:
        shown = " and ".join(printable(name, 60) for name in names)
        notes.append(f"{shown} is a variable of that shell, with the new secret in it; the image does not get it.")
    if made.given:
        notes.append(
            "docker before version 23 needs DOCKER_BUILDKIT=1 in front of it; podman and buildah build it too."
        )
    return [*notes, *made.notes, _BUILT]


def build_command(made: Rewrite, dockerfile: Path, context: Path, home: Path) -> str:
    """`docker build` with every secret that the Dockerfile asks for."""
    secrets = "".join(f" --secret id={one.id},{one.source}" for one in made.given)
    return f"docker build{secrets} --file {shell_path(dockerfile, home)} {shell_path(context, home)}"
