"""The real engines: dockerd, and Podman's service."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.dockerd import dockerd
from tests.services.podman import podman


@pytest.fixture(scope="session", params=["docker", "podman"])
def engine_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with dockerd() if request.param == "docker" else podman() as url:
        yield url


@pytest.fixture
def socket_file() -> Iterator[Path]:
    """A path that is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="dh-") as folder:
        yield Path(folder, "engine.sock")
