from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks import docker_posture
from checks.model.workstation import Workstation
from tests.checks.conftest import MakeWorkstation, Seen, encoded, random_password, seen, write


def survey(here: Workstation) -> Seen:
    return seen(docker_posture.survey(here))


def test_a_sound_workstation_has_no_findings(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "home/.docker/config.json", json.dumps({"auths": {"h": {}}}))
    (tmp_path / "home/.docker").chmod(0o700)
    found = survey(workstation())
    assert (found.findings, found.skipped, len(found.looked)) == ([], [], 1)


def test_an_empty_workstation_has_no_findings(workstation: MakeWorkstation) -> None:
    found = survey(workstation())
    assert (found.findings, found.skipped, found.looked) == ([], [], [])


@pytest.mark.parametrize(
    ("path", "claimed"),
    [
        ("/h/.docker/config.json", True),
        ("/h/.docker/key.pem", True),
        ("/h/.docker/contexts/tls/abc/docker/key.pem", True),
        ("/h/.docker/machine/machines/x/server-key.pem", True),
        ("/h/.docker/trust/private/abc.key", True),
        ("/h/.docker/contexts/meta/abc/meta.json", False),
        ("/h/.docker/ca.pem", False),
        ("/h/key.pem", False),
        ("/etc/docker/daemon.json", True),
        ("/etc/containers/registries.conf", True),
        ("/etc/containers/registries.conf.d/x.conf", True),
        ("/h/config.json", False),
    ],
)
def test_files_known_by_name(path: str, claimed: bool) -> None:
    assert docker_posture.claims(Path(path)) is claimed


def test_every_claimed_file_can_be_read(workstation: MakeWorkstation, tmp_path: Path) -> None:
    config = write(tmp_path / "tree/.docker/config.json", '{"credsStore": "../x"}')
    key = write(tmp_path / "tree/.docker/key.pem", "", 0o644)
    daemon = write(tmp_path / "tree/docker/daemon.json", '{"insecure-registries": ["r.test"]}')
    rules = [seen(docker_posture.read(workstation(), path)).rules for path in (config, key, daemon)]
    assert rules == [["unsafe-helper-name"], ["readable-key"], ["plain-http-registry"]]


def test_programs_are_looked_up_only_for_the_own_file(workstation: MakeWorkstation, tmp_path: Path) -> None:
    text = '{"credsStore": "nowhere"}'
    foreign = write(tmp_path / "tree/.docker/config.json", text)
    own = write(tmp_path / "home/.docker/config.json", text)
    assert seen(docker_posture.read(workstation(), foreign)).rules == []
    assert seen(docker_posture.read(workstation(), own)).rules == ["missing-helper"]


def test_ids_are_unique_and_titles_printable(workstation: MakeWorkstation, tmp_path: Path) -> None:
    auth = {"auth": encoded("u", random_password())}
    document = {
        "auths": {"docker.io": auth, "index.docker.io": auth, "http://h\u202e": auth, "ghcr.io": auth},
        "credsStore": "no\u001bwhere",
        "credHelpers": {"ghcr.io": "x y", "quay.io": "", "a": "plaintext"},
        "HttpHeaders": {"X-Registry-Auth": "x", "Authorization": "Bearer " + random_password()},
        "proxies": {"default": {"httpProxy": "http://u:p@h\u202e", "httpsProxy": "http://u:p@h"}},
    }
    write(tmp_path / "home/.docker/config.json", json.dumps(document), 0o666)
    here = workstation({"DOCKER_HOST": "tcp://10.0.0.1:2375"})
    findings = survey(here).findings
    assert len(findings) > 9
    assert len({finding.id(here.key) for finding in findings}) == len(findings)
    for finding in findings:
        assert finding.title.isprintable()
        assert finding.advice.isprintable()
        assert finding.check == docker_posture.id


def test_an_unreadable_file_is_skipped(workstation: MakeWorkstation, tmp_path: Path) -> None:
    (tmp_path / "home/.docker/config.json").mkdir(parents=True)
    assert [one.reason for one in survey(workstation()).skipped] == ["not a regular file: a folder"]
