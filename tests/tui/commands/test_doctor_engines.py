"""The doctor says which engines answer, and what to do about those that do not."""

from __future__ import annotations

import tempfile
from io import StringIO
from pathlib import Path

from checks.files.state import StateFolder
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from tests.checks.engine.double import engine_of, on_socket
from tui.commands.doctor_engines import engine_health
from tui.plain.terminal import Terminal
from tui.session import Session


def test_engines_in_the_doctor(tmp_path: Path) -> None:
    def told(**environment: str) -> str:
        here = Workstation(tmp_path, environment, FingerprintKey(b"k" * 32), root=tmp_path)
        out = StringIO()
        engine_health(Session(here, StateFolder(tmp_path)), Terminal(out))
        return out.getvalue()

    assert "no docker or Podman socket is here" in told()
    assert "--remote-docker" in told(DOCKER_HOST="tcp://10.1.2.3:2375")
    with tempfile.TemporaryDirectory(prefix="dh-") as folder:
        with on_socket(Path(folder, "engine.sock"), engine_of()) as url:
            assert f"answers at {url}" in told(DOCKER_HOST=url)
        assert "nothing listens there" in told(DOCKER_HOST=url)
