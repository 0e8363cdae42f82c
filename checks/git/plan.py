"""Which objects of a repository have to be read, and under which names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain

from checks.git.brought import Brought
from checks.git.known import Known
from checks.git.objects import DAMAGED
from checks.git.provenance import blobs_in_index, tips_of
from checks.git.repository import CHECK, Repository
from checks.git.runner import Git, GitError
from checks.git.stored import all_objects
from checks.git.tree_names import names_in_trees
from checks.model.finding import Skipped
from checks.trees.batch import Objects

_MOST_OBJECTS = 1500
_MOST_BYTES = 16 * 1024 * 1024
"""Of one parcel, so that the readers have about the same to do."""
_NAMING = ("rev-list", "--objects", "--missing=print", "--ignore-missing")
"""Trees too: with a filter for blobs, git 2.39 is silent about trees that are missing."""
_LED_TO = ("--all", "--reflog", "--indexed-objects")


@dataclass(slots=True)
class _Named:
    """What one walk told."""

    paths: dict[bytes, bytes] = field(default_factory=dict)
    missing: int = 0
    trouble: str = ""


@dataclass(slots=True)
class Plan:
    """What is to be read of one repository."""

    sizes: dict[bytes, int] = field(default_factory=dict)
    """Bytes of each object that has to be read, by id in hexadecimal digits, as they lie in the packs."""
    paths: dict[bytes, bytes] = field(default_factory=dict)
    """The first path of each, where one is known."""
    messages: set[bytes] = field(default_factory=set)
    """Commits and tags among them."""
    commits: list[str] = field(default_factory=list)
    """Every commit there is, reachable or not."""
    clean: set[bytes] = field(default_factory=set)
    """Objects that were read before, by the first bytes of their ids."""
    other: set[bytes] = field(default_factory=set)
    """Objects that are here but not to be read: empty, too large, or damaged."""
    brought: Brought = field(default_factory=Brought)
    tips: tuple[str, ...] = ()
    skipped: list[Skipped] = field(default_factory=list)

    def make(self, git: Git, repository: Repository, known: Known, largest: int) -> None:
        """Lists the objects, without those that are known or larger than `largest` bytes, and asks for their names."""
        with ThreadPoolExecutor(1, thread_name_prefix="git") as aside:  # both take git a while
            walk = aside.submit(self.brought.walk, git, known.tips)
            _list(git, repository, known, largest, self)
            try:
                self.tips = tips_of(git)
            except GitError as error:
                self.skipped.append(Skipped(CHECK, repository.shown, f"its references cannot be read: {error}"))
            walk.result()
        named = self._name(git, repository, known)
        self.paths.update({name.encode(): os.fsencode(path) for name, path in known.names.items()})
        self._say_what_is_missing(repository, named)
        if named.missing or named.trouble:
            self.tips = ()  # what is fetched later would have no name

    def _name(self, git: Git, repository: Repository, known: Known) -> _Named:
        """Names what has to be read. What git could not tell is in the answer."""
        try:
            if not self.brought.trouble:
                walked = set(self.brought.commits)
                unread = (one for one in self.commits if one.encode() in self.messages)
                self.brought.take_in(git, [one for one in unread if one not in walked])  # nothing leads to these
        except GitError as error:
            self.brought.trouble = str(error)
        if self.brought.trouble:
            return self._name_past_damage(git, known)
        paths, self.brought.paths = self.brought.paths, {}
        self._take(paths)
        staged = _staged(git, repository)
        self._take(staged.paths)
        if not self._all_named() and not git.cancelled.is_set():
            commits = set(self.commits)
            self._take(_names(git, _LED_TO, [tip for tip in self.tips if tip in commits]).paths)
        here = self.sizes.keys() | self.other
        missing = sum(name not in here and not known.holds(name) for name in {**paths, **staged.paths})
        return _Named(missing=missing, trouble=staged.trouble)

    def _name_past_damage(self, git: Git, known: Known) -> _Named:
        named = _names(git, _LED_TO, known.tips)
        self._take(named.paths)
        if self._all_named() or git.cancelled.is_set():
            return named
        rest = _names(git, ("--no-walk",) if named.trouble else ("--not", "--all", "--reflog"), starts=self.commits)
        self._take(rest.paths)
        if (named.trouble or named.missing or rest.trouble or rest.missing) and not git.cancelled.is_set():
            found = names_in_trees(git)
            self.paths.update((one, path) for one, path in found.items() if one in self.sizes and one not in self.paths)
        return named

    def _all_named(self) -> bool:
        return all(name in self.paths or name in self.messages for name in self.sizes)

    def _take(self, paths: Mapping[bytes, bytes]) -> None:
        self.paths.update((name, path) for name, path in paths.items() if name in self.sizes)

    def _say_what_is_missing(self, repository: Repository, named: _Named) -> None:
        def say(reason: str, files: int | None = None) -> None:
            self.skipped.append(Skipped(CHECK, repository.shown, reason, files=files))

        if named.trouble:
            say(f"names of its objects cannot all be told: {named.trouble}")
        if named.missing:
            say("objects are missing, as in a partial or damaged clone, and were not looked at", named.missing)
        if (repository.folder / "shallow").exists():
            say("a shallow clone: what lies before its oldest commits is not on this machine")

    def parcels(self, git: Git) -> Iterator[Objects]:
        """Versions of one file one after the other."""
        by_path: dict[bytes, list[bytes]] = {}
        for name in self.sizes:
            by_path.setdefault(self.paths.get(name, b""), []).append(name)
        names: list[bytes] = []
        total = 0
        for name in chain.from_iterable(by_path.values()):
            names.append(name)
            total += self.sizes[name]
            if len(names) == _MOST_OBJECTS or total > _MOST_BYTES:
                yield self._parcel(git, names)
                names, total = [], 0
        if names:
            yield self._parcel(git, names)

    def _parcel(self, git: Git, names: Sequence[bytes]) -> Objects:
        paths = tuple(os.fsdecode(self.paths.get(name, b"")) for name in names)
        return Objects(str(git.folder), git.program, tuple(name.decode() for name in names), paths)


def _list(git: Git, repository: Repository, known: Known, largest: int, plan: Plan) -> None:
    def say(reason: str, size: int | None = None, files: int | None = None) -> None:
        plan.skipped.append(Skipped(CHECK, repository.shown, reason, size=size, files=files))

    damaged = 0
    large: list[int] = []
    try:
        for kind, name, size in all_objects(git):
            if kind == b"commit":
                plan.commits.append(name.decode())
            if kind == DAMAGED:
                damaged += 1
                plan.other.add(name)
            elif kind == b"tree":
                continue
            elif known.holds(name):
                plan.clean.add(bytes.fromhex(name[:24].decode()))
            elif not size or size > largest:
                plan.other.add(name)
                large += [size] if size else []
            else:
                plan.sizes[name] = size
                if kind != b"blob":
                    plan.messages.add(name)
    except GitError as error:
        say(f"its objects cannot all be listed: {error}")
    if damaged:
        say("objects are damaged, and were not looked at: git fsck names them", files=damaged)
    if large:
        mebibytes = largest // 1024 // 1024
        say(f"files in its history are larger than {mebibytes} MiB; --max-size changes that", sum(large), len(large))


def _staged(git: Git, repository: Repository) -> _Named:
    """What the indexes hold: of the main work tree and of each linked one."""
    named = _Named()
    for folder in (git.folder, *repository.heads):
        try:
            staged = blobs_in_index(replace(git, folder=folder))
            named.paths.update((blob.encode(), os.fsencode(paths[0])) for blob, paths in staged.items())
        except GitError as error:
            named.trouble = str(error)
    return named


def _names(git: Git, options: Sequence[str], without: Sequence[str] = (), starts: Sequence[str] = ()) -> _Named:
    """A path of each file that these lead to. What lies below older tips has been read under its names."""
    named = _Named()
    given = "".join([*(f"{one}\n" for one in starts), *(f"^{one}\n" for one in without)])
    try:
        with git.running(*_NAMING, "--stdin", *options, stdin=given.encode()) as stream:
            for line in stream:
                name, blank, path = line.rstrip(b"\n").partition(b" ")
                if path:
                    named.paths[name] = path
                elif not blank and name.startswith(b"?"):
                    named.missing += 1
    except GitError as error:
        named.trouble = str(error)
    return named
