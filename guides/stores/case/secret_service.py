"""The desktop's keyring, in a schema of our own: docker's helpers find none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from checks.model.secret import Secret
from guides.stores.case.spelling import spelled_line, unspell
from guides.stores.case.store import check_name, is_name, probe, replace
from guides.stores.own.secret_service import SecretItems
from guides.stores.own.trouble import Locked, NoBus, NoService, Trouble
from guides.stores.store import Probe, StoreError, StoreLocked, StoreMissing, StoreTimedOut

SCHEMA = {"xdg:schema": "io.dockhygiene.Case"}

_UNLOCK = "unlock it on the desktop (Passwords and Keys), then try again"
_ELSEWHERE = "use `pass` on a machine without a desktop, or start gnome-keyring under dbus-run-session"


class CaseItems(SecretItems):
    schema = SCHEMA


@dataclass(frozen=True, slots=True)
class SecretServiceCaseStore:
    """One item for a name, in the default keyring. Connects anew for every act: a session bus may be restarted."""

    environ: Mapping[str, str] = field(repr=False)
    id: str = "secretservice"
    title: str = "desktop keyring (Secret Service)"

    def probe(self) -> Probe:
        return probe(self)

    def get(self, name: str) -> Secret | None:
        check_name(name)
        with self._items() as items:
            held = items.newest({"name": name})
        return unspell(held[1], f"{name} in the keyring") if held else None

    def put(self, name: str, secret: Secret) -> None:
        check_name(name)
        replace(self, name, secret)

    def write(self, name: str, secret: Secret) -> None:
        line = spelled_line(secret)
        with self._items() as items:
            items.keep(f"dockhygiene case {name}", {"name": name}, {}, line)

    def erase(self, name: str) -> None:
        check_name(name)
        with self._items() as items:
            items.remove({"name": name})

    def names(self) -> tuple[str, ...]:
        with self._items() as items:
            return tuple(sorted({each["name"] for each in items.held() if is_name(each.get("name", ""))}))

    @contextmanager
    def _items(self) -> Iterator[CaseItems]:
        try:
            with closing(CaseItems.connect(self.environ)) as items:
                yield items
        except Locked as error:
            raise StoreLocked(str(error), _UNLOCK) from None
        except (NoBus, NoService) as error:
            raise StoreMissing(str(error), _ELSEWHERE) from None
        except Trouble as error:
            raise StoreError(str(error)) from None
        except TimeoutError:
            raise StoreTimedOut("the keyring did not answer in time", "look whether it asks for something") from None
        except (OSError, ValueError, LookupError, TypeError) as error:
            # a bus that breaks off or talks nonsense; the error's own text could quote what was sent
            raise StoreError(f"the keyring could not be used ({type(error).__name__})") from None
