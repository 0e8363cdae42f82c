"""Starting and stopping real servers: ready when they answer, stopped by their own process id."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.02
PATIENCE = 10.0
TAIL = 2000


class NotReady(AssertionError):
    """A server did not come up, or a condition did not come true, in time."""


@dataclass(frozen=True)
class Process:
    """A running server and the file that holds what it wrote."""

    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def tail(self) -> str:
        """The end of the log, for failure messages and for reading what a server announced."""
        return self.log.read_text(errors="replace")[-TAIL:] if self.log.exists() else ""


def start(argv: Sequence[str], log: Path, env: Mapping[str, str]) -> Process:
    """Starts a server in a session of its own, so that a Ctrl-C at the terminal is left to us."""
    with log.open("wb") as out:
        popen = subprocess.Popen(
            list(argv), stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=dict(env), start_new_session=True
        )
    return Process(popen, log)


def stop(process: Process, seconds: float = PATIENCE) -> None:
    """Asks the server to end, and kills it when it does not."""
    if process.running:
        process.popen.terminate()
    try:
        process.popen.wait(seconds)
    except subprocess.TimeoutExpired:
        process.popen.kill()
        process.popen.wait()


def free_port() -> int:
    """A loopback port nobody held a moment ago. Servers that accept port 0 and say what they got are safer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], seconds: float, what: str, process: Process | None = None) -> None:
    """Polls until the condition is true. Fails with the log's tail; at once when the process has ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        ended = process is not None and not process.running
        if ended or time.monotonic() > deadline:
            state = "ended before" if ended else f"not within {seconds:g} s:"
            tail = f"\n{process.tail()}" if process else ""
            raise NotReady(f"{state} {what}{tail}")
        time.sleep(INTERVAL)


def accepts(port: int) -> bool:
    """Whether something listens on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
