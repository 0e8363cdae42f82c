"""How a value stands in every case store: as one line of JSON, so that whatever a store does with line ends, blanks
or bytes that are no text, the value comes back exactly. A person who looks into the store can still read it."""

from __future__ import annotations

import json

from checks.model.secret import Secret
from guides.stores.store import StoreError, StoreRefused

MOST_BYTES = 256 * 1024
"""Bytes of UTF-8 in one value: more than any token, and than the lines that an edit cuts out of a file."""

MOST_SPELLED = 6 * MOST_BYTES + 2
"""Bytes of the longest spelling: a control character takes six, and two quotes go around."""


def spell(secret: Secret) -> Secret:
    """Its spelling, in ASCII. Raises StoreRefused for what no case store takes."""
    if not secret:
        raise StoreRefused("an empty secret is not kept: a keyring would not find it again")
    if secret.size > MOST_BYTES:
        raise StoreRefused(f"a case's store holds at most {MOST_BYTES} bytes in one value, and this has {secret.size}")
    spelled = Secret(json.dumps(secret.reveal()))
    if unspell(spelled.reveal(), "") != secret:  # two halves of a character side by side would come back as one
        raise StoreRefused("the text is not Unicode and would not come back as it is")
    return spelled


def spelled_line(secret: Secret) -> str:
    """The spelling as plain text, for the one call that hands it to the store."""
    return spell(secret).reveal()


def unspell(line: str, where: str) -> Secret:
    """The value again. Raises StoreError where something else stands; `where` names the entry."""
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, str):
        raise StoreError(f"{where} is damaged, or dockhygiene did not put it there", "look at it with the store's tool")
    return Secret(held)
