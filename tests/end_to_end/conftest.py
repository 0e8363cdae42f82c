"""Servers that a worker starts once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guides.move.clients import RecordingDaemon, recording_daemon
from tests.services.dockerd import dockerd


@pytest.fixture(scope="session")
def docker_host() -> Iterator[str]:
    with dockerd() as url:
        yield url


@pytest.fixture(scope="session")
def daemon() -> Iterator[RecordingDaemon]:
    with recording_daemon() as daemon:
        yield daemon


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / ".docker").mkdir(parents=True)
    return home
