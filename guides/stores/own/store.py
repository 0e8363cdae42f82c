"""Our own helper as a store, where it is installed. It is offered only where no native helper passes the probe."""

from __future__ import annotations

from collections.abc import Mapping

from checks.formats.helper_names import PREFIX
from guides.stores.helper import HelperStore
from guides.stores.native import OWN
from guides.stores.program import find_program
from guides.stores.store import Limits

SECRET_BYTES = 128 * 1024
"""More than any registry's token; even with every character escaped, an answer stays below the runner's bound."""

SECONDS_TO_UNLOCK = 70.0
"""A person who types the keyring's password gets 60 seconds from the helper; it must be able to say so itself."""


def own_store(environ: Mapping[str, str]) -> HelperStore:
    """The installed `docker-credential-dockhygiene`; raises StoreMissing where docker would not find it."""
    return HelperStore(
        OWN,
        "dockhygiene's own helper (Secret Service)",
        find_program(PREFIX + OWN, environ),
        environ,
        Limits(secret_bytes=SECRET_BYTES),
        line_bytes=None,
        timeout=SECONDS_TO_UNLOCK,
    )
