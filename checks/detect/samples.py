"""Values that documentation, standards and emulators publish: not secrets, wherever they stand.

`samples.sha256` holds their hashes, one a line, so that none of them stands in this repository.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("samples.sha256")


def is_public_sample(value: str) -> bool:
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest() in _hashes()


@cache
def _hashes() -> frozenset[str]:
    return frozenset(_FILE.read_text("ascii").split())
