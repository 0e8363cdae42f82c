"""Amazon's IAM, STS, ECR and CloudTrail, as far as an access key and a registry login need them.

Source: the service models of botocore 1.44 (IAM 2010-05-08, STS 2011-06-15, ECR 2015-09-21, CloudTrail 2013-11-01),
by which every request is written and every answer read; IAM user guide, "Update access keys". The tests run all of it
against moto's server; what that does not do is in UNPROVEN.

There is no call that ends a key by making another: a user may have two, so the second is made first.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import Listing
from guides.registries.aws_errors import KeyUnknown
from guides.registries.aws_wire import AwsAnswer, AwsKey, Wire
from guides.registries.trouble import NotUnderstood

T = TypeVar("T")

EVENT_PAGES = 10
"""Pages of 50 events: the newest 500 are enough to see what a key does."""
EVENT_SECONDS = 0.5
"""Between two pages: CloudTrail takes two questions a second (CloudTrail API reference, LookupEvents)."""
EVENT_DAYS = 90
QUARANTINE = "AWSCompromisedKeyQuarantine"
"""Beginning of the policy that Amazon attaches to a user whose key it found in public."""

UNPROVEN: Mapping[str, str] = {
    "inactive-refused": "that an inactive key is refused: documented; moto goes on accepting it",
    "events": "what CloudTrail tells of a key: moto knows no events, so the reading is tried with written answers",
    "last-used": "time, service and region of the last use: moto keeps them for no key",
    "ecr-token-life": "whether an ECR token lives on to its end when its key is deleted: treated as if it did",
    "delay": "how long a change takes until every host knows it: asked again for a while",
}


@dataclass(frozen=True, slots=True)
class AwsIdentity:
    """Whose key it is."""

    arn: str
    account: str

    @property
    def user(self) -> str:
        """Name of the IAM user; empty for a role's session and for the account's root."""
        kind, _, name = self.arn.rpartition(":")[2].partition("/")
        return name.rpartition("/")[2] if kind == "user" else ""


@dataclass(frozen=True, slots=True)
class KeyState:
    """A key as IAM lists it; its secret is never told again."""

    id: str
    active: bool
    created: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class LastUse:
    """`when` is None where it was never used, or not since Amazon keeps it."""

    user: str
    when: datetime.datetime | None
    service: str
    region: str


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """One call in CloudTrail."""

    when: datetime.datetime | None
    name: str
    source: str
    user: str
    address: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """Just made; Amazon shows its secret this one time."""

    id: str
    secret: Secret
    user: str


@dataclass(frozen=True, slots=True)
class EcrToken:
    """A registry login of twelve hours. Its user name is AWS."""

    secret: Secret
    registry: str
    """Host of the account's registry."""
    expires: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class AwsCall(Generic[T]):
    """A call that creates or ends something, as it is shown beforehand, and `perform`ed by the same object."""

    host: str
    operation: str
    effect: str
    """One sentence: what it does to whose key, and whether that can be undone."""
    sends: tuple[str, ...]
    final: bool
    send: Callable[[], AwsAnswer] = field(repr=False)
    read: Callable[[Mapping[str, Any], str], T] = field(repr=False)

    @property
    def shown(self) -> str:
        return f"{self.operation} at {printable(self.host)}: {self.effect}"

    def perform(self) -> T:
        """Sends it, once. Raises ApiError and NetworkFailure; after the latter it may have been done all the same."""
        answer = self.send()
        return self.read(answer.value, answer.where)


class Aws:
    """Raises ApiError and NetworkFailure throughout. Signing sends a key's id and session token, never its secret."""

    def __init__(self, wire: Wire, region: str) -> None:
        self.wire = wire
        self.region = region

    def host(self, service: str) -> str:
        return self.wire.host(service, self.region)

    def whose(self, key: AwsKey) -> AwsIdentity:
        """Raises KeyUnknown for a dead key. Needs no right."""
        value = self._ask(key, "sts", "GetCallerIdentity").value
        return AwsIdentity(str(value.get("Arn", "")), str(value.get("Account", "")))

    def is_dead(self, key: AwsKey) -> bool:
        """True only where STS does not know the key. A wrong clock, a limit, a page in between: these raise."""
        try:
            self.whose(key)
        except KeyUnknown:
            return True
        return False

    def refuses_strangers(self) -> bool:
        """Whether a made-up key is refused, which must be so before an acceptance means anything."""
        letters = string.ascii_uppercase + "234567"
        made_up = "AKIA" + "".join(secrets.choice(letters) for _ in range(16))
        return self.is_dead(AwsKey(made_up, Secret(secrets.token_urlsafe(30))))

    def keys(self, login: AwsKey, user: str) -> Listing[KeyState]:
        """The user's keys: two at most."""
        value = self._ask(login, "iam", "ListAccessKeys", UserName=user).value
        found = tuple(
            KeyState(str(one.get("AccessKeyId", "")), one.get("Status") == "Active", _moment(one.get("CreateDate")))
            for one in value.get("AccessKeyMetadata", ())
        )
        return Listing(found, complete=not value.get("IsTruncated"))

    def last_use(self, login: AwsKey, key_id: str) -> LastUse:
        value = self._ask(login, "iam", "GetAccessKeyLastUsed", AccessKeyId=key_id).value
        used = value.get("AccessKeyLastUsed", {})
        return LastUse(
            str(value.get("UserName", "")),
            _moment(used.get("LastUsedDate")),
            str(used.get("ServiceName", "")),
            str(used.get("Region", "")),
        )

    def quarantined(self, login: AwsKey, user: str) -> bool:
        """Whether Amazon itself found a key of this user in public, and took rights from it."""
        value = self._ask(login, "iam", "ListAttachedUserPolicies", UserName=user).value
        names = [str(one.get("PolicyName", "")) for one in value.get("AttachedPolicies", ())]
        return any(name.startswith(QUARANTINE) for name in names)

    def events(
        self, login: AwsKey, key_id: str, now: datetime.datetime, pause: Callable[[float], None]
    ) -> Listing[KeyEvent]:
        """What the key did in this region in 90 days, the newest first."""
        values: dict[str, object] = {
            "LookupAttributes": [{"AttributeKey": "AccessKeyId", "AttributeValue": key_id}],
            "StartTime": now - datetime.timedelta(days=EVENT_DAYS),
            "EndTime": now,
            "MaxResults": 50,
        }
        found: list[KeyEvent] = []
        for number in range(EVENT_PAGES):
            if number:
                pause(EVENT_SECONDS)
            value = self._ask(login, "cloudtrail", "LookupEvents", **values).value
            found += [_event(one) for one in value.get("Events", ())]
            if not value.get("NextToken"):
                return Listing(tuple(found))
            values["NextToken"] = value["NextToken"]
        return Listing(tuple(found), complete=False)

    def registry_token(self, key: AwsKey) -> EcrToken:
        """A registry login made with this key. Raises Forbidden where the key may not pull at all."""
        answer = self._ask(key, "ecr", "GetAuthorizationToken")
        data: Mapping[str, Any] = next(iter(answer.value.get("authorizationData", ())), {})
        try:
            user, _, password = base64.b64decode(data["authorizationToken"], validate=True).decode().partition(":")
        except (KeyError, TypeError, binascii.Error, UnicodeDecodeError):
            user, password = "", ""
        if user != "AWS" or not password:
            raise NotUnderstood(f"{answer.where} gave no registry login: use `aws ecr get-login-password`")
        host = str(data.get("proxyEndpoint", "")).removeprefix("https://")
        return EcrToken(Secret(password), host, _moment(data.get("expiresAt")))

    def create_key(self, login: AwsKey, user: str) -> AwsCall[NewKey]:
        """A second key of this user. Conflict: it has two already. Cut off: a key may exist that nobody has the
        secret of: `keys` shows it, delete it."""
        effect = f"makes one more access key for {printable(user, 64)}; the other stays as it is"
        return self._call(login, "CreateAccessKey", effect, _new_key, {"UserName": user})

    def set_active(self, login: AwsKey, user: str, key_id: str, *, active: bool) -> AwsCall[None]:
        """Off, or on again."""
        now = "on again" if active else "off: every request signed with it is refused, and it can be switched on again"
        effect = f"switches the key {printable(key_id, 30)} of {printable(user, 64)} {now}"
        status = "Active" if active else "Inactive"
        values = {"UserName": user, "AccessKeyId": key_id, "Status": status}
        return self._call(login, "UpdateAccessKey", effect, _nothing, values)

    def delete_key(self, login: AwsKey, user: str, key_id: str) -> AwsCall[None]:
        effect = f"deletes the key {printable(key_id, 30)} of {printable(user, 64)} for good"
        values = {"UserName": user, "AccessKeyId": key_id}
        return self._call(login, "DeleteAccessKey", effect, _nothing, values, final=True)

    def _ask(self, key: AwsKey, service: str, operation: str, **values: object) -> AwsAnswer:
        return self.wire.ask(key, service, operation, self.region, values)

    def _call(
        self,
        login: AwsKey,
        operation: str,
        effect: str,
        read: Callable[[Mapping[str, Any], str], T],
        values: Mapping[str, object],
        *,
        final: bool = False,
    ) -> AwsCall[T]:
        def send() -> AwsAnswer:
            return self._ask(login, "iam", operation, **values)

        sends = (f"the key id {printable(login.id, 30)} and a signature",)
        return AwsCall(self.wire.host("iam", self.region), operation, effect, sends, final, send, read)


def _new_key(value: Mapping[str, Any], where: str) -> NewKey:
    made = value.get("AccessKey", {})
    key_id, secret = made.get("AccessKeyId"), made.get("SecretAccessKey")
    if not isinstance(secret, str) or not secret or not isinstance(key_id, str):
        raise NotUnderstood(f"{where} gave no new key: look at the list of keys, and delete what was made")
    return NewKey(key_id, Secret(secret), str(made.get("UserName", "")))


def _nothing(value: Mapping[str, Any], where: str) -> None:
    """An empty answer."""


def _event(one: Mapping[str, Any]) -> KeyEvent:
    return KeyEvent(
        _moment(one.get("EventTime")),
        str(one.get("EventName", "")),
        str(one.get("EventSource", "")),
        str(one.get("Username", "")),
        _address(str(one.get("CloudTrailEvent", ""))),
    )


def _address(text: str) -> str:
    """The caller's address, from the event's own JSON; empty where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    address = found.get("sourceIPAddress") if isinstance(found, dict) else None
    return address if isinstance(address, str) else ""


def _moment(value: object) -> datetime.datetime | None:
    return value.astimezone(datetime.UTC) if isinstance(value, datetime.datetime) else None
