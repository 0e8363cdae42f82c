from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.posture.plain_http import plain_http_findings, read_registry_settings
from tests.checks.conftest import MakeWorkstation, seen, write


@pytest.mark.parametrize(
    "path", ["root/etc/docker/daemon.json", "home/.config/docker/daemon.json", "home/.docker/daemon.json"]
)
def test_the_daemons_settings(path: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    document = {
        "insecure-registries": ["r.test:5000", "localhost:5000", "127.0.0.0/8", "::1/128", "10.0.0.0/8"],
        "registry-mirrors": ["http://m.test", "https://m.test", "http://localhost:5000"],
    }
    file = write(tmp_path / path, json.dumps(document, indent=1))
    found = seen(plain_http_findings(workstation())).findings
    assert [one.locator for one in found] == [
        "insecure-registries/r.test:5000",
        "insecure-registries/10.0.0.0/8",
        "registry-mirrors/http://m.test",
    ]
    assert found[0].place.line == file.read_text().splitlines().index('  "r.test:5000",') + 1
    assert found[1].title.startswith("every registry in 10.0.0.0/8")
    assert all(one.secret is None for one in found)


@pytest.mark.parametrize(
    "path",
    [
        "root/etc/containers/registries.conf",
        "root/etc/containers/registries.conf.d/a.conf",
        "home/.config/containers/registries.conf",
        "home/.config/containers/registries.conf.d/b.conf",
    ],
)
def test_podmans_settings(path: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    text = """
[[registry]]
prefix = "p.test"
insecure = true
[[registry]]
prefix = "ignored.test"
location = "l.test:5000/x"
insecure = true
[[registry.mirror]]
location = "m.test"
insecure = true
[[registry]]
location = "localhost:5000"
insecure = true
[[registry]]
location = "safe.test"
"""
    write(tmp_path / path, text)
    found = seen(plain_http_findings(workstation())).findings
    assert [one.registry for one in found] == ["p.test", "l.test:5000", "m.test"]
    assert [one.place.line for one in found] == [3, 7, 10]


def test_the_older_form(workstation: MakeWorkstation, tmp_path: Path) -> None:
    text = '[registries.search]\nregistries = ["s.test"]\n[registries.insecure]\nregistries = ["i.test", "localhost"]\n'
    write(tmp_path / "root/etc/containers/registries.conf", text)
    assert [one.registry for one in seen(plain_http_findings(workstation())).findings] == ["i.test"]


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "registry = 5",
        'registry = ["x"]',
        "[registry]\ninsecure = true",
        "registries = 5",
        "[registries]\ninsecure = 1",
    ],
)
def test_odd_settings_raise_nothing(text: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "root/etc/containers/registries.conf", text)
    assert not seen(plain_http_findings(workstation())).findings


@pytest.mark.timeout(60)
def test_hostile_settings_are_skipped(workstation: MakeWorkstation, tmp_path: Path) -> None:
    for text in (b"a = " + b"[" * 100_000, b"\xff", b"a" * 2**20):
        file = write(tmp_path / "registries.conf", text)
        assert len(seen(read_registry_settings(file)).skipped) == 1
    broken = write(tmp_path / "daemon.json", '{"insecure-registries": ["r.test", 5, {}], "registry-mirrors": {}}')
    assert seen(read_registry_settings(broken)).rules == ["plain-http-registry"]
