"""Room on the engine's own disk: docker before version 25 and Podman write a save there before they send it."""

from __future__ import annotations

import os

from checks.engine.client import Engine, EngineError
from checks.images.model import text


def free_bytes(engine: Engine) -> int | None:
    """Where the engine keeps its images; None where that is on another machine, or in a virtual one."""
    if not engine.endpoint.socket:
        return None
    try:
        said = engine.json("/info")
        status = os.statvfs(text(said if isinstance(said, dict) else {}, "DockerRootDir"))
    except (EngineError, OSError, ValueError):
        return None
    return status.f_bavail * status.f_frsize
