"""A stand-in for CyberArk Conjur on loopback: no real server can be installed here.

Written from the server's source (cyberark/conjur 1.24.0): authentication with an API key, reading and setting variables
with their versions and privileges, one by one and in a batch, whoami, with the statuses and texts of the original. The
official client, conjur-api, passes it. There are no policies: a test says what is there and what may be done.
"""

from __future__ import annotations

import base64
import json
import secrets
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from checks.model.secret import Secret

TOKEN_SECONDS = 480
MOST_VERSIONS = 20
ALL = frozenset({"read", "execute", "update"})


@dataclass
class ConjurDouble:
    """One account with one host that may read and set every variable. `seen` holds methods and paths, never a value."""

    url: str = ""
    account: str = "myorg"
    login: str = "host/dev/app"
    key: Secret = field(default_factory=lambda: Secret(secrets.token_hex(26)))
    values: dict[str, Secret | None] = field(default_factory=dict)
    """By id; None for a variable that was never set. Ids that are not in it are unknown."""
    seen: list[tuple[str, str]] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict, repr=False)
    """Until when each is good, in seconds of the epoch."""
    history: dict[str, list[Secret]] = field(default_factory=dict, repr=False)
    """The last versions of each variable, the newest at the end."""
    privileges: dict[str, frozenset[str]] = field(default_factory=dict)
    """By id, where it is not all of them. Without `read` the variable is as if it were not there."""
    broken: int = 0
    """A status that every call is answered with, where it is not 0."""

    @property
    def environ(self) -> dict[str, str]:
        return {
            "CONJUR_APPLIANCE_URL": self.url,
            "CONJUR_ACCOUNT": self.account,
            "CONJUR_AUTHN_LOGIN": self.login,
            "CONJUR_AUTHN_API_KEY": self.key.reveal(),
        }

    def set(self, variable: str, value: str) -> None:
        """The same value once more makes no new version."""
        kept = self.history.setdefault(variable, [])
        if not kept or kept[-1] != Secret(value):
            kept.append(Secret(value))
            del kept[:-MOST_VERSIONS]
        self.values[variable] = Secret(value)

    def version(self, variable: str, number: int) -> Secret | None:
        """Versions count from 1; those before the last twenty are gone."""
        kept = self.history.get(variable, [])
        return kept[number - 1] if 1 <= number <= len(kept) else None

    def may(self, variable: str, privilege: str) -> bool:
        return privilege in self.privileges.get(variable, ALL)

    def full(self, variable: str) -> str:
        return f"{self.account}:variable:{variable}"

    def new_token(self) -> bytes:
        now = int(time.time())
        claims = {"sub": self.login, "iat": now, "exp": now + TOKEN_SECONDS}
        parts = {"protected": _encoded({"alg": "conjur.org/slosilo/v2", "kid": "1"}), "payload": _encoded(claims)}
        token = json.dumps({**parts, "signature": secrets.token_urlsafe(32)}).encode()
        self.tokens[base64.b64encode(token).decode()] = now + TOKEN_SECONDS
        return token


@contextmanager
def running_conjur(context: ssl.SSLContext | None = None) -> Iterator[ConjurDouble]:
    """With `context` it speaks TLS."""
    double = ConjurDouble()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.double = double  # type: ignore[attr-defined]
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    double.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self._double.broken:
            self._answer(self._double.broken)
        elif self.path == "/":
            self._answer(200, b"<html>Version 1.24.0</html>", "text/html")
        elif self.path == "/whoami":
            self._whoami()
        elif urlsplit(self.path).path == "/secrets":
            self._batch()
        elif variable := self._variable():
            number = parse_qs(urlsplit(self.path).query).get("version", [""])[0]
            value = self._double.version(variable, int(number)) if number else self._double.values.get(variable)
            self._read(variable, value)

    def _read(self, variable: str, value: Secret | None) -> None:
        double = self._double
        if variable in double.values and double.may(variable, "read") and not double.may(variable, "execute"):
            self._answer(403)
        elif value is None or not double.may(variable, "read"):
            self._refuse(404, "not_found", f"CONJ00076E Variable {double.full(variable)} is empty or not found.")
        else:
            self._answer(200, value.reveal().encode(), "application/octet-stream")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = self._parts()
        if self._double.broken:
            self._answer(self._double.broken)
        elif len(parts) == 4 and parts[0] == "authn" and parts[3] == "authenticate":
            self._authenticate(parts[1], parts[2], body)
        elif variable := self._variable():
            self._set(variable, body)

    def _set(self, variable: str, body: bytes) -> None:
        double = self._double
        if variable not in double.values or not double.may(variable, "read"):
            said = f"Variable '{variable}' not found in account '{double.account}'"
            details = {"code": "not_found", "target": "id", "message": double.full(variable)}
            self._refuse(404, "not_found", said, target="variable", details=details)
        elif not double.may(variable, "update"):
            self._answer(403)
        elif urlsplit(self.path).query == "expirations":
            self._answer(201)
        elif not body.strip():
            self._refuse(422, "argument_error", "'value' may not be empty")
        else:
            double.set(variable, body.decode())
            self._answer(201)

    def _batch(self) -> None:
        """All or nothing. With `Accept-Encoding: base64` the values are encoded."""
        if not self._known():
            return
        double = self._double
        wanted = parse_qs(urlsplit(self.path).query).get("variable_ids", [""])[0].split(",")
        ids = [one.removeprefix(f"{double.account}:variable:") for one in wanted]
        encoded = "base64" in (self.headers.get("Accept-Encoding") or "").lower()
        found: dict[str, str] = {}
        for variable in ids:
            value = double.values.get(variable)
            if not variable:
                self._refuse(422, "argument_error", "variable_ids")
                return
            if value is None or not (double.may(variable, "read") and double.may(variable, "execute")):
                self._read(variable, None)
                return
            data = value.reveal().encode()
            found[double.full(variable)] = base64.b64encode(data).decode() if encoded else data.decode()
        self._answer(200, json.dumps(found).encode(), "application/json")

    def _whoami(self) -> None:
        if self._known():
            double = self._double
            moment = time.strftime("%Y-%m-%dT%H:%M:%S.000+00:00", time.gmtime())
            told = {
                "client_ip": "127.0.0.1",
                "user_agent": self.headers.get("User-Agent") or "",
                "account": double.account,
                "username": double.login,
                "token_issued_at": moment,
            }
            self._answer(200, json.dumps(told).encode(), "application/json")

    @property
    def _double(self) -> ConjurDouble:
        double = self.server.double  # type: ignore[attr-defined]
        assert isinstance(double, ConjurDouble)
        return double

    def _parts(self) -> list[str]:
        path = urlsplit(self.path).path
        self._double.seen.append((self.command, path))
        return [unquote(part) for part in path.strip("/").split("/")]

    def _authenticate(self, account: str, login: str, key: bytes) -> None:
        double = self._double
        if (account, login, Secret(key.decode())) != (double.account, double.login, double.key):
            self._answer(401)
        elif "base64" in (self.headers.get("Accept-Encoding") or "").lower():
            self._answer(200, base64.b64encode(double.new_token()), "text/plain", {"Content-Encoding": "base64"})
        else:
            self._answer(200, double.new_token(), "application/json")

    def _variable(self) -> str:
        """The id that is asked for, where the token is good; otherwise it is answered, and empty."""
        if not self._known():
            return ""
        parts = self._parts()
        if len(parts) == 4 and parts[:3] == ["secrets", self._double.account, "variable"]:
            return parts[3]
        self._answer(404)
        return ""

    def _known(self) -> bool:
        """Whether the access token is good; otherwise the call is answered."""
        given = (self.headers.get("Authorization") or "").removeprefix('Token token="').removesuffix('"')
        if self._double.tokens.get(given, 0) < time.time():
            self._answer(401)
            return False
        return True

    def _refuse(self, status: int, code: str, message: str, **more: object) -> None:
        error = {"code": code, "message": message, **more}
        self._answer(status, json.dumps({"error": error}).encode(), "application/json")

    def _answer(
        self, status: int, body: bytes = b"", kind: str = "text/plain", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Nothing: the tests look at `seen`."""


def _encoded(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode()
