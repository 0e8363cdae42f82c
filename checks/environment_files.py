"""`.env` files: what programs and compose files are given at start, in plain text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.detect.assignments import judge
from checks.detect.registry_variables import registry_variable
from checks.detect.values import is_reference
from checks.files.reading import NotRead, read_file
from checks.formats.dotenv import Assignment, read_dotenv
from checks.formats.text_positions import Lines
from checks.formats.url_logins import login_in_url
from checks.model.finding import Confidence, Finding, Looked, Observation, Place, Severity, Skipped
from checks.model.secret import Secret
from checks.model.workstation import Workstation

id = "environment-files"  # noqa: A001  the protocol's name
title = ".env files"

TEMPLATE_ENDINGS = (".example", ".sample", ".template", ".dist", ".tpl", ".tmpl", ".default", ".defaults")
"""Files that show which variables there are: what stands in them is mostly made up."""
_ADVICE = "Keep it in a secrets manager or a credential store, replace it here by a reference, and rotate it."
_LONGEST_VALUE = 10_000


def survey(workstation: Workstation) -> Iterator[Observation]:
    for path in sorted(workstation.home.glob(".env*")):
        if path.is_file() and claims(path):
            yield from read(workstation, path)


def claims(path: Path) -> bool:
    name = path.name.lower()
    if name.endswith((".py", ".js", ".ts", ".rb", ".go", ".md")):
        return False
    return name in (".env", "env.list", ".flaskenv") or name.startswith(".env.") or name.endswith(".env")


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    try:
        document = read_file(path, workstation.limits.config_bytes)
    except NotRead as error:
        if not error.missing:
            yield Skipped(id, str(path), error.reason, size=error.size)
        return
    text = document.data.decode("utf-8-sig", "surrogateescape")
    lines = Lines(text)
    template = path.name.lower().endswith(TEMPLATE_ENDINGS)
    assignments = list(read_dotenv(text))
    values = {one.name: one.value for one in assignments}
    for one in assignments:
        yield from _findings(one, values, lines, path, template=template)
    yield Looked(str(path), len(document.data))


def _findings(
    one: Assignment, values: dict[str, str], lines: Lines, path: Path, *, template: bool
) -> Iterator[Finding]:
    if not one.value or len(one.value) > _LONGEST_VALUE or (is_reference(one.value) and not one.literal):
        return
    if login := login_in_url(one.value):
        if judge("password", one.value[login.start : login.end]):
            yield _finding(one, login.secret, lines, path, Confidence.LIKELY, template, login.host, login.username)
        return
    variable = registry_variable(one.name, one.value, values)
    confidence = variable.confidence if variable else judge(one.name, one.value)
    if confidence:
        registry, username = (variable.registry, variable.username) if variable else (None, None)
        yield _finding(one, Secret(one.value), lines, path, confidence, template, registry, username)


def _finding(
    one: Assignment,
    secret: Secret,
    lines: Lines,
    path: Path,
    confidence: Confidence,
    template: bool,
    registry: str | None,
    username: str | None,
) -> Finding:
    line, column = lines.at(one.start)
    end_line, _ = lines.at(one.end)
    known = secret.kind not in ("password", "jwt")
    if template and not known:
        confidence = Confidence.POSSIBLE
    return Finding(
        check=id,
        rule="environment-file-secret",
        title=f"{one.name} in plain text" + (", in a template" if template else ""),
        severity=Severity.CRITICAL if known else Severity.HIGH if registry else Severity.MEDIUM,
        confidence=confidence,
        place=Place(str(path), line=line, end_line=end_line, column=column, field=one.name),
        secret=secret,
        registry=registry,
        username=username,
        advice=_ADVICE,
        locator=one.name,
    )
