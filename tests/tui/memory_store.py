"""A store in memory, for tests of the screens; the real stores have a contract of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import tests.memory_store
from guides.stores.store import Probe, Record, Store, StoreError, StoreMissing
from tui.store_access import StoreAccess


class MemoryStore(tests.memory_store.MemoryStore):
    """`fails_at` counts down the puts until one fails."""

    def __init__(self, suffix: str = "memory", probe: Probe | None = None) -> None:
        super().__init__(id=suffix)
        self.title = f"memory store ({suffix})"
        self.answer = probe or Probe(True, "a test login was stored, read back and erased")
        self.fails_at: int | None = None

    def probe(self) -> Probe:
        return self.answer

    def put(self, record: Record) -> None:
        if self.fails_at is not None:
            self.fails_at -= 1
            if self.fails_at < 0:
                raise StoreError("the store is full", "make room")
        super().put(record)


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
