"""The daemon that root starts beforehand for an ordinary user's tests."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.docker_client import docker_cli
from tests.services.dockerd import GIVEN, HOW, dockerd, tiny_image
from tests.services.require import require


@pytest.mark.skipif(os.geteuid() != 0, reason=HOW)
def test_in_the_foreground_for_a_group_until_sigterm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("dockerd", "docker.io")
    path = tmp_path / "d.sock"
    argv = [sys.executable, "-m", "tests.services.dockerd", "--socket", str(path), "--group", "65534"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as serving:
        assert serving.stdout is not None
        assert serving.stdout.readline() == b"ready\n"
        assert path.stat().st_gid == 65534
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        monkeypatch.setenv(GIVEN, f"unix://{path}")
        with dockerd() as url:
            assert url == f"unix://{path}"
            image = tiny_image(url, "given:1")
        listed = docker_cli(tmp_path, "images", "--format", "{{.Repository}}:{{.Tag}}", docker_host=url)
        assert image in listed.stdout.split()
        serving.terminate()
        assert serving.wait(30) == 0
    with socket.socket(socket.AF_UNIX) as connection, pytest.raises(OSError):
        connection.connect(str(path))
