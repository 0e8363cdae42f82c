"""A case store that holds secrets in memory and fails where a test wants it to. Real ones are tested elsewhere."""

from __future__ import annotations

from checks.model.secret import Secret
from guides.stores.store import Probe, StoreError


class MemoryCaseStore:
    """Speaks the CaseStore protocol. `deaf` names verbs that raise; `broken` makes the probe fail."""

    id = "memory"
    title = "memory store"

    def __init__(self) -> None:
        self.held: dict[str, Secret] = {}
        self.deaf: set[str] = set()
        self.broken = ""
        self.calls: list[tuple[str, str]] = []

    def probe(self) -> Probe:
        return Probe(not self.broken, self.broken or "memory always works", "mend it" if self.broken else "")

    def get(self, name: str) -> Secret | None:
        self._called("get", name)
        return self.held.get(name)

    def put(self, name: str, secret: Secret) -> None:
        self._called("put", name)
        self.held[name] = secret

    def erase(self, name: str) -> None:
        self._called("erase", name)
        self.held.pop(name, None)

    def names(self) -> tuple[str, ...]:
        self._called("names", "")
        return tuple(self.held)

    def _called(self, verb: str, name: str) -> None:
        self.calls.append((verb, name))
        if verb in self.deaf:
            raise StoreError(f"{verb} fails", "mend it")
