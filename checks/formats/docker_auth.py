"""docker's credential file: config.json, podman's auth.json, helm's registry config, the flat .dockercfg.

Read leniently, judged strictly: every secret that any client could use is here, and `problem` says what makes the
docker CLI refuse the file or the entry. Rules observed with docker 28.2.2 and read in docker/cli: docs/sources.md.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.formats.json_positions import Member, Node, Problem, parse
from checks.formats.text_positions import Lines
from checks.model.secret import Secret

SECRET_FIELDS = ("auth", "password", "identitytoken", "registrytoken")
"""Members of an entry that hold a secret, lower case."""
_TEXT_FIELDS = (*SECRET_FIELDS, "username", "email")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class EntrySecret:
    """One secret of one entry: `field` is auth, password, identitytoken or registrytoken."""

    field: str
    secret: Secret
    node: Node


@dataclass(frozen=True, slots=True)
class AuthEntry:
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
        """The secret that docker takes for this field: the last one, since a repeated member replaces the earlier."""
        return next((held.secret for held in reversed(self.secrets) if held.field == field), None)

    @property
    def password(self) -> Secret | None:
        """The password that docker uses: the one in `auth` wins over `password`."""
        return self.get("auth") or self.get("password")

    @property
    def identity_token(self) -> Secret | None:
        return self.get("identitytoken")


@dataclass(frozen=True, slots=True)
class NamedNode:
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
        node = self.member(name)
        return node.text if node and node.kind == "string" else ""

    @property
    def creds_store(self) -> str:
        return self.string("credsStore")

    @property
    def cred_helpers(self) -> dict[str, str]:
        """Registry to helper suffix; all spellings of `credHelpers` merged, as Go does."""
        return {
            entry.name: entry.value.text
            for held in members(self.root, "credHelpers")
            for entry in held.value.members
            if entry.value.kind == "string"
        }

    def strings_below(self, name: str) -> Iterator[NamedNode]:
        """Every string below a top-level member, with its path."""
        waiting = [NamedNode(held.name, held.value) for held in members(self.root, name)]
        while waiting:
            current = waiting.pop(0)
            if current.node.kind == "string":
                yield current
            waiting += [NamedNode(f"{current.path}/{below.name}", below.value) for below in current.node.members]


def members(node: Node | None, name: str) -> Iterator[Member]:
    """Members of an object whose name is equal but for case (Go's folding: the long s and the Kelvin sign too)."""
    folded = name.casefold()
    for held in node.members if node else ():
        if held.name == name or held.name.casefold() == folded:
            yield held


def member(node: Node | None, name: str) -> Node | None:
    found = None
    for held in members(node, name):
        found = held.value
    return found


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
        held = list(members(root, "auths"))
        wrong = next((one for one in held if one.value.kind not in ("object", "null")), None)
        if wrong and not problem:
            problem = Problem("`auths` is not an object", wrong.start)
        entries = tuple(_entries(held))
    return AuthFile(text, Lines(text), root, entries, problem, flat)


def _decode(data: bytes) -> tuple[str, Problem | None]:
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "surrogateescape"), Problem("it starts with a byte order mark", 0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), Problem("it is UTF-16, not UTF-8", 0)
    return data.decode("utf-8", "surrogateescape"), None


def _entries(holders: list[Member]) -> Iterator[AuthEntry]:
    named = [held for holder in holders for held in holder.value.members]
    last = {held.name: held for held in named}
    for held in named:
        yield _entry(held, replaced=last[held.name] is not held)


def _entry(held: Member, *, replaced: bool) -> AuthEntry:
    node = held.value
    if node.kind == "null":
        return AuthEntry(held.name, held.start, node, replaced=replaced)
    if node.kind != "object":
        return AuthEntry(
            held.name, held.start, node, problem=f"a {node.kind} where an object belongs", replaced=replaced
        )
    username, secrets, problem = "", [], ""
    auth_username = ""
    for inner in node.members:
        field = inner.name.casefold()
        if field not in _TEXT_FIELDS or inner.value.kind == "null":
            continue
        if inner.value.kind != "string":
            problem = problem or f"`{inner.name}` is a {inner.value.kind}, not a string"
        elif field == "auth" and inner.value.text:
            auth_username, secret, wrong = decode_auth(inner.value.text)
            problem = problem or wrong
            if secret:
                secrets.append(EntrySecret("auth", secret, inner.value))
        elif field == "username":
            username = inner.value.text
        elif field in SECRET_FIELDS and inner.value.text:
            secrets.append(EntrySecret(field, Secret(inner.value.text), inner.value))
    return AuthEntry(held.name, held.start, node, auth_username or username, tuple(secrets), problem, replaced)


def decode_auth(text: str) -> tuple[str, Secret | None, str]:
    """User name, password and what is wrong, of an `auth` value.

    docker wants the standard alphabet and padding, but takes line breaks; other clients take much more (docker-py drops
    what is no base64, go-containerregistry takes it unpadded), so a value that docker refuses may still be a login.
    """
    problem = ""
    try:
        decoded = binascii.a2b_base64(text.replace("\n", "").replace("\r", ""), strict_mode=True)
    except (binascii.Error, ValueError):
        problem = "`auth` is not base64"
        decoded = _decode_leniently(text)
    user, colon, password = decoded.partition(b":")
    if not problem and not colon:
        problem = "`auth` holds no colon between user and password"
    elif not problem and not user:
        problem = "`auth` holds no user name"
    if not colon:
        return "", None, problem
    secret = Secret(password.strip(b"\x00").decode("utf-8", "surrogateescape"))
    return user.decode("utf-8", "surrogateescape"), secret or None, problem


def _decode_leniently(text: str) -> bytes:
    kept = _NOT_BASE64.sub("", text.replace("-", "+").replace("_", "/"))
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return base64.b64decode(kept + "=" * (-len(kept) % 4))


def encode_auth(username: str, password: Secret | None) -> Secret:
    """The `auth` value that docker writes for this login."""
    plain = f"{username}:{password.reveal() if password else ''}"
    return Secret(base64.b64encode(plain.encode("utf-8", "surrogateescape")).decode("ascii"))
