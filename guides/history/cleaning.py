"""One cleaning from its plan to its proof. The person's own repository is read, and never written to.

folder/            named by the person, or made below the home folder; 0700
  .dockhygiene-making/  while it is being made: removed at the end, and after an interruption
  NAME.bundle.gpg       the backup
  NAME.git              the cleaned clone; it is there only once it is proven
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checks.git.repository import Repository
from checks.git.runner import Git, GitError
from checks.model.secret import Secret
from guides.history import backup
from guides.history.backup import ENDINGS, Seal
from guides.history.clone import clone_of, outside, refuse, write_bundle
from guides.history.git import Clone
from guides.history.objects import Hit, Part, hits_in, references
from guides.history.proving import prove, size_of
from guides.history.rewriting import rewrite
from guides.history.spellings import Spelling, TooShort, spellings_of
from guides.history.trouble import CleaningFailed

MAKING = ".dockhygiene-making"


@dataclass(frozen=True, slots=True)
class Plan:
    """What holds the secret in one repository."""

    parts: Mapping[Part, int]
    spellings: tuple[str, ...]
    """Names of those that were met."""
    unreachable: int
    """Objects that no reference leads to: only this clone has them."""
    stash: bool
    notes: bool


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done."""

    repository: Repository
    folder: Path
    name: str
    seal: Seal
    recipient: str
    secret: Secret
    username: str
    environment: Mapping[str, str] = field(repr=False)

    @property
    def clone(self) -> Path:
        return self.folder / f"{self.name}.git"

    @property
    def backup(self) -> Path:
        return self.folder / f"{self.name}.bundle{ENDINGS[self.seal]}"


def plan(git: Git, secret: Secret, username: str) -> Plan:
    """Looks at every object, reachable or not. Raises CleaningFailed, GitError."""
    hits = list(hits_in(git, _spellings(secret, username)))
    ids = {hit.id for hit in hits if hit.id}
    reached = _reached(git, ids, "--all")
    return Plan(
        Counter(hit.part for hit in hits if not hit.id or hit.id in reached),
        _met(hits),
        len(ids - reached),
        b"refs/stash" in references(git)
        and bool(_reached(git, ids, "refs/stash", "--not", "--branches", "--tags", "--remotes")),
        bool(_reached(git, ids, "--glob=refs/notes/*")),
    )


def clean(git: Git, order: Order) -> Iterator[str]:
    """Does it and tells each part; at the end the clone is at its place. Raises CleaningFailed, and leaves nothing."""
    prepare(order)
    _make_folders(order)
    making = order.folder / MAKING
    try:
        yield from _clean(git, order, making)
    except GitError as error:
        raise CleaningFailed(str(error)) from error
    except OSError as error:
        raise CleaningFailed(f"{order.folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
        _remove_empty(order.folder)


def check(git: Git, secret: Secret, username: str) -> int:
    """Proves a clone again. Raises CleaningFailed."""
    try:
        return prove(Clone(git.program, git.folder, _spellings(secret, username)))
    except GitError as error:
        raise CleaningFailed(str(error)) from error


def tidy(folder: Path, clone: Path, saved: Path) -> bool:
    """After an interruption: whether the clone was finished, which means proven. Else nothing of it is left."""
    shutil.rmtree(folder / MAKING, ignore_errors=True)
    finished = clone.is_dir()
    if not finished:
        saved.unlink(missing_ok=True)
        _remove_empty(folder)
    return finished


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        pass  # something else lies in it, or it was never made


def prepare(order: Order) -> None:
    """Raises CleaningFailed where something is in the way. Writes nothing."""
    outside(order.folder, order.repository)
    for path in (order.clone, order.backup, order.folder / MAKING):
        if path.exists():
            raise CleaningFailed(f"{path} is there already", "name another folder, or delete it")


def _make_folders(order: Order) -> None:
    try:
        order.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (order.folder / MAKING).mkdir(mode=0o700)
    except OSError as error:
        raise CleaningFailed(f"{order.folder}: {error.strerror}", "name another folder") from error


def _clean(git: Git, order: Order, making: Path) -> Iterator[str]:
    refuse(git)
    spellings = _spellings(order.secret, order.username)
    bundle = write_bundle(git, making, spellings)
    clone = clone_of(bundle, git, making / "clone", spellings)
    before = size_of(clone)
    backup.back_up(bundle, order.backup, order.seal, order.recipient, order.environment)
    yield f"The backup is written: {order.backup}."
    try:
        renamed = rewrite(clone)
        objects = prove(clone, before, renamed)
    except (CleaningFailed, GitError):
        order.backup.unlink(missing_ok=True)  # nothing was changed that it could bring back
        raise
    clone.folder.rename(order.clone)
    yield (
        f"Proven: {objects:,} objects and {len(before.references):,} names were looked at, none holds it; "
        f"git's own check passes; all {before.commits:,} commits are there."
    )


def _spellings(secret: Secret, username: str) -> tuple[Spelling, ...]:
    try:
        return spellings_of(secret, username)
    except TooShort as error:
        raise CleaningFailed(str(error), "rewrite the files that hold it by hand, with git filter-repo") from None


def _met(hits: list[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for hit in hits for name in hit.spellings))


def _reached(git: Git, ids: set[str], *which: str) -> set[str]:
    """Those of these objects that such references lead to."""
    if not ids:
        return set()
    found = set()
    with git.running("rev-list", "--objects", "--no-object-names", *which) as stream:
        for line in stream:
            name = line.strip().decode()
            if name in ids:
                found.add(name)
    return found
