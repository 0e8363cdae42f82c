"""The history of repositories: each object once, by whoever reads; then, for what was found, where it came from."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from checks.git.hits import arrivals_of, traced
from checks.git.known import Known, KnownObjects
from checks.git.names import Telling, masked, names_that_tell
from checks.git.plan import Plan
from checks.git.repository import CHECK, Repository, repository_at
from checks.git.runner import Git, GitSilent, NoGit, git_program
from checks.git.salvage import readable
from checks.model.check import Check
from checks.model.finding import Finding, Skipped
from checks.model.workstation import Workstation
from checks.trees.batch import Objects, Outcome
from checks.trees.pool import look_here
from checks.trees.seen import program_version
from checks.trees.trees import Trees

_SPENT = "the time for this scan was spent before its history was read; --history reads it"


@dataclass(slots=True)
class _Reading:
    """One repository while it is read."""

    hits: list[Finding] = field(default_factory=list)
    eventful: set[str] = field(default_factory=set)
    read: list[str] = field(default_factory=list)
    complete: bool = True


def read_histories(
    workstation: Workstation,
    folders: Sequence[Path],
    trees: Trees,
    deadline: float | None = None,
) -> Iterator[Outcome | Finding | Skipped]:
    """What the objects of the repositories in these folders give away; each repository once, linked work trees or not.

    `deadline` on the clock of time.monotonic.
    """
    found: dict[Path, Repository] = {}
    for folder in folders:
        repository = repository_at(folder)
        if isinstance(repository, Skipped):
            yield repository
        elif repository and (repository.work_tree or repository.folder not in found):
            found[repository.folder] = repository
    if not found:
        return
    try:
        program = git_program(workstation.environment)
    except NoGit as error:
        yield from (Skipped(CHECK, one.shown, str(error)) for one in found.values())
        return
    version = _version(trees.declined, workstation.limits.text_bytes)
    known = KnownObjects(trees.state, workstation.key, version) if trees.state else None
    silent = ""
    for repository in found.values():
        if silent:
            yield Skipped(CHECK, repository.shown, f"{silent}, before")
            continue
        if workstation.cancelled.is_set():
            return
        if deadline is not None and time.monotonic() > deadline:
            yield Skipped(CHECK, repository.shown, _SPENT, size=_stored(repository))
            continue
        try:
            with readable(Git(program, repository.folder, workstation.cancelled), repository) as (git, held, damage):
                if damage:
                    yield damage
                yield from _read(workstation, held, git, trees, None if damage else known, deadline)
        except GitSilent as error:
            silent = str(error)
            yield Skipped(CHECK, repository.shown, silent)


def _version(declined: Sequence[Check], largest: int) -> str:
    """What was too large has been named with the rest, and would have no name when it is read later."""
    return " ".join((program_version(), str(largest), *sorted(check.id for check in declined)))


def _read(
    workstation: Workstation,
    repository: Repository,
    git: Git,
    trees: Trees,
    known: KnownObjects | None,
    deadline: float | None,
) -> Iterator[Outcome | Finding | Skipped]:
    before = known.read(repository.folder) if known else Known()
    plan = Plan()
    reading = _Reading()

    def parcels() -> Iterator[Objects]:
        for _ in range(trees.pool.jobs if trees.pool else 0):
            yield Objects(str(git.folder), git.program, (), ())  # readers make themselves ready while git lists
        plan.make(git, repository, before, workstation.limits.text_bytes)
        for parcel in plan.parcels(git):
            if deadline is not None and time.monotonic() > deadline:
                reading.complete = False
                return
            yield parcel

    for outcome in _outcomes(workstation, trees, parcels(), reading):
        told = [one for _, one in outcome.told if isinstance(one, Skipped)]
        reading.hits += [one for _, one in outcome.told if isinstance(one, Finding) and one.secret]
        yield replace(
            outcome, told=[(CHECK, replace(one, path=repository.shown)) for one in told], path=repository.shown
        )
    if workstation.cancelled.is_set():
        return
    yield from plan.skipped
    if not reading.complete:
        unread = [size for name, size in plan.sizes.items() if name.decode() not in set(reading.read)]
        yield Skipped(CHECK, repository.shown, _SPENT, size=sum(unread), files=len(unread))
    hits = [replace(one, place=replace(one.place, repository=repository.shown)) for one in reading.hits]
    telling = names_that_tell(workstation, plan.paths)
    commits = workstation.key.of("commits", *sorted(plan.commits))
    same = before.commits == commits
    older = before.arrivals if before.commits or not before.tips else None
    came, trouble = (list(before.arrivals), []) if same else arrivals_of(git, hits, plan, older)
    yield from masked(traced(git, repository, hits, came, trouble), telling)
    yield from (one.finding(repository.shown) for one in telling)
    if known:
        held = _remembered(plan, before, reading, telling)
        if reading.complete and not trouble and not telling:
            held = replace(held, commits=commits, arrivals=tuple(came))
        if note := known.keep(repository.folder, held):
            yield Skipped("cache", str(trees.state), note)


def _remembered(plan: Plan, before: Known, reading: _Reading, telling: Sequence[Telling]) -> Known:
    """For the next scan. A name that holds a secret is not kept: then all names are asked for again."""
    clean = {bytes.fromhex(name[:24]) for name in reading.read if name not in reading.eventful}
    names = {name: os.fsdecode(plan.paths[name.encode()]) for name in reading.eventful if name.encode() in plan.paths}
    tips = before.tips if not reading.complete else () if telling else plan.tips
    return Known(frozenset(plan.clean | clean), tips, {} if telling else names)


def _outcomes(
    workstation: Workstation, trees: Trees, parcels: Iterator[Objects], reading: _Reading
) -> Iterator[Outcome]:
    look = trees.pool.look if trees.pool else look_here
    for parcel, outcome in look(workstation, (), parcels, trees.declined):
        reading.eventful |= outcome.eventful
        if outcome.complete:
            reading.read += parcel.names
        else:
            reading.complete = False
        if parcel.names:
            yield outcome


def _stored(repository: Repository) -> int | None:
    """Bytes of its packs: how much there would be to read."""
    try:
        return sum(one.stat().st_size for one in (repository.folder / "objects" / "pack").glob("*.pack"))
    except OSError:
        return None
