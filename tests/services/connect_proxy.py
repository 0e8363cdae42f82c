"""A tiny proxy: it leads every name to a loopback port that the test chose, so names of the world can be tried."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from types import TracebackType

LARGEST_HEAD = 64 * 1024


class ConnectProxy:
    """`ports`: host and port as asked for, to the loopback port behind it. `asked`: the heads of its requests.

    CONNECT makes a tunnel; a request with a whole address is handed on as it came. What is not in `ports` gets 502.
    """

    def __init__(self, ports: Mapping[str, int], *, authorization: str = "") -> None:
        self.ports = dict(ports)
        self.authorization = authorization
        self.asked: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    def __enter__(self) -> ConnectProxy:
        self._start(self._serve)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._socket, *self._open):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed already
            one.close()
        for thread in self._threads:
            thread.join()

    @property
    def targets(self) -> list[str]:
        """What it was asked for, without methods and versions."""
        return [head.split(" ", 2)[1] for head in self.asked]

    def _start(self, work: object, *args: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(client)
            self._start(self._one, client)

    def _one(self, client: socket.socket) -> None:
        try:
            head = b""
            while b"\r\n\r\n" not in head and len(head) < LARGEST_HEAD:
                more = client.recv(4096)
                if not more:
                    return
                head += more
            self._answer(client, head)
        except OSError:
            pass  # one of both sides went away
        finally:
            client.close()

    def _answer(self, client: socket.socket, head: bytes) -> None:
        text = head.decode("latin-1")
        self.asked.append(text)
        method, target, _ = text.split(" ", 2)
        if self.authorization and f"proxy-authorization: {self.authorization}\r\n".lower() not in text.lower():
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        wanted = target if method == "CONNECT" else target.split("/")[2]
        if wanted not in self.ports:
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.ports[wanted])) as server:
            self._open.append(server)
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                server.sendall(head)
            self._start(_copy, client, server)
            _copy(server, client)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(16 * 1024):
            sink.sendall(data)
    except OSError:
        pass  # the other side ended it
    try:
        sink.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is closed already
