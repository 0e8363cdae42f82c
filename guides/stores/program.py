"""The one runner of outside helper programs: found safely, fed through stdin, bounded in time and output."""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from checks.files.safe_path import path_entries, safe_entries, unsafe_entry, unsafe_program
from checks.formats.helper_names import is_suffix
from guides.stores.store import StoreError, StoreMissing, StoreTimedOut

MOST_OUTPUT = 1 << 20
CHUNK = 1 << 16

_SECRET_NAME = re.compile(r"(?:PASSWORD|PASSWD|(?:^|_)(?:PASS|PASSPHRASE|TOKEN|SECRET|PAT|KEY))$", re.IGNORECASE)
_NEEDED_NAME = re.compile(r"PASSWORD_STORE_|GPG_|GNUPGHOME|DBUS_", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program said. Its output may hold a secret, so it never shows in a repr."""

    status: int
    stdout: bytes = field(repr=False)
    stderr: bytes = field(repr=False)


def find_program(name: str, environ: Mapping[str, str]) -> Path:
    """The program that PATH gives for this name, as docker would find it; raises StoreMissing with the reason.

    When an unsafe entry would be used first it is refused, not skipped: docker would run exactly that one.
    """
    if not is_suffix(name):
        raise StoreMissing(f"{name!r} is not the name of a program")
    for entry in path_entries(environ):
        program = _executable(entry, name)
        if program is None:
            continue
        why = unsafe_entry(entry)
        if why:
            raise StoreMissing(f"{name} in the PATH entry {entry!r} was refused: {why}", "take that entry out of PATH")
        if why := unsafe_program(program):
            raise StoreMissing(f"{program} was refused: {why}", "let only yourself or root change it")
        return program
    raise StoreMissing(f"{name} is not on PATH")


def _executable(entry: str, name: str) -> Path | None:
    names = (name + ".exe", name) if sys.platform == "win32" else (name,)
    for candidate in (Path(entry or ".") / each for each in names):
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    return None


def child_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment a helper gets: no variable that may hold a secret, no PATH entry that others can change."""
    kept = {
        name: value
        for name, value in environ.items()
        if _NEEDED_NAME.match(name) or not (name == "DOCKER_AUTH_CONFIG" or _SECRET_NAME.search(name))
    }
    kept["PATH"] = os.pathsep.join(str(folder) for folder in safe_entries(environ))
    return kept


def run_program(
    program: Path,
    arguments: Sequence[str],
    stdin: bytes = b"",
    *,
    environ: Mapping[str, str],
    timeout: float = 10.0,
    most_output: int = MOST_OUTPUT,
) -> Answer:
    """Runs a program to its end. Secrets go in through `stdin` only; arguments and environment are public.

    When it does not end in time, prints too much, or this process is interrupted, its whole group is killed.
    """
    deadline = time.monotonic() + timeout
    process: subprocess.Popen[bytes] | None = None
    ended = False
    try:
        with _interrupt_held_back():
            process = _start(program, arguments, environ)
        stdout, stderr = _exchange(process, stdin, deadline, most_output)
        status = process.wait(max(0.0, deadline - time.monotonic()))
        ended = True
        return Answer(status, stdout, stderr)
    except (TimeoutError, subprocess.TimeoutExpired):
        message = f"{program.name} did not answer within {timeout:g} seconds and was stopped"
        raise StoreTimedOut(message, "it may be waiting for a password: unlock the store first") from None
    except _TooMuch:
        raise StoreError(f"{program.name} printed more than {most_output} bytes and was stopped") from None
    finally:
        if process is not None:
            if not ended:
                _kill_group(process)
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    _close(stream)


class _TooMuch(Exception):
    pass


@contextmanager
def _interrupt_held_back() -> Iterator[None]:
    """Ctrl-C waits until the started program is known, for until then nobody could kill it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        if held:
            signal.raise_signal(signal.SIGINT)


def _start(program: Path, arguments: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environ(environ),
            cwd=None if sys.platform == "win32" else "/",  # never inside a folder whose files are being looked at
            start_new_session=True,
            bufsize=0,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise StoreError(f"{program.name} could not be started: {reason}") from None


def _exchange(process: subprocess.Popen[bytes], stdin: bytes, deadline: float, most: int) -> tuple[bytes, bytes]:
    """Feeds stdin and collects both outputs at the same time, so that no full pipe can block either side."""
    if sys.platform == "win32":  # no select on pipes there; the output is then bounded by time only
        return process.communicate(stdin, max(0.0, deadline - time.monotonic()))
    assert process.stdin and process.stdout and process.stderr
    outputs: dict[IO[bytes], bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
    rest = memoryview(stdin)
    with selectors.DefaultSelector() as selector:
        for stream in outputs:
            selector.register(stream, selectors.EVENT_READ)
        os.set_blocking(process.stdin.fileno(), False)
        selector.register(process.stdin, selectors.EVENT_WRITE)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for key, _ in selector.select(left):
                stream = key.fileobj  # type: ignore[assignment]
                if stream is process.stdin:
                    rest = _write(process.stdin, rest)
                    done = not rest
                else:
                    data = os.read(stream.fileno(), CHUNK)
                    outputs[stream] += data
                    done = not data
                    if sum(map(len, outputs.values())) > most:
                        raise _TooMuch
                if done:
                    selector.unregister(stream)
                    if stream is process.stdin:
                        _close(stream)
    return bytes(outputs[process.stdout]), bytes(outputs[process.stderr])


def _write(stream: IO[bytes], rest: memoryview) -> memoryview:
    try:
        return rest[os.write(stream.fileno(), rest[:CHUNK]) :] if rest else rest
    except BlockingIOError:
        return rest
    except BrokenPipeError:
        return rest[:0]  # it does not want to read more: `version` never reads


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        pass  # nothing was buffered, so nothing is lost


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kills the program and everything it started. It was not waited for, so its group number is still its own."""
    if sys.platform == "win32":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # already gone
    process.wait()
