from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from checks.formats.docker_auth import read_auth_file
from checks.model.finding import Finding, Severity
from checks.posture.helper_programs import helper_findings
from tests.checks.conftest import MakeWorkstation, write

PATH = Path("/x/config.json")


@pytest.fixture
def look(workstation: MakeWorkstation, tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(document: object, path: str = "", own: bool = True, **fields: object) -> list[Finding]:
        auth_file = read_auth_file(json.dumps(document).encode())
        here = workstation({"PATH": path}, **fields)
        return list(helper_findings(here, auth_file, PATH, own=own))

    return run


def program(folder: Path, suffix: str, mode: int = 0o755) -> str:
    marker = folder / "started"
    write(folder / f"docker-credential-{suffix}", f"#!/bin/sh\ntouch {marker}\n", mode)
    folder.chmod(0o755)
    return str(folder)


def test_an_installed_helper_is_fine_and_is_not_started(look, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = program(tmp_path / "bin", "pass")
    assert look({"credsStore": "pass", "credHelpers": {"ghcr.io": "pass"}}, folder) == []
    assert not (tmp_path / "bin/started").exists()


def test_a_missing_helper_is_told_once(look, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (finding,) = look({"credsStore": "pass", "credHelpers": {"a": "pass", "b": "pass"}}, str(tmp_path))
    assert (finding.rule, finding.place.field) == ("missing-helper", "credsStore")
    assert "is not on PATH" in finding.title
    (finding,) = look({"credsStore": "desktop"}, "")
    assert "Docker Desktop" in finding.advice


def test_what_lies_there_instead(look, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = program(tmp_path / "bin", "pass", 0o644)
    assert "is not executable" in look({"credsStore": "pass"}, folder)[0].title
    (tmp_path / "bin/docker-credential-gone").symlink_to("nowhere")
    assert "a link to nothing" in look({"credsStore": "gone"}, folder)[0].title


@pytest.mark.parametrize("suffix", ["../../tmp/x", "a b", "a;b", "a/b", "\u202ex", "\n"])
def test_a_name_that_leads_astray(suffix: str, look) -> None:  # type: ignore[no-untyped-def]
    (finding,) = look({"credHelpers": {"h": suffix}}, own=False)
    assert (finding.rule, finding.severity) == ("unsafe-helper-name", Severity.HIGH)
    assert finding.title.isprintable()


@pytest.mark.parametrize("suffix", ["plaintext", "flatfile", "file", "env"])
def test_a_helper_that_is_plain_text(suffix: str, look) -> None:  # type: ignore[no-untyped-def]
    assert [one.rule for one in look({"credsStore": suffix}, own=False)] == ["plain-text-helper"]


def test_an_empty_name_is_a_pin_that_breaks_podman(look) -> None:  # type: ignore[no-untyped-def]
    (finding,) = look({"credHelpers": {"h": ""}})
    assert (finding.rule, finding.severity) == ("empty-helper-name", Severity.LOW)
    assert look({"credsStore": ""}) == []


def test_unsafe_entries_of_path(look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    folder = program(tmp_path / "bin", "pass")
    assert [one.rule for one in look({"credsStore": "pass"}, f":{folder}")] == ["helper-from-unsafe-folder"]
    monkeypatch.chdir(tmp_path)
    assert [one.rule for one in look({"credsStore": "pass"}, "bin")] == ["helper-from-unsafe-folder"]
    Path(folder).chmod(0o777)
    assert [one.rule for one in look({"credsStore": "pass"}, folder)] == ["helper-from-unsafe-folder"]
    Path(folder).chmod(0o755)
    assert look({"credsStore": "pass"}, f"{folder}:relative:") == []  # docker finds it before it comes there


def test_a_program_that_others_can_change(look, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = program(tmp_path / "bin", "pass", 0o757)
    assert [one.rule for one in look({"credsStore": "pass"}, folder)] == ["helper-writable-by-others"]


def test_a_folder_of_another_user(look, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    folder = program(tmp_path / "bin", "pass")
    monkeypatch.setattr("checks.files.safe_path._trusted", lambda: frozenset({0, os.geteuid() + 4242}))
    found = look({"credsStore": "pass"}, folder)
    assert bool(found) is (os.geteuid() != 0)  # root's folders are trusted
