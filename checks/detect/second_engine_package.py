"""Whether the extra `dockhygiene[kingfisher]` is there, told without importing anything of it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

PACKAGE = "kingfisher-secret-scanner"
MODULE = "kingfisher_sdk"


@cache
def installed() -> bool:
    return find_spec(MODULE) is not None


def version() -> str:
    """The SDK's, empty without it: what a scan with another version has looked for is not the same."""
    if not installed():
        return ""
    from importlib import metadata  # 25 ms, for those who have the extra

    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "unknown"
