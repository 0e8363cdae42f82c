"""Handing back what our own helper holds, before it is removed: to a native helper, or to the file.

Without this, uninstalling would lock the person out of docker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checks.formats.registry_names import HUB_CONTAINERS_NAME, HUB_SERVER, server_of
from guides.edits.atomic import replace, temporary_for
from guides.edits.credential_file import hand_over
from guides.move.logins import CredentialFile, Flavour
from guides.stores.native import OWN
from guides.stores.roundtrip import replace as replace_record
from guides.stores.roundtrip import same_record
from guides.stores.store import Record, Store, StoreError


@dataclass(frozen=True)
class FileHandback:
    """One file that names our helper: who takes over each server, or the logins that go back into it."""

    file: CredentialFile
    helpers: dict[str, str | None]
    creds_store: str | None
    logins: dict[str, Record] = field(repr=False)


@dataclass(frozen=True)
class Handback:
    """All that uninstalling has to hand back. `heir` is the store that takes over; None means the files do."""

    own: Store
    heir: Store | None
    records: tuple[Record, ...]
    files: tuple[FileHandback, ...]


def plan_handback(files: Sequence[CredentialFile], own: Store, heir: Store | None) -> Handback:
    """Reads every record of our helper. Raises StoreError where one cannot be read: then nothing is removed."""
    servers = dict.fromkeys([*own.list(), *(name for file in files for name in _served(file))])
    records = {server: record for server in servers if (record := own.get(server))}
    if heir:
        for server, record in records.items():
            held = heir.get(server)
            if held and not same_record(held, record):
                raise StoreError(
                    f"{heir.title} holds another login for {server}", "docker logout there, or move it, first"
                )
    handbacks = tuple(_file(file, records, heir) for file in files if _served(file) or file.auth.creds_store == OWN)
    return Handback(own, heir, tuple(records.values()), handbacks)


def hand_back(plan: Handback) -> Iterator[str]:
    """Does it, telling each act: stores first, then files, and only then is our helper's copy erased.

    An heir that holds a record already may be another door to the same keyring (docker-credential-secretservice is):
    erasing ours would take it from both. Raises StoreError or NotWritten; until the last act every login is in our
    helper still.
    """
    shared = set()
    if plan.heir:
        for record in plan.records:
            if same_record(plan.heir.get(record.server), record):
                shared.add(record.server)
            else:
                replace_record(plan.heir, record)
            yield f"{record.server} is in {plan.heir.title}"
    for one in plan.files:
        text = hand_over(one.file.auth, one.helpers, one.creds_store, one.logins)
        data = text.reveal().encode("utf-8", "surrogateescape")
        replace(one.file.target, temporary_for(one.file.target), one.file.document.data, data)
        yield f"{one.file.path} no longer needs dockhygiene"
    for record in plan.records:
        if record.server not in shared:
            plan.own.erase(record.server)


def _served(file: CredentialFile) -> list[str]:
    return [server for server, suffix in file.auth.cred_helpers.items() if suffix == OWN]


def _file(file: CredentialFile, records: dict[str, Record], heir: Store | None) -> FileHandback:
    named = file.auth.creds_store == OWN and file.flavour is not Flavour.CONTAINERS
    creds_store = (heir.id if heir else "") if named else None
    helpers: dict[str, str | None] = dict.fromkeys(_served(file), heir.id if heir else None)
    logins: dict[str, Record] = {}
    if not heir:
        wanted = records if named else {server: records[server] for server in helpers if server in records}
        for server, record in wanted.items():
            if server == HUB_CONTAINERS_NAME and HUB_SERVER in wanted and file.flavour is not Flavour.CONTAINERS:
                continue  # the same login under podman's name: docker's own key serves both
            logins[_key(file, server)] = record
    return FileHandback(file, helpers, creds_store, logins)


def _key(file: CredentialFile, server: str) -> str:
    """The entry that stands for this server in the file: its own spelling where there is one."""
    keys = [entry.key for entry in file.auth.entries if not entry.replaced and not entry.secrets]
    return next((key for key in keys if key == server), next((key for key in keys if server_of(key) == server), server))
