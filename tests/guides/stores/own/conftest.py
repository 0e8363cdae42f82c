"""Our helper, installed as people get it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from guides.stores.own.install import install, plan_install
from tests.services.secret_service import SecretServiceHome

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def installed_helper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The self-contained file in a home folder of its own."""
    home = tmp_path_factory.mktemp("home")
    return install(plan_install({"HOME": str(home), "PATH": f"{home}/.local/bin"}))


@pytest.fixture
def own_environ(installed_helper: Path, keyring_home: SecretServiceHome) -> dict[str, str]:
    """A PATH with our helper on it, and the bus of the real keyring."""
    return {**keyring_home.environ, "PATH": f"{installed_helper.parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def run(installed_helper: Path) -> Run:
    """Runs the installed helper as docker does."""

    def call(environ: dict[str, str], *argv: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed_helper, *argv], env=environ, input=stdin, capture_output=True, text=True, timeout=60
        )

    return call
