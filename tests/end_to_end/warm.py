"""The command in a process that has imported it already: half of a short run is importing, and there are hundreds.

Each run is a process of its own with its own environment, folder and streams, forked from one that only imported. What
the start itself does is for `tests/test_imports.py`, and for the tests that start the real program.
"""

from __future__ import annotations

import array
import atexit
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO

_LONGEST = 1 << 20


class WarmCommand:
    """The client's end."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.end_to_end.warm", str(theirs.fileno())]
        self._server = subprocess.Popen(command, pass_fds=[theirs.fileno()], env={**os.environ, "LC_ALL": "C.UTF-8"})
        theirs.close()
        atexit.register(self.stop)

    def stop(self) -> None:
        self._ours.close()
        self._server.wait(10)

    def run(
        self, args: Sequence[str], env: Mapping[str, str], cwd: Path, streams: Sequence[IO[bytes]], seconds: float
    ) -> int:
        """The exit code, negative for a signal. Raises TimeoutExpired after killing it."""
        answers, theirs = socket.socketpair()
        with answers:
            descriptors = array.array("i", [theirs.fileno(), *(stream.fileno() for stream in streams)])
            asked = json.dumps({"args": list(args), "env": dict(env), "cwd": str(cwd)}).encode()
            self._ours.sendmsg([asked], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
            theirs.close()
            answers.settimeout(seconds)
            told = answers.makefile()
            pid = int(told.readline())
            try:
                return int(told.readline())
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(args), seconds) from None


@cache
def warm_command() -> WarmCommand:
    """One for each process that runs tests."""
    return WarmCommand()


def _serve(server: socket.socket) -> None:
    from tui import commands

    for module in pkgutil.iter_modules(commands.__path__, "tui.commands."):
        if module.name != "tui.commands.app":  # Textual: most commands do without it
            import_module(module.name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        asked, descriptors, _, _ = socket.recv_fds(server, _LONGEST, 4)
        if not asked:
            return
        if os.fork() == 0:
            server.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _watch(json.loads(asked), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _watch(asked: dict[str, object], descriptors: Sequence[int]) -> None:
    """In a process of its own: starts the run, says which process it is, and how it ended."""
    answer, *streams = descriptors
    pid = os.fork()
    if pid == 0:
        os.close(answer)
        _be_the_command(asked, streams)
    for descriptor in streams:
        os.close(descriptor)
    os.write(answer, f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    os.write(answer, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _be_the_command(asked: dict[str, object], streams: Sequence[int]) -> None:
    code = 1
    try:
        for number, descriptor in enumerate(streams):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.chdir(str(asked["cwd"]))
        os.environ.clear()
        os.environ.update(asked["env"])  # type: ignore[call-overload]  # text by text, as it was sent
        args = list(asked["args"])  # type: ignore[call-overload]
        sys.argv = [str(Path(sys.prefix, "bin", "dockhygiene")), *args]
        main = import_module("tui.main").main
        code = main(args)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:  # noqa: BLE001  as the interpreter does it
        traceback.print_exc()
    finally:
        threading._shutdown()  # type: ignore[attr-defined]  # as the interpreter does it
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
