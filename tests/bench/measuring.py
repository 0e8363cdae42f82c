"""One run of a program: wall time, CPU of the process and its children, memory of all of them together."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY_SECONDS = 0.05
_MEGABYTE = 1_000_000


class Failed(Exception):
    """The program ended with a code that says that it did not do its work."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds and bytes. `largest` is the peak of the largest single process, `together` that of all at one moment,
    pages that they share counted once; 0 where it was not sampled."""

    wall: float
    cpu: float
    largest: int
    together: int = 0


def used(
    argv: Sequence[str], environ: Mapping[str, str], fine: Sequence[int] = (0,), *, sampled: bool = False
) -> Usage:
    """Runs it to its end. Raises Failed for any exit code but the fine ones.

    Sampling stops the processes for moments, so a run that is timed is better not sampled.
    """
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123  no path of ours
        started = time.monotonic()
        process = subprocess.Popen(argv, env=dict(environ), stdin=nothing, stdout=nothing, stderr=nothing)
        sampler = _Sampler(process.pid) if sampled else None
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    together = sampler.stop() if sampler else 0
    if process.returncode not in fine:
        raise Failed(f"{Path(argv[0]).name} ended with {process.returncode}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, together)


def middle(usages: Sequence[Usage]) -> Usage:
    """Median times, largest memory."""
    return Usage(
        statistics.median(one.wall for one in usages),
        statistics.median(one.cpu for one in usages),
        max(one.largest for one in usages),
        max(one.together for one in usages),
    )


def shown(name: str, usage: Usage, rest: str = "") -> None:
    memory = f"{usage.together / _MEGABYTE:6.0f} MB" if usage.together else f"{'-':>6}   "
    alone = f"{usage.largest / _MEGABYTE:6.0f} MB"
    print(f"  {name:<28}{usage.wall:8.2f} s {usage.cpu:8.2f} s CPU {memory} {alone}   {rest}", flush=True)


def heading(text: str) -> None:
    print(f"\n{text}\n  {'':<28}{'wall':>10} {'CPU':>10} {'all':>12} {'largest':>9}", flush=True)


class _Sampler(threading.Thread):
    """Adds up what the processes of a tree hold, twenty times a second, from the outside."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self._peak = 0
        self.start()

    def run(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            self._peak = max(self._peak, sum(map(_proportional, _with_children(self._pid))))

    def stop(self) -> int:
        self._ended.set()
        self.join()
        return self._peak


def _with_children(pid: int) -> list[int]:
    pids, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        pids.append(one)
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue  # it has ended
    return pids


def _proportional(pid: int) -> int:
    """Bytes of this process, shared pages divided by those who share them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass  # it has ended, or /proc is not Linux's
    return 0
