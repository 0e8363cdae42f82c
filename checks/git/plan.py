"""Which objects of a repository have to be read, and under which names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checks.git.known import Known
from checks.git.objects import list_objects
from checks.git.provenance import refs_of
from checks.git.repository import CHECK, Repository
from checks.git.runner import Git, GitError
from checks.model.finding import Skipped
from checks.trees.batch import Objects

_MOST_OBJECTS = 1500
_MOST_BYTES = 16 * 1024 * 1024
"""Of one parcel, so that the readers have about the same to do."""


@dataclass(slots=True)
class Plan:
    """What is to be read of one repository."""

    sizes: dict[bytes, int] = field(default_factory=dict)
    """Bytes of each object that has to be read, by id in hexadecimal digits, as they lie in the packs."""
    paths: dict[bytes, bytes] = field(default_factory=dict)
    """The first path of each, where one is known."""
    commits: list[str] = field(default_factory=list)
    """Every commit there is, reachable or not."""
    clean: set[bytes] = field(default_factory=set)
    """Objects that were read before, by the first bytes of their ids."""
    tips: tuple[str, ...] = ()
    skipped: list[Skipped] = field(default_factory=list)

    def parcels(self, git: Git) -> Iterator[Objects]:
        names: list[bytes] = []
        total = 0
        for name, size in self.sizes.items():
            names.append(name)
            total += size
            if len(names) == _MOST_OBJECTS or total > _MOST_BYTES:
                yield self._parcel(git, names)
                names, total = [], 0
        if names:
            yield self._parcel(git, names)

    def _parcel(self, git: Git, names: Sequence[bytes]) -> Objects:
        paths = tuple(os.fsdecode(self.paths.get(name, b"")) for name in names)
        return Objects(str(git.folder), git.program, tuple(name.decode() for name in names), paths)


def plan_of(git: Git, repository: Repository, known: Known, largest: int) -> Plan:
    """Lists the objects, without those that are known or larger than `largest` bytes, and asks for their names."""
    plan = Plan()
    _list(git, repository, known, largest, plan)
    try:
        plan.tips = tuple(sorted({ref.object for ref in refs_of(git)}))
    except GitError as error:
        plan.skipped.append(Skipped(CHECK, repository.shown, f"its references cannot be read: {error}"))
    plan.paths.update({name.encode(): os.fsencode(path) for name, path in known.names.items()})
    if plan.sizes:
        _name(git, repository, known, plan)
    return plan


def _list(git: Git, repository: Repository, known: Known, largest: int, plan: Plan) -> None:
    large = size_of_large = 0
    try:
        for kind, name, size in list_objects(git):
            if kind == b"tree":
                continue
            if kind == b"commit":
                plan.commits.append(name.decode())
            if known.holds(name):
                plan.clean.add(bytes.fromhex(name[:24].decode()))
            elif size > largest:
                large, size_of_large = large + 1, size_of_large + size
            elif size:
                plan.sizes[name] = size
    except (GitError, ValueError) as error:
        plan.skipped.append(Skipped(CHECK, repository.shown, f"its objects cannot all be listed: {error}"))
    if large:
        reason = f"files in its history are larger than {largest // 1024 // 1024} MiB; --max-size changes that"
        plan.skipped.append(Skipped(CHECK, repository.shown, reason, size=size_of_large, files=large))


def _name(git: Git, repository: Repository, known: Known, plan: Plan) -> None:
    """The paths of what is to be read. What was below older tips has been read under its names."""
    start = ("rev-list", "--objects", "--all", "--reflog", "--indexed-objects", "--missing=print", "--ignore-missing")
    missing = 0
    try:
        given = "".join(f"^{tip}\n" for tip in known.tips).encode()
        with git.running(*start, *(("--stdin",) if given else ()), stdin=given) as stream:
            for line in stream:
                name, blank, path = line.rstrip(b"\n").partition(b" ")
                if blank and path and name in plan.sizes:
                    plan.paths[name] = path
                missing += line.startswith(b"?")
    except GitError as error:
        plan.skipped.append(Skipped(CHECK, repository.shown, f"names of its objects cannot all be told: {error}"))
    if missing:
        reason = "objects are missing, as in a partial or damaged clone, and were not looked at"
        plan.skipped.append(Skipped(CHECK, repository.shown, reason, files=missing))
    if (repository.folder / "shallow").exists():
        reason = "a shallow clone: what lies before its oldest commits is not on this machine"
        plan.skipped.append(Skipped(CHECK, repository.shown, reason))
