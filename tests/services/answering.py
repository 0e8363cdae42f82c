"""A server on loopback that answers from a list, well or badly, and remembers what it was asked.

For what no real registry does on demand: faults, hostile headers, limits, lockouts. One connection, one answer.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType

from checks.model.secret import Secret

HANDSHAKE = 0x16
"""The first byte of a TLS connection: a server without TLS closes it, as many do."""
LARGEST_REQUEST = 256 * 1024
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Canned:
    """One answer. `raw` is sent as it stands, instead of all else."""

    status: int = 200
    body: bytes = b"{}"
    headers: Headers = ()
    raw: bytes | None = None
    missing: int = 0
    """Bytes that the length promises and that never come."""
    silent: bool = False
    """Nothing is answered as long as the server lives."""
    drip: bool = False
    """One byte at a time, without an end."""

    def text(self) -> bytes:
        if self.raw is not None:
            return self.raw
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}", "Connection: close"]
        lines.append(f"Content-Length: {len(self.body) + self.missing}")
        if not any(name.lower() == "content-type" for name, _ in self.headers):
            lines.append("Content-Type: application/json")
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True)
class Request:
    """One request as it arrived. It may hold a secret of the test, so it does not show one."""

    method: str
    target: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def authorization(self) -> Secret | None:
        value = self.headers.get("authorization")
        return Secret(value) if value is not None else None


def page(status: int = 200, text: bytes = b"<html><body>Please sign in to this network</body></html>") -> Canned:
    return Canned(status, text, (("Content-Type", "text/html; charset=utf-8"),))


def challenge(*values: str) -> Canned:
    """The 401 of a registry."""
    offers = tuple(("WWW-Authenticate", value) for value in values)
    return Canned(401, b"{}", (("Docker-Distribution-Api-Version", "registry/2.0"), *offers))


BASIC = challenge('Basic realm="test"')


class Answering:
    """Gives its answers in order, then 500. With `context` it speaks TLS. `requests` is what it was asked."""

    def __init__(self, answers: Iterable[Canned] = (), context: ssl.SSLContext | None = None) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Answering:
        self._start(self._serve)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if self._context else 'http'}://{self.host}"

    def _start(self, work: object, *args: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._start(self._one, connection)

    def _one(self, connection: socket.socket) -> None:
        try:
            with connection:
                connection.settimeout(10)
                if self._context is None:
                    if connection.recv(1, socket.MSG_PEEK)[:1] != bytes([HANDSHAKE]):
                        self._exchange(connection)
                    return
                with self._context.wrap_socket(connection, server_side=True) as encrypted:
                    self._exchange(encrypted)
        except OSError:
            pass  # a client that went away, or did not believe us, is what some tests are about

    def _exchange(self, connection: socket.socket) -> None:
        request = _read(connection)
        if request is None:
            return
        with self._lock:
            self.requests.append(request)
            answer = self.answers.pop(0) if self.answers else Canned(500)
        if answer.silent:
            self._stopped.wait()
        elif answer.drip:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not self._stopped.wait(0.01):
                connection.sendall(b" ")
        else:
            connection.sendall(answer.text())


def _read(connection: socket.socket) -> Request | None:
    """A request whose body has a length, or none."""
    data = b""
    while b"\r\n\r\n" not in data and len(data) < LARGEST_REQUEST:
        more = connection.recv(4096)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(4096)
    method, target, _ = first.split(" ", 2)
    return Request(method, target, headers, body)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Odd"
