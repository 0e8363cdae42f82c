"""How a login travels: the `Authorization` header, the form of an identity token, and the token that comes back.

The only module of the verification in which a secret is plain text. Nothing of it goes into an address: addresses are
logged by servers and proxies.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from checks.model.secret import Secret
from checks.model.token_kinds import kind_of
from guides.registries.network import Answer
from guides.registries.verification import RegistryLogin

CLIENT = "dockhygiene"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BEARER = re.compile(r"[A-Za-z0-9._~+/=-]{1,32768}")  # RFC 6750's b64token; anything else could end the header


def why_not_basic(login: RegistryLogin) -> str:
    """Why Basic authentication cannot carry this login (RFC 7617, section 2), or an empty text."""
    if ":" in login.username:
        return "its user name holds a colon, which Basic authentication cannot carry"
    if _CONTROL.search(login.username) or _CONTROL.search(login.secret.reveal()):
        return "it holds a control character, which Basic authentication cannot carry"
    return ""


def basic(username: str, secret: Secret) -> dict[str, str]:
    """The header of Basic authentication, in UTF-8; bytes that are none are sent as they were found."""
    plain = f"{username}:{secret.reveal()}".encode("utf-8", "surrogateescape")
    return {"Authorization": "Basic " + base64.b64encode(plain).decode("ascii")}


def bearer(token: Secret) -> dict[str, str]:
    return {"Authorization": "Bearer " + token.reveal()}


def refresh_form(token: Secret, service: str, scope: str) -> bytes:
    """The OAuth2 form for an identity token (distribution's token specification; scope is required by ACR)."""
    fields = {"grant_type": "refresh_token", "client_id": CLIENT, "service": service, "scope": scope}
    return urlencode({**fields, "refresh_token": token.reveal()}, errors="surrogateescape").encode("ascii")


def account(login: RegistryLogin) -> str:
    """The user name for an address, empty where it may be a secret: some registries take the token as user name too."""
    return "" if Secret(login.username) == login.secret or kind_of(login.username) else login.username


def token_of(answer: Answer) -> Secret | None:
    """The token of a token service's answer, None where there is none that a header can carry."""
    found = _object(answer.body) if answer.status == 200 and not answer.cut else {}
    for name in ("token", "access_token"):
        value = found.get(name)
        if isinstance(value, str) and _BEARER.fullmatch(value):
            return Secret(value)
    return None


def granted(token: Secret, repository: str) -> tuple[str, ...] | None:
    """Actions that the `access` claim of a JWT names for the repository; None where the token does not say.

    Read without checking the signature: the registry does that, and the one who could lie is the one who grants.
    """
    parts = token.reveal().split(".")
    access = _object(_base64url(parts[1])).get("access") if len(parts) == 3 else None
    if not isinstance(access, list):
        return None
    actions: list[str] = []
    for one in access:
        if isinstance(one, dict) and one.get("type") == "repository" and one.get("name") == repository:
            named = one.get("actions")
            actions += [action for action in (named if isinstance(named, list) else []) if isinstance(action, str)]
    return tuple(sorted({_clean(action) for action in actions}))


def _clean(action: str) -> str:
    return action if re.fullmatch(r"[a-z*]{1,20}", action) else "?"


def _base64url(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _object(data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
