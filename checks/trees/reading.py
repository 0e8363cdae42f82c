"""Reads trees: walks them, hands what is new to the readers, and adds up what came of it."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from checks import source_text
from checks.files.walk import is_folder
from checks.model.check import Check
from checks.model.finding import Skipped
from checks.model.workstation import Workstation
from checks.trees.batch import Batch, Outcome
from checks.trees.left_out import FULL, git_history, third_party
from checks.trees.pool import look_here
from checks.trees.repositories import work_trees
from checks.trees.seen import SeenFiles
from checks.trees.trees import Trees
from checks.trees.walking import CHECK, TreeWalk, Unchanged

_SIZING_SECONDS = 3.0
"""How long the folders that were left out are measured, so that the person knows what `--full` would mean."""


def read_trees(
    workstation: Workstation,
    checks: Sequence[Check],
    paths: Sequence[Path],
    trees: Trees,
    looked_at: frozenset[str] = frozenset(),
    met: list[Path] | None = None,
    deadline: float | None = None,
) -> Iterator[Outcome | Skipped]:
    """What was seen in these trees, or in the work trees below the home folder; `looked_at` is not read again.

    Folders of repositories that are met on the way are added to `met`. `deadline` on the clock of time.monotonic.
    """
    named = bool(paths)
    leave_out = git_history if named or trees.full else third_party
    tops: list[Path] = []
    for found in () if named else work_trees(workstation, leave_out, deadline):
        if isinstance(found, Skipped):
            yield found
        else:
            tops.append(found)
    yield from _unknown(paths, checks)
    seen = (
        SeenFiles(trees.state, workstation.key, [check.id for check in (*checks, *trees.declined)])
        if trees.state
        else None
    )
    walk = TreeWalk(workstation, paths or tops, leave_out, seen, deadline, looked_at)
    try:
        yield from _summed(_outcomes(workstation, checks, walk, trees), deadline, workstation)
    finally:
        if met is not None:
            met += walk.repositories
        if seen:
            seen.close()
    if seen and seen.note:
        yield Skipped("cache", str(trees.state), seen.note)


def _unknown(paths: Sequence[Path], checks: Sequence[Check]) -> Iterator[Skipped]:
    for path in paths:
        if not is_folder(path) and not any(check.claims(path) for check in checks):
            yield Skipped(CHECK, str(path), "no check knows this kind of file")


def _outcomes(
    workstation: Workstation, checks: Sequence[Check], walk: TreeWalk, trees: Trees
) -> Iterator[Outcome | Skipped | Unchanged]:
    aside: deque[Unchanged | Skipped] = deque()

    def batches() -> Iterator[Batch]:
        for one in walk.batches():
            if isinstance(one, Batch):
                yield one
            else:
                aside.append(one)

    looking = trees.pool.look if trees.pool else look_here
    for batch, outcome in looking(workstation, checks, batches(), trees.declined):
        walk.done(batch, outcome)
        while aside:
            yield aside.popleft()
        yield outcome
    yield from aside


def _summed(
    outcomes: Iterator[Outcome | Skipped | Unchanged], deadline: float | None, workstation: Workstation
) -> Iterator[Outcome | Skipped]:
    """Files that were passed over become one line for each reason, in the end; so do folders that were left out."""
    passed: dict[str, tuple[int, int, str]] = {}
    left_out: list[Skipped] = []
    for one in outcomes:
        if isinstance(one, Skipped):
            if one.reason.endswith(FULL):
                left_out.append(one)
            else:
                yield one
            continue
        outcome = one if isinstance(one, Outcome) else _remembered(one)
        for reason, (files, size) in outcome.passed.items():
            before, total, path = passed.get(reason, (0, 0, outcome.path))
            passed[reason] = before + files, total + size, os.path.commonpath((path, outcome.path))
        yield outcome
    for reason, (files, size, path) in passed.items():
        yield Skipped(source_text.id, path, reason, size=size, files=files)
    yield from _measured(left_out, deadline, workstation)


def _remembered(one: Unchanged) -> Outcome:
    looked = {source_text.id: (one.files, 0)} if one.files else {}
    passed = {"binary": (one.binaries, one.binary_bytes)} if one.binaries else {}
    return Outcome(looked=looked, passed=passed, path=one.folder, unchanged=one.files)


def _measured(left_out: list[Skipped], deadline: float | None, workstation: Workstation) -> Iterator[Skipped]:
    until = min(time.monotonic() + _SIZING_SECONDS, deadline or float("inf"))
    for one in left_out:
        files, size = _measure(one.path, until, workstation)
        yield Skipped(one.check, one.path, one.reason, size=size, files=files)


def _measure(path: str, until: float, workstation: Workstation) -> tuple[int | None, int | None]:
    """Files and bytes below this folder; None where there was no time to count them."""
    files = size = 0
    for folder, _, names in os.walk(path):
        if time.monotonic() > until or workstation.cancelled.is_set():
            return None, None
        for name in names:
            try:
                size += os.lstat(f"{folder}/{name}").st_size
            except OSError:
                continue
            files += 1
    return files, size
