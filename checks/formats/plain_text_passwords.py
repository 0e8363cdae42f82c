"""`plaintext-passwords.json`, which Docker Desktop for Mac 2.1 and 2.2 left behind.

Its shape is not documented. Read tolerantly: an object with a user name and a secret is a login, and so is a string
that decodes to `user:password`.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.docker_auth import AuthEntry, AuthFile, EntrySecret, decode_auth
from checks.formats.json_positions import Member, Node, fold, parse
from checks.formats.text_positions import Lines
from checks.model.secret import Secret

_USER_FIELDS = frozenset({"username", "user", "login", "account"})
_SECRET_FIELDS = frozenset({"secret", "password", "token", "identitytoken"})
_ADDRESS_FIELDS = frozenset({"serverurl", "server", "url", "registry", "host"})


def read_passwords(data: bytes) -> AuthFile:
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    parsed = parse(text)
    entries = tuple(_entries(parsed.root)) if parsed.root else ()
    return AuthFile(text, Lines(text), parsed.root, entries, None, flat=True)


def _entries(root: Node) -> Iterator[AuthEntry]:
    waiting = [("", root)]
    while waiting:
        key, node = waiting.pop()
        entry = _login(key, node)
        if entry:
            yield entry
        if entry or node.kind == "string":
            continue
        waiting += [(key, item) for item in reversed(node.items)]
        waiting += [(_key(key, held), held.value) for held in reversed(node.members)]


def _key(key: str, held: Member) -> str:
    """The name that looks most like an address: fields and settings below it say nothing of the registry."""
    return held.name if "." in held.name or ":" in held.name or not key else key


def _login(key: str, node: Node) -> AuthEntry | None:
    if node.kind == "string":
        username, secret, problem = decode_auth(node.text) if node.text else ("", None, "")
        # Any word of letters decodes to something: only what reads as a name is taken for one.
        is_login = secret and not problem and username.isprintable() and "\ufffd" not in username
        return _entry(key, node, username, secret, "auth") if is_login and secret else None
    username, held_secret, address = "", None, ""
    for held in node.members:
        name, text = fold(held.name), held.value.text if held.value.kind == "string" else ""
        if name in _USER_FIELDS:
            username = text
        elif name in _ADDRESS_FIELDS:
            address = text
        elif name in _SECRET_FIELDS and text:
            held_secret = held.value
    return _entry(address or key, held_secret, username, Secret(held_secret.text), "password") if held_secret else None


def _entry(key: str, node: Node, username: str, secret: Secret, field: str) -> AuthEntry:
    return AuthEntry(key, node.start, node, username, (EntrySecret(field, secret, node),))
