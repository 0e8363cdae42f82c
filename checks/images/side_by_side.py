"""Layers that can be read in any order, by as many processes as there are cores.

They are forked where they are needed, by a process that has one thread: the reader that was given the archive. All
readers of this machine together do this for one archive at a time; the others read alone, each its own archive.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from checks.images.layer_wire import pack_layer, unpack_layer
from checks.images.layers import LayerReader, ReadLayer
from checks.trees.channel import Channel, channel_pair, ready
from checks.trees.contents import Contents
from checks.trees.pool import cores

MOST_PROCESSES = 8
_MOST_LAYERS = 10_000
"""Their numbers have to fit in a pipe."""
_WORTH_IT = 8 * 1024 * 1024
"""Bytes of all layers: less is read sooner than a process is forked."""
_NUMBER = struct.Struct("!I")
_WATCH_SECONDS = 0.05
_OURS = Path(__file__).parent
_LOST = "the process that read it ended: it was not looked at"


def read_side_by_side(
    sizes: dict[str, int],
    make_reader: Callable[[int], LayerReader],
    read: Callable[[LayerReader, str], ReadLayer],
    contents: Contents,
    cancelled: Callable[[], bool],
) -> dict[str, ReadLayer]:
    """The layers of these names, or nothing where it is better to read them one after the other.

    `make_reader` is given the number of processes, which share what may be unpacked. Those of which the process was
    killed say so. Errors of checks are added to those of `contents`.
    """
    processes = min(cores(), len(sizes), MOST_PROCESSES)
    single = threading.active_count() > 1 or not hasattr(os, "fork")
    if processes < 2 or single or len(sizes) > _MOST_LAYERS or sum(sizes.values()) < _WORTH_IT:
        return {}
    names = sorted(sizes, key=lambda name: -sizes[name])
    with _alone(_OURS) as allowed:
        if not allowed:
            return {}
        reader = make_reader(processes)
        contents.prepare()
        return _read(names, processes, lambda name: read(reader, name), contents, cancelled)


def _read(
    names: Sequence[str],
    processes: int,
    read: Callable[[str], ReadLayer],
    contents: Contents,
    cancelled: Callable[[], bool],
) -> dict[str, ReadLayer]:
    layers: dict[str, ReadLayer] = {}
    waiting = _numbers(len(names))
    children: dict[int, tuple[int, Channel]] = {}
    try:
        for _ in range(processes):
            ours, theirs = channel_pair()
            pid = os.fork()
            if not pid:
                for _, channel in children.values():
                    channel.close()  # else the one before could not tell that nobody listens any more
                _serve(waiting, theirs, names, read, contents, cancelled)
            theirs.close()
            children[ours.reading] = pid, ours
        while children:
            for channel in ready([channel for _, channel in children.values()], _WATCH_SECONDS):
                try:
                    number = _NUMBER.unpack(channel.receive())[0]
                    layers[names[number]], failures = unpack_layer(channel.receive(), channel.receive())
                    contents.failures |= failures
                except (EOFError, OSError):
                    pid, _ = children.pop(channel.reading)
                    channel.close()
                    os.waitpid(pid, 0)
    finally:
        os.close(waiting)
        for pid, channel in children.values():  # they end when they cannot send
            channel.close()
            os.waitpid(pid, 0)
    return {name: layers.get(name) or ReadLayer(problem=_LOST) for name in names if name in layers or not cancelled()}


def _serve(
    waiting: int,
    channel: Channel,
    names: Sequence[str],
    read: Callable[[str], ReadLayer],
    contents: Contents,
    cancelled: Callable[[], bool],
) -> None:
    """In the new process: takes the next layer that waits until none is left. Does not return."""
    try:
        while not cancelled() and (number := os.read(waiting, _NUMBER.size)):
            layer, findings = pack_layer(read(names[_NUMBER.unpack(number)[0]]), contents.failures)
            for message in (number, layer, findings):
                channel.send(message)
    finally:
        os._exit(0)


def _numbers(count: int) -> int:
    """The numbers below this one in a pipe, from which every process takes the next."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(map(_NUMBER.pack, range(count))))
    os.close(writing)
    return reading


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether no other process does this now. The lock is on a folder that all have and nobody writes to."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)
