"""Dockerfiles: what ENV, ARG and LABEL leave in the image's configuration and history for everyone who pulls it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.detect.assigned import AssignedSecret, assigned_secret
from checks.files.reading import NotRead, read_file
from checks.formats.dockerfile import Instruction, Pair, pairs, read_dockerfile
from checks.formats.text_positions import Lines
from checks.model.finding import Finding, Looked, Observation, Place, Skipped
from checks.model.workstation import Workstation

id = "container-builds"  # noqa: A001  the protocol's name
title = "Dockerfiles"

_LEFT_BEHIND = {
    "ENV": "stays in the image's configuration",
    "ARG": "stays in the image's history",
    "LABEL": "stays in the image's configuration",
}
_ADVICE = "Take it out, give it to the build with RUN --mount=type=secret, and rotate it: built images hold it."


def survey(_: Workstation) -> Iterator[Observation]:
    """Dockerfiles lie in repositories: they are looked at below a PATH."""
    return iter(())


def claims(path: Path) -> bool:
    name = path.name.lower()
    stem = name.split(".", 1)[0]
    return stem in ("dockerfile", "containerfile") or name.endswith((".dockerfile", ".containerfile"))


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    try:
        document = read_file(path, workstation.limits.config_bytes)
    except NotRead as error:
        if not error.missing:
            yield Skipped(id, str(path), error.reason, size=error.size)
        return
    text = document.data.decode("utf-8-sig", "surrogateescape")
    lines = Lines(text)
    named = [
        (instruction, pair)
        for instruction in read_dockerfile(text)
        if instruction.name in _LEFT_BEHIND
        for pair in pairs(instruction)
    ]
    values = {pair.name: pair.value for _, pair in named}
    for instruction, pair in named:
        found = assigned_secret(pair.name, pair.value, values)
        if found:
            yield _finding(instruction, pair, found, lines, path)
    yield Looked(str(path), len(document.data))


def _finding(instruction: Instruction, pair: Pair, found: AssignedSecret, lines: Lines, path: Path) -> Finding:
    line, column = lines.at(pair.start + found.start)
    end_line, _ = lines.at(pair.end)
    return Finding(
        check=id,
        rule=f"dockerfile-{instruction.name.lower()}-secret",
        title=f"{instruction.name} {pair.name} in plain text, {_LEFT_BEHIND[instruction.name]}",
        severity=found.severity,
        confidence=found.confidence,
        place=Place(str(path), line=line, end_line=end_line, column=column, field=f"{instruction.name} {pair.name}"),
        secret=found.secret,
        registry=found.registry,
        username=found.username,
        advice=_ADVICE,
        locator=f"{instruction.name} {pair.name}",
    )
