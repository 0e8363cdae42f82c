"""IBM Cloud's IAM: API keys, which are the registry's passwords, their last use, switching off and deleting.

Source: the official Python SDK ibm-platform-services 0.77.1 (iam_identity_v1) and ibm-cloud-sdk-core (the token), which
the tests let talk to the double; what they do not say is in UNPROVEN.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import Api, Call, HeaderSecret, Response, bearer, segment
from guides.registries.managed import Known, New, SignedIn, day, ends_at, new_of, text_of, until
from guides.registries.network import Network
from guides.registries.trouble import Unauthorised

IBM = "https://iam.cloud.ibm.com"
GRANT = "urn:ibm:params:oauth:grant-type:apikey"
UNPROVEN: Mapping[str, str] = {
    "refused-key": "400 for a key that is dead at /identity/token: it stands in no description that was read",
    "user-key-itself": "that a user's key may switch itself off: described as managing one's own keys",
    "activity-delay": "how late the time of the last use is",
}
"""What the SDK does not say, by name; docs/provider-clients.md tells what follows."""
_HINTS = {
    400: "it is deleted, switched off or mistyped; use one that is alive",
    403: "use an API key of its owner, or of somebody who may manage the service ID",
    404: "the key is not one of this account, or is deleted already",
    409: "it is locked, or was changed meanwhile: unlock it on the web page",
}


class Ibm:
    """Signs in with an API key: `manager` is sent, and a token of an hour comes back. Raises ApiError and
    NetworkFailure throughout."""

    def __init__(
        self, network: Network, manager: Secret, base_url: str = IBM, clock: Callable[[], float] = time.time
    ) -> None:
        api = Api(network, base_url)
        self._in = SignedIn(api, bearer(_session(api, manager)), _HINTS)
        self._clock = clock

    @property
    def host(self) -> str:
        return self._in.api.host

    def find(self, key: Secret) -> Known:
        """What is known of a key, by its value. Raises Missing."""
        by_value = replace(self._in.login, beside=HeaderSecret("IAM-ApiKey", "", key))
        id_ = replace(self._in, login=by_value).ask("/v1/apikeys/details").fields().text("id")
        told = self._in.ask(f"/v1/apikeys/{segment(id_)}", {"include_activity": "true"}).fields()
        used = told.value.get("activity")
        last = used.get("last_authn") if isinstance(used, dict) else None
        about = (
            printable(f"API key {told.text('name')} ({id_}) of {text_of(told, 'iam_id')}", 200),
            f"made {day(told, 'created_at')}, expires {day(told, 'expires_at')}",
            printable(f"last sign-in with it: {last if isinstance(last, str) else 'not told'}", 200),
            "it is switched off" if told.value.get("disabled") is True else "it is switched on",
        )
        return Known(id_, told.text("name"), about, told)

    def log(self, one: Known) -> tuple[str, ...]:
        return ()

    def create(self, one: Known, name: str, days: int) -> Call[New]:
        """One more of the same user or service ID. The key that leaks next time is switched off by IBM itself."""
        body = {
            "name": name,
            "iam_id": one.described.text("iam_id"),
            "account_id": one.described.text("account_id"),
            "action_when_leaked": "disable",
        }
        if ends := ends_at(days, self._clock()):
            body["expires_at"] = f"{ends:%Y-%m-%dT%H:%M+0000}"
        effect = f"makes one more API key `{name}` beside {one.shown}, with the same rights, {until(days)}"
        return self._in.making("POST", "/v1/apikeys", effect, body, _new)

    def rights(self, one: Known, new: New) -> tuple[Call[None], ...]:
        return ()

    def disable(self, one: Known) -> Call[None]:
        effect = f"switches the API key {one.shown} off: it can be switched on again"
        return self._in.changing("POST", f"/v1/apikeys/{segment(one.id)}/disable", effect)

    def delete(self, one: Known) -> Call[None]:
        return self._in.ending("DELETE", f"/v1/apikeys/{segment(one.id)}", f"deletes the API key {one.shown} for good")


def _session(api: Api, manager: Secret) -> Secret:
    """A token of an hour. Raises Unauthorised for a key that is dead."""
    form = {"grant_type": GRANT, "apikey": manager, "response_type": "cloud_iam"}
    answer = api.sign_in("/identity/token", form, expect=(200, 400), form=True)
    if answer.status == 400:
        raise Unauthorised(f"{answer.where} does not take this API key: {_HINTS[400]}", status=400)
    return answer.fields().secret("access_token")


def _new(answer: Response) -> New:
    return new_of(answer, "apikey", id="id")
