"""Every check, in the order in which their findings are shown. A new check is a new line here."""

from __future__ import annotations

from checks import (
    container_auth,
    container_builds,
    credential_documents,
    docker_config,
    docker_environment,
    docker_leftovers,
    docker_posture,
    environment_files,
)
from checks.model.check import Check

CHECKS: tuple[Check, ...] = (
    docker_config,
    container_auth,
    docker_environment,
    docker_leftovers,
    docker_posture,
    environment_files,
    container_builds,
    credential_documents,
)


def by_id(name: str) -> Check | None:
    return next((check for check in CHECKS if check.id == name), None)
