"""A home folder with a short path, and one docker daemon for the tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.services.dockerd import dockerd


@pytest.fixture
def home() -> Iterator[Path]:
    """Below the system's temporary folder: pytest's own is too deep for a socket's path."""
    with TemporaryDirectory(prefix="dh-demo-") as folder:
        home = Path(folder, "home")
        home.mkdir()
        yield home


@pytest.fixture(scope="session")
def docker_host() -> Iterator[str]:
    with dockerd() as url:
        yield url
