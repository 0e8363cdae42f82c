from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.finding import Severity
from checks.posture.docker_socket import socket_findings
from tests.checks.conftest import MakeWorkstation, write


@pytest.fixture
def short_root() -> Iterator[Path]:
    """A socket's path has at most 107 bytes: pytest's folders are longer."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.parametrize(("mode", "found"), [(0o660, False), (0o666, True), (0o662, True)])
def test_a_socket_that_everybody_can_write_to(
    mode: int, found: bool, workstation: MakeWorkstation, short_root: Path
) -> None:
    path = short_root / "var/run/docker.sock"
    path.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(path))
        path.chmod(mode)
        rules = [one.rule for one in socket_findings(workstation(root=short_root))]
    assert rules == (["open-docker-socket"] if found else [])


@pytest.mark.parametrize(
    ("environment", "severity"),
    [
        ({}, None),
        ({"DOCKER_HOST": "unix:///var/run/docker.sock"}, None),
        ({"DOCKER_HOST": "ssh://h"}, None),
        ({"DOCKER_HOST": "tcp://h:2376", "DOCKER_TLS_VERIFY": "1"}, None),
        ({"DOCKER_HOST": "tcp://h:2376", "DOCKER_TLS": "1"}, Severity.MEDIUM),
        ({"DOCKER_HOST": "tcp://h:2375"}, Severity.HIGH),
        ({"DOCKER_HOST": "tcp://h:2375", "DOCKER_TLS_VERIFY": ""}, Severity.HIGH),
        ({"DOCKER_HOST": "tcp://127.0.0.1:2375"}, Severity.LOW),
        ({"DOCKER_HOST": "tcp://localhost:2375"}, Severity.LOW),
    ],
)
def test_a_daemon_without_tls(
    environment: dict[str, str], severity: Severity | None, workstation: MakeWorkstation
) -> None:
    found = list(socket_findings(workstation(environment)))
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert all(one.place.path == "DOCKER_HOST" for one in found)


@pytest.mark.parametrize("mark", [".dockerenv", "run/.containerenv", None])
@pytest.mark.parametrize("mounted", [True, False])
def test_a_socket_mounted_into_a_container(
    mark: str | None, mounted: bool, workstation: MakeWorkstation, tmp_path: Path
) -> None:
    if mark:
        write(tmp_path / "root" / mark, "")
    lines = "22 1 0:20 / /sys rw - sysfs sysfs rw\n"
    if mounted:
        lines += "99 22 0:24 /docker.sock /run/docker.sock rw,nosuid - tmpfs tmpfs rw\n"
    write(tmp_path / "root/proc/self/mountinfo", lines)
    found = list(socket_findings(workstation()))
    assert [one.rule for one in found] == (["mounted-docker-socket"] if mark and mounted else [])
