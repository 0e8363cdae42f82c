"""The one place of the guides where git is started: to make, rewrite and prove a clone of our own.

A repository of the person's is only read, by the runner that reads hostile ones: it writes what its references lead to.
That is a file, from which the clone is made: no program serves it by the settings of that repository. The clone is
ours, without settings, hooks and attributes of anybody else.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from checks.git import runner
from checks.git.runner import BUNDLE, DISARMED, Git, GitError, end
from guides.history.spellings import Spelling, hidden

MAKES = frozenset({"fetch", "fsck", "gc", "init", "symbolic-ref", "update-ref"})
LONGEST = 4 * 3600.0
"""Seconds after which a call is ended. A large repository is packed for an hour, and says nothing meanwhile."""
ENVIRONMENT = {name: value for name, value in runner.ENVIRONMENT.items() if name != "GIT_WORK_TREE"} | {
    "GIT_NO_REPLACE_OBJECTS": "1"
}
_OWN = ("gc.auto=0", "gc.autoDetach=false", "maintenance.auto=false", "protocol.file.allow=always")


@dataclass(frozen=True)
class Clone:
    """git on a clone of our own."""

    program: str
    folder: Path
    """Its git folder; bare."""
    spellings: Sequence[Spelling] = field(repr=False)
    """Taken out of what git says: a name of a file or a branch may hold the secret."""

    @property
    def reading(self) -> Git:
        return Git(self.program, self.folder, patience=LONGEST)

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """What git says. Raises GitError."""
        if arguments[0] not in MAKES:
            raise ValueError(f"not among the subcommands for our own clone: {arguments[:1]}")
        process = self._started(arguments)
        try:
            said, complaint = process.communicate(stdin, LONGEST)
        except subprocess.TimeoutExpired:
            raise GitError(f"git {arguments[0]} did not end and was ended") from None
        finally:
            end(process)
        if process.returncode:
            why = clause(complaint or said, self.spellings)
            raise GitError(f"git {arguments[0]} ended with {process.returncode}{why}")
        return said

    def _started(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        settings = [part for one in (*DISARMED, *_OWN) for part in ("-c", one)]
        switches = ("--no-pager", "--no-replace-objects", "--literal-pathspecs")
        allowed = "file" if arguments[0] == "fetch" else ""
        path = os.path.dirname(self.program)  # noqa: PTH120
        try:
            return subprocess.Popen(
                [self.program, *switches, *settings, f"--git-dir={self.folder}", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self.folder,
                env={**ENVIRONMENT, "PATH": path, "GIT_ALLOW_PROTOCOL": allowed},
                start_new_session=True,
            )
        except OSError as error:
            raise GitError(f"git could not be started: {error.strerror}") from error


@contextmanager
def bundled(source: Git, spellings: Sequence[Spelling]) -> Iterator[IO[bytes]]:
    """Everything that the references of this repository lead to, as a bundle. Raises GitError, also at its end."""
    try:
        with replace(source, patience=LONGEST).running(*BUNDLE) as stream:
            yield stream
            stream.read()  # whoever reads has read enough: git must not wait for it
    except GitError as error:
        said = hidden(str(error).encode(), spellings).decode("utf-8", "replace")
        raise GitError(f"the repository could not be read whole: {said}") from None


def clause(said: bytes, spellings: Sequence[Spelling]) -> str:
    """A program's last words, printable, short, and without the secret."""
    return runner.clause(hidden(said, spellings))
