"""What leads to the commits in which something came in, whether it has left this machine, and what stands there now."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from checks.git.arrivals import EVERYTHING
from checks.git.remotes import remote_hosts
from checks.git.repository import Repository
from checks.git.runner import Git, GitError

SUBMODULE = b"160000"
"""Mode of an entry that is a commit of another repository."""
_REMOTE = "refs/remotes/"


class Reach(NamedTuple):
    """What leads to a commit."""

    refs: tuple[str, ...] = ()
    remotes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


class Ref(NamedTuple):
    name: str
    commit: str
    """What it leads to in the end: of a tag, its commit."""
    object: str


@dataclass(frozen=True)
class Graph:
    """The commits that anything leads to, children before parents, and the references."""

    parents: dict[str, tuple[str, ...]] = field(repr=False)
    refs: tuple[Ref, ...]
    hosts: dict[str, str]
    """By name of the remote."""

    def reach(self, commits: Sequence[str]) -> dict[str, Reach]:
        """What leads to each of these commits; one pass over all."""
        numbers = {commit: number for number, commit in enumerate(commits)}
        masks: dict[str, int] = {}
        for commit in reversed(self.parents):
            mask = 1 << numbers[commit] if commit in numbers else 0
            for parent in self.parents[commit]:
                mask |= masks.get(parent, 0)
            if mask:
                masks[commit] = mask
        names: dict[str, list[str]] = {commit: [] for commit in commits}
        for ref in self.refs:
            mask = masks.get(ref.commit, 0)
            while mask:
                lowest = mask & -mask
                names[commits[lowest.bit_length() - 1]].append(ref.name)
                mask ^= lowest
        return {commit: self._reach(held) for commit, held in names.items()}

    def _reach(self, names: Sequence[str]) -> Reach:
        remotes = tuple(name for name in names if name.startswith(_REMOTE))
        hosts = dict.fromkeys(self.hosts.get(remote, "") for remote in map(self._remote, remotes))
        return Reach(tuple(names), remotes, tuple(host for host in hosts if host))

    def _remote(self, ref: str) -> str:
        """The remote whose branch this is; its name may hold slashes."""
        below = ref.removeprefix(_REMOTE)
        held = [name for name in self.hosts if below.startswith(f"{name}/")]
        return max(held, key=len, default=below.partition("/")[0])


def graph_of(git: Git, repository: Repository) -> Graph:
    """Raises GitError."""
    parents: dict[str, tuple[str, ...]] = {}
    with git.running("rev-list", "--ignore-missing", *EVERYTHING, "--topo-order", "--parents") as stream:
        for line in stream:
            commit, *above = line.decode().split()
            parents[commit] = tuple(above)
    return Graph(parents, refs_of(git), remote_hosts(repository.folder))


def tips_of(git: Git) -> tuple[str, ...]:
    """Ids of what the references lead to. Raises GitError."""
    return tuple(sorted({line.decode() for line in git.read("for-each-ref", "--format=%(objectname)").splitlines()}))


def refs_of(git: Git) -> tuple[Ref, ...]:
    """Every reference, `HEAD` where it stands for no branch among them. Raises GitError."""
    lines = git.read("for-each-ref", "--format=%(objectname) %(refname)").splitlines()
    named = [(held.decode(), os.fsdecode(name)) for held, _, name in (line.partition(b" ") for line in lines)]
    commits = _peeled(git, list(dict.fromkeys(held for held, _ in named)))
    refs = [Ref(name, commits.get(held, held), held) for held, name in named]
    try:
        head = git.read("rev-parse", "-q", "--verify", "HEAD^{commit}").decode().strip()
    except GitError:
        head = ""  # no commit yet
    return (*refs, Ref("HEAD", head, head)) if head and all(ref.commit != head for ref in refs) else tuple(refs)


def _peeled(git: Git, ids: Sequence[str]) -> dict[str, str]:
    """What these lead to in the end, each asked for once; one that is missing stands for itself."""
    asked = "".join(f"{one}^{{}}\n" for one in ids).encode()
    told = git.read("cat-file", "--batch-check=%(objectname)", "--buffer", stdin=asked).decode().splitlines()
    return {one: found for one, found in zip(ids, told, strict=False) if " " not in found}


def tree_at_head(git: Git) -> dict[str, str]:
    """Blobs by path in the commit that is checked out; empty before the first one. Raises GitError."""
    try:
        listed = git.read("ls-tree", "-r", "-z", "--full-tree", "HEAD")
    except GitError:
        git.read("rev-parse", "--git-dir")  # raises where not even that can be read
        return {}
    entries = (entry.split(b"\t", 1) for entry in listed.split(b"\0") if entry)
    return {os.fsdecode(path): head.split()[2].decode() for head, path in entries}


def blobs_in_index(git: Git) -> dict[str, list[str]]:
    """Paths by blob in the index, without what are commits of other repositories. Raises GitError."""
    found: dict[str, list[str]] = {}
    for entry in git.read("ls-files", "--stage", "-z").split(b"\0"):
        if entry:
            head, path = entry.split(b"\t", 1)
            mode, name, _ = head.split()
            if mode != SUBMODULE:
                found.setdefault(name.decode(), []).append(os.fsdecode(path))
    return found
