"""DigitalOcean's registry: one more login for docker, made with a personal token. No API ends one.

Source: the official Python SDK pydo 0.44.0 (GET /v2/registry/docker-credentials, GET /v2/account), from which the facts
of tests/contracts/digitalocean.yaml were taken; what it does not say is in UNPROVEN.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from checks.formats.docker_auth import decode_auth
from checks.model.secret import Secret
from guides.registries.api import Api, Call, Response, bearer
from guides.registries.fields import Fields
from guides.registries.managed import New, SignedIn, until
from guides.registries.network import Network
from guides.registries.trouble import NotUnderstood

DIGITALOCEAN = "https://api.digitalocean.com"
REGISTRY = "registry.digitalocean.com"
DAY = 86400
UNPROVEN: Mapping[str, str] = {
    "revoking": "no description names a call that ends a registry login: the web page does",
    "login-form": "that user and password of the login are both the token",
}
"""What the SDK does not say, by name; docs/provider-clients.md tells what follows."""
_HINTS = {
    401: "use a personal token that is alive",
    403: "the token needs the scope registry:read",
    404: "this account has no registry",
}


class DigitalOcean:
    """Raises ApiError and NetworkFailure throughout."""

    def __init__(self, network: Network, token: Secret, base_url: str = DIGITALOCEAN) -> None:
        self._in = SignedIn(Api(network, base_url), bearer(token), _HINTS)

    @property
    def host(self) -> str:
        return self._in.api.host

    def account(self) -> str:
        """Whose token it is, by mail address. Raises Unauthorised for a dead one."""
        return Fields.of(self._in.ask("/v2/account").fields().value.get("account"), self.host).text("email")

    def is_dead(self) -> bool:
        """True for a 401, False for a token that is accepted or lacks a scope. Any other answer raises."""
        answer = self._in.api.ask("/v2/account", login=self._in.login, expect=(200, 401, 403))
        answer.fields()  # a refusal that is none of DigitalOcean's own proves nothing
        return answer.status == 401

    def create(self, days: int) -> Call[New]:
        """A login that may only pull. It is a GET, and makes one all the same: it is asked once."""
        query = urlencode({"expiry_seconds": days * DAY, "read_write": "false"})
        effect = f"makes one more login for {REGISTRY} that may only pull, {until(days)}; all others stay as they are"
        return self._in.making("GET", f"/v2/registry/docker-credentials?{query}", effect, None, _new)


def _new(answer: Response) -> New:
    """From the docker configuration that it is given as."""
    auths = answer.fields().value.get("auths")
    entry = auths.get(REGISTRY) if isinstance(auths, dict) else None
    username, secret, problem = decode_auth(Fields.of(entry, f"{answer.where}, auths").text("auth"))
    if not secret or problem:
        raise NotUnderstood(f"{answer.where}: the login is not as docker writes it: use the web page")
    return New(secret, username)
