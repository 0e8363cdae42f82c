from __future__ import annotations

from pathlib import Path

import pytest

from checks.posture import tls_keys
from checks.posture.tls_keys import tls_key_findings
from tests.checks.conftest import MakeWorkstation, seen, write


def test_every_key_that_others_can_read(workstation: MakeWorkstation, tmp_path: Path) -> None:
    docker = tmp_path / "home/.docker"
    names = ["key.pem", "contexts/tls/ab/docker/key.pem", "machine/machines/m/server-key.pem", "trust/private/a.key"]
    for name in names:
        write(docker / name, "", 0o644)
    for name in ["ca.pem", "contexts/tls/ab/docker/ca.pem", "contexts/tls/cd/docker/cert.pem", "trust/tuf/a.key"]:
        write(docker / name, "", 0o644)
    write(docker / "contexts/tls/ef/docker/key.pem", "", 0o600)
    certificates = write(tmp_path / "certs/key.pem", "", 0o640)
    found = seen(tls_key_findings(workstation({"DOCKER_CERT_PATH": str(certificates.parent)})))
    assert {one.place.path for one in found.findings} == {str(certificates), *(str(docker / name) for name in names)}
    assert found.skipped == []


def test_the_walk_is_bounded_and_says_so(
    workstation: MakeWorkstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls_keys, "MOST_FILES", 3)
    top = tmp_path / "home/.docker/machine"
    for number in range(5):
        write(top / f"{number}", "")
    write(tmp_path / "home/.docker/trust/private/1/2/3/4/5/6/7/8/a.key", "", 0o644)
    assert len(seen(tls_key_findings(workstation())).skipped) == 2


@pytest.mark.timeout(60)
def test_links_are_no_trap(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top = tmp_path / "home/.docker/machine"
    top.mkdir(parents=True)
    (top / "loop").symlink_to(top)
    (top / "key.pem").symlink_to("nowhere")
    assert seen(tls_key_findings(workstation())).findings == []
