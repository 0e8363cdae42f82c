"""A private pair of pipes between two of our own processes, for messages of any length."""

from __future__ import annotations

import os
import select
import struct
from collections.abc import Iterable

_LENGTH = struct.Struct("!Q")


class Channel:
    """One end. The other end has closed, or its process is gone: EOFError when receiving, OSError when sending."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading = reading
        self._writing = writing

    def send(self, message: bytes) -> None:
        data = memoryview(_LENGTH.pack(len(message)) + message)
        while data:
            data = data[os.write(self._writing, data) :]

    def receive(self) -> bytes:
        return self._take(_LENGTH.unpack(self._take(_LENGTH.size))[0])

    def close(self) -> None:
        os.close(self.reading)
        os.close(self._writing)

    def _take(self, size: int) -> bytes:
        parts = []
        while size:
            part = os.read(self.reading, min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def channel_pair() -> tuple[Channel, Channel]:
    """Two ends that are connected; neither is inherited by a program that is started."""
    first_reads, second_writes = os.pipe()
    second_reads, first_writes = os.pipe()
    return Channel(first_reads, first_writes), Channel(second_reads, second_writes)


def ready(channels: Iterable[Channel], seconds: float) -> list[Channel]:
    """Those that have something to receive, or have closed; waits this long for the first."""
    waiting = {channel.reading: channel for channel in channels}
    poll = select.poll()
    for descriptor in waiting:
        poll.register(descriptor, select.POLLIN | select.POLLHUP)
    return [waiting[descriptor] for descriptor, _ in poll.poll(seconds * 1000)]
