"""Which case stores are here, in the order in which they are tried."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping

from checks.formats.helper_names import PREFIX
from guides.stores.case.keyring_store import KeyringCaseStore
from guides.stores.case.pass_store import PassCaseStore
from guides.stores.case.store import CaseStore
from guides.stores.native import STAND_IN
from guides.stores.program import find_program
from guides.stores.store import Probe, StoreError, StoreMissing


def _demo(environ: Mapping[str, str]) -> CaseStore:
    program = find_program(PREFIX + STAND_IN.suffix, environ)
    from guides.stores.case.demo_store import DemoCaseStore  # needs sockets that Windows' Python does not have

    return DemoCaseStore(program.parents[2])


def _secret_service(environ: Mapping[str, str]) -> CaseStore:
    if sys.platform != "linux":
        raise StoreMissing("the Secret Service belongs to Linux desktops")
    from guides.stores.case.secret_service import SecretServiceCaseStore  # needs D-Bus

    return SecretServiceCaseStore(environ)


STORES: dict[str, Callable[[Mapping[str, str]], CaseStore]] = {
    "demo": _demo,
    "secretservice": _secret_service,
    "pass": PassCaseStore.found,
    "keyring": KeyringCaseStore,
}
"""By id, in their order. Each is made from the environment, or raises StoreMissing."""


def case_stores(environ: Mapping[str, str]) -> Iterator[CaseStore | StoreError]:
    """Every store, or why it is not here. In the demo only the demo's: nothing of it may reach the person's own."""
    try:
        yield _demo(environ)
        return
    except StoreMissing:
        pass  # this is not the demo
    for name, make in STORES.items():
        if name != "demo":
            try:
                yield make(environ)
            except StoreError as error:
                yield error


def find_case_store(id: str, environ: Mapping[str, str]) -> CaseStore:  # noqa: A002  what a case's file calls it
    """The store that a case began with; raises StoreMissing where it is not here."""
    if id not in STORES:
        raise StoreMissing(f"{id!a} is no store that this version knows")
    return STORES[id](environ)


def first_working(environ: Mapping[str, str]) -> tuple[CaseStore | None, list[tuple[str, Probe]]]:
    """The first that passes its probe, and those that were tried before it with their reasons."""
    tried: list[tuple[str, Probe]] = []
    for store in case_stores(environ):
        if isinstance(store, StoreError):
            tried.append(("", Probe(False, store.reason, store.mend)))
            continue
        probe = store.probe()
        if probe.works:
            return store, tried
        tried.append((store.title, probe))
    return None, tried
