"""JFrog's access tokens: what a token says of itself, one more like it, and its end.

Source: JFrog's REST documentation (Create Token, Get Token by ID, Revoke Token by ID; read 2026-11-24); what it does
not say is in UNPROVEN. A token may do all three with itself. Refreshing (`grant_type=refresh_token`) is left out: it
ends the old one at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.formats.display import printable
from guides.registries.api import Api, Call, HeaderSecret, Response, segment
from guides.registries.fields import Fields
from guides.registries.managed import Known, New, SignedIn, day, new_of, text_of, until
from guides.registries.network import Network

UNPROVEN: Mapping[str, str] = {
    "me-for-reading": "GET /tokens/me: `me` is documented for revoking, and seen for reading",
    "platform-host": "that the registry's host is the platform's: with a host for each repository it may be another",
    "token-scope": "that a token's description tells its scope: where it does not, the user's own rights are asked for",
    "short-lived": "which tokens are too short-lived to be revoked is set on the server",
}
"""What the documentation does not say, by name; docs/provider-clients.md tells what follows."""

OWN_RIGHTS = "applied-permissions/user"
"""The scope of a token that may do what its user may."""
DAY = 86400
_HINTS = {
    400: "it may be another instance's token, or too short-lived to be revoked",
    401: "it is revoked, expired or no token of this platform",
    403: "the token is alive, and may not do this: use an administrator's, or shorten its life",
}


class JFrog:
    """`base_url` is the platform's address. Raises ApiError and NetworkFailure throughout."""

    def __init__(self, network: Network, base_url: str, login: HeaderSecret) -> None:
        self._in = SignedIn(Api(network, base_url.rstrip("/") + "/access/api/v1"), login, _HINTS)

    @property
    def host(self) -> str:
        return self._in.api.host

    def own(self) -> Known:
        """What the token of the login says of itself. Raises Unauthorised where it is gone, Forbidden where it is
        alive all the same."""
        told = self._in.ask("/tokens/me").fields()
        about = (
            f"token {printable(told.text('token_id'), 80)} of {printable(_user(told), 80)}",
            f"made {day(told, 'issued_at')}, expires {day(told, 'expiry')}",
            printable(f"scope: {text_of(told, 'scope') or 'not told'}", 200),
            printable(f"description: {text_of(told, 'description') or 'none'}", 200),
        )
        return Known(told.text("token_id"), text_of(told, "description"), about, told)

    def log(self, one: Known) -> tuple[str, ...]:
        return ()

    def create(self, one: Known, name: str, days: int) -> Call[New]:
        """One more for the same user, short enough for a password field (a reference token) where the server can."""
        body = {
            "username": _user(one.described),
            "scope": text_of(one.described, "scope") or OWN_RIGHTS,
            "expires_in": days * DAY,
            "description": name,
            "include_reference_token": True,
        }
        effect = f"makes one more token `{name}` for {_user(one.described)}, with {body['scope']}, {until(days)}"
        return self._in.making("POST", "/tokens", effect, body, _new)

    def rights(self, one: Known, new: New) -> tuple[Call[None], ...]:
        return ()

    def disable(self, one: Known) -> None:
        return None

    def delete(self, one: Known) -> Call[None]:
        return self._in.ending("DELETE", f"/tokens/{segment(one.id)}", f"revokes the token {one.shown} for good")


def _user(told: Fields) -> str:
    """`jfac@01abc/users/alice` is alice."""
    return text_of(told, "subject").rpartition("/")[2]


def _new(answer: Response) -> New:
    """The short reference where there is one: it is what a docker login takes as well."""
    field = "reference_token" if answer.fields().value.get("reference_token") else "access_token"
    return new_of(answer, field, id="token_id")
