"""One daemon for the tests of a worker: starting one takes half a second, stopping it two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.dockerd import dockerd


@pytest.fixture(scope="session")
def docker_host() -> Iterator[str]:
    with dockerd() as url:
        yield url
