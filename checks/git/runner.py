"""The one place where git is started: to read a repository that may be hostile.

Only subcommands that read are allowed, with the git folder named, so that nothing is searched for and no setting of the
person's has to be weakened for a repository of another owner. Settings of the command line stand above those of the
repository; what a repository could have run (git-config(1)) is switched off in each call, and nothing is fetched:
GIT_NO_LAZY_FETCH is known from git 2.44 on, an empty GIT_ALLOW_PROTOCOL stops older ones (git(1), "Git Protocols").
"""

from __future__ import annotations

import io
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import IO

from checks.files.safe_path import safe_entries, unsafe_program

ALLOWED = frozenset(
    {"cat-file", "diff-index", "for-each-ref", "hash-object", "log", "ls-files", "ls-tree", "rev-list", "rev-parse"}
)
BUNDLE = ("bundle", "create", "--quiet", "-", "--all")
"""All that the references lead to, on git's output: the one call of a subcommand that could also write."""
DISARMED = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "core.askPass=",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.alternateRefsCommand=false",
    "core.attributesFile=/dev/null",
    "core.commitGraph=false",
    "core.multiPackIndex=false",
    "credential.helper=",
    "diff.external=",
    "diff.ignoreSubmodules=all",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "log.showSignature=false",
    "log.showRoot=true",
    "log.mailmap=false",
    "log.follow=false",
    "protocol.allow=never",
    "submodule.recurse=false",
    "uploadpack.packObjectsHook=",
)
"""Also indexes that lie: history is read from the commits themselves."""
_PLAIN = dict.fromkeys(("log", "diff-index"), ("--no-ext-diff", "--no-textconv"))
"""Programs for diffs have names of the repository's choice, and its own attributes: only an option stops them."""
_REFUSED = ("--textconv", "--filters", "--ext-diff", "--path", "--output", "--show-signature", "-w", "--alternate-refs")
"""Options with which these subcommands start a program, or write."""
_SWITCHES = ("--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs")
ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_WORK_TREE": ".",
    "HOME": os.devnull,
    "LC_ALL": "C",
}
"""A work tree elsewhere, or nowhere, is nobody's business; without a HOME git refuses an include of `~/`."""
HOOK_VARIABLES = frozenset(
    {"GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH"}
)
"""What git tells a hook of the commit or push that it asks about."""
PATIENCE = 60.0
"""Seconds without a byte after which git hangs: on a named pipe among the objects, for example."""
_LOOK_SECONDS = 0.1
_ENDING_SECONDS = 5.0
_MOST_SAID = 4096
_MOST_READ = 256 * 1024 * 1024


class GitError(Exception):
    """git did not do what it was asked. The message is a clause for people; git's last words in it are printable."""


class GitSilent(GitError):
    """It was waited for in vain."""


class NoGit(GitError):
    """There is no git program that can be trusted."""


@dataclass(frozen=True)
class Git:
    """git on one repository."""

    program: str
    folder: Path
    """The git folder, absolute: `.git`, or a bare repository."""
    cancelled: threading.Event = field(default_factory=threading.Event, repr=False)
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Variables of a hook, which lead to the index or the objects that are meant."""
    patience: float = PATIENCE

    @contextmanager
    def running(self, *arguments: str, stdin: bytes | IO[bytes] = b"") -> Iterator[IO[bytes]]:
        """What git writes, while it does. Ends git when left. Raises GitError, also at the end of what it writes."""
        if not arguments or (arguments[0] not in ALLOWED and arguments != BUNDLE):
            raise ValueError(f"not among the subcommands that read: {arguments[:1]}")
        options = takewhile(lambda one: one not in ("--", "--end-of-options"), arguments)
        if refused := [one for one in options if one.partition("=")[0] in _REFUSED]:
            raise ValueError(f"starts a program, or writes: {refused}")
        settings = [part for one in DISARMED for part in ("-c", one)]
        command = [self.program, *_SWITCHES, *settings, f"--git-dir={self.folder}"]
        command += [arguments[0], *_PLAIN.get(arguments[0], ()), *arguments[1:]]
        with _as_file(stdin) as given:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=given,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    cwd=self.folder,
                    env={**ENVIRONMENT, **self._own(), **self.kept},
                    start_new_session=True,
                )
            except OSError as error:
                raise GitError(f"git could not be started: {error.strerror}") from error
            pipe = _Pipe(process, self.cancelled, self.patience)
            try:
                with io.BufferedReader(pipe, 1 << 18) as stream:
                    yield stream
                    pipe.check()
            finally:
                end(process)

    def _own(self) -> dict[str, str]:
        """Only the git folder of a linked work tree may say that its objects lie elsewhere."""
        path = {"PATH": os.path.dirname(self.program)}  # noqa: PTH120
        return path if self.folder.parent.name == "worktrees" else {**path, "GIT_COMMON_DIR": str(self.folder)}

    def read(
        self,
        *arguments: str,
        stdin: bytes | IO[bytes] = b"",
        limit: int = _MOST_READ,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> bytes:
        """All that git writes. Raises GitError, also where it writes more than `limit` bytes.

        `meanwhile` is called once git has been started: what takes its time costs none then.
        """
        with self.running(*arguments, stdin=stdin) as stream:
            meanwhile()
            data = stream.read(limit)
            if stream.read(1):
                raise GitError(f"git {arguments[0]} wrote more than {limit // 1024 // 1024} MB")
        return data


def git_program(environment: Mapping[str, str]) -> str:
    """The git that this person starts, from a folder that others cannot change. Raises NoGit."""
    for folder in safe_entries(environment):
        program = folder / "git"
        if os.access(program, os.X_OK) and not unsafe_program(program):
            return str(program)
    raise NoGit("git is not installed where this program would start it: a folder of PATH that only you can change")


class _Pipe(io.RawIOBase):
    """git's output. Waits no longer than git may be silent; hears its complaints aside."""

    def __init__(self, process: subprocess.Popen[bytes], cancelled: threading.Event, patience: float) -> None:
        self._process = process
        self._cancelled = cancelled
        self._patience = patience
        assert process.stdout and process.stderr
        self._out, self._err = process.stdout.fileno(), process.stderr.fileno()
        self._said = b""
        self._ended = self._silent = False
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN | select.POLLHUP)
        self._poll.register(self._err, select.POLLIN | select.POLLHUP)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        until = time.monotonic() + self._patience
        while not self._ended:
            if self._cancelled.is_set():
                raise GitError("stopped")
            ready = [descriptor for descriptor, _ in self._poll.poll(_LOOK_SECONDS * 1000)]
            if self._err in ready:
                self._hear()
            if self._out in ready:
                size = os.readv(self._out, [buffer])
                self._ended = not size
                return size
            if time.monotonic() > until:
                raise GitSilent(f"git said nothing for {self._patience:.0f} seconds and was ended")
        return 0

    def check(self) -> None:
        """After all was read: whether git ended well. Raises GitError."""
        if not self._ended:
            return  # the caller has read enough
        try:
            code = self._process.wait(self._patience)
        except subprocess.TimeoutExpired as error:
            raise GitSilent("git did not end and was ended") from error
        while code and self._hear():
            pass
        if code:
            raise GitError(f"git ended with {code}{clause(self._said)}")

    def _hear(self) -> bool:
        said = os.read(self._err, 65536)
        self._said = (self._said + said)[:_MOST_SAID]
        if not said and not self._silent:
            self._silent = True
            self._poll.unregister(self._err)
        return bool(said)


def clause(said: bytes) -> str:
    """A clause of git's last words, printable and short, or nothing; the repository chose some of them."""
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = next((line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "")
    words = "".join(char if char.isprintable() else "?" for char in fatal.removeprefix("fatal: "))
    return f": {words[:200]}" if words else ""


@contextmanager
def _as_file(given: bytes | IO[bytes]) -> Iterator[IO[bytes] | int]:
    """Through a file, or a pipe that holds all of it, so that neither end of two pipes can block the other."""
    if not given:
        yield subprocess.DEVNULL
    elif not isinstance(given, bytes):
        yield given
    elif len(given) <= select.PIPE_BUF:
        ours, theirs = os.pipe()
        try:
            os.write(theirs, given)
            os.close(theirs)
            yield ours
        finally:
            os.close(ours)
    else:
        import tempfile  # and with it much else that a hook need not wait for

        with tempfile.TemporaryFile() as file:
            file.write(given)
            file.seek(0)
            yield file


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a program that was started in a session of its own, with what it started, where it still runs."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
        try:
            process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            pass  # it waits for a disk or a network that does not answer, and ends when that does
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()
