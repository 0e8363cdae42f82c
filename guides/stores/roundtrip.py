"""Proof that a store keeps what it is given: replacing a record, and the probe before anything moves."""

from __future__ import annotations

import hmac
import re
import secrets
import time
import uuid

from checks.model.secret import Secret
from guides.stores.store import Probe, Record, Store, StoreError

STALE_SECONDS = 600
"""Age from which a probe's record can no longer belong to a probe at work."""

_PROBE = "dockhygiene-probe-"
_MADE = re.compile(rf"{_PROBE}([0-9a-f]{{1,12}})-")


def replace(store: Store, record: Record) -> None:
    """Puts the record in the place of whatever the store holds for its server, and reads it back.

    Erasing comes first because secretservice and pass keep an old user name beside the new one and answer with the
    old. When the record does not read back it is erased, what was held before is put back, and StoreError is raised.
    """
    before = store.get(record.server)
    done = False
    try:
        if before is not None:
            store.erase(record.server)
        store.put(record)
        if not same_record(store.get(record.server), record):
            raise StoreError(f"{store.title} gives back something else than what was put in", "use another store")
        done = True
    finally:
        if not done:
            _restore(store, record.server, before)


def _restore(store: Store, server: str, before: Record | None) -> None:
    try:
        store.erase(server)
    except StoreError:
        pass  # the first error is the one that is told; putting the old record back matters more
    if before is not None:
        try:
            store.put(before)
        except StoreError as error:
            message = f"{store.title} failed, and the record it held before could not be put back: {error.reason}"
            raise StoreError(message, error.mend) from None


def same_record(one: Record | None, other: Record) -> bool:
    """Whether both records are equal, in a time that does not depend on where they differ."""
    if one is None or one.server != other.server:
        return False
    users = hmac.compare_digest(one.username.encode("utf-8", "replace"), other.username.encode("utf-8", "replace"))
    return (one.secret == other.secret) and users


def probe_round_trip(store: Store) -> Probe:
    """Puts, gets and erases a random record of a server that cannot exist. Nothing of it stays behind.

    What a probe that was killed left behind is erased by the next one that works.
    """
    record = _random_record(store)
    try:
        store.put(record)
    except StoreError as error:
        return Probe(False, error.reason, error.mend)
    try:
        kept = same_record(store.get(record.server), record)
    except StoreError as error:
        _left_behind(store, record.server)
        return Probe(False, error.reason, error.mend)
    left = _left_behind(store, record.server)
    if not kept:
        return Probe(False, f"{store.title} gives back something else than what was put in", "use another store")
    if left:
        return Probe(False, f"{store.title} does not erase: {left}", f"erase {record.server} by hand")
    _erase_stale(store)
    return Probe(True, f"{store.title} keeps what it is given")


def _random_record(store: Store) -> Record:
    server = f"{_PROBE}{int(time.time()):x}-{uuid.uuid4()}.invalid"
    user = "probe/\u00fc" if store.limits.slash_in_username else "probe"
    return Record(server, user, Secret(f"{secrets.token_hex(16)}/\u00fc\u20ac<&>\\\"'\U0001f511"))


def _erase_stale(store: Store) -> None:
    """Erases records of probes that never came to their end; a fresh one may be another dockhygiene's, at work."""
    try:
        for server in store.list():
            made = _MADE.match(server)
            if made and int(made[1], 16) < time.time() - STALE_SECONDS:
                store.erase(server)
    except StoreError:
        pass  # a store that cannot list still keeps what it is given, and that is what was asked


def _left_behind(store: Store, server: str) -> str:
    """Erases the probe's record; why it is still there, or nothing."""
    try:
        store.erase(server)
        return "" if store.get(server) is None else "the record is still there"
    except StoreError as error:
        return error.reason
