"""One set of servers for the snippets of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.guides.snippets.scene import Scene, scene


@pytest.fixture(scope="session")
def servers() -> Iterator[Scene]:
    with scene() as ready:
        yield ready
