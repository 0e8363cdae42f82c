"""What the doubles of the providers share: a loopback server with a state, faults that a test switches on, and a log.

A double stands for a provider that no test can use for real. What it answers is held against the provider's official
description by `tests.services.contracts`; what it does beyond that is written down in docs/provider-clients.md.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import email.utils
import json
import secrets
import string
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

PATIENCE = 30.0
"""Seconds after which a slow answer gives up, should a test forget it."""


@dataclass(frozen=True)
class Asked:
    """A request as the double sees it. It holds secrets: only contracts look at it, and nothing keeps it."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Message = field(repr=False)
    body: Any = field(repr=False)

    def first(self, name: str, otherwise: str = "") -> str:
        return self.query.get(name, [otherwise])[0]

    @property
    def bearer(self) -> str:
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ")

    def basic(self) -> tuple[str, str] | None:
        """User and password, None without such a header."""
        given = self.headers.get("Authorization") or ""
        if not given.startswith("Basic "):
            return None
        try:
            user, _, password = base64.b64decode(given[6:]).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return user, password


@dataclass(frozen=True)
class Told:
    """An answer; `content` is sent as JSON, and nothing where it is None."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Logged:
    """One request as it is remembered: never a value."""

    method: str
    path: str
    headers: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Exchange:
    """Request and answer, for a contract. With `fault` the answer is none of the provider's."""

    asked: Asked = field(repr=False)
    told: Told = field(repr=False)
    fault: bool


@dataclass(frozen=True)
class Fault:
    """What goes wrong. `how`: "status" (a status with JSON), "html", "redirect" and "slow" come before the provider
    does anything; "cut" (fewer bytes than announced), "half" (JSON that ends early) and "lost" (no answer) after."""

    how: str = "status"
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    content: Any = None


class Double:
    """A server on loopback. Subclasses answer in `answer`, which is called under a lock."""

    def __init__(self) -> None:
        self.log: list[Logged] = []
        self.watch: Callable[[Exchange], None] | None = None
        """Called with every exchange; a contract's `see`."""
        self.clock_ahead = datetime.timedelta()
        """How much later it is here than on the workstation."""
        self._faults: list[tuple[str, str, Fault, int]] = []
        self._lock = threading.RLock()
        self._released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.double = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._http.server_address[1]}"

    @property
    def base_url(self) -> str:
        return f"http://{self.host}"

    def fail(self, fault: Fault, method: str = "", path: str = "", times: int = 1_000_000) -> None:
        """From now on requests of this method, and of paths that begin like this, go wrong; `heal` ends it."""
        self._faults.append((method, path, fault, times))

    def heal(self) -> None:
        self._faults.clear()
        self._released.set()
        self._released = threading.Event()

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC) + self.clock_ahead

    def moment(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def answer(self, asked: Asked) -> Told:
        raise NotImplementedError

    def handle(self, asked: Asked) -> tuple[Told, Fault | None]:
        with self._lock:
            fault = self._fault(asked)
            before = fault is not None and fault.how in ("status", "html", "redirect", "slow")
            told = Told(fault.status, fault.content, fault.headers) if fault and before else self.answer(asked)
            body = asked.body if isinstance(asked.body, dict) else {}
            names = tuple(sorted(name.lower() for name in asked.headers))
            self.log.append(Logged(asked.method, asked.path, names, tuple(sorted([*asked.query, *body]))))
            if self.watch:
                self.watch(Exchange(asked, told, fault is not None))
        return told, fault

    def wait_for_release(self) -> None:
        self._released.wait(PATIENCE)

    def _fault(self, asked: Asked) -> Fault | None:
        for number, (method, path, fault, times) in enumerate(self._faults):
            if asked.method.startswith(method) and asked.path.startswith(path) and times > 0:
                self._faults[number] = (method, path, fault, times - 1)
                return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        double = self.server.double  # type: ignore[attr-defined]
        assert isinstance(double, Double)
        address = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, address.path, parse_qs(address.query, True), self.headers, self._parsed(raw))
        told, fault = double.handle(asked)
        how = fault.how if fault else ""
        if how == "slow":
            double.wait_for_release()
        if how in ("slow", "lost"):
            self.close_connection = True
            return
        self._send(told, how)

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = _handle  # noqa: N815  the base class calls these

    def _parsed(self, raw: bytes) -> Any:
        if "json" in (self.headers.get("Content-Type") or ""):
            return json.loads(raw)
        return {name: values[0] for name, values in parse_qs(raw.decode("utf-8", "replace")).items()} or None

    def _send(self, told: Told, how: str) -> None:
        body = b"" if told.content is None else json.dumps(told.content).encode()
        kind = "application/json"
        if how == "html":
            body, kind = b"<!DOCTYPE html><title>Sign in to the guest network</title>", "text/html"
        if how == "half":
            body = body[: len(body) // 2]
        self.send_response(302 if how == "redirect" else 200 if how == "html" and told.status == 500 else told.status)
        if how == "redirect":
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        for name, value in told.headers.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if how == "cut":
            body, self.close_connection = body[: len(body) // 2], True
        if self.command != "HEAD":
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header, by the double's clock."""
        double = self.server.double  # type: ignore[attr-defined]
        return email.utils.formatdate(double.now().timestamp(), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """The request log of the base class would print query strings."""


def token(prefix: str, length: int) -> str:
    """A machine token of nobody, in the form of its kind."""
    alphabet = string.ascii_letters + string.digits
    return prefix + "".join(secrets.choice(alphabet) for _ in range(length))


def fake_jwt(claims: Mapping[str, Any]) -> str:
    """A token with readable claims and a signature that nobody checks."""
    parts = [json.dumps(part).encode() for part in ({"typ": "JWT", "alg": "ES256"}, claims)] + [secrets.token_bytes(32)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
