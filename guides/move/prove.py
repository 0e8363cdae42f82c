"""Proof after a move: every client that resolved the login from the file must now resolve the same from the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.formats.docker_auth import AuthFile
from checks.formats.registry_names import HUB_SERVER, is_web_login_record
from guides.move.logins import Flavour, Login
from guides.move.resolve import Ask, containers_take, docker_py_takes, docker_takes
from guides.stores.store import Record, Store, StoreError

CLIENTS = {
    Flavour.DOCKER: ("docker", "docker-py", "podman and skopeo"),
    Flavour.CONTAINERS: ("podman and skopeo",),
    Flavour.HELM: ("helm",),
}


class NotProven(Exception):
    """After the move a client would not find the login: the message says which, and what it found."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One login is resolved from the store, by these clients' rules."""

    registry: str
    clients: tuple[str, ...]


def prove(logins: Sequence[Login], after: Mapping[Path, AuthFile], store: Store) -> Iterator[Proof]:
    """Yields a proof for each login; `after` maps the path of each file to what it says now. Raises NotProven."""

    def ask(suffix: str, server: str) -> Record | None:
        if suffix != store.id:
            raise NotProven(f"{server} is asked of docker-credential-{suffix}, not of {store.title}")
        return store.get(server)

    for login in logins:
        auth = after[login.file.path]
        for client in CLIENTS[login.file.flavour]:
            try:
                found = _resolve(client, auth, login, ask)
            except StoreError as error:
                raise NotProven(f"{client} would not get {login.registry}: {error.reason}") from error
            if found is None or (found.username, found.secret) != (login.record.username, login.record.secret):
                what = "nothing" if found is None else "another login"
                raise NotProven(f"{client} would find {what} for {login.registry}")
        yield Proof(login.registry, CLIENTS[login.file.flavour])


def _resolve(client: str, auth: AuthFile, login: Login, ask: Ask) -> Record | None:
    if is_web_login_record(login.server):
        # docker asks the store of Docker Hub itself for these records
        return ask(auth.cred_helpers.get(HUB_SERVER, auth.creds_store), login.server)
    if client == "docker-py":
        return docker_py_takes(auth, login.registry, ask)
    if client.startswith("podman"):
        return containers_take(auth, login.registry, ask)
    return docker_takes(auth, login.server, ask)
