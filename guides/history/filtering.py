"""The program that rewrites: git-filter-repo with our replacements, in a process of its own, in the current folder.

Run as a file, with the folder of git_filter_repo as its only argument. What holds the secret comes through standard
input, so that it stands in no argument, environment or file: a killed rewriting leaves nothing of it but the clone.
git-filter-repo's own `--replace-text` passes over binary files and leaves names: each callback here replaces all.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

MARK = b"***REMOVED***"
NAME_MARK = b"REMOVED"
"""In names: a star is none that git allows in a reference, or Windows in a file."""
_BINARY = 8192
_DIGIT = rb"[A-Za-z0-9+/_-]"


@dataclass(frozen=True)
class Replacement:
    """One spelling of the secret, and what stands in its place."""

    expression: re.Pattern[bytes] = field(repr=False)
    find: bytes = field(repr=False)
    wide: str

    @classmethod
    def of(cls, find: bytes, wide: str, before: bool, behind: bool) -> Replacement:
        around = (_DIGIT + b"?" if before else b"", _DIGIT + b"?" if behind else b"")
        return cls(re.compile(around[0] + re.escape(find) + around[1]), find, wide)

    def put(self, data: bytes, mark: bytes | None) -> bytes:
        """With `mark` in its place; without one something of the same length, so that a format's counts still hold."""
        return self.expression.sub(lambda found: mark or _filling(len(found[0]), self.wide), data)


def replaced(data: bytes, replacements: Sequence[Replacement], mark: bytes | None) -> bytes:
    for one in replacements:
        if data and one.find in data:  # a tag without a tagger has no name
            data = one.put(data, None if one.wide else mark)
    return data


def replaced_in_file(data: bytes, replacements: Sequence[Replacement]) -> bytes:
    """A text gets the mark, a binary file keeps its length."""
    return replaced(data, replacements, None if b"\0" in data[:_BINARY] else MARK)


def _filling(length: int, wide: str) -> bytes:
    if wide:
        return _filling(length // 2, "").decode().encode(wide)
    return MARK.ljust(length, b"*")[:length]


def main() -> int:
    order = json.load(sys.stdin.buffer)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # git's own processes inherit it
    sys.path.append(sys.argv[1])
    replacements = [
        Replacement.of(bytes.fromhex(one["find"]), one["wide"], one["before"], one["behind"])
        for one in order["spellings"]
    ]
    references = {bytes.fromhex(old): bytes.fromhex(new) for old, new in order["references"].items()}
    filter_repo(replacements, references)
    return 0


def filter_repo(replacements: Sequence[Replacement], references: dict[bytes, bytes]) -> None:
    """Rewrites everything that the references lead to. `--partial` keeps remote branches where they are."""
    library: Any = importlib.import_module("git_filter_repo")
    arguments = ["--force", "--partial", "--sensitive-data-removal", "--no-fetch", "--quiet"]
    arguments += ["--prune-empty", "never", "--prune-degenerate", "never", "--preserve-commit-encoding"]
    options = library.FilteringOptions.parse_args(arguments)

    def text(data: bytes) -> bytes:
        return replaced(data, replacements, MARK)

    def name(data: bytes) -> bytes:
        return replaced(data, replacements, NAME_MARK)

    def blob(one: Any, _: Any) -> None:
        one.data = replaced_in_file(one.data, replacements)

    callbacks: dict[str, Callable[..., Any]] = {
        "filename_callback": name,
        "message_callback": text,
        "name_callback": text,
        "email_callback": name,
        "refname_callback": lambda held: references.get(held, held),
        "blob_callback": blob,
    }
    library.RepoFilter(options, **callbacks).run()


if __name__ == "__main__":
    sys.exit(main())
