"""`.env` files: what programs and compose files are given at start, in plain text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from checks import by_name
from checks.detect.assigned import AssignedSecret, assigned_secret
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.formats.dotenv import Assignment, read_dotenv
from checks.formats.encodings import text_of
from checks.formats.text_positions import Lines
from checks.model.finding import Confidence, Finding, Looked, Observation, Place
from checks.model.workstation import Workstation

id = "environment-files"  # noqa: A001  the protocol's name
title = ".env files"
may_claim = by_name.environment_files

TEMPLATE_ENDINGS = (".example", ".sample", ".template", ".dist", ".tpl", ".tmpl", ".default", ".defaults")
"""Files that show which variables there are: what stands in them is mostly made up."""
_CODE_ENDINGS = (".py", ".js", ".ts", ".rb", ".go", ".md")
_ADVICE = "Keep it in a secrets manager or a credential store, read it from there, and rotate it."


def survey(workstation: Workstation) -> Iterator[Observation]:
    for path in sorted(workstation.home.glob(".env*")):
        if path.is_file() and claims(path):
            yield from read(workstation, path)


def claims(path: Path) -> bool:
    name = path.name.lower()
    if name.endswith(_CODE_ENDINGS):
        return False
    return name in (".env", "env.list", ".flaskenv") or name.startswith(".env.") or name.endswith(".env")


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, workstation.limits.config_bytes, partial(look, workstation))


def look(_: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    text = text_of(document.data)
    lines = Lines(text)
    assignments = list(read_dotenv(text))
    values = {one.name: one.value for one in assignments}
    for one in assignments:
        found = assigned_secret(one.name, one.value, values, literal=one.literal)
        if found:
            yield _finding(one, found, lines, path)
    yield Looked(str(path), len(document.data))


def _finding(one: Assignment, found: AssignedSecret, lines: Lines, path: Path) -> Finding:
    line, column = lines.at(one.start + found.start)
    end_line, _ = lines.at(one.end)
    template = path.name.lower().endswith(TEMPLATE_ENDINGS)
    made_up = template and found.confidence is not Confidence.CERTAIN
    return Finding(
        check=id,
        rule="environment-file-secret",
        title=f"{one.name} in plain text" + (", in a template" if template else ""),
        severity=found.severity,
        confidence=Confidence.POSSIBLE if made_up else found.confidence,
        place=Place(str(path), line=line, end_line=end_line, column=column, field=one.name),
        secret=found.secret,
        registry=found.registry,
        username=found.username,
        advice=_ADVICE,
        locator=one.name,
    )
