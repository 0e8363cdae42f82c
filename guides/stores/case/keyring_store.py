"""Python's `keyring`, with the few backends that protect what they keep: macOS, Windows, KWallet. Not run on the first
two."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from checks.model.secret import Secret
from guides.stores.case.spelling import spelled_line, unspell
from guides.stores.case.store import check_name, is_name, probe, replace
from guides.stores.own.keyring_backend import KeyringItems, allowed_backend
from guides.stores.own.trouble import Locked, Trouble
from guides.stores.store import Probe, StoreError, StoreLocked, StoreMissing, StoreRefused

WINDOWS_CHARACTERS = 1280
"""Windows keeps 2560 bytes, and keyring writes UTF-16 (keyring#540). JSON puts `["", "..."]` around the spelling."""

_SESSION = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
_INDEX = threading.Lock()
"""keyring cannot list, so names stand in an index. Threads take turns; two programs at once could lose one's name."""


class CaseKeyringItems(KeyringItems):
    service = "dockhygiene case"
    index = "dockhygiene case index"


@dataclass(frozen=True, slots=True)
class KeyringCaseStore:
    """One item for a name. Raises StoreMissing where the environment is not this process's own session."""

    environ: Mapping[str, str] = field(repr=False)
    id: str = "keyring"
    title: str = "keyring of the operating system"

    def probe(self) -> Probe:
        return probe(self)

    def get(self, name: str) -> Secret | None:
        check_name(name)
        with self._items() as items:
            held = items.get(name)
        return unspell(held[1], f"{name} in the keyring") if held else None

    def put(self, name: str, secret: Secret) -> None:
        check_name(name)
        replace(self, name, secret)

    def write(self, name: str, secret: Secret) -> None:
        line = spelled_line(secret)
        # the spelling is quoted once more, beside an empty user name
        if sys.platform == "win32" and len(line) + line.count('"') + line.count("\\") + 8 > WINDOWS_CHARACTERS:
            raise StoreRefused(f"Windows keeps at most {WINDOWS_CHARACTERS} characters in one credential")
        with self._items() as items:
            items.announce(name, "")  # first: a value that no name leads to could never be erased
            items.store(name, "", line)

    def erase(self, name: str) -> None:
        check_name(name)
        with self._items() as items:
            items.erase(name)

    def names(self) -> tuple[str, ...]:
        with self._items() as items:
            return tuple(sorted(name for name in items.servers() if is_name(name)))

    @contextmanager
    def _items(self) -> Iterator[CaseKeyringItems]:
        if sys.platform == "linux" and any(self.environ.get(each) != os.environ.get(each) for each in _SESSION):
            # keyring asks the session of this process, which would be somebody else's than the one that is meant
            raise StoreMissing("Python's keyring can only be used in the session of this program")
        try:
            with _INDEX:
                backend = allowed_backend()
                if backend is None:
                    raise StoreMissing("no keyring of this operating system can be used from Python")
                yield CaseKeyringItems(backend)
        except Locked as error:
            raise StoreLocked(str(error), "unlock it, then try again") from None
        except Trouble as error:
            raise StoreError(str(error)) from None
        except (ValueError, TypeError) as error:
            raise StoreError(f"the keyring holds something that is not ours ({type(error).__name__})") from None
