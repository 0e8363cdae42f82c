"""GitLab's API of any instance: what a token says of itself, ending it, and tokens of projects and groups.

Source: gitlabhq, doc/api/{personal,project,group}_access_tokens.md, deploy_tokens.md and lib/api of the same (read
2026-11-24); what they do not say is in UNPROVEN.

There is no rotating here, and must never be: `POST .../rotate` revokes the old token at the moment it makes the new
one, before that is in any store or file; and rotating a token that was already revoked ends every active token of its
family. Instead: make a second one, bring it to every place, then revoke the first. Whether a token is dead is asked by
`is_dead`, never by rotating it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import CREATED, ENDED, Api, Call, HeaderSecret, Listing, Response, segment
from guides.registries.fields import Fields
from guides.registries.gitlab_answers import (
    AccessToken,
    DeployToken,
    NewAccessToken,
    NewDeployToken,
    Source,
    access_token,
    deploy_token,
)
from guides.registries.network import Network
from guides.registries.trouble import Forbidden, NotSent, NotUnderstood

__all__ = [
    "GITLAB",
    "REPORTER",
    "UNPROVEN",
    "AccessToken",
    "DeployToken",
    "GitLab",
    "InsufficientScope",
    "NewAccessToken",
    "NewDeployToken",
    "NotItsKind",
    "Source",
]

GITLAB = "https://gitlab.com"
REPORTER = 20
"""The role that is enough to pull. Developer is 30, Maintainer 40, Owner 50."""
PULL = ("read_registry",)
_NOT_PERSONAL = ("gldt-", "glcbt-")
"""Deploy and job tokens, which the API would answer as if they were dead."""

UNPROVEN: Mapping[str, str] = {
    "project-token-self": "that project and group tokens may ask about and revoke themselves: documented for personal",
    "registry-counts-as-use": "whether pulling from the registry moves last_used_at, which is late by minutes anyway",
    "deploy-token-self": "how a deploy token is answered at /personal_access_tokens/self: it is never sent there",
    "list-forbidden": "the status for listing access tokens without the role: 401 in lib/api, not in doc/api",
}
"""What the official description does not say, by name; docs/provider-clients.md tells what follows."""

T = TypeVar("T")
_HINTS = {
    401: "it is revoked, expired or wrong, or has too small a role here: use one of a Maintainer (of a group: of an "
    "Owner) with the scope api",
    403: "use a token with the scope api, of a Maintainer (of a group: of an Owner)",
    404: "check the path of the project or group, and that this token sees it",
}


class InsufficientScope(Forbidden):
    """403 insufficient_scope: the token is alive, and may not do this."""


class NotItsKind(NotSent):
    """Nothing was sent: only personal, project and group access tokens may ask about themselves."""


class GitLab:
    """Raises ApiError and NetworkFailure throughout. `base_url` is the instance; its relative URL may follow."""

    def __init__(self, network: Network, base_url: str = GITLAB) -> None:
        self._api = Api(network, base_url.rstrip("/") + "/api/v4")

    @property
    def host(self) -> str:
        return self._api.host

    def own(self, token: Secret) -> AccessToken:
        """What a token says of itself: any scope may ask. Raises Unauthorised where it is gone, InsufficientScope
        where it is alive all the same, NotItsKind, and Invalid for a token of another kind."""
        answer = self._api.ask("/personal_access_tokens/self", login=_personal(token), expect=(200, 403), hints=_GONE)
        if answer.status == 403:
            raise _forbidden(answer)
        return access_token(answer.fields())

    def is_dead(self, token: Secret) -> bool:
        """True for a 401 and for one that says so itself; False while it is accepted. Any other answer raises."""
        answer = self._api.ask("/personal_access_tokens/self", login=_personal(token), expect=(200, 401, 403))
        fields = answer.fields()  # a refusal that is none of GitLab's own proves nothing
        if answer.status == 401:
            return True
        if answer.status == 200:
            return fields.flag("revoked") or not fields.flag("active")
        error = _forbidden(answer)
        if isinstance(error, InsufficientScope):
            return False
        raise error

    def revoke_own(self, token: Secret, known: AccessToken) -> Call[None]:
        """Ends the token by itself, whatever its scope. `known` is what `own` said of it."""
        return self._api.call(
            "DELETE",
            "/personal_access_tokens/self",
            effect=f"revokes the token {_named(known)} for good, by itself: nobody can undo it",
            read=lambda answer: None,
            expect=ENDED,
            sends=(token.masked,),
            final=True,
            login=_personal(token),
            hints=_GONE,
        )

    def access_tokens(self, manager: Secret, source: Source) -> Listing[AccessToken]:
        """Of a project or group. `manager`: a personal token with the scope api."""
        return self._listed(manager, f"{_path(source)}/access_tokens", access_token)

    def create_access_token(
        self,
        manager: Secret,
        source: Source,
        name: str,
        expires_on: datetime.date,
        *,
        scopes: Sequence[str] = PULL,
        access_level: int = REPORTER,
    ) -> Call[NewAccessToken]:
        """One more token; all others stay as they are. Only a personal token may make one, and no role above its
        owner's. Cut off, it may have been made: the list says so, and its value is lost: delete it."""
        body = {
            "name": name,
            "scopes": list(scopes),
            "access_level": access_level,
            "expires_at": expires_on.isoformat(),
        }
        effect = f"makes a new access token `{name}` for {source}, with {', '.join(scopes)}, ending {expires_on}"

        def new(fields: Fields, value: Secret) -> NewAccessToken:
            return NewAccessToken(value, _or_none(access_token, fields))

        return self._creating(manager, f"{_path(source)}/access_tokens", body, effect, new)

    def delete_access_token(self, manager: Secret, source: Source, token: AccessToken) -> Call[None]:
        path = f"{_path(source)}/access_tokens/{token.id}"
        return self._deleting(manager, path, f"revokes the access token {_named(token)} of {source} for good")

    def deploy_tokens(self, manager: Secret, source: Source) -> Listing[DeployToken]:
        """Of a project or group. GitLab keeps no last use of them."""
        return self._listed(manager, f"{_path(source)}/deploy_tokens", deploy_token)

    def create_deploy_token(
        self,
        manager: Secret,
        source: Source,
        name: str,
        *,
        scopes: Sequence[str] = PULL,
        expires_at: datetime.datetime | None = None,
        username: str = "",
    ) -> Call[NewDeployToken]:
        """One more deploy token, for one consumer; without `expires_at` it never ends. Log in with its own user name,
        `gitlab+deploy-token-N` where none is given. Cut off: as for `create_access_token`."""
        body: dict[str, object] = {"name": name, "scopes": list(scopes)}
        if expires_at:
            body["expires_at"] = expires_at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if username:
            body["username"] = username
        until = f"ending {expires_at.astimezone(datetime.UTC):%Y-%m-%d}" if expires_at else "without an end"
        effect = f"makes a new deploy token `{name}` for {source}, with {', '.join(scopes)}, {until}"

        def new(fields: Fields, value: Secret) -> NewDeployToken:
            return NewDeployToken(value, _or_none(deploy_token, fields))

        return self._creating(manager, f"{_path(source)}/deploy_tokens", body, effect, new)

    def delete_deploy_token(self, manager: Secret, source: Source, token: DeployToken) -> Call[None]:
        named = f"`{printable(token.name)}` ({token.id}, user {printable(token.username)})"
        path = f"{_path(source)}/deploy_tokens/{token.id}"
        return self._deleting(manager, path, f"revokes the deploy token {named} of {source} for good")

    def _listed(self, manager: Secret, path: str, read: Callable[[Fields], T]) -> Listing[T]:
        def page(answer: Response) -> tuple[tuple[T, ...], bool]:
            return tuple(read(one) for one in answer.items()), _more(answer)

        return self._api.pages(path, page, size_name="per_page", login=_private(manager), hints=_HINTS)

    def _creating(
        self, manager: Secret, path: str, body: Mapping[str, object], effect: str, new: Callable[[Fields, Secret], T]
    ) -> Call[T]:
        def read(answer: Response) -> T:
            fields = answer.fields()
            return new(fields, fields.secret("token"))

        return self._api.call(
            "POST",
            path,
            effect=printable(effect, 1000),
            read=read,
            expect=CREATED,
            sends=(manager.masked,),
            login=_private(manager),
            body=body,
            hints=_HINTS,
        )

    def _deleting(self, manager: Secret, path: str, effect: str) -> Call[None]:
        return self._api.call(
            "DELETE",
            path,
            effect=printable(effect, 1000),
            read=lambda answer: None,
            expect=ENDED,
            sends=(manager.masked,),
            final=True,
            login=_private(manager),
            hints=_HINTS,
        )


_GONE = {401: "it is revoked, expired or was never one of this instance; nothing is left to revoke"}


def _private(token: Secret) -> HeaderSecret:
    return HeaderSecret("PRIVATE-TOKEN", "", token)


def _personal(token: Secret) -> HeaderSecret:
    """Raises NotItsKind."""
    if token.form and token.form.prefix in _NOT_PERSONAL:
        raise NotItsKind(f"{token.masked} cannot ask about itself: nothing was sent; log in to the registry instead")
    return _private(token)


def _path(source: Source) -> str:
    return f"/{source.kind}s/{segment(source.path)}"


def _named(token: AccessToken) -> str:
    return f"`{printable(token.name)}` ({token.id})"


def _forbidden(answer: Response) -> Forbidden:
    if answer.fields().text_or_empty("error") == "insufficient_scope":
        return InsufficientScope(f"{answer.where}: the token is alive, and its scopes do not allow this", status=403)
    return Forbidden(
        f"{answer.where} does not let this user in: it may be blocked, or this address not allowed", status=403
    )


def _more(answer: Response) -> bool:
    """Whether another page follows: by x-next-page, or by a link that names one."""
    return bool(answer.answer.header("X-Next-Page").strip()) or 'rel="next"' in answer.answer.header("Link")


def _or_none(read: Callable[[Fields], T], fields: Fields) -> T | None:
    """What describes a new token; whatever stands there, its value must not be lost for it."""
    try:
        return read(fields)
    except NotUnderstood:
        return None
