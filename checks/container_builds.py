"""Dockerfiles: what they leave in the image's configuration, history and layers for everyone who pulls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from checks import by_name
from checks.detect.assigned import AssignedSecret, assigned_secret
from checks.detect.command_logins import CommandSecret, argument_secrets, command_secrets
from checks.detect.shell_findings import finding_of
from checks.detect.written_files import file_secrets
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.formats.dockerfile import Instruction, Pair, command_of, exec_words, pairs, read_dockerfile, triggered
from checks.formats.encodings import text_of
from checks.formats.shell_words import commands
from checks.formats.text_positions import Lines
from checks.model.finding import Finding, Looked, Observation, Place
from checks.model.workstation import Workstation

id = "container-builds"  # noqa: A001  the protocol's name
title = "Dockerfiles"
may_claim = by_name.container_builds

_CONFIGURATION, _HISTORY = "stays in the image's configuration", "stays in the image's history"
_LEFT_BEHIND = {"ENV": _CONFIGURATION, "ARG": _HISTORY, "LABEL": _CONFIGURATION}
_COMMANDS = {"RUN": _HISTORY, "CMD": _CONFIGURATION, "ENTRYPOINT": _CONFIGURATION, "HEALTHCHECK": _CONFIGURATION}
_FILES = {"COPY": "stays in a layer of the image", "ADD": _HISTORY}
_ADVICE = "Take it out, give it to the build with RUN --mount=type=secret, and rotate it: built images hold it."


def survey(_: Workstation) -> Iterator[Observation]:
    """Dockerfiles lie in repositories: they are looked at below a PATH."""
    return iter(())


def claims(path: Path) -> bool:
    name = path.name.lower()
    stem = name.split(".", 1)[0]
    return stem in ("dockerfile", "containerfile") or name.endswith((".dockerfile", ".containerfile"))


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation))


def look(_: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    text = text_of(document.data)
    lines = Lines(text)
    instructions = [triggered(one) for one in read_dockerfile(text)]
    named = [(one, pair) for one in instructions if one.name in _LEFT_BEHIND for pair in pairs(one)]
    values = {pair.name: pair.value for _, pair in named}
    for instruction, pair in named:
        found = assigned_secret(pair.name, pair.value, values)
        if found:
            yield _finding(instruction, pair, found, lines, path)
    for instruction in instructions:
        rule = f"dockerfile-{instruction.name.lower()}-secret"
        remains = f", {_COMMANDS.get(instruction.name) or _FILES.get(instruction.name)}"
        for one in _commands(instruction, values):
            finding = finding_of(one, lines, check=id, path=str(path), advice=_ADVICE)
            yield replace(finding, rule=rule, title=finding.title + remains)
    yield Looked(str(path), len(document.data))


def _commands(instruction: Instruction, values: Mapping[str, str]) -> Iterator[CommandSecret]:
    """What the command of an instruction gives away, or the files that it writes."""
    if instruction.name in _COMMANDS:
        command = command_of(instruction)
        words = exec_words(command.text)
        found = argument_secrets(words, values) if words else command_secrets(command.text, values)
    elif instruction.name in _FILES:
        command = instruction.script
        found = chain(_files(command.text, values), command_secrets(command.text, values))
    else:
        return
    seen: set[int] = set()
    for one in found:
        if one.start not in seen:
            seen.add(one.start)
            yield one.moved(command.first(one.start), command.last(one.end))


def _files(script: str, values: Mapping[str, str]) -> Iterator[CommandSecret]:
    """The bodies of `COPY <<EOF /root/.netrc`, each read as a file of that name."""
    for command in commands(script):
        if command.stdin_text and command.words:
            yield from file_secrets(command.words[-1], command.stdin_text, values)


def _finding(instruction: Instruction, pair: Pair, found: AssignedSecret, lines: Lines, path: Path) -> Finding:
    line, column = lines.at(pair.start + found.start)
    end_line, _ = lines.at(pair.end - 1)
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
