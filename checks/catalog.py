"""Every check, in the order in which their findings are shown. A new check is a new line here."""

from __future__ import annotations

from checks import docker_config
from checks.model.check import Check

CHECKS: tuple[Check, ...] = (docker_config,)


def by_id(name: str) -> Check | None:
    return next((check for check in CHECKS if check.id == name), None)
