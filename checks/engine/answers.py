"""The body of one answer, read in a thread of its own: no engine that is silent keeps the scan from ending."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from checks.formats.streams import CHUNK, Chunks, Damaged

_INTERVAL = 0.05
_AHEAD = 4
"""Pieces that wait to be read."""


class Response(Protocol):
    """What is used of a `requests.Response`."""

    status_code: int

    @property
    def headers(self) -> Mapping[str, str]: ...

    def iter_content(self, chunk_size: int) -> Iterator[bytes]: ...

    def close(self) -> None: ...


class Silent(Damaged):
    """Nothing came for too long, or the scan was ended."""


class Answer(Chunks):
    """Bytes as they come. After `seconds` of silence it raises Silent; with `whole`, after so many seconds in all."""

    def __init__(
        self, ask: Callable[[], Response], cancelled: threading.Event, seconds: float, *, whole: bool = False
    ) -> None:
        super().__init__()
        self._ask = ask
        self._cancelled = cancelled
        self._seconds = seconds
        self._whole = whole
        self._until = time.monotonic() + seconds
        self._closed = threading.Event()
        self._ended = False
        self.headers: Mapping[str, str] = {}
        """Of the answer, when its status is known."""
        self._pieces: queue.Queue[int | bytes | OSError] = queue.Queue(_AHEAD)
        self.given_up = ""
        """Why it was not waited for any longer; empty as long as it is."""
        self.deadline: float | None = None
        """When the person's time is spent, on the clock of time.monotonic."""
        threading.Thread(target=self._fetch, name="engine answer", daemon=True).start()

    def status(self) -> int:
        """Of HTTP. Raises OSError where nothing answers, Silent."""
        got = self._next()
        if isinstance(got, OSError):
            raise got
        return got if isinstance(got, int) else 0

    def close(self) -> None:
        """What is still to come is not waited for."""
        self._closed.set()

    def _more(self) -> bytes:
        if self._ended:
            return b""
        got = self._next()
        if isinstance(got, OSError):
            raise Damaged("the engine stopped in the middle of its answer") from got
        piece = got if isinstance(got, bytes) else b""
        self._ended = not piece
        return piece

    def _next(self) -> int | bytes | OSError:
        while True:
            now = time.monotonic()
            if self._cancelled.is_set():
                raise self._given_up("the scan was ended before it was read")
            if self.deadline is not None and now > self.deadline:
                raise self._given_up("the time for this scan was spent before it was read")
            if now > self._until:
                raise self._given_up(f"it gave no answer within {self._seconds:g} seconds")
            try:
                got = self._pieces.get(timeout=_INTERVAL)
            except queue.Empty:
                continue
            if not self._whole:
                self._until = time.monotonic() + self._seconds
            return got

    def _given_up(self, reason: str) -> Silent:
        self.close()
        self.given_up = reason
        return Silent(reason)

    def _fetch(self) -> None:
        try:
            response = self._ask()
        except OSError as error:  # all of requests' errors are
            self._put(error)
            return
        try:
            self.headers = response.headers
            if self._put(response.status_code):
                for piece in response.iter_content(CHUNK):
                    if piece and not self._put(piece):
                        return
                self._put(b"")
        except OSError as error:
            self._put(error)
        finally:
            response.close()

    def _put(self, piece: int | bytes | OSError) -> bool:
        """Whether somebody still wants to have it."""
        while not self._closed.is_set():
            try:
                self._pieces.put(piece, timeout=_INTERVAL)
            except queue.Full:
                continue
            return True
        return False
