"""The one place of the guides where git is started: to make, rewrite and prove a clone of our own.

A repository of the person's is only read: `bundle create` writes what its references lead to, with everything switched
off that the repository could have run, and nothing fetched. That is a file, from which the clone is made: no program
serves it by the settings of that repository. The clone is ours, without settings, hooks and attributes of anybody else.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from checks.git.runner import DISARMED, Git, GitError
from guides.history.spellings import Spelling, hidden

MAKES = frozenset({"fetch", "fsck", "gc", "init", "symbolic-ref", "update-ref"})
LONGEST = 4 * 3600.0
"""Seconds after which a call is ended. A large repository is packed for an hour, and says nothing meanwhile."""
ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "LC_ALL": "C",
}
_OWN = ("gc.auto=0", "gc.autoDetach=false", "maintenance.auto=false", "protocol.file.allow=always")
_SAID = 4096


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
        environment = {**ENVIRONMENT, "GIT_ALLOW_PROTOCOL": "file" if arguments[0] == "fetch" else ""}
        process = _started(self.program, self.folder, (*DISARMED, *_OWN), arguments, environment, subprocess.PIPE)
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


@contextmanager
def bundled(source: Git, spellings: Sequence[Spelling]) -> Iterator[IO[bytes]]:
    """Everything that the references of this repository lead to, as a bundle. Raises GitError, also at its end."""
    arguments = ("bundle", "create", "--quiet", "-", "--all")
    with tempfile.TemporaryFile() as complaint:
        process = _started(
            source.program, source.folder, DISARMED, arguments, ENVIRONMENT, subprocess.DEVNULL, complaint
        )
        assert process.stdout
        try:
            yield process.stdout
            process.stdout.read()  # whoever reads has read enough: git must not wait for it
            if process.wait(LONGEST):
                complaint.seek(0)
                raise GitError(f"the repository could not be read whole{clause(complaint.read(_SAID), spellings)}")
        finally:
            end(process)


def clause(said: bytes, spellings: Sequence[Spelling]) -> str:
    """A program's last words, printable, short, and without the secret."""
    lines = [line for line in hidden(said, spellings).decode("utf-8", "replace").splitlines() if line.strip()]
    telling = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "")
    words = "".join(char if char.isprintable() else "?" for char in telling)
    return f": {words[:200]}" if words else ""


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends it with what it started, where it still runs."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()


def _started(
    program: str,
    folder: Path,
    settings: Sequence[str],
    arguments: Sequence[str],
    environment: dict[str, str],
    stdin: int,
    stderr: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    command = [program, "--no-pager", "--no-replace-objects", "--literal-pathspecs"]
    command += [part for one in settings for part in ("-c", one)]
    try:
        return subprocess.Popen(
            [*command, f"--git-dir={folder}", *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=folder,
            env={"PATH": os.path.dirname(program), **environment},  # noqa: PTH120
            start_new_session=True,
        )
    except OSError as error:
        raise GitError(f"git could not be started: {error.strerror}") from error
