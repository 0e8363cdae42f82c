"""Google's IAM, as far as a service account's keys need it, and the token that a key is exchanged for.

Source: the discovery documents of the IAM API v1 (revision 20261023) and the Policy Analyzer API v1, as the package
google-api-python-client 2.202 carries them: the tests hold every request and answer against these. The exchange:
RFC 7523; how Google words its refusals is in UNPROVEN.

No call ends a key by making another: an account may have ten, so the new one is made first.
"""

from __future__ import annotations

import base64
import binascii
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import Api, Call, Response, bearer, segment
from guides.registries.fields import Fields
from guides.registries.google_keys import ServiceKey, assertion
from guides.registries.network import Network
from guides.registries.trouble import ApiError, Missing, NotUnderstood, Unauthorised

IAM = "https://iam.googleapis.com"
TOKENS = "https://oauth2.googleapis.com"
ANALYZER = "https://policyanalyzer.googleapis.com"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LAST_SIGN_IN = "serviceAccountKeyLastAuthentication"

UNPROVEN: Mapping[str, str] = {
    "refusal-words": "how oauth2.googleapis.com words the refusal of a deleted, a disabled and a late key",
    "most-keys": "that an account may have ten keys, and the status of the eleventh",
    "delay": "how long a key that was disabled or deleted is still accepted: asked again for a while",
    "last-sign-in": "the fields within `activity`, which the discovery document leaves open",
}
_HINTS = {
    401: "get a new one with `gcloud auth print-access-token`",
    403: "it needs the role Service Account Key Admin",
}


class TimeRefused(ApiError):
    """The signed request's time is not Google's: it says nothing of the key."""


class KeyRefused(Unauthorised):
    """The exchange was refused: the key is deleted, disabled, or never was one of this account."""


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key as Google lists it; never its private part."""

    id: str
    created: datetime.datetime | None
    ends: datetime.datetime | None
    disabled: bool
    reason: str
    """Why it is disabled, where Google did it by itself."""
    by_user: bool


class Google:
    """Raises ApiError and NetworkFailure throughout. `base_url` stands for all of Google's hosts in a test."""

    def __init__(self, network: Network, base_url: str = "") -> None:
        self._iam = Api(network, base_url or IAM)
        self._tokens = Api(network, base_url or TOKENS)
        self._analyzer = Api(network, base_url or ANALYZER)

    @property
    def host(self) -> str:
        return self._iam.host

    @property
    def token_host(self) -> str:
        return self._tokens.host

    @property
    def analyzer_host(self) -> str:
        return self._analyzer.host

    def exchange(self, key: ServiceKey, now: float) -> Secret:
        """An access token of an hour. Raises KeyRefused, and TimeRefused where the clock is to blame."""
        body = {"grant_type": GRANT, "assertion": assertion(key, now)}
        answer = self._tokens.sign_in("/token", body, expect=(200, 400, 401), form=True)
        if answer.status == 200:
            return answer.fields().secret("access_token")
        raise _refused(answer)

    def is_dead(self, key: ServiceKey, now: float) -> bool:
        """True for a refusal that does not speak of the time. What is none of Google's own answers raises."""
        try:
            self.exchange(key, now)
        except KeyRefused:
            return True
        return False

    def key(self, login: Secret, email: str, key_id: str) -> KeyInfo | None:
        """None where it is deleted, or is not shown to this login."""
        try:
            return _key(self._iam.ask(_path(email, key_id), login=bearer(login), hints=_HINTS).fields())
        except Missing:
            return None

    def keys(self, login: Secret, email: str) -> tuple[KeyInfo, ...]:
        """Those that people made; Google's own, which it renews by itself, are left out."""
        query = {"keyTypes": "USER_MANAGED"}
        answer = self._iam.ask(f"{_path(email)}/keys", login=bearer(login), query=query, hints=_HINTS)
        return tuple(map(_key, answer.fields().items("keys")))

    def last_sign_in(self, login: Secret, project: str, email: str, key_id: str) -> datetime.datetime | None:
        """A day or more late; None where none is known."""
        resource = f"//iam.googleapis.com/projects/{project}/serviceAccounts/{email}/keys/{key_id}"
        path = f"/v1/projects/{segment(project)}/locations/global/activityTypes/{LAST_SIGN_IN}/activities:query"
        query = {"filter": f'activities.full_resource_name = "{resource}"'}
        for one in self._analyzer.ask(path, login=bearer(login), query=query).fields().items("activities"):
            held = one.value.get("activity")
            if isinstance(held, dict):
                return Fields(held, one.where).moment("lastAuthenticatedTime")
        return None

    def create_key(self, login: Secret, email: str) -> Call[Secret]:
        """One more key; what comes back is its whole file, this one time. Cut off: a key may exist that nobody has:
        `keys` shows it by its time, delete it."""

        def read(answer: Response) -> Secret:
            try:
                packed = answer.fields().text("privateKeyData")
                return Secret(base64.b64decode(packed, validate=True).decode())
            except (binascii.Error, UnicodeDecodeError):
                raise NotUnderstood(
                    f"{answer.where} gave no key file: delete what was made, and use the page"
                ) from None

        return self._iam.call(
            "POST",
            f"{_path(email)}/keys",
            effect=f"makes one more key for {printable(email, 100)}; all others stay as they are",
            read=read,
            expect=(200, 201),
            sends=(login.masked,),
            login=bearer(login),
            body={"privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE"},
            hints={**_HINTS, 400: "it may have ten keys already: delete one that nobody uses"},
        )

    def set_enabled(self, login: Secret, email: str, key_id: str, *, enabled: bool) -> Call[None]:
        now = "enables" if enabled else "disables"
        effect = f"{now} the key {printable(key_id, 50)} of {printable(email, 100)}; that can be undone"
        path = f"{_path(email, key_id)}:{'enable' if enabled else 'disable'}"
        return self._changing("POST", path, login, effect, final=False)

    def delete_key(self, login: Secret, email: str, key_id: str) -> Call[None]:
        effect = f"deletes the key {printable(key_id, 50)} of {printable(email, 100)} for good"
        return self._changing("DELETE", _path(email, key_id), login, effect, final=True)

    def _changing(self, method: str, path: str, login: Secret, effect: str, *, final: bool) -> Call[None]:
        return self._iam.call(
            method,
            path,
            effect=effect,
            read=lambda answer: None,
            expect=(200, 204),
            sends=(login.masked,),
            final=final,
            login=bearer(login),
            body=None if method == "DELETE" else {},
            hints=_HINTS,
        )


def _path(email: str, key_id: str = "") -> str:
    """The project is left open (`-`), since an account's name is its own everywhere."""
    return f"/v1/projects/-/serviceAccounts/{segment(email)}" + (f"/keys/{segment(key_id)}" if key_id else "")


def _key(fields: Fields) -> KeyInfo:
    return KeyInfo(
        fields.text("name").rpartition("/")[2],
        fields.moment("validAfterTime"),
        fields.moment("validBeforeTime"),
        fields.value.get("disabled") is True,
        fields.text_or_empty("disableReason"),
        fields.text_or_empty("keyType") != "SYSTEM_MANAGED",
    )


def _refused(answer: Response) -> ApiError:
    fields = answer.fields()
    code, said = fields.text("error"), printable(fields.text_or_empty("error_description"), 200)
    if code != "invalid_grant":
        return NotUnderstood(
            f'{answer.where} refused the request ("{printable(code, 60)}"): it says nothing of the key'
        )
    if any(word in said.lower() for word in ("iat", "exp", "timeframe", "clock", "short-lived")):
        return TimeRefused(f'{answer.where} finds the time wrong ("{said}"): set this machine\'s clock', status=400)
    return KeyRefused(f'{answer.where} refuses the key ("{said}")', status=answer.status)
