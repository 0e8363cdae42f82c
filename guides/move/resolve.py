"""Which credential each client takes for a registry: the rules of docker, docker-py and containers/image.

The tests hold each function against the real client.
"""

from __future__ import annotations

from collections.abc import Callable

from checks.formats.docker_auth import AuthEntry, AuthFile, member
from checks.formats.registry_names import HUB_CONTAINERS_NAME, HUB_SERVER, hostname_of, registry_of
from guides.stores.store import TOKEN_USER, Record

Ask = Callable[[str, str], Record | None]
"""Asks the helper of this suffix for this server."""


def docker_takes(auth: AuthFile, server: str, ask: Ask) -> Record | None:
    """docker CLI: `credHelpers` by the exact server, else `credsStore`, else the file (exact key, then any same host).

    A helper that does not hold the server ends the search: the file is not asked.
    """
    suffix = auth.cred_helpers.get(server, auth.creds_store)
    if suffix:
        return ask(suffix, server)
    entries = _live(auth)
    entry = entries.get(server)
    if not entry:
        entry = next((held for key, held in entries.items() if hostname_of(key) == server), None)
    return _record(server, entry)


def docker_py_takes(auth: AuthFile, registry: str, ask: Ask) -> Record | None:
    """docker-py: an empty helper name falls through to `credsStore`, and a miss in the store to the file."""
    server = HUB_SERVER if registry == HUB_CONTAINERS_NAME else registry
    suffix = auth.cred_helpers.get(server) or auth.creds_store
    if suffix and (found := ask(suffix, server)):
        return found
    entries = _live(auth)
    entry = entries.get(registry) or next((held for key, held in entries.items() if _py_name(key) == registry), None)
    if entry and not entry.identity_token and not entry.get("auth"):
        return None  # docker-py does not read username and password members
    return _record(server, entry)


def containers_take(auth: AuthFile, registry: str, ask: Ask) -> Record | None:
    """containers/image on one file: `credHelpers` by the registry's name, `credsStore` never, else the file."""
    suffix = auth.cred_helpers.get(registry)
    if suffix is not None:
        return ask(suffix, registry)
    entries = _live(auth)
    entry = entries.get(registry) or next((held for key, held in entries.items() if _bare(key) == registry), None)
    written = member(entry.node, "auth") if entry else None
    if not written or not written.text:
        return None  # it reads neither username and password members nor an identity token without `auth`
    return _record(registry, entry)


def _py_name(key: str) -> str:
    host = hostname_of(key)
    return HUB_CONTAINERS_NAME if host == "index.docker.io" else host


def _bare(key: str) -> str:
    """The registry that containers/image takes a key for: what follows a slash is cut off only behind a scheme."""
    return registry_of(key) if "://" in key or "/" not in key else key


def _live(auth: AuthFile) -> dict[str, AuthEntry]:
    return {entry.key: entry for entry in auth.entries if not entry.replaced}


def _record(server: str, entry: AuthEntry | None) -> Record | None:
    if not entry:
        return None
    if entry.identity_token:
        return Record(server, TOKEN_USER, entry.identity_token)
    return Record(server, entry.username, entry.password) if entry.password else None
