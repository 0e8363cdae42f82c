"""What the set-ups stop: with the real dockhygiene, in real clones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.guides.guards.ci.conftest import Server, run_set_up
from tests.guides.guards.ci.events import Event
from tests.guides.guards.ci.test_ranges import SYSTEMS


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_secret_that_came_and_went_in_a_pull_request(system: str, server: Server, tmp_path: Path) -> None:
    secret = server.git("show", f"{server.at['middle']}:middle.sh").split()[-1]
    clone = server.clone(tmp_path / "ci", server.at["last"])
    target = "" if system == "circleci" else "main"
    event = Event(branch="feature", target=target, base=server.at["second"], after=server.at["last"])
    ran = run_set_up(system, event, clone, server, real=True)
    assert ran.code == 1, ran.said
    assert "middle.sh" in ran.said
    assert "old.sh" not in ran.said
    assert secret not in ran.said
    report = clone / "dockhygiene.sarif"
    assert report.exists() == (system in ("github", "gitlab"))
    if report.exists():
        assert secret not in report.read_text()
        assert len(json.loads(report.read_text())["runs"][0]["results"]) == 1


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_clean_push_on_top_of_an_old_secret(system: str, server: Server, tmp_path: Path) -> None:
    clone = server.clone(tmp_path / "ci", server.at["second"])
    event = Event(branch="main", before=server.at["old"], after=server.at["second"])
    ran = run_set_up(system, event, clone, server, real=True)
    assert ran.code == 0, ran.said


def test_a_forced_push_of_the_main_branch_is_looked_at_from_its_beginning(server: Server, tmp_path: Path) -> None:
    clone = server.clone(tmp_path / "ci", server.at["second"])
    event = Event(branch="main", before="1" * 40, after=server.at["second"])
    ran = run_set_up("github", event, clone, server, real=True)
    assert ran.code == 1, ran.said
    assert "old.sh" in ran.said
