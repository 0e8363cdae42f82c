"""Scaleway's IAM: API keys, whose secret key is the registry's password, and the log of changes.

Source: the official Python SDK scaleway 2.12.0, scaleway/iam/v1alpha1, which the tests let talk to the double; what it
does not say is in UNPROVEN.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import Api, Call, HeaderSecret, Response, segment
from guides.registries.fields import Fields
from guides.registries.managed import Known, New, SignedIn, day, ends_at, new_of, text_of, until
from guides.registries.network import Network

SCALEWAY = "https://api.scaleway.com"
UNPROVEN: Mapping[str, str] = {
    "refusals": "the statuses of refusals: the SDK raises for whatever is none of the expected",
    "registry-user": "that the registry takes any user name with the secret key",
    "log-rights": "which rights the IAM log asks for: without them evidence says so, and goes on",
}
"""What the SDK does not say, by name; docs/provider-clients.md tells what follows."""
_HINTS = {
    401: "use the secret key of an API key that is alive",
    403: "the API key needs rights on IAM in this organisation (IAMManager)",
    404: "check the access key (SCW...): it stands in the list of API keys",
}


class Scaleway:
    """Raises ApiError and NetworkFailure throughout."""

    def __init__(
        self,
        network: Network,
        login: HeaderSecret,
        base_url: str = SCALEWAY,
        *,
        organisation: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._in = SignedIn(Api(network, base_url.rstrip("/") + "/iam/v1alpha1"), login, _HINTS)
        self._organisation = organisation
        self._clock = clock

    @property
    def host(self) -> str:
        return self._in.api.host

    def find(self, access_key: str) -> Known:
        """The API key of this access key, `SCW...`. Raises Missing."""
        told = self._in.ask(f"/api-keys/{segment(access_key)}").fields()
        bearer = "application" if text_of(told, "application_id") else "user"
        about = (
            printable(f"API key {told.text('access_key')}: {text_of(told, 'description') or 'no description'}", 200),
            printable(f"of the {bearer} {text_of(told, f'{bearer}_id')}", 200),
            printable(f"made {day(told, 'created_at')} from {text_of(told, 'creation_ip') or 'not told'}", 200),
            f"expires {day(told, 'expires_at')}; Scaleway does not tell when it was last used",
        )
        return Known(told.text("access_key"), text_of(told, "description"), about, told)

    def log(self, one: Known) -> tuple[str, ...]:
        """What its bearer made, changed and deleted in IAM; no pulls. Empty where the organisation was not named."""
        if not self._organisation:
            return ()
        bearer = text_of(one.described, "application_id") or text_of(one.described, "user_id")
        query = {"search": bearer, "order_by": "created_at_desc", "page_size": "100"}
        query["organization_id"] = self._organisation
        return tuple(map(_entry, self._in.ask("/logs", query).fields().items("logs")))

    def create(self, one: Known, name: str, days: int) -> Call[New]:
        """One more of the same application or user, whose policies are the rights."""
        fields = ("application_id",) if text_of(one.described, "application_id") else ("user_id",)
        body = {name: told for name in (*fields, "default_project_id") if (told := text_of(one.described, name))}
        body["description"] = name
        if ends := ends_at(days, self._clock()):
            body["expires_at"] = ends.isoformat()
        effect = f"makes one more API key `{name}` beside {one.shown}, with the same rights, {until(days)}"
        return self._in.making("POST", "/api-keys", effect, body, _new)

    def rights(self, one: Known, new: New) -> tuple[Call[None], ...]:
        return ()

    def disable(self, one: Known) -> None:
        return None

    def delete(self, one: Known) -> Call[None]:
        return self._in.ending("DELETE", f"/api-keys/{segment(one.id)}", f"deletes the API key {one.shown} for good")


def token(secret: Secret) -> HeaderSecret:
    return HeaderSecret("X-Auth-Token", "", secret)


def _new(answer: Response) -> New:
    return new_of(answer, "secret_key", id="access_key")


def _entry(entry: Fields) -> str:
    what = f"{text_of(entry, 'action')} {text_of(entry, 'resource_type')} {text_of(entry, 'resource_id')}"
    return printable(f"{text_of(entry, 'created_at')} {what} from {text_of(entry, 'ip')}", 200)
