"""One request and its answer: limits, bodies, and the one place that sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from guides.demo.contents import Refused

if TYPE_CHECKING:
    from guides.demo.registry import DemoRegistry

LARGEST_HEADERS = 64 * 1024
MOST_FIELDS = 64


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "application/json"


def json_answer(status: int, content: Mapping[str, object]) -> Answer:
    return Answer(status, json.dumps(content).encode())


class Exchange(BaseHTTPRequestHandler):
    """Serves a connection. What a request asks for becomes an Answer, or a Refused, in `answer`."""

    protocol_version = "HTTP/1.1"
    server_version = "dockhygiene-demo"
    sys_version = ""
    timeout = 60
    user = ""
    _body_was_read = False

    @property
    def registry(self) -> DemoRegistry:
        return self.server.registry  # type: ignore[attr-defined,no-any-return]

    def answer(self, path: str, query: Mapping[str, list[str]]) -> Answer:
        raise NotImplementedError

    def do_GET(self) -> None:
        self.user, self._body_was_read = "", False
        url = urlsplit(self.path)
        try:
            self._look_at_headers()
            reply = self.answer(url.path, form_fields(url.query))
        except Refused as refused:
            reply = Answer(refused.status, refused.body, refused.headers)
        self.registry.remember(self.command, url.path, self.user, reply.status)
        self._send(reply)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815  the base class looks for these

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """The base class would print paths and query strings on the person's screen."""

    def body(self, largest: int) -> bytes:
        """The body, with a length or in chunks (docker's uploads and skopeo's forms), never more than `largest`."""
        body = bytearray()
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            while size := _number(self.rfile.readline(64).split(b";")[0].strip(), 16):
                self._read_into(body, size, largest)
                self.rfile.readline(3)
            while self.rfile.readline(1024).strip():
                pass  # trailers
        else:
            self._read_into(body, _number(self.headers.get("Content-Length", "0").encode(), 10), largest)
        self._body_was_read = True
        return bytes(body)

    def _read_into(self, body: bytearray, size: int, largest: int) -> None:
        if len(body) + size > largest:
            raise Refused(413, "SIZE_INVALID", f"the demo registry takes {largest} bytes at most")
        data = self.rfile.read(size)
        if len(data) != size:
            raise Refused(400, "SIZE_INVALID", "the body ended early")
        body += data

    def _look_at_headers(self) -> None:
        """A page in a browser may reach a loopback port under a name of its own: only our own address is served."""
        if sum(len(name) + len(value) for name, value in self.headers.items()) > LARGEST_HEADERS:
            raise Refused(431, "DENIED", "the headers are too large")
        if self.headers.get("Host") not in self.registry.names:
            raise Refused(421, "DENIED", "this is not the host that was asked for")

    def _send(self, reply: Answer) -> None:
        waiting = self.headers.get("Transfer-Encoding") or self.headers.get("Content-Length", "0") != "0"
        if waiting and not self._body_was_read:
            self.close_connection = True  # what was not read would be taken for the next request
        self.send_response(reply.status)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)


def form_fields(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refused(400, "UNSUPPORTED", "too many fields") from None


def _number(digits: bytes, base: int) -> int:
    try:
        number = int(digits, base) if len(digits) <= 16 else -1
    except ValueError:
        number = -1
    if number < 0:
        raise Refused(400, "SIZE_INVALID", "the length of the body is not a number")
    return number
