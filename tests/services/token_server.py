"""A token server for docker-registry: ES256 tokens, identity tokens, and a record of what was asked.

What it answers is written down in the token specification of the distribution project; the tests drive it with the
real docker and skopeo.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hmac
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

LIFETIME = 300
LARGEST_BODY = 64 * 1024
Answer = tuple[int, dict[str, object]]


@dataclass(frozen=True)
class Request:
    """One request as the server remembers it: never a value of a header or field."""

    method: str
    path: str
    authorized: bool
    fields: tuple[str, ...]
    chunked: bool


class TokenServer:
    """Issues tokens for `users` (name to password). Attributes may be changed while it runs."""

    service = "testreg"
    issuer = "tok"

    def __init__(self, users: Mapping[str, str], *, offline_tokens: bool = True, oauth2: bool = True) -> None:
        self.users = dict(users)
        self.offline_tokens = offline_tokens
        self.oauth2 = oauth2
        self.actions: dict[str, frozenset[str]] = {}  # user to what it may do; a user not named here may do all
        self.refresh_tokens: dict[str, str] = {}
        self.log: list[Request] = []
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = _self_signed(self._key)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.tokens = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> TokenServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def realm(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/token"

    @property
    def certificate(self) -> bytes:
        """PEM, for the registry's `rootcertbundle`."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def issue_refresh_token(self, user: str) -> str:
        """A new identity token for this user, as a login would get it."""
        token = secrets.token_urlsafe(24)
        self.refresh_tokens[token] = user
        return token

    def revoke(self, user: str) -> None:
        """Ends the user's password and identity tokens. Tokens already issued live on until they expire."""
        self.users.pop(user, None)
        self.revoke_refresh_tokens(user)

    def revoke_refresh_tokens(self, user: str) -> None:
        self.refresh_tokens = {token: owner for token, owner in self.refresh_tokens.items() if owner != user}

    def for_get(self, query: dict[str, str], scopes: list[str], authorization: str | None) -> Answer:
        """GET /token. Nobody in particular gets a token too, one that allows nothing."""
        user = ""
        if authorization:
            user, password = _basic(authorization)
            if not self._accepts(user, password):
                return 401, {"details": "incorrect username or password"}
        answer = self._token(user, scopes)
        answer["token"] = answer["access_token"]
        if user and self.offline_tokens and query.get("offline_token") == "true":
            answer["refresh_token"] = self.issue_refresh_token(user)
        return 200, answer

    def for_post(self, form: dict[str, str], scopes: list[str]) -> Answer:
        """POST /token, the OAuth2 form of the same."""
        if not self.oauth2:
            return 404, {"error": "not_found"}
        grant = form.get("grant_type")
        if grant == "refresh_token":
            token = form.get("refresh_token", "")
            if token not in self.refresh_tokens:
                return 400, {"error": "invalid_grant"}
            return 200, {**self._token(self.refresh_tokens[token], scopes), "refresh_token": token}
        if grant == "password":
            user = form.get("username", "")
            if not self._accepts(user, form.get("password", "")):
                return 401, {"error": "invalid_grant"}
            answer = self._token(user, scopes)
            if self.offline_tokens and form.get("access_type") == "offline":
                answer["refresh_token"] = self.issue_refresh_token(user)
            return 200, answer
        return 400, {"error": "unsupported_grant_type"}

    def _accepts(self, user: str, password: str) -> bool:
        known = self.users.get(user)
        return known is not None and hmac.compare_digest(known.encode(), password.encode())

    def _token(self, user: str, scopes: list[str]) -> dict[str, object]:
        now = int(time.time())
        access = [granted for scope in scopes if (granted := self._grant(user, scope))]
        claims = {
            "iss": self.issuer,
            "sub": user,
            "aud": self.service,
            "exp": now + LIFETIME,
            "nbf": now - 10,
            "iat": now,
            "jti": secrets.token_hex(8),
            "access": access,
        }
        return {"access_token": self._sign(claims), "expires_in": LIFETIME, "scope": " ".join(scopes)}

    def _grant(self, user: str, scope: str) -> dict[str, object] | None:
        """What of this scope the user gets. Repository names may hold colons of a port: cut at both ends."""
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        if not user or not name:
            return None
        allowed = self.actions.get(user)
        return {"type": kind, "name": name, "actions": [a for a in actions.split(",") if not allowed or a in allowed]}

    def _sign(self, claims: dict[str, object]) -> str:
        certificate = base64.b64encode(self._certificate.public_bytes(serialization.Encoding.DER)).decode()
        header = {"typ": "JWT", "alg": "ES256", "x5c": [certificate]}
        signed = ".".join(_base64url(json.dumps(part).encode()) for part in (header, claims))
        r, s = utils.decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{_base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def tokens(self) -> TokenServer:
        found = self.server.tokens  # type: ignore[attr-defined]
        assert isinstance(found, TokenServer)
        return found

    def do_GET(self) -> None:
        fields = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        authorization = self.headers.get("Authorization")
        self._remember(fields, chunked=False)
        self._answer(*self.tokens.for_get(_first(fields), _scopes(fields), authorization))

    def do_POST(self) -> None:
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        body = self._chunks() if chunked else self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fields = parse_qs(body.decode(), keep_blank_values=True)
        self._remember(fields, chunked=chunked)
        self._answer(*self.tokens.for_post(_first(fields), _scopes(fields)))

    def _chunks(self) -> bytes:
        """skopeo sends its form without a length; http.server leaves chunks to us."""
        body = b""
        while size := int(self.rfile.readline(32).split(b";")[0], 16):
            if len(body) + size > LARGEST_BODY:
                raise ValueError("body too large")
            body += self.rfile.read(size)
            self.rfile.readline(3)
        while self.rfile.readline(1024).strip():
            pass
        return body

    def _remember(self, fields: Mapping[str, object], *, chunked: bool) -> None:
        path = urlsplit(self.path).path
        authorized = "Authorization" in self.headers
        self.tokens.log.append(Request(self.command, path, authorized, tuple(sorted(fields)), chunked))

    def _answer(self, status: int, content: dict[str, object]) -> None:
        if urlsplit(self.path).path != "/token":
            status, content = 404, {"error": "not_found"}
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """The request log of the base class would print query strings."""


def _first(fields: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in fields.items()}


def _scopes(fields: Mapping[str, list[str]]) -> list[str]:
    return [scope for value in fields.get("scope", []) for scope in value.split()]


def _basic(authorization: str) -> tuple[str, str]:
    try:
        user, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "dockhygiene test tokens")])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
