"""Values that documentation, standards and emulators publish: not secrets, wherever they stand.

`samples.sha256` holds their hashes, one a line, so that none of them stands in this repository.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources


def is_public_sample(value: str) -> bool:
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest() in _hashes()


@cache
def _hashes() -> frozenset[str]:
    return frozenset((resources.files("checks.detect") / "samples.sha256").read_text("ascii").split())
