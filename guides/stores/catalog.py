"""Which stores are here, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from guides.stores.native import OWN, STAND_IN, helper_store, native_stores
from guides.stores.own.store import own_store
from guides.stores.store import Probe, Store, StoreMissing


def stores(environ: Mapping[str, str]) -> tuple[Store, ...]:
    """Every store that is installed here: native helpers in their order, then our own. Starts no program."""
    found: list[Store] = list(native_stores(environ))
    try:
        found.append(own_store(environ))
    except StoreMissing:
        pass  # it is not installed; installing is a choice of its own
    return tuple(found)


def probes(environ: Mapping[str, str]) -> Iterator[tuple[Store, Probe]]:
    """Each store with the result of its round trip, as it arrives; one that asks for a password takes a while.

    Our own helper is probed and offered only where no native one works. In the demo its stand-in is the only store:
    nothing of the demo may reach the person's own keyring.
    """
    native = native_stores(environ)
    works = False
    for store in [one for one in native if one.id == STAND_IN.suffix] or native:
        probe = store.probe()
        works = works or probe.works
        yield store, probe
    if not works:
        try:
            own = own_store(environ)
        except StoreMissing:
            return
        yield own, own.probe()


def choose(environ: Mapping[str, str]) -> list[tuple[Store, Probe]]:
    """All stores with their probes, the working ones first and otherwise in order."""
    return sorted(probes(environ), key=lambda each: not each[1].works)


def find_store(suffix: str, environ: Mapping[str, str]) -> Store:
    """The store that this helper suffix names; raises StoreMissing where it is not here."""
    return own_store(environ) if suffix == OWN else helper_store(suffix, environ)


def may_offer_own(probed: Iterable[tuple[Store, Probe]]) -> bool:
    """Whether installing our own helper may be offered: only where no native store passed its probe."""
    return not any(probe.works for store, probe in probed if store.id != OWN)
