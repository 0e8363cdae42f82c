"""A store that holds records in memory and fails where a test wants it to. Real stores are tested elsewhere."""

from __future__ import annotations

from checks.model.secret import Secret
from guides.stores.store import Limits, Probe, Record, StoreError, StoreRefused, keep_within


class MemoryStore:
    """Speaks the Store protocol. `calls` records what was asked; `fails` and `lies` name calls by their number."""

    title = "memory store"

    def __init__(self, *records: Record, limits: Limits | None = None, id: str = "memory") -> None:  # noqa: A002
        self.id = id
        self.limits = limits or Limits()
        self.records = {record.server: record for record in records}
        self.calls: list[tuple[str, str]] = []
        self.fails: set[int] = set()
        """Numbers of the calls that raise, from 0."""
        self.dies_at: int | None = None
        """From this call on every call raises, as when the keyring goes away."""
        self.lies: set[int] = set()
        """Numbers of the `get` calls that answer something else."""
        self.deaf: set[str] = set()
        """Verbs that raise whenever they are called."""

    def snapshot(self) -> dict[str, Record]:
        return dict(self.records)

    def forget_calls(self) -> None:
        self.calls.clear()

    def accept(self, record: Record) -> None:
        keep_within(self.limits, self.title, record)

    def probe(self) -> Probe:
        return Probe(True, "memory always works")

    def get(self, server: str) -> Record | None:
        number = self._called("get", server)
        if not server or " " in server:
            raise StoreRefused("docker's helpers need a server name without spaces")
        if number in self.lies:
            return Record(server, "somebody", Secret("something else"))
        return self.records.get(server)

    def put(self, record: Record) -> None:
        self._called("put", record.server)
        self.records[record.server] = record

    def erase(self, server: str) -> None:
        self._called("erase", server)
        self.records.pop(server, None)

    def list(self) -> dict[str, str]:
        self._called("list", "")
        return {server: record.username for server, record in self.records.items()}

    def _called(self, verb: str, server: str) -> int:
        number = len(self.calls)
        self.calls.append((verb, server))
        dead = self.dies_at is not None and number >= self.dies_at
        if number in self.fails or dead or verb in self.deaf:
            raise StoreError(f"call {number} ({verb}) fails", "mend it")
        return number
