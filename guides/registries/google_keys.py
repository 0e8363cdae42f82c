"""A service account's key, however it is written down, and the signed request for a token that it makes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from checks.model.secret import Secret
from guides.registries.trouble import NotSent

INSTALL = "pip install 'dockhygiene[google]', or use Google's web page"
AUDIENCE = "https://oauth2.googleapis.com/token"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
LIFETIME = 300
"""Seconds that the signed request is good for; Google takes an hour at most."""


class SignerMissing(NotSent):
    """The extra `google` is not installed."""


class Shape(StrEnum):
    """How the secret of a case holds the key."""

    JSON = "json"
    BASE64 = "base64"
    PEM = "pem"
    ESCAPED = "escaped"
    """The private key as it stands within JSON, its newlines written as `\\n`."""


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """Names are printed nowhere before they are made printable: they come from a file."""

    email: str
    id: str
    """Also the id by which Google lists it."""
    project: str
    private_key: Secret


def shape_of(secret: Secret) -> Shape:
    text = secret.reveal().lstrip()
    if text.startswith("{"):
        return Shape.JSON
    if text.startswith("-----BEGIN"):
        return Shape.ESCAPED if "\\n" in text else Shape.PEM
    return Shape.BASE64


def service_key(secret: Secret, files: Mapping[str, bytes]) -> ServiceKey | None:
    """From the secret where it is the whole key; else from the key file, among these, that holds it."""
    shape = shape_of(secret)
    if shape in (Shape.JSON, Shape.BASE64):
        return _read(_unpacked(secret) if shape is Shape.BASE64 else secret.reveal())
    wanted = _plain(secret)
    found = (_read(data.decode("utf-8", "replace")) for data in files.values())
    return next((key for key in found if key and _plain(key.private_key) == wanted), None)


def in_shape(key_file: Secret, shape: Shape) -> Secret:
    """The new key file in the shape of the old secret, so that it can take its place. Raises NotSent."""
    text = key_file.reveal()
    if shape is Shape.JSON:
        return key_file
    if shape is Shape.BASE64:
        return Secret(base64.b64encode(text.encode()).decode())
    key = _read(text)
    if not key:
        raise NotSent("the new key is in a form that is not known: download it on Google's page")
    pem = key.private_key.reveal()
    return Secret(json.dumps(pem.rstrip())[1:-1] if shape is Shape.ESCAPED else pem)


def assertion(key: ServiceKey, now: float) -> Secret:
    """The signed request for a token (RFC 7523). Raises NotSent."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
    except ImportError:
        raise SignerMissing(f"what signs is not installed: nothing was sent; {INSTALL}") from None
    try:
        private: object = serialization.load_pem_private_key(key.private_key.reveal().encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, rsa.RSAPrivateKey):
        raise NotSent("the private key cannot be read: nothing was sent; look at the file")
    claims = {"iss": key.email, "scope": SCOPE, "aud": AUDIENCE, "iat": int(now), "exp": int(now) + LIFETIME}
    parts = ({"alg": "RS256", "typ": "JWT", "kid": key.id}, claims)
    text = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
    return Secret(f"{text}.{_encoded(private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}")


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpacked(secret: Secret) -> str:
    try:
        return base64.b64decode(secret.reveal(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _plain(secret: Secret) -> str:
    return "".join(secret.reveal().replace("\\n", "\n").split())


def _read(text: str) -> ServiceKey | None:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(held, dict) or held.get("type") != "service_account":
        return None
    email, name, private = (held.get(field) for field in ("client_email", "private_key_id", "private_key"))
    if not (isinstance(email, str) and isinstance(name, str) and isinstance(private, str)):
        return None
    project = held.get("project_id")
    return ServiceKey(email, name, project if isinstance(project, str) else "-", Secret(private))
