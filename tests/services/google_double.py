"""A double of Google's IAM, its token exchange and Policy Analyzer: service accounts and their real RSA keys."""

from __future__ import annotations

import base64
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from checks.model.secret import Secret
from tests.services.double import Asked, Double, Told, token

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_KEYS = re.compile(r"/v1/projects/-/serviceAccounts/(?P<email>[^/]+)/keys(?:/(?P<id>[^/:]+)(?::(?P<verb>\w+))?)?")
_ACTIVITY = "/locations/global/activityTypes/serviceAccountKeyLastAuthentication/activities:query"


@dataclass
class GoogleKey:
    """`file` is the key as it is downloaded."""

    id: str
    email: str
    public: rsa.RSAPublicKey = field(repr=False)
    file: Secret
    disabled: bool = False


class GoogleDouble(Double):
    """`admins` are tokens of people who may manage keys; `managing` are accounts that may manage their own."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, GoogleKey] = {}
        self.admins: set[str] = set()
        self.viewers: set[str] = set()
        """Tokens that may ask Policy Analyzer."""
        self.managing: set[str] = set()
        self.sessions: dict[str, str] = {}

    def admin(self) -> Secret:
        made = token("ya29.", 40)
        self.admins.add(made)
        return Secret(made)

    def issue(self, email: str) -> GoogleKey:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        name = secrets.token_hex(20)
        project = email.partition("@")[2].partition(".")[0]
        held = {"type": "service_account", "project_id": project, "private_key_id": name, "private_key": pem.decode()}
        text = json.dumps({**held, "client_email": email, "token_uri": "https://elsewhere.example.com/token"}, indent=2)
        made = GoogleKey(name, email, private.public_key(), Secret(text))
        self.keys[name] = made
        return made

    def answer(self, asked: Asked) -> Told:
        if asked.path == "/token" and asked.method == "POST":
            return self._exchanged(asked)
        who = asked.bearer if asked.bearer in self.admins else self.sessions.get(asked.bearer, "")
        if not who:
            return _error(401, "UNAUTHENTICATED")
        if asked.path.endswith(_ACTIVITY):
            return self._activity(asked)
        match = _KEYS.fullmatch(asked.path)
        if not match:
            return _error(404, "NOT_FOUND")
        email = unquote(match["email"])
        if who != asked.bearer and not (who == email and email in self.managing):
            return _error(403, "PERMISSION_DENIED")
        return self._managed(asked, email, match["id"], match["verb"])

    def _managed(self, asked: Asked, email: str, name: str | None, verb: str | None) -> Told:
        if name is None:
            if asked.method == "POST":
                made = self.issue(email)
                packed = base64.b64encode(made.file.reveal().encode()).decode()
                return Told(
                    200, {**_shown(made), "privateKeyData": packed, "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE"}
                )
            return Told(200, {"keys": [_shown(one) for one in self.keys.values() if one.email == email]})
        found = self.keys.get(name)
        if not found or found.email != email:
            return _error(404, "NOT_FOUND")
        if asked.method == "DELETE":
            del self.keys[name]
            return Told(200, {})
        if verb:
            found.disabled = verb == "disable"
            return Told(200, {})
        return Told(200, _shown(found))

    def _activity(self, asked: Asked) -> Told:
        if asked.bearer not in self.viewers:
            return _error(403, "PERMISSION_DENIED")
        name = asked.first("filter").partition('"')[2].rstrip('"')
        activity = {"lastAuthenticatedTime": "2027-01-10T07:00:00Z"}
        return Told(200, {"activities": [{"fullResourceName": name, "activity": activity}]})

    def _exchanged(self, asked: Asked) -> Told:
        body = asked.body or {}
        if body.get("grant_type") != GRANT:
            return Told(400, {"error": "unsupported_grant_type"})
        found = self._signer(body.get("assertion", ""))
        if not found:
            return Told(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
        made = token("ya29.", 40)
        self.sessions[made] = found.email
        return Told(200, {"access_token": made, "expires_in": 3599, "token_type": "Bearer"})

    def _signer(self, assertion: str) -> GoogleKey | None:
        """The living key that really signed it."""
        try:
            head, claims, signature = assertion.split(".")
            found = self.keys.get(_decoded(head)["kid"])
            if not found or found.disabled or _decoded(claims)["iss"] != found.email:
                return None
            data = base64.urlsafe_b64decode(f"{signature}==")
            found.public.verify(data, f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except (ValueError, KeyError, InvalidSignature):
            return None
        return found


def _decoded(part: str) -> dict[str, Any]:
    held = json.loads(base64.urlsafe_b64decode(f"{part}=="))
    assert isinstance(held, dict)
    return held


def _shown(key: GoogleKey) -> dict[str, Any]:
    shown = {
        "name": f"projects/acme/serviceAccounts/{key.email}/keys/{key.id}",
        "keyAlgorithm": "KEY_ALG_RSA_2048",
        "keyType": "USER_MANAGED",
        "validAfterTime": "2026-11-24T10:00:00Z",
        "validBeforeTime": "9999-12-31T23:59:59Z",
    }
    return {**shown, "disabled": True} if key.disabled else shown


def _error(status: int, name: str) -> Told:
    return Told(status, {"error": {"code": status, "message": f"{name.lower()} says Google", "status": name}})
