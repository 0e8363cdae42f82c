"""Every check, in the order in which their findings are shown. A new check is a new line here."""

from __future__ import annotations

from checks import (
    ci_files,
    container_auth,
    container_builds,
    containers,
    credential_documents,
    docker_config,
    docker_environment,
    docker_images,
    docker_leftovers,
    docker_posture,
    environment_files,
    git_history,
    image_archives,
    orchestration_files,
    shell_history,
    shell_startup,
    source_text,
    tool_credentials,
)
from checks.model.check import Check

CHECKS: tuple[Check, ...] = (
    docker_config,
    container_auth,
    docker_environment,
    docker_leftovers,
    docker_posture,
    shell_startup,
    shell_history,
    environment_files,
    tool_credentials,
    container_builds,
    ci_files,
    orchestration_files,
    credential_documents,
    image_archives,
    docker_images,
    containers,
    source_text,
    git_history,
)


def by_id(name: str) -> Check | None:
    return next((check for check in CHECKS if check.id == name), None)
