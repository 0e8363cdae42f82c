"""What an image's configuration and build history give away to everyone who pulls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from checks import container_builds
from checks.detect.assigned import assigned_secret
from checks.detect.command_logins import argument_secrets, command_secrets
from checks.detect.command_values import CommandSecret
from checks.detect.shell_findings import finding_of
from checks.files.reading import Document
from checks.formats.display import printable
from checks.formats.text_positions import Lines
from checks.formats.traced_text import Traced
from checks.images.history import Made, listed_words, named_values, read_history_line
from checks.images.model import CHECK, Image, pairs, text, texts
from checks.model.finding import Finding, Place, PlaceKind
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from checks.trees.contents import Contents

ADVICE = (
    "Build the image anew without it, give it to the build with RUN --mount=type=secret, delete this one, "
    "and rotate it: whoever pulls the image has it."
)
CONFIGURATION, HISTORY = "configuration", "build history"
IN_CONFIGURATION, _IN_HISTORY = "in the image's configuration", "in the image's history"
_PAIRS = frozenset({"ENV", "ARG", "LABEL"})
_LISTS = frozenset({"CMD", "ENTRYPOINT", "SHELL", "HEALTHCHECK"})
_HEALTH = frozenset({"CMD", "NONE", ""})


class _Field(NamedTuple):
    """One text of the configuration or the history, and what its format gives away."""

    path: str
    name: str
    """Of the field: `Env`, `Labels`, `history` ..."""
    line: int | None
    text: str
    findings: tuple[Finding, ...]


def config_findings(image: Image, contents: Contents, workstation: Workstation) -> Iterator[Finding]:
    """Each secret of a field once; the history tells only what the configuration has not told. Places have no image."""
    told: set[Secret] = set()
    fields = [*_configuration(image.config, workstation), *_history(image)]
    for one in fields:
        for finding in one.findings:
            if finding.secret and finding.secret not in told:
                told.add(finding.secret)
                yield _placed(finding, one)
    yield from _by_their_form(fields, told, contents)


def _by_their_form(fields: Sequence[_Field], told: set[Secret], contents: Contents) -> Iterator[Finding]:
    """What no name gives away: all fields in one text first, since hardly any holds something."""
    if not _in_text(contents, "\n\n".join(one.text for one in fields)):
        return
    for one in fields:
        for finding in _in_text(contents, one.text):
            if finding.secret and finding.secret not in told:
                told.add(finding.secret)
                where = _IN_HISTORY if one.path == HISTORY else IN_CONFIGURATION
                rule = f"image-{one.name.lower()}-secret"
                place = replace(finding.place, column=None)
                yield _placed(replace(finding, rule=rule, place=place, title=f"{finding.title}, {where}"), one)


def _in_text(contents: Contents, held: str) -> list[Finding]:
    found = contents.look_at_text("", held.encode("utf-8", "replace")) if held else ()
    return [one for one in found if isinstance(one, Finding)]


def _placed(finding: Finding, one: _Field) -> Finding:
    place = Place(one.path, PlaceKind.IMAGE, line=one.line, end_line=one.line, field=finding.place.field or one.name)
    locator = finding.locator or one.name
    return replace(finding, check=CHECK, place=place, advice=ADVICE, locator=locator)


def _configuration(config: Mapping[str, Any], workstation: Workstation) -> Iterator[_Field]:
    for part in ("config", "container_config"):  # the second one is the classic builder's own container
        node = config.get(part)
        if isinstance(node, dict):
            yield from _settings(node, workstation)
    for name in ("author", "comment", "docker_version"):
        yield _Field(CONFIGURATION, name, None, text(dict(config), name), ())


def _settings(node: dict[str, Any], workstation: Workstation) -> Iterator[_Field]:
    variables = [(name, value) for name, _, value in (one.partition("=") for one in texts(node, "Env"))]
    values = dict(variables)
    for field, named in (("Env", variables), ("Labels", list(pairs(node, "Labels")))):
        siblings = dict(named)
        for name, value in named:
            found = tuple(_assigned(field, name, value, siblings, IN_CONFIGURATION))
            yield _Field(CONFIGURATION, field, None, f"{name}={value}", found)
    health = node.get("Healthcheck")
    commands = {name: texts(node, name) for name in ("Entrypoint", "Cmd", "Shell")}
    commands["Healthcheck"] = texts(health, "Test") if isinstance(health, dict) else []
    for field, words in commands.items():
        findings = tuple(_of_words(field, words, values, IN_CONFIGURATION))
        yield _Field(CONFIGURATION, field, None, " ".join(words), findings)
    for trigger in texts(node, "OnBuild"):
        yield _Field(CONFIGURATION, "OnBuild", None, trigger, tuple(_of_trigger(trigger, workstation)))


def _history(image: Image) -> Iterator[_Field]:
    values: dict[str, str] = {}
    for number, line in enumerate(image.history, 1):
        made = read_history_line(line.created_by)
        findings = tuple(_of_line(made, values))
        yield _Field(HISTORY, "history", number, line.created_by, findings)


def _of_line(made: Made, values: dict[str, str]) -> Iterator[Finding]:
    """`values` are the variables known so far: they tell the registry and user of a password in a later line."""
    if made.instruction in _PAIRS:
        named = named_values(made.text)
        values.update(named)
        for name, value in named:
            yield from _assigned("history", name, value, values, _IN_HISTORY, made.instruction)
        return
    known = {**values, **dict(made.arguments)}
    for name, value in made.arguments:
        yield from _assigned("history", name, value, known, _IN_HISTORY, "ARG")
    if made.instruction in _LISTS and (words := listed_words(made.text)):
        yield from _of_words("history", words, known, _IN_HISTORY)
    else:
        yield from _of_commands("history", command_secrets(made.text, known), made.text, _IN_HISTORY)


def _assigned(
    field: str, name: str, value: str, siblings: Mapping[str, str], where: str, instruction: str = ""
) -> Iterator[Finding]:
    if not (found := assigned_secret(name, value, siblings)):
        return
    shown = printable(f"{instruction or field} {name}")
    yield Finding(
        check=CHECK,
        rule=f"image-{field.lower()}-secret",
        title=f"{shown} in plain text, {where}",
        severity=found.severity,
        confidence=found.confidence,
        place=Place("", field=f"{field} {printable(name)}"),
        secret=found.secret,
        registry=found.registry,
        username=found.username,
        locator=shown,
    )


def _of_words(field: str, words: list[str], values: Mapping[str, str], where: str) -> Iterator[Finding]:
    """Of a command in words; those of a health check begin with how they are meant."""
    if words and words[0] == "CMD-SHELL":
        script = " ".join(words[1:])
        yield from _of_commands(field, command_secrets(script, values), script, where)
        return
    words = words[1:] if words and words[0] in _HEALTH else words
    traced, start = [], 0
    for word in words:
        traced.append(Traced(word, start, start + len(word)))
        start += len(word) + 1
    yield from _of_commands(field, argument_secrets(traced, values), " ".join(words), where)


def _of_commands(field: str, found: Iterable[CommandSecret], source: str, where: str) -> Iterator[Finding]:
    lines = Lines(source)
    for one in found:
        finding = finding_of(one, lines, check=CHECK, path="", advice=ADVICE)
        yield replace(finding, rule=f"image-{field.lower()}-secret", title=f"{finding.title}, {where}")


def _of_trigger(trigger: str, workstation: Workstation) -> Iterator[Finding]:
    """An ONBUILD is an instruction of a Dockerfile, which the next build will run."""
    data = trigger.encode("utf-8", "replace")
    for one in container_builds.look(workstation, Document(Path("Dockerfile"), data, 0o600, workstation.uid, 0)):
        if isinstance(one, Finding):
            yield replace(one, rule="image-onbuild-secret", place=replace(one.place, field="OnBuild"))
