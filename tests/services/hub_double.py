"""A double of Docker Hub: signing in, access tokens, the audit log, tags; and a registry that takes its tokens."""

from __future__ import annotations

import datetime
import re
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.services.double import Asked, Told, fake_jwt, token
from tests.services.registry_double import ProviderDouble, RegistryDouble

ACTIONS = {
    "repo:admin": frozenset({"pull", "push", "delete"}),
    "repo:write": frozenset({"pull", "push"}),
    "repo:read": frozenset({"pull"}),
    "repo:public_read": frozenset({"pull"}),
    "scope-image-pull": frozenset({"pull"}),
    "scope-image-push": frozenset({"push"}),
}
WRONG = {"detail": "Incorrect authentication credentials"}


@dataclass
class HubAccount:
    """A person. With `code` the account asks for it; with `sso` no password is accepted at all."""

    name: str
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)
    code: str = field(default="", repr=False)
    sso: bool = False
    owns: set[str] = field(default_factory=set)
    """Organisations."""


@dataclass
class HubToken:
    """A token as Hub keeps it."""

    id: str
    owner: str
    value: str = field(repr=False)
    label: str
    scopes: list[str]
    created_at: str
    expires_at: str | None
    of_organisation: bool
    created_by: str
    resources: list[dict[str, Any]] = field(default_factory=list)
    active: bool = True
    last_used: str | None = None
    creator_ip: str = "127.0.0.1"
    generated_by: str = "manual"


@dataclass(frozen=True)
class _Session:
    account: str
    kind: str
    until: float


class HubDouble(ProviderDouble):
    """`accounts` by name; `tokens` by id; `audit` and `tags` by namespace and repository. See `registry`."""

    def __init__(self, *accounts: HubAccount) -> None:
        super().__init__()
        self.accounts = {account.name: account for account in accounts}
        self.tokens: dict[str, HubToken] = {}
        self.audit: list[dict[str, Any]] = []
        self.tags: dict[str, dict[str, dict[str, Any]]] = {}
        self.session_seconds = 600.0
        self.largest_page = 100
        self.old_login_gone = False
        """The deprecated /v2/users/login is no more."""
        self._sessions: dict[str, _Session] = {}
        self._pending: dict[str, str] = {}
        self.registry = RegistryDouble(self.enter, service="registry.docker.io")

    def issue(
        self,
        owner: str,
        label: str,
        scopes: tuple[str, ...] = ("repo:read",),
        *,
        by: str = "",
        resources: list[dict[str, Any]] | None = None,
        expires_at: str | None = None,
        generated_by: str = "manual",
    ) -> HubToken:
        """A new token of an account, or with `resources` of an organisation."""
        of_organisation = resources is not None
        made = HubToken(
            id=str(uuid.uuid4()),
            owner=owner,
            value=token("dckr_oat_", 32) if of_organisation else token("dckr_pat_", 27),
            label=label,
            scopes=list(scopes),
            created_at=self.moment(),
            expires_at=expires_at,
            of_organisation=of_organisation,
            created_by=by or owner,
            resources=resources or [],
            generated_by=generated_by,
        )
        self.tokens[made.id] = made
        self.record(owner, "access_token.created", made.label, by or owner)
        return made

    def push(self, repository: str, tag: str, by: str) -> None:
        """Somebody pushes an image."""
        digest = "sha256:" + secrets.token_hex(32)
        self.tags.setdefault(repository, {})[tag] = {
            "name": tag,
            "images": [{"digest": digest, "architecture": "amd64", "os": "linux"}],
            "last_updated": self.moment(),
            "last_updater_username": by,
            "tag_last_pushed": self.moment(),
            "tag_last_pulled": None,
        }
        owner = repository.partition("/")[0]
        self.record(owner, "repo.tag.push", repository, by, data={"digest": digest, "tag": tag})

    def record(self, account: str, action: str, name: str, actor: str, data: dict[str, str] | None = None) -> None:
        row = {"account": account, "action": action, "name": name, "actor": actor, "data": data or {}}
        self.audit.insert(0, {**row, "timestamp": self.moment(), "action_description": f"{actor}: {action} {name}"})

    def end_sessions(self) -> None:
        """As if ten minutes had gone by."""
        self._sessions.clear()

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        """What the registry allows this login; also `docker login` comes this way."""
        with self._lock:
            account = self.accounts.get(user)
            if account and not account.sso and not account.code and secrets.compare_digest(account.password, password):
                return ACTIONS["repo:admin"]
            found = self._alive(user, password)
            if not found:
                return None
            found.last_used = self.moment()
            granted = [scope for one in found.resources for scope in one["scopes"]] or found.scopes
            return frozenset().union(*(ACTIONS.get(scope, frozenset()) for scope in granted))

    def _alive(self, owner: str, value: str) -> HubToken | None:
        for one in self.tokens.values():
            if one.owner == owner and secrets.compare_digest(one.value, value) and one.active:
                over = one.expires_at and datetime.datetime.fromisoformat(one.expires_at) <= self.now()
                return None if over else one
        return None

    def answer(self, asked: Asked) -> Told:
        for method, pattern, name in _ROUTES:
            if asked.method == method and (found := re.fullmatch(pattern, asked.path)):
                told = getattr(self, name)(asked, *found.groups())
                assert isinstance(told, Told)
                return told
        return Told(404, {"message": "not found"})

    def login(self, asked: Asked) -> Told:
        if self.old_login_gone:
            return Told(404, {"message": "not found"})
        account = self.accounts.get(asked.body["username"])
        given = asked.body["password"]
        if account and not account.sso and secrets.compare_digest(account.password, given):
            if not account.code:
                return Told(200, {"token": self._session(account.name, "password")})
            pending = fake_jwt({"sub": account.name})
            self._pending[pending] = account.name
            return Told(
                401, {"detail": "Require secondary authentication on MFA enabled account", "login_2fa_token": pending}
            )
        if self._alive(asked.body["username"], given):
            return Told(200, {"token": self._session(asked.body["username"], "token")})
        if account and account.sso:
            return Told(401, {"detail": "password login is off: SSO is enforced"})
        return Told(401, WRONG)

    def second_factor(self, asked: Asked) -> Told:
        name = self._pending.pop(asked.body["login_2fa_token"], "")
        if name and secrets.compare_digest(self.accounts[name].code, asked.body["code"]):
            return Told(200, {"token": self._session(name, "password")})
        return Told(401, WRONG)

    def exchange(self, asked: Asked) -> Told:
        name, given = asked.body["identifier"], asked.body["secret"]
        account = self.accounts.get(name)
        if account and not account.sso and not account.code and secrets.compare_digest(account.password, given):
            return Told(200, {"access_token": self._session(name, "password")})
        if found := self._alive(name, given):
            found.last_used = self.moment()
            return Told(200, {"access_token": self._session(name, "token")})
        return Told(401, {"detail": "unauthorized"})

    def _session(self, account: str, kind: str) -> str:
        value = fake_jwt({"sub": account})
        self._sessions[value] = _Session(account, kind, time.monotonic() + self.session_seconds)
        return value

    def _who(self, asked: Asked) -> _Session | Told:
        found = self._sessions.get(asked.bearer)
        if not found or found.until <= time.monotonic():
            return Told(401, {"detail": "unauthorized", "message": "unauthorized"})
        if found.kind == "token":
            return Told(403, {"message": "access to the resource is forbidden with personal access token"})
        return found

    def _owner(self, asked: Asked, organisation: str | None) -> tuple[str, str] | Told:
        """Whose tokens, and who asks."""
        who = self._who(asked)
        if isinstance(who, Told):
            return who
        if organisation is None:
            return who.account, who.account
        if organisation not in self.accounts[who.account].owns:
            known = any(organisation in account.owns for account in self.accounts.values())
            return Told(403 if known else 404, {"message": "forbidden" if known else "not found"})
        return organisation, who.account

    def list_tokens(self, asked: Asked, organisation: str | None = None) -> Told:
        owner = self._owner(asked, organisation)
        if isinstance(owner, Told):
            return owner
        mine = [one for one in self.tokens.values() if one.owner == owner[0]]
        page, following = self._page(asked, mine)
        body: dict[str, Any] = {"results": [_shown(one) for one in page], "next": following, "previous": None}
        counts = (
            {"total": len(mine)} if organisation else {"count": len(mine), "active_count": sum(o.active for o in mine)}
        )
        return Told(200, body | counts)

    def create(self, asked: Asked, organisation: str | None = None) -> Told:
        owner = self._owner(asked, organisation)
        if isinstance(owner, Told):
            return owner
        label = asked.body.get("label" if organisation else "token_label", "")
        if not 1 <= len(label) <= 100:
            return Told(400, {"fields": {"token_label": ["not allowed"]}, "text": "the label has 1 to 100 characters"})
        resources = asked.body["resources"] if organisation else None
        made = self.issue(
            owner[0],
            label,
            tuple(asked.body.get("scopes", ())),
            by=owner[1],
            resources=resources,
            expires_at=asked.body.get("expires_at"),
        )
        return Told(201, _shown(made, value=made.value, resources=True))

    def one_token(self, asked: Asked, organisation: str | None, identifier: str) -> Told:
        owner = self._owner(asked, organisation)
        if isinstance(owner, Told):
            return owner
        found = self.tokens.get(identifier)
        if not found or found.owner != owner[0]:
            return Told(404, {"message": "not found"})
        if asked.method == "DELETE":
            del self.tokens[identifier]
            self.record(owner[0], "access_token.deleted", found.label, owner[1])
            return Told(204)
        if asked.method == "PATCH":
            found.active = asked.body.get("is_active", found.active)
            self.record(owner[0], "access_token.updated", found.label, owner[1])
        return Told(200, _shown(found, resources=True))

    def own_token(self, asked: Asked, identifier: str) -> Told:
        return self.one_token(asked, None, identifier)

    def audit_log(self, asked: Asked, account: str) -> Told:
        who = self._who(asked)
        if isinstance(who, Told):
            return who
        if account != who.account and account not in self.accounts[who.account].owns:
            return Told(403, {"code": 7, "message": "forbidden", "details": []})
        since = datetime.datetime.fromisoformat(asked.first("from", "2000-01-01T00:00:00Z"))
        rows = [
            row
            for row in self.audit
            if row["account"] == account and datetime.datetime.fromisoformat(row["timestamp"]) >= since
        ]
        return Told(200, {"logs": self._page(asked, rows)[0]})

    def list_tags(self, asked: Asked, namespace: str, repository: str) -> Told:
        found = list(self.tags.get(f"{namespace}/{repository}", {}).values())
        if not found:
            return Told(404, {"message": "object not found"})
        page, following = self._page(asked, found)
        return Told(200, {"count": len(found), "next": following, "previous": None, "results": page})

    def _page(self, asked: Asked, all_of_them: list[Any]) -> tuple[list[Any], str | None]:
        number, size = int(asked.first("page", "1")), min(int(asked.first("page_size", "10")), self.largest_page)
        end = number * size
        following = (
            f"{self.base_url}{asked.path}?page={number + 1}&page_size={size}" if end < len(all_of_them) else None
        )
        return all_of_them[end - size : end], following


_ROUTES = (
    ("POST", "/v2/users/login", "login"),
    ("POST", "/v2/users/2fa-login", "second_factor"),
    ("POST", "/v2/auth/token", "exchange"),
    ("GET", "/v2/access-tokens", "list_tokens"),
    ("POST", "/v2/access-tokens", "create"),
    ("GET", "/v2/access-tokens/([^/]+)", "own_token"),
    ("PATCH", "/v2/access-tokens/([^/]+)", "own_token"),
    ("DELETE", "/v2/access-tokens/([^/]+)", "own_token"),
    ("GET", "/v2/orgs/([^/]+)/access-tokens", "list_tokens"),
    ("POST", "/v2/orgs/([^/]+)/access-tokens", "create"),
    ("GET", "/v2/orgs/([^/]+)/access-tokens/([^/]+)", "one_token"),
    ("PATCH", "/v2/orgs/([^/]+)/access-tokens/([^/]+)", "one_token"),
    ("DELETE", "/v2/orgs/([^/]+)/access-tokens/([^/]+)", "one_token"),
    ("GET", "/v2/auditlogs/([^/]+)", "audit_log"),
    ("GET", "/v2/namespaces/([^/]+)/repositories/([^/]+)/tags", "list_tags"),
)


def _shown(one: HubToken, *, value: str | None = None, resources: bool = False) -> dict[str, Any]:
    """A token as the API tells of it; its value once, when it is made."""
    if one.of_organisation:
        told = {
            "id": one.id,
            "label": one.label,
            "created_by": one.created_by,
            "is_active": one.active,
            "created_at": one.created_at,
            "expires_at": one.expires_at,
            "last_used_at": one.last_used,
        }
        told |= {"resources": one.resources} if resources else {}
        return told | ({"token": value} if value else {})
    return {
        "uuid": one.id,
        "client_id": "HUB",
        "creator_ip": one.creator_ip,
        "creator_ua": "some browser",
        "created_at": one.created_at,
        "last_used": one.last_used,
        "generated_by": one.generated_by,
        "is_active": one.active,
        "token": value or "***",
        "token_label": one.label,
        "scopes": one.scopes,
        "expires_at": one.expires_at,
    }
