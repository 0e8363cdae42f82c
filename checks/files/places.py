"""Where clients keep their credential files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.model.workstation import Workstation


def podman_places(workstation: Workstation) -> Iterator[Path]:
    """auth.json of podman, buildah and skopeo, in the order in which they look (containers-auth.json(5))."""
    environment = workstation.environment
    if named := environment.get("REGISTRY_AUTH_FILE"):
        yield Path(named)
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        yield Path(runtime) / "containers" / "auth.json"
    yield workstation.system(f"/run/containers/{workstation.uid}/auth.json")
    yield workstation.config_home / "containers" / "auth.json"
    yield workstation.home / ".config" / "containers" / "auth.json"


def helm_places(workstation: Workstation) -> Iterator[Path]:
    """helm's registry config: the docker format in a place of its own."""
    if named := workstation.environment.get("HELM_REGISTRY_CONFIG"):
        yield Path(named)
    if workstation.platform == "darwin":
        yield workstation.home / "Library" / "Preferences" / "helm" / "registry" / "config.json"
    yield workstation.config_home / "helm" / "registry" / "config.json"


def legacy_place(workstation: Workstation) -> Path:
    """The file before 2015, which docker-py and podman still read."""
    return workstation.home / ".dockercfg"
