"""Docker Hub's API: signing in, access tokens of a person and of an organisation, the audit log, a repository's tags.

Source: docker/docs, content/reference/api/hub/latest.yaml (read 2026-11-24); what it does not say is in UNPROVEN.
Managing tokens needs a session made with the account's *password* (and its code): one made with an access token is
refused with 403, and where an organisation enforces single sign-on there is no password login at all. So the browser is
the ordinary way, and this client the one for who asks for it. Nothing here ends an old token by making a new one.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import CREATED, ENDED, Api, Call, HeaderSecret, Listing, Response, bearer, segment
from guides.registries.docker_hub_answers import (
    AccessToken,
    AuditEvent,
    Grant,
    NewToken,
    Tag,
    TokenReader,
    events,
    organisations,
    personal,
    tags,
    token_page,
)
from guides.registries.fields import Fields
from guides.registries.network import Network
from guides.registries.trouble import ApiError, Forbidden, Missing, NotUnderstood, Unauthorised

__all__ = [
    "HUB",
    "PULL",
    "SCOPES",
    "UNPROVEN",
    "AccessToken",
    "AuditEvent",
    "DockerHub",
    "Grant",
    "NewToken",
    "SecondFactor",
    "SecondFactorNeeded",
    "Session",
    "SessionOver",
    "SignInRefused",
    "SingleSignOn",
    "Tag",
]

HUB = "https://hub.docker.com"
SESSION_SECONDS = 600.0
"""Life of the session that `/v2/auth/token` gives."""
SCOPES = ("repo:public_read", "repo:read", "repo:write", "repo:admin")
"""Of a personal access token, from little to much; each includes those before it."""
PULL = "scope-image-pull"
"""The scope of an organisation's token that may only pull. The others: docs.docker.com, access token reference."""

UNPROVEN: Mapping[str, str] = {
    "token-session-refused": "that a session made with an access token gets 403 for tokens and audit: issue threads",
    "sso-refusal": "by which words of a 401 single sign-on can be told from a wrong password",
    "login-session-life": "how long a session of /v2/users/login lives: ten minutes are documented for /v2/auth/token",
    "token-event-names": "how the audit log names the events of access tokens",
    "public-tags": "that the tags of a public repository are listed without a session",
}
"""What the official description does not say, by name; docs/provider-clients.md tells what follows."""

_SIGN_IN_AGAIN = "a session lasts ten minutes: sign in again"
_NEEDS_PASSWORD = (
    "a session made with an access token may not do this, and single sign-on has no other: sign in with the account's "
    "password, or use the web page"
)
_HINTS = {401: _SIGN_IN_AGAIN, 403: _NEEDS_PASSWORD}


class SignInRefused(Unauthorised):
    """The user name, the password or the code is wrong; or single sign-on is enforced, which Hub may not say."""


class SingleSignOn(Unauthorised):
    """An organisation of this account enforces single sign-on: no password is accepted, use the browser."""


class SecondFactorNeeded(ApiError):
    """The password was right, and the account asks for a code as well: see `DockerHub.second_factor`."""

    def __init__(self, pending: SecondFactor) -> None:
        super().__init__(f"Docker Hub asks for the six-digit code of {printable(pending.username)} as well", status=401)
        self.pending = pending


class SessionOver(ApiError):
    """Nothing was sent: the session's ten minutes are over."""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A login that waits for its code."""

    username: str
    token: Secret


@dataclass(frozen=True, slots=True)
class Session:
    """A login at the API. `manages`: it was made with a password, and so may manage tokens."""

    account: str
    token: Secret
    manages: bool
    deadline: float = field(repr=False)
    """By `time.monotonic`: the workstation's clock may be wrong."""

    @property
    def seconds_left(self) -> float:
        return max(self.deadline - time.monotonic(), 0.0)

    def login(self) -> HeaderSecret:
        """Raises SessionOver."""
        if not self.seconds_left:
            raise SessionOver(f"the session of {printable(self.account)} at Docker Hub is over: sign in again")
        return bearer(self.token)


class DockerHub:
    """Raises ApiError and NetworkFailure throughout. The person agrees to `host` before a password goes there."""

    def __init__(self, network: Network, base_url: str = HUB) -> None:
        self._api = Api(network, base_url)

    @property
    def host(self) -> str:
        return self._api.host

    def sign_in(self, username: str, password: Secret, code: Secret | None = None) -> Session:
        """With the account's password. Raises SecondFactorNeeded where a code is asked for and none was given,
        SignInRefused, SingleSignOn."""
        body = {"username": username, "password": password}
        try:
            answer = self._api.sign_in("/v2/users/login", body, expect=(200, 401))
        except Missing:
            # the documentation calls this way deprecated; its successor knows no code
            return self._exchange(username, password, manages=True)
        fields = answer.fields()
        if answer.status == 200:
            return self._session(username, fields.secret("token"), manages=True)
        if not fields.text_or_empty("login_2fa_token"):
            raise self._refused(answer, username)
        pending = SecondFactor(username, fields.secret("login_2fa_token"))
        if code is None:
            raise SecondFactorNeeded(pending)
        return self.second_factor(pending, code)

    def second_factor(self, pending: SecondFactor, code: Secret) -> Session:
        """The second half of signing in. A wrong code is SignInRefused: begin again with the password."""
        body = {"login_2fa_token": pending.token, "code": code}
        answer = self._api.sign_in("/v2/users/2fa-login", body, expect=(200, 401))
        if answer.status == 401:
            raise self._refused(answer, pending.username)
        return self._session(pending.username, answer.fields().secret("token"), manages=True)

    def session_of_token(self, identifier: str, token: Secret) -> Session:
        """With an access token: of a user, or (`identifier` names the organisation) of an organisation. It may read,
        and manage nothing. That it is given at all shows that the token is alive."""
        return self._exchange(identifier, token, manages=False)

    def _exchange(self, identifier: str, secret: Secret, *, manages: bool) -> Session:
        answer = self._api.sign_in("/v2/auth/token", {"identifier": identifier, "secret": secret}, expect=(200, 401))
        if answer.status == 401:
            raise self._refused(answer, identifier)
        return self._session(identifier, answer.fields().secret("access_token"), manages=manages)

    def _session(self, account: str, token: Secret, *, manages: bool) -> Session:
        return Session(account, token, manages, time.monotonic() + SESSION_SECONDS)

    def _refused(self, answer: Response, username: str) -> Unauthorised:
        said = answer.fields().text_or_empty("detail").casefold()
        who = printable(username)
        if "sso" in said.split() or "single sign" in said:
            return SingleSignOn(f"{self.host} takes no password of {who}: single sign-on, use the browser", status=401)
        return SignInRefused(
            f"{self.host} refused the login of {who}: it is wrong, or single sign-on is enforced and no password is "
            "accepted; after that use the browser, since more attempts may lock the account",
            status=401,
        )

    def tokens(self, session: Session) -> Listing[AccessToken]:
        """The personal access tokens of the session's account."""
        return self._listed(session, "/v2/access-tokens", session.account, personal)

    def organisation_tokens(self, session: Session, organisation: str) -> Listing[AccessToken]:
        """For owners. The list says nothing of scopes."""
        path = f"/v2/orgs/{segment(organisation)}/access-tokens"
        return self._listed(session, path, organisation, organisations)

    def _listed(self, session: Session, path: str, owner: str, read: TokenReader) -> Listing[AccessToken]:
        return self._api.pages(
            path,
            lambda answer: token_page(answer, owner, read),
            size_name="page_size",
            login=_managing(session),
            hints=_HINTS,
        )

    def create_token(
        self, session: Session, label: str, scopes: tuple[str, ...], expires_at: datetime.datetime | None = None
    ) -> Call[NewToken]:
        """A new personal access token; all others stay as they are. Cut off, it may have been made: `tokens` says so,
        and its value is lost: delete it."""
        account = session.account
        body: dict[str, object] = {"token_label": label, "scopes": list(scopes)}
        return self._creating(
            session,
            "/v2/access-tokens",
            body | _expiry(expires_at),
            f"makes a new access token `{label}` for {account}, {_with(scopes)}, {_until(expires_at)}",
            lambda fields: personal(fields, account),
        )

    def create_organisation_token(
        self,
        session: Session,
        organisation: str,
        label: str,
        grants: tuple[Grant, ...],
        expires_at: datetime.datetime | None = None,
    ) -> Call[NewToken]:
        """A new token of the organisation, which logs in under the organisation's name; for owners."""
        resources = [{"type": one.kind, "path": one.path, "scopes": list(one.scopes)} for one in grants]
        body: dict[str, object] = {"label": label, "resources": resources}
        what = "; ".join(f"{one.path} {_with(one.scopes)}" for one in grants)
        return self._creating(
            session,
            f"/v2/orgs/{segment(organisation)}/access-tokens",
            body | _expiry(expires_at),
            f"makes a new access token `{label}` for the organisation {organisation}: {what}, {_until(expires_at)}",
            lambda fields: organisations(fields, organisation),
        )

    def _creating(
        self,
        session: Session,
        path: str,
        body: Mapping[str, object],
        effect: str,
        read: Callable[[Fields], AccessToken],
    ) -> Call[NewToken]:
        def new(answer: Response) -> NewToken:
            fields = answer.fields()
            value = fields.secret("token")
            try:
                return NewToken(value, read(fields))
            except NotUnderstood:
                return NewToken(value, None)  # whatever else stands there: the value is shown this one time

        return self._api.call(
            "POST",
            path,
            effect=printable(effect, 1000),
            read=new,
            expect=CREATED,
            sends=_sends(session),
            login=_managing(session),
            body=body,
            hints=_HINTS,
        )

    def deactivate(self, session: Session, token: AccessToken) -> Call[AccessToken]:
        """Switches it off, and can be undone: whether the leaked value is refused now shows whether it was this one."""
        return self._switch(session, token, on=False)

    def activate(self, session: Session, token: AccessToken) -> Call[AccessToken]:
        return self._switch(session, token, on=True)

    def _switch(self, session: Session, token: AccessToken, *, on: bool) -> Call[AccessToken]:
        read = organisations if token.of_organisation else personal
        how = "on again" if on else "off until it is switched on again"
        return self._api.call(
            "PATCH",
            _path(token),
            effect=f"switches the access token {_named(token)} {how}",
            read=lambda answer: read(answer.fields(), token.owner),
            expect=(200,),
            sends=_sends(session),
            login=_managing(session),
            body={"is_active": on},
            hints=_HINTS,
        )

    def delete(self, session: Session, token: AccessToken) -> Call[None]:
        """For good; what Hub knew of its last use goes with it."""
        return self._api.call(
            "DELETE",
            _path(token),
            effect=f"deletes the access token {_named(token)} for good, and what is known of its last use",
            read=lambda answer: None,
            expect=ENDED,
            sends=_sends(session),
            final=True,
            login=_managing(session),
            hints=_HINTS,
        )

    def audit_events(self, session: Session, account: str, since: datetime.datetime) -> Listing[AuditEvent]:
        """What was done in a namespace since then, newest pages first as Hub gives them; Team and Business only."""
        return self._api.pages(
            f"/v2/auditlogs/{segment(account)}",
            events,
            size_name="page_size",
            login=_managing(session),
            query={"from": _moment(since)},
            hints=_HINTS,
        )

    def tags(self, repository: str, session: Session | None = None) -> Listing[Tag]:
        """Of `owner/name`, or of an official image by its name alone."""
        owner, _, name = repository.rpartition("/")
        path = f"/v2/namespaces/{segment(owner or 'library')}/repositories/{segment(name)}/tags"
        return self._api.pages(
            path, tags, size_name="page_size", login=session.login() if session else None, hints={401: _SIGN_IN_AGAIN}
        )


def _managing(session: Session) -> HeaderSecret:
    """Raises Forbidden for a session that would get a 403: nothing is sent."""
    if not session.manages:
        raise Forbidden(f"nothing was sent: {_NEEDS_PASSWORD}")
    return session.login()


def _sends(session: Session) -> tuple[str, ...]:
    return (f"the session of {printable(session.account)}",)


def _path(token: AccessToken) -> str:
    base = f"/v2/orgs/{segment(token.owner)}" if token.of_organisation else "/v2"
    return f"{base}/access-tokens/{segment(token.id)}"


def _named(token: AccessToken) -> str:
    return f"`{printable(token.label)}` ({printable(token.id)}) of {printable(token.owner)}"


def _with(scopes: tuple[str, ...]) -> str:
    return "with " + ", ".join(scopes)


def _until(expires_at: datetime.datetime | None) -> str:
    return f"ending {expires_at.astimezone(datetime.UTC):%Y-%m-%d}" if expires_at else "without an end"


def _expiry(expires_at: datetime.datetime | None) -> dict[str, object]:
    return {"expires_at": _moment(expires_at)} if expires_at else {}


def _moment(when: datetime.datetime) -> str:
    return when.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
