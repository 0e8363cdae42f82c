"""The secrets of one case, in a store under dockhygiene's own prefix: `ID/new`, `ID/old`, `ID/text-N`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from checks.model.secret import Secret
from guides.stores.case.store import CaseStore
from guides.stores.store import StoreError, StoreMissing


@dataclass
class CaseSecrets:
    """Without a store everything that needs one is refused with the reason; reading finds nothing."""

    case_id: str
    store: CaseStore | None
    refusal: str = ""
    """Why there is no store."""
    mend: str = ""

    def get(self, name: str) -> Secret | None:
        """Raises StoreError where the store cannot be read."""
        return self.store.get(f"{self.case_id}/{name}") if self.store else None

    def put(self, name: str, secret: Secret) -> None:
        """Keeps it, and has read it back when this returns. Raises StoreError."""
        self._needed().put(f"{self.case_id}/{name}", secret)

    def put_text(self, secret: Secret) -> str:
        """Keeps a text that was cut out of a file; the name that gets it back."""
        taken = set(self._names())
        number = next(number for number in range(len(taken) + 1) if f"text-{number}" not in taken)
        self.put(f"text-{number}", secret)
        return f"text-{number}"

    def erase(self, name: str) -> None:
        if self.store:
            self.store.erase(f"{self.case_id}/{name}")

    def erase_all(self, but: Collection[str] = ()) -> None:
        for name in self._names():
            if name not in but:
                self.erase(name)

    def prove(self) -> None:
        """Raises StoreError unless a round trip works now: asked before anything is made that must not be lost."""
        probe = self._needed().probe()
        if not probe.works:
            raise StoreError(probe.reason, probe.mend)

    def _names(self) -> list[str]:
        prefix = f"{self.case_id}/"
        names = self.store.names() if self.store else ()
        return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]

    def _needed(self) -> CaseStore:
        if not self.store:
            raise StoreMissing(self.refusal or "no store works here", self.mend or "dockhygiene doctor says why")
        return self.store
