"""A store in memory, for tests of the screens; the real stores have a contract of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guides.stores.store import Limits, Probe, Record, Store, StoreError, StoreMissing, keep_within
from tui.store_access import StoreAccess


class MemoryStore:
    """Holds records while the test runs. `fails_at` counts down the puts until one fails."""

    def __init__(self, suffix: str = "memory", probe: Probe | None = None) -> None:
        self.id = suffix
        self.title = f"memory store ({suffix})"
        self.limits = Limits()
        self.records: dict[str, Record] = {}
        self.answer = probe or Probe(True, "a test login was stored, read back and erased")
        self.fails_at: int | None = None

    def accept(self, record: Record) -> None:
        keep_within(self.limits, self.title, record)

    def probe(self) -> Probe:
        return self.answer

    def get(self, server: str) -> Record | None:
        return self.records.get(server)

    def put(self, record: Record) -> None:
        if self.fails_at is not None:
            self.fails_at -= 1
            if self.fails_at < 0:
                raise StoreError("the store is full", "make room")
        self.records[record.server] = record

    def erase(self, server: str) -> None:
        self.records.pop(server, None)

    def list(self) -> dict[str, str]:
        return {server: record.username for server, record in self.records.items()}


def access_to(*stores: MemoryStore) -> StoreAccess:
    def probes(_: Mapping[str, str]) -> Iterator[tuple[Store, Probe]]:
        for store in stores:
            yield store, store.probe()

    def named(suffix: str, _: Mapping[str, str]) -> Store:
        for store in stores:
            if store.id == suffix:
                return store
        raise StoreMissing(f"docker-credential-{suffix} is not on PATH")

    return StoreAccess(probes, named)
