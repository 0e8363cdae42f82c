"""What GitLab tells of tokens, and how it is read from its answers.

Source: gitlabhq, doc/api/{personal,project,group}_access_tokens.md and deploy_tokens.md (read 2026-11-24).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.fields import Fields


@dataclass(frozen=True, slots=True)
class Source:
    """A project or a group: where a token belongs. `path` is its full path, `acme/shop`, or its number."""

    kind: str
    """"project" or "group"."""
    path: str

    def __post_init__(self) -> None:
        if self.kind not in ("project", "group"):
            raise ValueError(f"{self.kind} is neither project nor group")

    def __str__(self) -> str:
        return f"the {self.kind} {printable(self.path)}"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A personal, project or group access token; never its value."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    """Late by minutes, and pulls may not count: None does not prove that it was not used."""
    expires_at: datetime.datetime | None
    """Midnight in UTC at which it ends."""
    active: bool
    revoked: bool
    access_level: int | None = None
    """Of project and group tokens."""


@dataclass(frozen=True, slots=True)
class DeployToken:
    """A deploy token; never its value."""

    id: int
    name: str
    username: str
    """Which the registry wants with it."""
    scopes: tuple[str, ...]
    expires_at: datetime.datetime | None
    revoked: bool
    expired: bool


@dataclass(frozen=True, slots=True)
class NewAccessToken:
    """Just made; GitLab shows its value this one time. `token` is None where its description could not be read."""

    value: Secret
    token: AccessToken | None


@dataclass(frozen=True, slots=True)
class NewDeployToken:
    """Just made; GitLab shows its value this one time. `token` is None where its description could not be read."""

    value: Secret
    token: DeployToken | None


def access_token(fields: Fields) -> AccessToken:
    return AccessToken(
        id=fields.whole("id"),
        name=fields.text("name"),
        scopes=fields.texts("scopes"),
        created_at=fields.moment("created_at"),
        last_used_at=fields.moment("last_used_at"),
        expires_at=fields.moment("expires_at"),
        active=fields.flag("active"),
        revoked=fields.flag("revoked"),
        access_level=fields.whole("access_level") if fields.value.get("access_level") is not None else None,
    )


def deploy_token(fields: Fields) -> DeployToken:
    return DeployToken(
        id=fields.whole("id"),
        name=fields.text("name"),
        username=fields.text("username"),
        scopes=fields.texts("scopes"),
        expires_at=fields.moment("expires_at"),
        revoked=fields.flag("revoked"),
        expired=fields.flag("expired"),
    )
