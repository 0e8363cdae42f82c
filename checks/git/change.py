"""What a change gives away: its contents looked at, and what stood in the repository before it set aside."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from checks.git.items import Content, Item, contents
from checks.git.runner import Git
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity, Skipped

if TYPE_CHECKING:
    from checks.git.arrivals import Arrival

Look = Callable[[str, bytes], Iterator[Finding | Skipped]]
BEFORE = "it stood in the file before this change"
"""Why such a finding is not told: it has left with an earlier change, and does not stop this one."""
_MESSAGES = {"commit": "commit message", "tag": "tag message"}


@dataclass(slots=True)
class Seen:
    """What the change gives away."""

    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    """Checks that ended with an error of ours, and which."""
    notes: tuple[str, ...] = ()
    items: int = 0
    started: float = field(default_factory=time.time)

    def blocking(self, least: Severity) -> list[Finding]:
        return [
            one
            for one in self.findings
            if not one.ignored and one.severity >= least and one.confidence > Confidence.POSSIBLE
        ]


class Change:
    """Looks at what one change brings, by the checks behind `look`."""

    def __init__(self, git: Git, repository: str, look: Look, largest: int) -> None:
        """`repository` is the work tree's root, which paths are relative to; `largest` in bytes."""
        self._git = git
        self._repository = repository
        self._look = look
        self._largest = largest

    def observations(self, items: Sequence[Item]) -> Iterator[Finding | Skipped]:
        """What these contents give away. Raises GitError."""
        for content in contents(self._git, items, self._largest):
            if isinstance(content, Skipped):
                yield content
            else:
                yield from self._in(content)

    def without_old(
        self, findings: Sequence[Finding], before: Mapping[tuple[str, str], Sequence[str]]
    ) -> list[Finding]:
        """The same, those ignored that the blobs hold that stood there before. Raises GitError.

        `before` has these blobs by path and new blob.
        """
        blobs = {(blob, one.place.path) for one in findings for blob in before.get(_key(one), ())}
        held = self._known(sorted(blobs))
        judged: list[Finding] = []
        for one in findings:
            olds = before.get(_key(one), ())
            old = bool(olds) and all(_identity(one) in held.get((blob, one.place.path), ()) for blob in olds)
            judged.append(replace(one, ignored=BEFORE) if old and not one.ignored else one)
        return judged

    def _known(self, blobs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], set[Hashable]]:
        """What each of these blobs gives away under its path."""
        known: dict[tuple[str, str], set[Hashable]] = {}
        for one in self.observations([Item(path, blob) for blob, path in blobs]):
            if isinstance(one, Finding):
                known.setdefault((one.place.blob or "", one.place.path), set()).add(_identity(one))
        return known

    def _in(self, content: Content) -> Iterator[Finding | Skipped]:
        for one in self._look(content.item.path, content.data):
            if isinstance(one, Skipped):
                yield replace(one, path=content.item.path or content.item.id)
            else:
                yield replace(one, place=self._place(content, one.place))

    def _place(self, content: Content, place: Place) -> Place:
        item, message = content.item, _MESSAGES.get(content.kind)
        if not message:
            path = item.path or f"unnamed object {item.id[:12]}"
            return replace(place, path=path, kind=PlaceKind.GIT, repository=self._repository, blob=item.id)
        above = content.data[: content.data.find(b"\n\n") + 2].count(b"\n")
        line = place.line - above if place.line and place.line > above else None
        return Place(
            f"{message} of {item.id[:12]}", PlaceKind.GIT, line, line, place.column, repository=self._repository,
            commit=item.id if content.kind == "commit" else None, blob=item.id, field=message,
        )  # fmt: skip


def with_commits(findings: Sequence[Finding], came: Mapping[str, Sequence[Arrival]]) -> list[Finding]:
    """The findings with the oldest commit of the change that brought each of them."""
    placed: list[Finding] = []
    for one in findings:
        arrivals = came.get(one.place.blob or "", ())
        ours = [arrival for arrival in arrivals if arrival.path == one.place.path] or arrivals
        placed.append(replace(one, place=replace(one.place, commit=ours[0].commit)) if ours else one)
    return placed


def _key(finding: Finding) -> tuple[str, str]:
    return finding.place.path, finding.place.blob or ""


def _identity(finding: Finding) -> Hashable:
    """What makes it the same leak, wherever in the file it stands."""
    return finding.secret or (finding.rule, finding.locator)
