"""What commits bring: the names of all files, and in which commits each came to stand. Both told by one walk, in parts.

git-log(1) with `--raw` compares each commit with its first parent. Whatever lies in any commit came in one of those.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from checks import late
from checks.git.arrivals import EVERYTHING, NO_WALK, words
from checks.git.provenance import SUBMODULE
from checks.git.runner import Git, GitError

_COMMITS = ("rev-list", "--topo-order", "--reverse", "--ignore-missing", *EVERYTHING, "--stdin")
_LOG = ("log", *NO_WALK, "--format=%x01")
_CHANGE = late.compile(rb"\n?:\d+ (\d+) [0-9a-f]+ ([0-9a-f]{40,64}) [A-Z]")
_KEY = 16
"""Digits of an id that tell it from others."""
_MOST_PARTS = 4
_FEWEST = 200
"""Commits for which another git is worth its start."""


@dataclass(slots=True)
class Brought:
    """By some commits, the oldest first."""

    commits: list[str] = field(default_factory=list)
    paths: dict[bytes, bytes] = field(default_factory=dict)
    """The first path of each object, by its id in hexadecimal digits."""
    trouble: str = ""
    """Why not all of it could be told; a clause for people."""
    _keys: array[int] = field(default_factory=lambda: array("Q"), repr=False)
    _numbers: array[int] = field(default_factory=lambda: array("L"), repr=False)
    """Side by side: the first digits of an object's id, and the number of a commit that brought it."""

    def commits_with(self, objects: Iterable[str]) -> list[str]:
        """The commits in which one of these came to stand, the oldest first; few others among them."""
        keys = {int(name[:_KEY], 16) for name in objects}
        numbers = {number for key, number in zip(self._keys, self._numbers, strict=True) if key in keys}
        return [self.commits[number] for number in sorted(numbers)]

    def walk(self, git: Git, tips: Sequence[str]) -> Brought:
        """Takes in all commits that anything leads to, but for those that these older tips lead to."""
        try:
            given = "".join(f"^{tip}\n" for tip in tips).encode()
            with git.running(*_COMMITS, stdin=given) as stream:
                commits = [line.decode().strip() for line in stream]
            self.take_in(git, commits)
        except GitError as error:
            self.trouble = str(error)
        return self

    def take_in(self, git: Git, commits: Sequence[str]) -> None:
        """Adds what these bring. Raises GitError."""
        count = max(1, min(_MOST_PARTS, os.cpu_count() or 1, len(commits) // _FEWEST))
        size = -(-len(commits) // count)
        parts = [commits[start : start + size] for start in range(0, len(commits), size or 1)]
        with ThreadPoolExecutor(count, thread_name_prefix="git") as aside:
            for part in aside.map(lambda part: _read(git, part), parts):
                self._numbers.extend(number + len(self.commits) for number in part._numbers)
                self._keys.extend(part._keys)
                self.commits += part.commits
                for name, path in part.paths.items():
                    self.paths.setdefault(name, path)


def _read(git: Git, commits: Sequence[str]) -> Brought:
    part = Brought(list(commits))
    number = -1
    with git.running(*_LOG, stdin="".join(f"{commit}\n" for commit in commits).encode()) as stream:
        told = words(stream)
        for word in told:
            if word.endswith(b"\x01"):
                number += 1
            elif word.endswith(b"D"):
                next(told, None)
            elif change := _CHANGE.match(word):
                path = next(told, b"")
                if change[1] != SUBMODULE:
                    part.paths.setdefault(change[2], path)
                    part._keys.append(int(change[2][:_KEY], 16))
                    part._numbers.append(max(number, 0))
            elif word:
                raise GitError("it told something else than it was asked for")
    return part
