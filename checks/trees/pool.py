"""Processes that read: one for each core, forked before the program has threads or a screen.

Starting them later does not work inside a Textual app (spawn and forkserver fail there on 3.11, and fork would copy a
process with threads). A reader that is idle costs nothing: it has imported nothing yet, and ends when its pipe closes.
"""

from __future__ import annotations

import mmap
import os
import signal
import struct
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar, cast

from checks import source_text
from checks.detect import second_engine_package
from checks.model.check import Check
from checks.model.finding import Skipped
from checks.model.workstation import Workstation
from checks.trees.batch import Objects, Outcome, Work
from checks.trees.channel import Channel, channel_pair, ready
from checks.trees.reader import Reader
from checks.trees.wire import Order, pack_order, pack_outcome, unpack_order, unpack_outcome

_AHEAD = 32_000
"""Bytes of orders that a reader has waiting, so that it is never idle. They fit in the pipe: neither end can block
the other, since one order that is longer is sent only to a reader that waits for it."""
_WATCH_SECONDS = 0.05
_W = TypeVar("_W", bound=Work)
_LOST = "the process that read it ended: it was not looked at"


class _Cancelled:
    """The number of the last scan that was cancelled, in memory that all processes share."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)

    def cancel(self, scan: int) -> None:
        self._memory[:8] = struct.pack("q", scan)

    def was(self, scan: int) -> bool:
        return bool(struct.unpack("q", self._memory[:8])[0] >= scan)


class _Cancellation(threading.Event):
    """What the checks of a reader ask whether to go on."""

    def __init__(self, cancelled: _Cancelled, scan: int) -> None:
        super().__init__()
        self._cancelled = cancelled
        self._scan = scan

    def is_set(self) -> bool:
        return self._cancelled.was(self._scan)


@dataclass(slots=True)
class _Process:
    pid: int
    pipe: Channel
    batches: deque[Work] = field(default_factory=deque)
    ahead: int = 0
    """Bytes of the orders that are not done, at most."""


class _Waiting:
    """The batches that no reader has yet."""

    def __init__(self, batches: Iterator[Work]) -> None:
        self._batches = batches
        self._next: Work | None = None

    def take(self, room: int, *, idle: bool) -> Work | None:
        """The next one, where it is no longer than this; of any length for a reader that waits for it."""
        self._next = self._next or next(self._batches, None)
        if not self._next or not (idle or _size(self._next) <= room):
            return None
        taken, self._next = self._next, None
        return taken


class Pool:
    """Readers for any number of scans, one after the other."""

    def __init__(self, workstation: Workstation, jobs: int) -> None:
        """Forks. To be called while the program has one thread."""
        self._cancelled = _Cancelled()
        self._scan = 0
        self._one_at_a_time = threading.Lock()
        self._processes: list[_Process] = []
        for _ in range(jobs):
            self._fork(workstation)

    @property
    def jobs(self) -> int:
        """How many readers there are."""
        return len(self._processes)

    def look(
        self,
        workstation: Workstation,
        checks: Sequence[Check],
        batches: Iterator[_W],
        declined: Sequence[Check] = (),
    ) -> Iterator[tuple[_W, Outcome]]:
        """Outcomes as they come. Ends soon when the workstation is cancelled; what was under way is dropped."""
        return cast(Iterator[tuple[_W, Outcome]], self._look(workstation, checks, batches, declined))

    def _look(
        self,
        workstation: Workstation,
        checks: Sequence[Check],
        batches: Iterator[Work],
        declined: Sequence[Check],
    ) -> Iterator[tuple[Work, Outcome]]:
        named = tuple(str(path) for path in workstation.named)
        waiting = _Waiting(batches)
        self._one_at_a_time.acquire()  # an older scan that was cancelled lets go within a moment
        self._scan += 1
        order = Order(self._scan, _ids(checks), _ids(declined), named, ())
        try:
            while not workstation.cancelled.is_set():
                for process in self._processes:
                    self._feed(process, order, waiting)
                busy = [process for process in self._processes if process.batches]
                if not busy:
                    while batch := waiting.take(0, idle=True):  # no reader is left
                        yield batch, _lost(batch)
                    return
                yield from self._arrived(busy)
        finally:
            self._cancelled.cancel(self._scan)
            for process in self._processes:
                process.batches.clear()
                process.ahead = 0
            self._one_at_a_time.release()

    def close(self) -> None:
        """Ends the readers."""
        self._cancelled.cancel(self._scan)
        for process in self._processes:
            process.pipe.close()
        for process in self._processes:
            os.waitpid(process.pid, 0)
        self._processes.clear()

    def _feed(self, process: _Process, order: Order, batches: _Waiting) -> None:
        new: list[Work] = []
        while batch := batches.take(_AHEAD - process.ahead, idle=not process.batches and not new):
            new.append(batch)
            process.ahead += _size(batch)
        if new:
            process.batches.extend(new)
            try:
                process.pipe.send(pack_order(order._replace(batches=tuple(new))))
            except OSError:
                pass  # it has ended, which reading from it will tell

    def _arrived(self, busy: list[_Process]) -> Iterator[tuple[Work, Outcome]]:
        for pipe in ready([process.pipe for process in busy], _WATCH_SECONDS):
            process = next(process for process in busy if process.pipe is pipe)
            try:
                scan, outcome = unpack_outcome(process.pipe.receive())
            except (EOFError, OSError):
                yield from self._ended(process)
                continue
            if scan == self._scan:
                batch = process.batches.popleft()
                process.ahead -= _size(batch)
                yield batch, outcome

    def _ended(self, process: _Process) -> Iterator[tuple[Work, Outcome]]:
        """A reader that was killed, by the system for want of memory for example: the others go on."""
        self._processes.remove(process)
        process.pipe.close()
        os.waitpid(process.pid, 0)
        for batch in process.batches:
            yield batch, _lost(batch)

    def _fork(self, workstation: Workstation) -> None:
        ours, theirs = channel_pair()
        pid = os.fork()
        if pid:
            theirs.close()
            self._processes.append(_Process(pid, ours))
            return
        try:
            ours.close()
            for process in self._processes:
                process.pipe.close()
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the person interrupts the program, which then ends this
            _serve(theirs, workstation, self._cancelled)
        finally:
            os._exit(0)


@contextmanager
def readers(workstation: Workstation, jobs: int | None = None) -> Iterator[Pool | None]:
    """As many readers as there are cores, or as asked for; None where one is enough or processes cannot be forked."""
    jobs = jobs or cores()
    if jobs < 2 or not hasattr(os, "fork"):
        yield None
        return
    pool = Pool(workstation, jobs)
    try:
        yield pool
    finally:
        pool.close()


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def look_here(
    workstation: Workstation, checks: Sequence[Check], batches: Iterator[_W], declined: Sequence[Check] = ()
) -> Iterator[tuple[_W, Outcome]]:
    """The same without a pool, in this thread."""
    reader = Reader(workstation, checks, declined)
    return ((batch, reader.look(batch)) for batch in batches)


def _serve(pipe: Channel, workstation: Workstation, cancelled: _Cancelled) -> None:
    """Does what it is asked to until the pipe closes."""
    from checks.catalog import CHECKS  # it imports every parser, in the process that needs them

    last, reader = 0, Reader(workstation, ())
    while True:
        try:
            order = unpack_order(pipe.receive())
        except (EOFError, OSError):
            return
        if order.scan != last:
            named = tuple(map(Path, order.named))
            here = replace(workstation, cancelled=_Cancellation(cancelled, order.scan), named=named)
            wanted, unwanted = ([one for one in CHECKS if one.id in ids] for ids in (order.checks, order.declined))
            last, reader = order.scan, Reader(here, wanted, unwanted)
            if second_engine_package.installed() and source_text in wanted:
                from checks.detect import second_engine

                second_engine.begin(here)
        for batch in order.batches:
            try:
                pipe.send(pack_outcome(order.scan, reader.look(batch)))
            except OSError:
                return


def _ids(checks: Sequence[Check]) -> tuple[str, ...]:
    return tuple(check.id for check in checks)


def _size(work: Work) -> int:
    """Bytes of this work in JSON, at most: an escaped character has six."""
    if isinstance(work, Objects):
        return sum(map(len, work.names)) + 6 * sum(map(len, work.paths)) + 1000
    return 6 * (len(work.folder) + sum(len(name) for name in (*work.names, *work.links))) + 1000


def _lost(work: Work) -> Outcome:
    skipped = [("walk", Skipped("walk", work.path(name), _LOST)) for name in work.names]
    return Outcome(told=list(skipped), eventful=set(work.names), complete=False)
