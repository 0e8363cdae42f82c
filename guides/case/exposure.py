"""What is known of who may have seen a credential, and which order of the steps follows from it.

The places speak: a work tree with a remote may have been pushed, an image may have been given away, others on this
machine may read the file. Nothing is asked of the network, and no program is started.
"""

from __future__ import annotations

import os
import re
import stat
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from checks import docker_images
from checks.formats.display import printable
from checks.formats.registry_names import is_loopback
from checks.git.remotes import remote_hosts
from checks.model.finding import Finding, History, PlaceKind
from guides.case.model import Order
from guides.images.removing import may_have_been_pushed, reference_of

_INDEX_BYTES = 256 << 20
_SYNCED = re.compile(
    r"/(?:Dropbox|OneDrive[^/]*|Google Drive|GoogleDrive|iCloud Drive|Mobile Documents|Nextcloud|ownCloud|pCloudDrive"
    r"|Syncthing|Sync)/",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Exposure:
    """One way in which others may have come by the secret."""

    id: str
    says: str
    """A clause for people: "lies in a repository with the remote github.com"."""
    reason: str
    """Which of the five reasons it is (words/why-it-leaks): L1 to L5."""
    left: bool
    """Whether the secret may have left this machine, or the hands of its owner."""


def exposures_of(findings: Iterable[Finding]) -> tuple[Exposure, ...]:
    """Every exposure that these places of one secret give away, each once, the gravest first."""
    findings = list(findings)
    known = any(finding.history for finding in findings)
    found = {one.says: one for finding in findings for one in _of(finding, known=known)}
    return tuple(sorted(found.values(), key=lambda one: not one.left))


def recommended(found: Iterable[Exposure]) -> Order:
    """Revoke first where it may be in others' hands, else make the new one first."""
    return Order.REVOKE_FIRST if any(one.left for one in found) else Order.GENERATE_FIRST


def _of(finding: Finding, *, known: bool) -> Iterator[Exposure]:
    """`known` is whether git's history was read, and says itself what was pushed."""
    place = finding.place
    name = f"{finding.check} {finding.rule}"
    if place.kind is PlaceKind.IMAGE:
        yield _of_image(finding)
    elif place.kind is PlaceKind.CONTAINER:
        yield Exposure("container", f"is in reach of the container {place.image or place.path}", "L5", left=False)
    elif place.kind is PlaceKind.ENVIRONMENT:
        yield Exposure("environment", "is handed to every program started from this shell", "L4", left=False)
    elif place.kind is PlaceKind.GIT:
        yield _of_history(finding.history)
    if place.kind is PlaceKind.FILE:
        yield from _of_file(finding, place.path, history="history" in name, known=known)
    if "insecure" in name or "plain-http" in name:
        yield Exposure("http", "was sent without encryption", "L3", left=True)


def _of_image(finding: Finding) -> Exposure:
    """An image is made to be pushed. Only one in an engine here, of a name that leads to no registry, was not."""
    place = finding.place
    name = place.image or place.path
    hosts = [one.host for tag in name.split(", ") if (one := reference_of(tag)) and may_have_been_pushed(one)]
    if hosts:
        says = f"is part of the image {name}, which may have been pushed to {' and '.join(dict.fromkeys(hosts))}"
        return Exposure("image", says, "L5", left=True)
    if finding.check == docker_images.id:
        says = f"is part of the image {name} on this machine, whose name leads to no registry"
        return Exposure("local-image", says, "L5", left=False)
    return Exposure("image", f"is part of the image {name}, in a file that may have been handed on", "L5", left=True)


def _of_history(history: History | None) -> Exposure:
    if history and history.hosts:
        hosts = ", ".join(printable(host, 60) for host in history.hosts)
        return Exposure("pushed", f"stands in commits that are on {hosts}, and in every clone", "L1", left=True)
    if history and not history.remotes:
        says = "stands in git's history on this machine; it was not pushed as far as the repository knows"
        return Exposure("git", says, "L1", left=False)
    return Exposure("git", "stands in a commit, and travels with every clone", "L1", left=True)


def _of_file(finding: Finding, path: str, *, history: bool, known: bool) -> Iterator[Exposure]:
    if history:
        yield Exposure("history", "stands in a shell's history, where it was typed", "L1", left=False)
    else:
        yield Exposure("file", "stands in a file in plain text", "L1", left=False)
    remote = "" if known else _remote_of_tracked(path)
    if remote:
        yield Exposure(
            "pushed", f"is in a repository with the remote {remote}, and may have been pushed", "L1", left=True
        )
    if _others_read(path):
        yield Exposure("readable", "lies in a file that others on this machine can read", "L2", left=True)
    if _SYNCED.search(path):
        yield Exposure("synced", "lies in a folder that is synchronised with other machines", "L4", left=True)
    if "/.devcontainer/" in path or finding.check == "container-builds":
        yield Exposure("build", "is handed to containers or built into images from here", "L5", left=True)


def _others_read(path: str) -> bool:
    """Whether the mode of the file and of every folder above lets others in."""
    try:
        if not Path(path).stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            return False
        return all(folder.stat().st_mode & stat.S_IXOTH for folder in Path(path).parents)
    except OSError:
        return False


def tracking_repository(path: str) -> str:
    """The work tree of the repository that tracks this file, or an empty text."""
    for folder in Path(path).parents:
        git = folder / ".git"
        if git.is_dir():
            tracked = _tracked(git, _stamp(git / "index"))
            known = tracked is None or str(Path(path).relative_to(folder)) in tracked
            return str(folder) if known else ""
    return ""


def _remote_of_tracked(path: str) -> str:
    """The host of the first remote of the repository that tracks this file, or an empty text."""
    folder = tracking_repository(path)
    return next(iter(_remote_hosts(Path(folder) / ".git")), "") if folder else ""


def _remote_hosts(git: Path) -> Sequence[str]:
    """Hosts of the remotes' addresses; this machine left out."""
    return [host for host in remote_hosts(git).values() if host and not is_loopback(host)]


def _stamp(index: Path) -> int:
    try:
        return index.stat().st_mtime_ns
    except OSError:
        return 0


@cache
def _tracked(git: Path, stamp: int) -> frozenset[str] | None:
    """Paths in the index, None where it cannot be read: then the file may well be tracked.

    GitPython's parser reads the file itself; git is not started, and the work tree not compared.
    """
    if not stamp:
        return frozenset()
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # it would look for the program at import
    from git.index.fun import read_cache

    try:
        if (git / "index").stat().st_size > _INDEX_BYTES:
            return None
        with (git / "index").open("rb") as stream:
            _, entries, _, _ = read_cache(stream)
    except (OSError, ValueError, AssertionError, struct.error):
        return None  # damaged, or of a version that the parser does not know
    return frozenset(os.fsdecode(path) for path, _ in entries)
