"""Which plain-text logins a helper could hold, and why the others must stay."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from checks.files.places import helm_places, legacy_place, podman_places
from checks.files.reading import Document, NotRead, read_file
from checks.formats.docker_auth import AuthEntry, AuthFile, read_auth_file
from checks.formats.registry_names import (
    HUB_CONTAINERS_NAME,
    HUB_SERVER,
    is_namespaced,
    is_web_login_record,
    registry_of,
    server_of,
)
from checks.formats.url_logins import login_in_url
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.edits.atomic import Target
from guides.edits.credential_file import LOGIN_FIELDS
from guides.stores.store import TOKEN_USER, Record

_PASSWORD_FIELDS = ("auth", "username", "password")


class Flavour(StrEnum):
    """Who reads the file: it decides what a key means and which settings help."""

    DOCKER = "docker"
    CONTAINERS = "podman"
    HELM = "helm"
    LEGACY = "legacy"


@dataclass(frozen=True)
class CredentialFile:
    """A credential file as it was read."""

    target: Target
    flavour: Flavour
    document: Document
    auth: AuthFile = field(repr=False)

    @property
    def path(self) -> Path:
        return self.target.path

    @property
    def refusal(self) -> str:
        """Why nothing in this file can be moved, or an empty text."""
        if self.auth.problem:
            line, _ = self.auth.lines.at(self.auth.problem.offset)
            return f"docker cannot read {self.path}: {self.auth.problem.reason} (line {line})"
        bad = next((entry for entry in self.auth.entries if entry.problem), None)
        if bad:
            line, _ = self.auth.lines.at(bad.name_start)
            return f"docker cannot read the entry in line {line} of {self.path}: {bad.problem}"
        return self.target.refusal()


@dataclass(frozen=True)
class Login:
    """One plain-text login that a helper can hold: the record it becomes, and the members it is taken out of."""

    file: CredentialFile
    index: int
    server: str
    record: Record
    fields: tuple[str, ...]
    alternative: bool = False
    """The entry holds two secrets of different kinds, and a helper only one: the person chooses."""

    @property
    def entry(self) -> AuthEntry:
        return self.file.auth.entries[self.index]

    @property
    def registry(self) -> str:
        return registry_of(self.entry.key)

    @property
    def line(self) -> int:
        return _line(self.file, self.entry)

    @property
    def servers(self) -> tuple[str, ...]:
        """Every name under which some client asks a helper for this login."""
        return (HUB_SERVER, HUB_CONTAINERS_NAME) if self.server == HUB_SERVER else (self.server,)


@dataclass(frozen=True)
class Left:
    """A plain-text login that stays where it is: why, and the one next action."""

    path: Path
    line: int
    registry: str
    key: str
    secret: Secret
    reason: str
    action: str


def read_credential_files(workstation: Workstation) -> Iterator[CredentialFile]:
    """Every credential file of this workstation that exists and can be read, each real file once."""
    seen: set[Path] = set()
    for flavour, path in _places(workstation):
        target = Target.of(path)
        if target.real in seen:
            continue
        seen.add(target.real)
        try:
            document = read_file(path, workstation.limits.config_bytes)
        except NotRead:
            continue  # the scan tells it as Skipped
        auth = read_auth_file(document.data, flat=flavour is Flavour.LEGACY)
        yield CredentialFile(target, flavour, document, auth)


def _places(workstation: Workstation) -> Iterator[tuple[Flavour, Path]]:
    yield Flavour.DOCKER, workstation.docker_folder / "config.json"
    yield from ((Flavour.CONTAINERS, path) for path in podman_places(workstation))
    yield from ((Flavour.HELM, path) for path in helm_places(workstation))
    yield Flavour.LEGACY, legacy_place(workstation)


def logins_of(file: CredentialFile) -> Iterator[Login | Left]:
    """The logins of one file, in order; each secret is in exactly one of them, but for alternatives."""
    refusal = file.refusal
    for index, entry in enumerate(file.auth.entries):
        if not entry.secrets:
            continue
        if refusal:
            yield _left(file, entry, refusal, "repair that first, then move again")
        elif reason := _unmovable(file, entry):
            yield _left(file, entry, *reason)
        else:
            yield from _movable(file, index, entry)


def _movable(file: CredentialFile, index: int, entry: AuthEntry) -> Iterator[Login | Left]:
    token, password = entry.identity_token, entry.password
    server = server_of(entry.key)
    both = bool(token and password)
    if token:
        fields = ("identitytoken",) if both else LOGIN_FIELDS
        yield Login(file, index, server, Record(server, TOKEN_USER, token), fields, both)
    if password:
        yield Login(file, index, server, Record(server, entry.username, password), _PASSWORD_FIELDS, both)


def _unmovable(file: CredentialFile, entry: AuthEntry) -> tuple[str, str] | None:
    if file.flavour is Flavour.LEGACY:
        return "this old file cannot name a helper", f"docker login {registry_of(entry.key)}, then delete {file.path}"
    if login_in_url(entry.key):  # the journal keeps names, and must not keep this one
        return "its name holds a login of its own", f"docker login {registry_of(entry.key)}, then delete the entry"
    if entry.get("registrytoken"):
        return (
            "no helper can hold a registry token",
            "docker logout, then log in again for a token that a helper can hold",
        )
    if entry.replaced:
        return "a later entry of the same name hides it", "delete the entry by hand"
    if file.flavour is Flavour.CONTAINERS and is_namespaced(entry.key):
        return "podman asks helpers for whole registries only, and this names a repository", "keep it, with mode 0600"
    if len({held.secret for held in entry.secrets if held.field in _PASSWORD_FIELDS}) > 1:
        return "it holds several passwords, of which docker uses the one in `auth`", "delete the other by hand"
    if not all(held.secret.is_text for held in entry.secrets) or not Secret(entry.username).is_text:
        return "it is not UTF-8, and helpers would change it", "set a new password, then log in again"
    if not entry.username and not entry.identity_token:
        return "it has no user name, which helpers need", f"docker login {registry_of(entry.key)}"
    if is_web_login_record(entry.key) and not _hub_has_helper(file):
        return "it belongs to the Docker Hub login, which is in no store", "docker login, then move again"
    expired = _expired_ecr(entry)
    if expired:
        return expired, "install amazon-ecr-credential-helper, which fetches a new one each time, and delete this entry"
    return None


def _hub_has_helper(file: CredentialFile) -> bool:
    auth = file.auth
    in_file = any(entry.key == HUB_SERVER and entry.secrets and not entry.replaced for entry in auth.entries)
    return in_file or bool(auth.cred_helpers.get(HUB_SERVER, auth.creds_store))


def _expired_ecr(entry: AuthEntry) -> str:
    """An ECR password is base64 JSON with its own end of life, twelve hours after it was made."""
    password = entry.password
    if ".dkr.ecr." not in entry.key or not password:
        return ""
    try:
        claims = json.loads(base64.b64decode(password.reveal(), validate=True))
        expiration = float(claims["expiration"])
        day = time.strftime("%d %b %Y", time.gmtime(expiration))
    except (ValueError, LookupError, TypeError, RecursionError, OverflowError, OSError):  # not such a token after all
        return ""
    return "" if expiration > time.time() else f"this Amazon token expired on {day}"


def _left(file: CredentialFile, entry: AuthEntry, reason: str, action: str) -> Left:
    line = _line(file, entry)
    return Left(file.path, line, registry_of(entry.key), entry.key, entry.secrets[-1].secret, reason, action)


def _line(file: CredentialFile, entry: AuthEntry) -> int:
    """The line of the entry's secret, as the scan gives it."""
    return file.auth.lines.at(entry.secrets[0].node.start)[0]


def leave(login: Login, reason: str, action: str) -> Left:
    """The same login, left where it is."""
    return Left(login.file.path, login.line, login.registry, login.entry.key, login.record.secret, reason, action)
