"""The logins that docker would take: from DOCKER_AUTH_CONFIG, a store, or its file, in docker's own order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from checks.docker_environment import AUTH_VARIABLE
from checks.files.reading import NotRead, read_file
from checks.formats.display import printable
from checks.formats.docker_auth import AuthFile, read_auth_file
from checks.formats.json_positions import fold
from checks.formats.registry_names import HUB_CONTAINERS_NAME, HUB_SERVER, is_web_login_record, registry_of
from checks.model.workstation import Workstation
from guides.move.resolve import docker_takes
from guides.registries.realm import registry_host
from guides.registries.verification import RegistryLogin
from guides.stores.catalog import find_store
from guides.stores.store import TOKEN_USER, Record, Store, StoreError

FindStore = Callable[[str, Mapping[str, str]], Store]


class LoginsUnreadable(Exception):
    """docker cannot read its file either. The message says where and why."""


@dataclass(frozen=True, slots=True)
class Held:
    """What docker holds for one registry: a login, nothing, or trouble that kept it from being read."""

    registry: str
    login: RegistryLogin | None = None
    source: str = ""
    trouble: str = ""


def docker_logins(
    workstation: Workstation, wanted: Collection[str] = (), find: FindStore = find_store
) -> Iterator[Held]:
    """What docker would take for the wanted registries, or for every registry that it has a login for.

    Asks the stores that its file names. Raises LoginsUnreadable.
    """
    auth = _config(workstation)
    variable = _variable(workstation.environment)
    registries = [registry_of(name) for name in wanted] or list(_registries(auth, variable))
    for registry in dict.fromkeys(registries):
        held = _held(registry, auth, variable, workstation.environment, find)
        if wanted or held.login or held.trouble:
            yield held


def _config(workstation: Workstation) -> AuthFile:
    path = workstation.docker_folder / "config.json"
    try:
        auth = read_auth_file(read_file(path, workstation.limits.config_bytes).data)
    except NotRead as error:
        if not error.missing:
            raise LoginsUnreadable(f"{path}: {error.reason}") from None
        return read_auth_file(b"{}")
    problem = auth.problem.reason if auth.problem else next((one.problem for one in auth.entries if one.problem), "")
    if problem:
        raise LoginsUnreadable(f"docker cannot read {path}: {problem}; repair it first")
    return auth


def _variable(environment: Mapping[str, str]) -> AuthFile | None:
    """DOCKER_AUTH_CONFIG, unless docker ignores it: it takes `auths` with `auth` in each entry, and nothing else."""
    text = environment.get(AUTH_VARIABLE, "")
    auth = read_auth_file(text.encode("utf-8", "surrogateescape"))
    if not auth.root or auth.problem or text[auth.root.end :].strip():
        return None
    strangers = [held for held in auth.root.members if fold(held.name) != "auths"]
    for entry in auth.entries:
        strangers += [held for held in entry.node.members if fold(held.name) != "auth"]
        if entry.problem:
            return None
    return None if strangers else auth


def _registries(auth: AuthFile, variable: AuthFile | None) -> Iterator[str]:
    files = [auth] if variable is None else [variable, auth]
    keys = [entry.key for file in files for entry in file.entries if not entry.replaced]
    keys += [server for server, suffix in auth.cred_helpers.items() if suffix]
    yield from (registry_of(key) for key in keys if not is_web_login_record(key))


def _held(
    registry: str, auth: AuthFile, variable: AuthFile | None, environment: Mapping[str, str], find: FindStore
) -> Held:
    try:
        registry_host(registry)
    except ValueError as error:
        return Held(registry, trouble=str(error))
    server = HUB_SERVER if registry == HUB_CONTAINERS_NAME else registry
    for entry in variable.entries if variable else ():
        if entry.key == server and not entry.replaced and entry.password:  # by the exact key alone
            login = RegistryLogin(registry, entry.username, entry.password)
            return Held(registry, login, f"{AUTH_VARIABLE}, which docker takes from version 28.3 on")
    source = "docker's file"

    def ask(suffix: str, name: str) -> Record | None:
        nonlocal source
        store = find(suffix, environment)
        source = store.title
        return store.get(name)

    try:
        record = docker_takes(auth, server, ask)
    except StoreError as error:
        return Held(registry, trouble=printable(str(error), 300))
    return Held(registry, _login(registry, record), source) if record else Held(registry)


def _login(registry: str, record: Record) -> RegistryLogin:
    return RegistryLogin(registry, record.username, record.secret, identity=record.username == TOKEN_USER)
