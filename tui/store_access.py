"""The ways to a store: the catalog, unless a test gives stores of its own. Imported when first asked: keyring and
helper code must not delay the first frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from guides.stores.store import Probe, Store


def _probes(environ: Mapping[str, str]) -> Iterator[tuple[Store, Probe]]:
    from guides.stores.catalog import probes

    return probes(environ)


def _named(suffix: str, environ: Mapping[str, str]) -> Store:
    from guides.stores.catalog import find_store

    return find_store(suffix, environ)


@dataclass(frozen=True)
class StoreAccess:
    """`probes` tries every store; `named` gives the one that a journal names, or raises StoreMissing."""

    probes: Callable[[Mapping[str, str]], Iterator[tuple[Store, Probe]]] = _probes
    named: Callable[[str, Mapping[str, str]], Store] = _named
