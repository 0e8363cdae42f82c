"""Real services for the stores, and fake helpers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guides.stores.helper import HelperStore
from guides.stores.native import helper_store
from tests.services.pass_store import running_pass_store
from tests.services.secret_service import SecretServiceHome, running_secret_service


@pytest.fixture(scope="module")
def keyring_home() -> Iterator[SecretServiceHome]:
    """One unlocked keyring for a module's tests; a test that locks it starts its own."""
    with running_secret_service() as home:
        yield home


@pytest.fixture(scope="module")
def pass_environ() -> Iterator[dict[str, str]]:
    with running_pass_store() as environ:
        yield environ


FakeHelper = Callable[..., HelperStore]


@pytest.fixture
def fake_helper(tmp_path: Path) -> FakeHelper:
    """Makes a helper from a shell script's text and gives its store."""

    def make(script: str, suffix: str = "fake", **environ: str) -> HelperStore:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / f"docker-credential-{suffix}"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return helper_store(suffix, {"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin", **environ})

    return make
