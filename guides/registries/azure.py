"""Azure's management API, as far as passwords of a container registry need it: registry tokens, and the admin user.

Source: azure-mgmt-containerregistry 15.0.0 (API version 2025-11-01). The tests let the SDK itself ask the double, and
compare its requests with these. Both kinds have two passwords. A password that is in use is ended only once the other
one is in its place: a call for the old one names it by its slot, and is offered in the step Revoke alone.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import Api, Call, Response, bearer, segment
from guides.registries.fields import Fields
from guides.registries.network import Network
from guides.registries.trouble import NotSent, NotUnderstood, ServerFailed

MANAGEMENT = "https://management.azure.com"
VERSION = "2025-11-01"
POLLS, SECONDS = 20, 3.0
"""An order that was accepted (202) is done some seconds later."""
ADMIN_SLOTS = ("password", "password2")
TOKEN_SLOTS = ("password1", "password2")

UNPROVEN: Mapping[str, str] = {
    "one-password-less": "that a token's update with one password only ends the other: as the az command does it",
    "refusal-delay": "how long a regenerated password is still accepted by the registry",
    "order-answer": "whether the passwords come in the first answer or behind its Location: both are read",
}
_HINTS = {401: "get a new one with `az account get-access-token`", 403: "it needs the role Contributor on the registry"}
_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.ContainerRegistry/registries/(?P<name>[^/]+)/?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AcrRegistry:
    """A registry as Azure files it."""

    subscription: str
    group: str
    name: str

    @classmethod
    def of(cls, resource_id: str) -> AcrRegistry:
        """From what `az acr show --query id` prints. Raises NotSent."""
        match = _ID.fullmatch(resource_id.strip())
        if not match:
            raise NotSent("this is no id of a registry: nothing was sent; see `az acr show --name NAME --query id`")
        return cls(match["subscription"], match["group"], match["name"])

    @property
    def path(self) -> str:
        """Raises NotSent for a name that would be another path."""
        group = f"/subscriptions/{segment(self.subscription)}/resourceGroups/{segment(self.group)}"
        return f"{group}/providers/Microsoft.ContainerRegistry/registries/{segment(self.name)}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the two passwords of a token; never its value."""

    name: str
    created: datetime.datetime | None
    ends: datetime.datetime | None
    raw: Mapping[str, object]
    """As Azure told it, to be told again."""


@dataclass(frozen=True, slots=True)
class RegistryToken:
    """A token of the registry. `id` is its whole path."""

    id: str
    name: str
    enabled: bool
    slots: tuple[Slot, ...]


class Azure:
    """Raises ApiError and NetworkFailure throughout."""

    def __init__(self, network: Network, pause: Callable[[float], None], base_url: str = MANAGEMENT) -> None:
        self._api = Api(network, base_url)
        self._pause = pause

    @property
    def host(self) -> str:
        return self._api.host

    def token(self, login: Secret, registry: AcrRegistry, name: str) -> RegistryToken:
        answer = self._api.ask(_at(registry, f"/tokens/{segment(name)}"), login=bearer(login), hints=_HINTS)
        fields = answer.fields()
        properties = Fields.of(fields.value.get("properties"), answer.where)
        held = properties.value.get("credentials")
        slots = Fields(held, answer.where).items("passwords") if isinstance(held, dict) else ()
        return RegistryToken(
            fields.text("id"), fields.text("name"), properties.text("status") == "enabled", tuple(map(_slot, slots))
        )

    def generate(
        self, login: Secret, registry: AcrRegistry, token: RegistryToken, slot: str, ends: datetime.datetime | None
    ) -> Call[Secret]:
        """A new password in this slot. Raises NotSent where that slot holds one: it would end at once."""
        if slot not in TOKEN_SLOTS or any(one.name == slot for one in token.slots):
            raise NotSent(f"{printable(slot, 20)} holds a password already, which would end at once: nothing was sent")
        body: dict[str, object] = {"tokenId": token.id, "name": slot}
        if ends:
            body["expiry"] = ends.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        effect = f"makes {slot} of the token {printable(token.name, 60)}; its other password stays as it is"
        return self._order(login, _at(registry, "/generateCredentials"), body, effect, slot)

    def drop(self, login: Secret, registry: AcrRegistry, token: RegistryToken, slot: str) -> Call[None]:
        """Ends one password; the other stays. Raises NotSent where no other is there."""
        rest = [dict(one.raw) for one in token.slots if one.name != slot]
        if len(rest) != 1 or len(token.slots) != 2:
            raise NotSent("the token has no second password that would stay: nothing was sent; make one first")
        return self._api.call(
            "PATCH",
            _at(registry, f"/tokens/{segment(token.name)}"),
            effect=f"ends {slot} of the token {printable(token.name, 60)} for good; the other password stays",
            read=lambda answer: None,
            expect=(200, 201, 202),
            sends=(login.masked,),
            final=True,
            login=bearer(login),
            body={"properties": {"credentials": {"passwords": rest}}},
            hints=_HINTS,
        )

    def passwords(self, login: Secret, registry: AcrRegistry) -> Call[dict[str, Secret]]:
        """Both passwords of the admin user, in clear: which of them is the old one is then known."""
        return self._api.call(
            "POST",
            _at(registry, "/listCredentials"),
            effect="shows both passwords of the admin user, and changes nothing",
            read=_passwords,
            expect=(200,),
            sends=(login.masked,),
            login=bearer(login),
            hints=_HINTS,
        )

    def regenerate(self, login: Secret, registry: AcrRegistry, slot: str, *, final: bool) -> Call[Secret]:
        """A new password of the admin user in this slot; what stood there ends. `final`: that is the purpose."""
        if slot not in ADMIN_SLOTS:
            raise NotSent(f"{printable(slot, 20)} is no password of an admin user: nothing was sent")
        effect = f"makes {slot} of the admin user anew: what stands there now ends at once, the other password stays"
        return self._api.call(
            "POST",
            _at(registry, "/regenerateCredential"),
            effect=effect,
            read=lambda answer: _one_of(_passwords(answer), slot, answer),
            expect=(200,),
            sends=(login.masked,),
            final=final,
            login=bearer(login),
            body={"name": slot},
            hints=_HINTS,
        )

    def _order(self, login: Secret, path: str, body: Mapping[str, object], effect: str, slot: str) -> Call[Secret]:
        return self._api.call(
            "POST",
            path,
            effect=effect,
            read=lambda answer: _one_of(_passwords(self._done(login, answer)), slot, answer),
            expect=(200, 202),
            sends=(login.masked,),
            login=bearer(login),
            body=body,
            hints=_HINTS,
        )

    def _done(self, login: Secret, answer: Response) -> Response:
        """The answer, or what stands behind its Location once it is done. Another host is not asked."""
        place = urlsplit(answer.answer.header("Location"))
        if answer.status == 200:
            return answer
        if place.netloc != self._api.host or not place.path:
            raise NotUnderstood(f"{answer.where} does not say where the password will be: look at the portal")
        path = place.path.removeprefix(self._api.prefix) + (f"?{place.query}" if place.query else "")
        for _ in range(POLLS):
            self._pause(SECONDS)
            found = self._api.ask(path, login=bearer(login), expect=(200, 202))
            if found.status == 200:
                return found
        raise ServerFailed(f"{answer.where} did not finish: whether the password was made is not known")


def _at(registry: AcrRegistry, rest: str) -> str:
    return f"{registry.path}{rest}?api-version={VERSION}"


def _slot(fields: Fields) -> Slot:
    kept = {name: value for name, value in fields.value.items() if name in ("name", "creationTime", "expiry")}
    return Slot(fields.text("name"), fields.moment("creationTime"), fields.moment("expiry"), kept)


def _passwords(answer: Response) -> dict[str, Secret]:
    held = answer.fields().items("passwords")
    return {one.text("name"): one.secret("value") for one in held if one.value.get("value")}


def _one_of(passwords: Mapping[str, Secret], slot: str, answer: Response) -> Secret:
    if slot not in passwords:
        raise NotUnderstood(f"{answer.where} gave no {slot}: look at the portal, and make another")
    return passwords[slot]
