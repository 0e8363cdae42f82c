"""Programs that the real-service tests need."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where daemons stand; the PATH of an ordinary user often leaves them out."""


def require(program: str, package: str) -> str:
    """The program's path. Where it is missing the test is skipped; with DOCKHYGIENE_ALL_SERVICES=1 it fails."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS))
    return shutil.which(program, path=path) or missing(f"{program} is not installed: apt-get install {package}")


def missing(reason: str) -> NoReturn:
    """Skips the test for this reason, or fails it where every service was promised to be there."""
    if os.environ.get("DOCKHYGIENE_ALL_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
