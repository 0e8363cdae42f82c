"""A program's system calls, and its death just before or just after one of them.

First `syscalls` records a run, then `kill_at` repeats the run from the same starting state and kills the process at one
of the recorded calls. What strace does, seen with 6.1:

- `when=N` of its fault injection counts each system call's name by itself, and each thread by itself. A recorded call
  is therefore known by its thread (in order of appearance), its name and its place among the calls of that name.
- `signal=KILL` strikes on entry and the call is not executed. There is no such injection on exit, and it may hit
  another thread that reaches the same number first.

So nothing is injected but a delay, before or after the call. strace has written the call's line by then; we read it,
and kill the waiting thread's process ourselves if it is the one meant. A process that is killed while it waits at the
entry never executes the call; one that waits at the exit has executed it. strace would sit out the delay of the dead,
so it is killed next, which lets go of everybody else: children live on and end by themselves, as after `kill -9`.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from tests.services.processes import PATIENCE, wait_until
from tests.services.require import missing, require

CHANGES = (
    "creat,openat,write,pwrite64,writev,fsync,fdatasync,ftruncate,truncate,rename,renameat,renameat2,link,linkat,"
    "symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,chmod,fchmod,fchmodat,fchown,execve"
)
"""Every system call with which these programs change a file or start another program."""

DELAY = 5
INTERVAL = 0.002
BY_DESCRIPTOR = {"write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fchmod", "fchown"}
WRITING = re.compile(r"O_CREAT|O_TRUNC|O_TMPFILE|O_WRONLY|O_RDWR")
LINE = re.compile(r"^(\d+) +(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>(.*)|(\+\+\+|---)(.*))")
PART = re.compile(r'(?:AT_FDCWD|\d+)<((?:[^>\\]|\\.)*)>|"((?:[^"\\]|\\.)*)"')
Side = Literal["before", "after"]


class WentAnotherWay(AssertionError):
    """The repeated run did not reach the recorded call, or ended before it could be killed there."""


@dataclass(frozen=True)
class Call:
    """One recorded call. `thread`, `name` and `nth` find it again in a repeated run; `paths` are for people."""

    index: int
    name: str
    paths: tuple[str, ...]
    thread: int
    nth: int

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.paths)})"


@dataclass(frozen=True)
class _Seen:
    """A call in strace's output; `delayed` once its line tells that the delay after it has begun."""

    pid: int
    call: Call
    changes: bool
    delayed: bool


def syscalls(
    argv: Sequence[str],
    env: Mapping[str, str],
    names: str = CHANGES,
    *,
    under: Path | None = None,
    cwd: Path | None = None,
    stdin: bytes = b"",
    seconds: float = 60,
) -> list[Call]:
    """Runs the program to its end and returns these calls in their order, those of its children too.

    Opening a file only to read it is left out. `under` keeps the calls that name a path in this folder.
    """
    with tempfile.TemporaryDirectory(prefix="dh-strace-") as folder:
        log = Path(folder, "log")
        with _traced(argv, env, names, (), log, cwd, stdin) as process:
            try:
                process.wait(seconds)
            finally:
                _end(process)
        seen = [each.call for each in _read(log, cwd) if each.changes]
    return [call for call in seen if under is None or _within(call, under)]


def kill_at(
    argv: Sequence[str],
    env: Mapping[str, str],
    call: Call,
    side: Side,
    names: str = CHANGES,
    *,
    cwd: Path | None = None,
    stdin: bytes = b"",
    seconds: float = 60,
) -> Call:
    """Runs the program again and kills the process that makes `call`, before or after it takes effect.

    `names` must be those of the recording. Returns the call as it was this time (temporary names differ). The caller
    restores the starting state before each run.
    """
    inject = f"--inject={call.name}:delay_{'enter' if side == 'before' else 'exit'}={DELAY}s:when={call.nth}"
    with tempfile.TemporaryDirectory(prefix="dh-strace-") as folder:
        log = Path(folder, "log")
        with _traced(argv, env, names, (inject,), log, cwd, stdin) as process:
            try:
                met = _wait_for(call, side, log, cwd, process, seconds)
                os.kill(met.pid, signal.SIGKILL)
                process.kill()
                process.wait()
                wait_until(lambda: _state(met.pid) in "Z", PATIENCE, f"{met.call}: the process is dead")
                wait_until(lambda: not _alive(process.pid), seconds, f"{met.call}: its children end")
            finally:
                _end(process)
        last = [seen.call for seen in _read(log, cwd) if seen.pid == met.pid][-1]
        if last != met.call:
            raise WentAnotherWay(f"{last} came after {met.call}")
    return met.call


def _wait_for(
    call: Call, side: Side, log: Path, cwd: Path | None, process: subprocess.Popen[bytes], seconds: float
) -> _Seen:
    deadline = time.monotonic() + seconds
    while True:
        ended = process.poll() is not None
        for seen in _read(log, cwd):
            if (seen.call.thread, seen.call.name, seen.call.nth) == (call.thread, call.name, call.nth):
                if side == "after" and not seen.delayed:
                    continue
                if ended:
                    raise WentAnotherWay(f"the delay at {seen.call} ended before the process was killed")
                return seen
        if ended or time.monotonic() > deadline:
            raise WentAnotherWay(f"no {call} in thread {call.thread} for the time {call.nth}")
        time.sleep(INTERVAL)


def _traced(
    argv: Sequence[str],
    env: Mapping[str, str],
    names: str,
    more: Sequence[str],
    log: Path,
    cwd: Path | None,
    stdin: bytes,
) -> subprocess.Popen[bytes]:
    """Starts strace in a session of its own. `-s 0`: what a program writes may be a secret and is not recorded."""
    strace = usable_strace()
    trace = ",".join(f"?{name}" for name in names.split(","))  # "?": not every machine has every call
    given = log.with_name("stdin")
    given.write_bytes(stdin)
    with given.open("rb") as standard_input:
        return subprocess.Popen(
            [strace, "-f", "-y", "-q", "-s", "0", f"--trace={trace}", *more, "-o", str(log), *argv],
            env={"PYTHONDONTWRITEBYTECODE": "1", **env},  # a first run's .pyc files would change the counts
            cwd=cwd,
            stdin=standard_input,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing is left behind, whatever happened: strace and what it traces are one process group."""
    if process.poll() is None or _alive(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _alive(group: int) -> list[int]:
    """The processes of this group that still run. The dead may wait for init to take note of them."""
    members = []
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(folder.name)
        if fields and int(fields[2]) == group and fields[0] != "Z":
            members.append(int(folder.name))
    return members


def _state(pid: int) -> str:
    """One letter, or nothing where there is no such process any more."""
    return _stat(pid)[0] if _stat(pid) else ""


def _stat(pid: int | str) -> list[str]:
    """State, parent, group and so on of a process. They stand after its name, which may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


@cache
def usable_strace() -> str:
    """strace's path; skips where this user may not trace even its own children."""
    program = require("strace", "strace")
    done = subprocess.run([program, "-qq", "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    if done.returncode:
        missing(f"strace may not trace here: {done.stderr.strip()}")
    return program


def _read(log: Path, cwd: Path | None) -> list[_Seen]:
    """The calls of a log that may still be written: its last line may lack its end, and that is the one awaited."""
    threads: dict[int, int] = {}
    counts: Counter[tuple[int, str]] = Counter()
    seen: list[_Seen] = []
    open_calls: dict[int, int] = {}  # thread id to the place in `seen` of its latest call
    for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
        if not (found := LINE.match(line)):
            continue
        pid, name, rest, resumed, tail, *_ = found.groups()
        if name:
            thread = threads.setdefault(int(pid), len(threads))
            counts[thread, name] += 1
            call = Call(len(seen), name, _paths(name, rest, cwd or Path.cwd()), thread, counts[thread, name])
            changes = name != "openat" or WRITING.search(rest) is not None
            open_calls[int(pid)] = len(seen)
            seen.append(_Seen(int(pid), call, changes, rest.endswith("(DELAYED)")))
        elif resumed and tail.endswith("(DELAYED)"):
            place = open_calls[int(pid)]
            before = seen[place]
            seen[place] = _Seen(before.pid, before.call, before.changes, True)
    return seen


def _paths(name: str, arguments: str, cwd: Path) -> tuple[str, ...]:
    """The paths among the arguments. A relative one stands behind its folder's descriptor, whose path strace shows;
    else it is taken from where the program was started."""
    paths: list[str] = []
    folder: str | None = None
    for found in PART.finditer(arguments):
        descriptor, quoted = (_unescaped(text) for text in found.groups())
        if descriptor is not None:
            folder = descriptor
            if name in BY_DESCRIPTOR:
                return (descriptor,)
        else:
            paths.append(str(Path(folder or cwd, quoted or "")))
            folder = None
        if name == "execve":
            break
    return tuple(paths)


def _unescaped(text: str | None) -> str | None:
    """strace writes what is not ASCII as C does, byte by byte."""
    return text and os.fsdecode(text.encode("ascii", "replace").decode("unicode_escape").encode("latin-1"))


def _within(call: Call, folder: Path) -> bool:
    return any(Path(path).is_relative_to(folder) for path in call.paths)
