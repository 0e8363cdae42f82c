"""Python's `keyring`, with the few backends that protect what they keep: macOS, Windows, KWallet. Not run on the first
two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from checks.model.secret import Secret
from guides.stores.case.store import check_kept, check_name, check_value, probe
from guides.stores.own.keyring_backend import KeyringItems, allowed_backend
from guides.stores.own.trouble import Trouble
from guides.stores.store import Probe, StoreError, StoreMissing


class CaseKeyringItems(KeyringItems):
    service = "dockhygiene case"
    index = "dockhygiene case index"


@dataclass(frozen=True)
class KeyringCaseStore:
    id: str = "keyring"
    title: str = "keyring of the operating system"

    def probe(self) -> Probe:
        return probe(self)

    def get(self, name: str) -> Secret | None:
        check_name(name)
        with _items() as items:
            held = items.get(name)
        return None if held is None else Secret(held[1])

    def put(self, name: str, secret: Secret) -> None:
        check_name(name)
        check_value(secret)
        with _items() as items:
            items.store(name, "", secret.reveal())
        check_kept(self.title, self.get(name), secret)

    def erase(self, name: str) -> None:
        check_name(name)
        with _items() as items:
            items.erase(name)

    def names(self) -> tuple[str, ...]:
        with _items() as items:
            return tuple(sorted(items.servers()))


@contextmanager
def _items() -> Iterator[CaseKeyringItems]:
    backend = allowed_backend()
    if backend is None:
        raise StoreMissing("no keyring of this operating system can be used from Python")
    try:
        yield CaseKeyringItems(backend)
    except Trouble as error:
        raise StoreError(str(error)) from None
    except (ValueError, TypeError) as error:
        raise StoreError(f"the keyring holds something that is not ours ({type(error).__name__})") from None
