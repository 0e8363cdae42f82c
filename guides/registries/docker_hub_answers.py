"""What Docker Hub tells: tokens, rows of the audit log, tags; and how they are read from its answers.

Source: docker/docs, content/reference/api/hub/latest.yaml, and docs.docker.com, reference/api/hub (read 2026-11-24).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checks.model.secret import Secret
from guides.registries.api import Response
from guides.registries.fields import Fields


@dataclass(frozen=True, slots=True)
class Grant:
    """What an organisation's token may do with which repositories: `acme/shop`, `acme/*`."""

    path: str
    scopes: tuple[str, ...]
    kind: str = "TYPE_REPO"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What Hub tells of a token; never its value. `owner` is the account, or the organisation."""

    id: str
    owner: str
    label: str
    active: bool
    created_at: datetime.datetime | None
    expires_at: datetime.datetime | None
    last_used: datetime.datetime | None
    scopes: tuple[str, ...] = ()
    of_organisation: bool = False
    created_by: str = ""
    """Of an organisation's token: who made it."""
    creator_ip: str = ""
    creator_agent: str = ""
    generated_by: str = "manual"

    @property
    def automatic(self) -> bool:
        """A `docker login` through the browser, or Docker Desktop, made it."""
        return self.generated_by != "manual"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made. Its value is shown by Hub this one time."""

    value: Secret
    token: AccessToken | None
    """None where Hub's description of it could not be read: the list has it."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One row of the audit log. There are no rows for pulls."""

    action: str
    actor: str
    name: str
    at: datetime.datetime | None
    description: str
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tag:
    """Who pushed a tag last, and when it was pulled."""

    name: str
    last_updater: str
    last_updated: datetime.datetime | None
    pushed: datetime.datetime | None
    pulled: datetime.datetime | None
    digests: tuple[str, ...]


TokenReader = Callable[[Fields, str], AccessToken]
"""Of one token: its fields, and its owner."""


def token_page(answer: Response, owner: str, read: TokenReader) -> tuple[tuple[AccessToken, ...], bool]:
    """One page, and whether more follow; so are the other readers of pages."""
    fields = answer.fields()
    return tuple(read(one, owner) for one in fields.items("results")), bool(fields.text_or_empty("next"))


def personal(fields: Fields, owner: str) -> AccessToken:
    return AccessToken(
        id=fields.text("uuid"),
        owner=owner,
        label=fields.text("token_label"),
        active=fields.flag("is_active"),
        created_at=fields.moment("created_at"),
        expires_at=fields.moment("expires_at"),
        last_used=fields.moment("last_used"),
        scopes=fields.texts("scopes"),
        creator_ip=fields.text_or_empty("creator_ip"),
        creator_agent=fields.text_or_empty("creator_ua"),
        generated_by=fields.text_or_empty("generated_by") or "manual",
    )


def organisations(fields: Fields, owner: str) -> AccessToken:
    return AccessToken(
        id=fields.text("id"),
        owner=owner,
        label=fields.text("label"),
        active=fields.flag("is_active"),
        created_at=fields.moment("created_at"),
        expires_at=fields.moment("expires_at"),
        last_used=fields.moment("last_used_at"),
        scopes=tuple(scope for grant in fields.items("resources") for scope in grant.texts("scopes")),
        of_organisation=True,
        created_by=fields.text_or_empty("created_by"),
    )


def events(answer: Response) -> tuple[tuple[AuditEvent, ...], bool]:
    rows = answer.fields().items("logs")
    return tuple(_event(one) for one in rows), bool(rows)  # nothing tells whether more follow: an empty page does


def _event(fields: Fields) -> AuditEvent:
    data = fields.value.get("data")
    known = data.items() if isinstance(data, dict) else ()
    return AuditEvent(
        action=fields.text("action"),
        actor=fields.text_or_empty("actor"),
        name=fields.text_or_empty("name"),
        at=fields.moment("timestamp"),
        description=fields.text_or_empty("action_description"),
        data={name: value for name, value in known if isinstance(value, str)},
    )


def tags(answer: Response) -> tuple[tuple[Tag, ...], bool]:
    fields = answer.fields()
    return tuple(_tag(one) for one in fields.items("results")), bool(fields.text_or_empty("next"))


def _tag(fields: Fields) -> Tag:
    images = fields.value.get("images")  # the description says object, its words say list
    each = images if isinstance(images, list) else [images]
    digests = [one["digest"] for one in each if isinstance(one, dict) and isinstance(one.get("digest"), str)]
    return Tag(
        name=fields.text("name"),
        last_updater=fields.text_or_empty("last_updater_username"),
        last_updated=fields.moment("last_updated"),
        pushed=fields.moment("tag_last_pushed"),
        pulled=fields.moment("tag_last_pulled"),
        digests=tuple(digests),
    )
