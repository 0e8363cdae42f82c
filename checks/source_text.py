"""Secrets in text of any kind: programs, settings, notes, and comments in files that another check understands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checks.detect import second_engine_package
from checks.files.content import Binary, read_text_bytes
from checks.files.reading import NotRead
from checks.model.finding import Finding, Looked, Observation, PassedOver, Place, Skipped
from checks.model.workstation import Workstation

if TYPE_CHECKING:
    from checks.detect.free_text.found import Found

id = "source-text"  # noqa: A001  the protocol's name
title = "text of any kind"

_ADVICE = "Read it from the environment or a secret manager instead, and rotate it: whoever reads this file has it."


def survey(_: Workstation) -> Iterator[Observation]:
    """The scan hands it what other checks have read, and the work trees."""
    return iter(())


def claims(_: Path) -> bool:
    return True


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return read_at(workstation, str(path))


def read_at(workstation: Workstation, path: str, *, commands: bool = True) -> Iterator[Observation]:
    """Without `commands` no command lines are read: the check that knows the file has done that."""
    try:
        data = read_text_bytes(path, workstation.limits.text_bytes)
    except Binary as binary:
        yield PassedOver(path, "binary", binary.size)
        return
    except NotRead as error:
        if not error.missing:
            yield Skipped(id, path, error.reason, size=error.size)
        return
    yield from findings_in(data, path, workstation, commands=commands)
    yield Looked(path, len(data))


def prepare() -> None:
    """Loads the rules."""
    from checks.detect.free_text.engine import engine

    engine()


def findings_in(
    data: bytes, path: str, workstation: Workstation, *, commands: bool = True, names: bool = True
) -> Iterator[Observation]:
    from checks.detect.free_text.engine import MOST_FOUND, engine  # hundreds of rules: only for who reads a text

    relative = workstation.relative(path)
    found = engine().look(data, relative, workstation.cancelled.is_set, commands=commands, names=names)
    if second_engine_package.installed():
        from checks.detect import second_engine

        try:
            found = second_engine.merged(found, second_engine.second_findings(data, relative, workstation))
        except second_engine.NotLooked as error:
            yield Skipped(id, path, error.reason)
    line, counted = 1, 0
    for one in found:
        line += data.count(b"\n", counted, one.start)
        counted = one.start
        yield _finding(one, data, path, line)
    if len(found) == MOST_FOUND:
        yield Skipped(id, path, f"only the first {MOST_FOUND:,} findings are told")


def _finding(one: Found, data: bytes, path: str, line: int) -> Finding:
    begin = data.rfind(b"\n", 0, one.start) + 1
    column = len(data[begin : one.start].decode("utf-8", "surrogateescape")) + 1
    end_line = line + data.count(b"\n", one.start, one.end)
    return Finding(
        check=id,
        rule=one.rule,
        title=one.title,
        severity=one.severity,
        confidence=one.confidence,
        place=Place(path, line=line, end_line=end_line, column=column),
        secret=one.secret,
        registry=one.registry,
        username=one.username,
        advice=_ADVICE,
    )
