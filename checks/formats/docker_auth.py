"""docker's credential file: config.json, podman's auth.json, helm's registry config, the flat .dockercfg.

Read leniently, judged strictly: every secret that any client could use is here, and `problem` says what makes the
docker CLI refuse the file or the entry. Rules observed with docker 28.2.2 and read in docker/cli: docs/sources.md.
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from checks import late
from checks.formats.docker_config_types import type_problem
from checks.formats.json_positions import Member, Node, Problem, fold, member, members, parse
from checks.formats.text_positions import Lines
from checks.model.secret import Secret
from checks.model.token_kinds import kind_of

__all__ = ["AuthEntry", "AuthFile", "EntrySecret", "decode_auth", "encode_auth", "member", "members", "read_auth_file"]

SECRET_FIELDS = ("auth", "password", "identitytoken", "registrytoken")
"""Members of an entry that hold a secret, lower case."""
_TEXT_FIELDS = (*SECRET_FIELDS, "username", "email", "serveraddress")
_DEEPEST_STRING = 3
"""Levels below a top-level member at which some client keeps a string: `proxies/default/httpProxy`."""
_BASE64 = late.compile(r"(?>(?:[A-Za-z0-9+/]{4})*)(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_NOT_BASE64 = late.compile(r"[^A-Za-z0-9+/]")


class EntrySecret(NamedTuple):
    """One secret of one entry: `field` is auth, password, identitytoken or registrytoken."""

    field: str
    secret: Secret
    node: Node
    replaced: bool = False
    """The entry repeats the field further down, and docker takes that one."""


class AuthEntry(NamedTuple):
    """One entry of `auths`, as the docker CLI resolves it, with every secret that it holds."""

    key: str
    name_start: int
    node: Node
    username: str = ""
    secrets: tuple[EntrySecret, ...] = ()
    problem: str = ""
    """Why docker cannot use the entry; one such entry makes it refuse the whole file."""
    replaced: bool = False
    """A later entry of the same key hides this one."""

    def get(self, field: str) -> Secret | None:
        """The secret that docker takes for this field."""
        return next((held.secret for held in self.secrets if held.field == field and not held.replaced), None)

    @property
    def password(self) -> Secret | None:
        """The password that docker uses: the one in `auth` wins over `password`."""
        return self.get("auth") or self.get("password")

    @property
    def identity_token(self) -> Secret | None:
        return self.get("identitytoken")


class NamedNode(NamedTuple):
    """A value together with the path that leads to it: `HttpHeaders/X-Registry-Auth`."""

    path: str
    node: Node


@dataclass(frozen=True)
class AuthFile:
    """A parsed credential file."""

    text: str = field(repr=False)
    lines: Lines
    root: Node | None
    entries: tuple[AuthEntry, ...]
    problem: Problem | None
    """What makes docker refuse the whole file, entries aside."""
    flat: bool = False
    """The legacy form, in which the entries stand at the top."""

    def member(self, name: str) -> Node | None:
        """The top-level value that counts: the last one whose name is equal but for case."""
        return member(self.root, name)

    def string(self, name: str) -> str:
        """The last string of that name: a null leaves Go's earlier value alone."""
        texts = [held.value.text for held in members(self.root, name) if held.value.kind == "string"]
        return texts[-1] if texts else ""

    @property
    def creds_store(self) -> str:
        return self.string("credsStore")

    @property
    def cred_helpers(self) -> dict[str, str]:
        """Registry to helper suffix; all spellings of `credHelpers` merged, and a null empties, as in Go."""
        helpers: dict[str, str] = {}
        for held in members(self.root, "credHelpers"):
            if held.value.kind == "null":
                helpers.clear()
            for entry in held.value.members:
                if entry.value.kind in ("string", "null"):
                    helpers[entry.name] = entry.value.text if entry.value.kind == "string" else ""
        return helpers

    def strings_below(self, name: str) -> Iterator[NamedNode]:
        """Every string below a top-level member, with its path."""
        waiting = deque((NamedNode(held.name, held.value), 0) for held in members(self.root, name))
        while waiting:
            current, depth = waiting.popleft()
            if current.node.kind == "string":
                yield current
            if depth < _DEEPEST_STRING:
                for below in current.node.members:
                    waiting.append((NamedNode(f"{current.path}/{below.name}", below.value), depth + 1))

    def flat_entries(self) -> tuple[AuthEntry, ...]:
        """The logins of a file in the legacy form that lies where the newer form belongs: docker-py reads it so."""
        if any(True for name in ("auths", "credsStore", "credHelpers") for _ in members(self.root, name)):
            return ()
        return tuple(_entries([Member("", 0, self.root)] if self.root else []))


def read_auth_file(data: bytes, *, flat: bool = False) -> AuthFile:
    """Parses the bytes of a credential file. Never raises: what is wrong stands in `problem`."""
    text, encoding_problem = _decode(data)
    parsed = parse(text)
    root = parsed.root
    problem = encoding_problem or parsed.problem
    if root and root.kind not in ("object", "null") and not problem:
        problem = Problem("not a JSON object", root.start)
    entries: tuple[AuthEntry, ...] = ()
    if flat and not any(True for _ in members(root, "auths")):
        entries = tuple(_entries([Member("", 0, root)] if root else []))
    else:
        flat = False
        problem = problem or type_problem(root)
        entries = tuple(_entries(list(members(root, "auths"))))
    return AuthFile(text, Lines(text), root, entries, problem, flat)


def _decode(data: bytes) -> tuple[str, Problem | None]:
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "surrogateescape"), Problem("it starts with a byte order mark", 0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), Problem("it is UTF-16, not UTF-8", 0)
    return data.decode("utf-8", "surrogateescape"), None


def _entries(holders: list[Member]) -> Iterator[AuthEntry]:
    last: dict[str, Member] = {}
    for holder in holders:
        if holder.value.kind == "null":
            last.clear()  # Go forgets the map that it had
        last.update((held.name, held) for held in holder.value.members)
    for holder in holders:
        for held in holder.value.members:
            yield _entry(held, replaced=last.get(held.name) is not held)


def _entry(held: Member, *, replaced: bool) -> AuthEntry:
    node = held.value
    if node.kind not in ("object", "null"):
        wrong = f"a {node.kind} where an object belongs"
        return AuthEntry(held.name, held.start, node, problem=wrong, replaced=replaced)
    problem = ""
    last: dict[str, Node] = {}
    found: list[EntrySecret] = []
    for inner in node.members:
        field = fold(inner.name)
        if field not in _TEXT_FIELDS or inner.value.kind == "null":
            continue
        if inner.value.kind != "string":
            problem = problem or f"`{inner.name}` is a {inner.value.kind}, not a string"
            continue
        last[field] = inner.value
        secret = decode_auth(inner.value.text)[1] if field == "auth" else Secret(inner.value.text)
        if field in SECRET_FIELDS and secret:
            found.append(EntrySecret(field, secret, inner.value))
    username = last["username"].text if "username" in last else ""
    if "auth" in last and last["auth"].text:
        auth_username, _, wrong = decode_auth(last["auth"].text)
        username = auth_username or username
        problem = problem or ("" if replaced else wrong)  # a hidden entry is never decoded, but its types count
    secrets = tuple(one._replace(replaced=last[one.field] is not one.node) for one in found)
    return AuthEntry(held.name, held.start, node, username, secrets, problem, replaced)


def decode_auth(text: str) -> tuple[str, Secret | None, str]:
    """User name, password and what is wrong, of an `auth` value.

    docker wants the standard alphabet and padding, but takes line breaks; other clients take much more (docker-py drops
    what is no base64, go-containerregistry takes it unpadded), so a value that docker refuses may still be a login.
    """
    problem = ""
    joined = text.replace("\n", "").replace("\r", "")
    if _BASE64.fullmatch(joined):  # Python's strict mode takes surplus padding, some versions of it
        decoded = base64.b64decode(joined)
    else:
        problem = "`auth` is not base64"
        decoded = _decode_leniently(text)
    if problem and kind_of(text):
        return "", Secret(text), problem
    user, colon, password = decoded.partition(b":")
    if not problem and not colon:
        problem = "`auth` holds no colon between user and password"
    elif not problem and not user:
        problem = "`auth` holds no user name"
    if not colon:
        plain = decoded.decode("utf-8", "replace")
        return "", Secret(plain) if kind_of(plain) else None, problem
    secret = Secret(password.strip(b"\x00").decode("utf-8", "surrogateescape"))
    return user.decode("utf-8", "surrogateescape"), secret or None, problem


def _decode_leniently(text: str) -> bytes:
    if ":" in text:  # the login itself, which nobody encoded
        return text.encode("utf-8", "surrogatepass")
    kept = _NOT_BASE64.sub("", text.replace("-", "+").replace("_", "/"))
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return base64.b64decode(kept + "=" * (-len(kept) % 4))


def encode_auth(username: str, password: Secret | None) -> Secret:
    """The `auth` value that docker writes for this login."""
    plain = f"{username}:{password.reveal() if password else ''}"
    return Secret(base64.b64encode(plain.encode("utf-8", "surrogateescape")).decode("ascii"))
