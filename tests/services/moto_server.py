"""moto's server as Amazon: the real SDK's requests over HTTP, with its checks of signatures and policies switched on.

In front of it stands a relay, which answers what moto does not know (CloudTrail's events), and goes wrong on demand.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from checks.model.secret import Secret
from tests.services.require import missing

ALL = "*"
LOOKUP = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
ECR_PASSWORD_END = "-auth-token"


@dataclass(frozen=True)
class AwsFault:
    """An answer in Amazon's own form, or `body` as it stands. Only for operations that begin with `operation`."""

    status: int = 400
    code: str = ""
    said: str = ""
    body: bytes | None = None
    operation: str = ""
    after: bool = False
    """The request reaches moto first, and the connection is then cut."""


@dataclass(frozen=True)
class IamUser:
    name: str
    id: str
    secret: Secret


@dataclass
class AwsDouble:
    """The relay's state. `seen` holds operations and the key ids that signed them, never a signature."""

    moto: str
    pages: list[dict[str, Any]] = field(default_factory=list)
    """Answers to LookupEvents, one for each question; the last one is given again."""
    faults: list[AwsFault] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    """What LookupEvents was asked."""
    url: str = ""

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def user(self, name: str, allowed: tuple[str, ...] = (ALL,)) -> IamUser:
        """A user with one key and one policy. Its set-up is not checked; everything after it is."""
        self._unchecked(3)
        self._query("CreateUser", UserName=name)
        statement = {"Effect": "Allow", "Action": list(allowed), "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._query("PutUserPolicy", UserName=name, PolicyName="own", PolicyDocument=policy)
        made = self._query("CreateAccessKey", UserName=name)
        return IamUser(name, _between(made, "AccessKeyId"), Secret(_between(made, "SecretAccessKey")))

    def reset(self) -> None:
        """Nothing is there any more, and everything is checked."""
        _post(f"{self.moto}/moto-api/reset", b"")
        self.faults.clear()
        self.pages.clear()
        self.seen.clear()
        self.bodies.clear()
        self._unchecked(0)

    def operations(self) -> list[str]:
        return [operation for operation, _ in self.seen]

    def _unchecked(self, requests: int) -> None:
        _post(f"{self.moto}/moto-api/reset-auth", str(requests).encode())

    def _query(self, action: str, **values: str) -> str:
        form = urllib.parse.urlencode({"Action": action, "Version": "2010-05-08", **values}).encode()
        credential = "AKIAAAAAAAAAAAAAAAAA/20260101/us-east-1/iam/aws4_request"
        login = {"Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return _post(f"{self.moto}/", form, {**login, **kind}).decode()


@contextmanager
def aws_double() -> Iterator[AwsDouble]:
    """moto and its relay; skips by name where moto is not installed."""
    try:
        from moto.server import ThreadedMotoServer
    except ImportError:
        missing("moto is not installed: it belongs to the extra `test`")
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    double = AwsDouble(f"http://{host}:{port}")
    relay = ThreadingHTTPServer(("127.0.0.1", 0), _Relay)
    relay.daemon_threads = True
    relay.double = double  # type: ignore[attr-defined]
    double.url = f"http://127.0.0.1:{relay.server_address[1]}"
    thread = threading.Thread(target=relay.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield double
    finally:
        relay.shutdown()
        relay.server_close()
        thread.join()
        server.stop()


class _Relay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        double: AwsDouble = self.server.double  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        operation, key = _operation(self.headers.get("X-Amz-Target"), body), self._key_id()
        double.seen.append((operation, key))
        fault = next((one for one in double.faults if operation.startswith(one.operation)), None)
        if fault and not fault.after:
            self._answer(fault.status, fault.body if fault.body is not None else self._said(fault))
        elif self.headers.get("X-Amz-Target") == LOOKUP:
            double.bodies.append(json.loads(body))
            page = double.pages[0] if len(double.pages) == 1 else double.pages.pop(0) if double.pages else {}
            self._answer(200, json.dumps(page).encode())
        else:
            status, answered = self._forwarded(double, body)
            if fault:
                self.close_connection = True
                return
            self._answer(status, answered)

    def _forwarded(self, double: AwsDouble, body: bytes) -> tuple[int, bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        request = urllib.request.Request(f"{double.moto}{self.path}", body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()

    def _said(self, fault: AwsFault) -> bytes:
        if self.headers.get("X-Amz-Target"):
            return json.dumps({"__type": fault.code, "message": fault.said}).encode()
        error = f"<Error><Type>Sender</Type><Code>{fault.code}</Code><Message>{fault.said}</Message></Error>"
        return f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>".encode()

    def _key_id(self) -> str:
        return (self.headers.get("Authorization") or "").partition("Credential=")[2].partition("/")[0]

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("x-amzn-RequestId", secrets.token_hex(8))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Nothing: the tests look at `seen`."""


def _operation(target: str | None, body: bytes) -> str:
    if target:
        return target.rpartition(".")[2]
    return urllib.parse.parse_qs(body.decode()).get("Action", [""])[0]


def _between(text: str, tag: str) -> str:
    return text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]


def _post(url: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    request = urllib.request.Request(url, body, {"Content-Type": "text/plain", **(headers or {})}, method="POST")
    with urllib.request.urlopen(request, timeout=20) as answer:
        read = answer.read()
    assert isinstance(read, bytes)
    return read
