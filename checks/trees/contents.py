"""What lies in no file of its own, but in a git object or an image's layer, looked at like a file of that name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from checks import source_text
from checks.failure import error_text
from checks.files.content import Binary, text_of_contents
from checks.files.reading import Document
from checks.model.check import Check
from checks.model.finding import Confidence, Finding, Observation, Skipped
from checks.model.workstation import Workstation
from checks.trees.claiming import READ_COMMANDS, Claiming
from checks.trees.merge import new_to

_PRINTED = bytes(byte if byte == 9 or 32 <= byte < 127 else 10 for byte in range(256))
"""For `translate`: what is printed stays, all else ends a line. Ten times as fast as a pattern for what is printed."""
_MODE = 0o600
_Look = Callable[[Workstation, Document], Iterator[Observation]]


class Contents:
    """These checks on contents. A check that fails with an error of ours is not asked again; `failures` tells of it."""

    def __init__(self, workstation: Workstation, checks: Sequence[Check]) -> None:
        self._workstation = workstation
        self._checks = [check for check in checks if hasattr(check, "look")]
        self._claims = Claiming(self._checks)
        self._text = source_text in checks
        self.failures: dict[str, str] = {}

    def prepare(self) -> None:
        """Makes the rules ready, which processes that are forked after this then share."""
        if self._text:
            source_text.prepare()

    def claims(self, path: str) -> bool:
        """Whether a check knows the format of a file of this name."""
        return bool(self._claims.of(path))

    def look(self, path: str, data: bytes) -> Iterator[Finding | Skipped]:
        """What these bytes give away under this path, relative to the repository or the image; both may be empty.

        In what is no text only tokens are looked for that their form gives away; those have no line. A marker in the
        line of a finding says why it is ignored, as in a file on disk.
        """
        lines = _Lines(data)
        for one in self._look(path, data):
            yield replace(one, ignored=lines.marked(one)) if isinstance(one, Finding) else one

    def _look(self, path: str, data: bytes) -> Iterator[Finding | Skipped]:
        claimed = self._claims.of(path) if path and len(data) <= self._workstation.limits.config_bytes else []
        found: list[Finding] = []
        for check in claimed:
            document = Document(Path(path), data, _MODE, self._workstation.uid, 0)
            look = cast(_Look, check.look)  # type: ignore[attr-defined]
            for one in self._run(check, look(self._workstation, document)):
                if isinstance(one, Finding):
                    found.append(one)
                yield one
        commands = not any(check.id in READ_COMMANDS for check in claimed)
        yield from self._look_at_text(path, data, found, commands=commands)

    def look_at_text(self, path: str, data: bytes) -> Iterator[Finding | Skipped]:
        """The same for a path that no check claims."""
        lines = _Lines(data)
        for one in self._look_at_text(path, data, (), commands=True):
            yield replace(one, ignored=lines.marked(one)) if isinstance(one, Finding) else one

    def look_at_program(self, path: str, data: bytes) -> Iterator[Finding | Skipped]:
        """A piece of what is known to be no text."""
        if self._text:
            yield from self._run(source_text, self._in_binary(path, data))

    def _look_at_text(
        self, path: str, data: bytes, told: Sequence[Finding], *, commands: bool
    ) -> Iterator[Finding | Skipped]:
        if self._text:
            yield from self._run(source_text, new_to(told, self._in_text(path, data, commands=commands)))

    def _in_text(self, path: str, data: bytes, *, commands: bool) -> Iterator[Observation]:
        try:
            text = text_of_contents(data)
        except Binary:
            yield from self._in_binary(path, data)
        else:
            yield from source_text.findings_in(text, path, self._workstation, commands=commands)

    def _in_binary(self, path: str, data: bytes) -> Iterator[Observation]:
        text = data.translate(_PRINTED)
        for one in source_text.findings_in(text, path, self._workstation, commands=False, names=False):
            if isinstance(one, Finding) and one.confidence >= Confidence.LIKELY and one.secret and one.secret.form:
                yield replace(one, place=replace(one.place, line=None, end_line=None, column=None))

    def _run(self, check: Check, observations: Iterator[Observation]) -> Iterator[Finding | Skipped]:
        try:
            for one in observations:
                if isinstance(one, Finding | Skipped):
                    yield one
        except Exception as error:  # noqa: BLE001  an error of one check must not end the others
            self.failures[check.id] = error_text(error)
            if check is source_text:
                self._text = False
            else:
                self._checks.remove(check)
                self._claims = Claiming(self._checks)


class _Lines:
    """The lines of these contents, split when a finding asks for the first time."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._lines: list[bytes] | None = None

    def marked(self, finding: Finding) -> str:
        """Why the line says that it is to be ignored, or nothing."""
        from checks.ignore.markers import marked, markers_in  # only for who has found something

        place = finding.place
        for number in dict.fromkeys((place.line, place.end_line)):
            for marker in markers_in(self._line(number)) if number else ():
                if marker.covers(finding.rule):
                    return marked(marker)
        return ""

    def _line(self, number: int) -> str:
        if self._lines is None:
            try:
                self._lines = text_of_contents(self._data).split(b"\n")
            except Binary:
                self._lines = []
        return self._lines[number - 1].decode("utf-8", "surrogateescape") if number <= len(self._lines) else ""
