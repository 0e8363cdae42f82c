"""What the daemon's files allow to go without TLS."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from guides.registries.insecure import insecure_registries, network_of


@pytest.fixture
def workstation(tmp_path: Path) -> Workstation:
    home = tmp_path / "home"
    home.mkdir()
    return Workstation(home, {"HOME": str(home)}, FingerprintKey(b"k" * 32), root=tmp_path / "root")


def write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def test_hosts_and_networks_of_both_daemons(workstation: Workstation) -> None:
    system, rootless = workstation.system("/etc/docker/daemon.json"), workstation.home / ".config/docker/daemon.json"
    write(system, {"insecure-registries": ["r.example:5000", "10.1.0.0/16", "http://s.example:80/", "10.2.0.1/16"]})
    write(rootless, {"insecure-registries": ["t.example", "fd00::/8", 5, None]})
    assert set(insecure_registries(workstation)) == {
        "r.example:5000",
        "10.1.0.0/16",
        "s.example:80",
        "10.2.0.0/16",
        "t.example",
        "fd00::/8",
    }
    network = network_of(workstation)
    for host in ("r.example:5000", "10.1.9.9:5000", "10.2.9.9", "s.example:80", "t.example", "[fd12::1]:5000"):
        assert network.plain_allowed(host), host
    for host in ("r.example", "10.3.0.1", "t.example:5000", "sub.t.example"):
        assert not network.plain_allowed(host), host


def test_xdg_config_home(workstation: Workstation, tmp_path: Path) -> None:
    elsewhere = Workstation(
        workstation.home, {"XDG_CONFIG_HOME": str(tmp_path / "x")}, workstation.key, root=workstation.root
    )
    write(tmp_path / "x/docker/daemon.json", {"insecure-registries": ["x.example"]})
    write(workstation.home / ".config/docker/daemon.json", {"insecure-registries": ["home.example"]})
    assert list(insecure_registries(elsewhere)) == ["x.example"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"insecure-registries": "r.example"}',
        '{"insecure-registries": {"r.example": true}}',
        '{"insecure-registries": null}',
        '{"insecure-registries": ["r.example"],}',
        " " * 300_000,
    ],
)
def test_what_says_nothing_allows_nothing(workstation: Workstation, content: str) -> None:
    write(workstation.system("/etc/docker/daemon.json"), content)
    assert list(insecure_registries(workstation)) == []


def test_a_fifo_and_a_folder(workstation: Workstation) -> None:
    path = workstation.system("/etc/docker/daemon.json")
    path.mkdir(parents=True)
    rootless = workstation.home / ".config/docker/daemon.json"
    rootless.parent.mkdir(parents=True)
    os.mkfifo(rootless)
    assert list(insecure_registries(workstation)) == []


def test_a_text_that_is_no_network(workstation: Workstation) -> None:
    write(workstation.system("/etc/docker/daemon.json"), {"insecure-registries": ["r.example/path", "10.0.0.0/99", ""]})
    assert network_of(workstation).plain_allowed("r.example")
    assert not network_of(workstation).plain_allowed("9.9.9.9")
