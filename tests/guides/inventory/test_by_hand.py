"""Uses that people wrote down: what goes into the file, what never does, and what may no longer be so."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from checks.files.state import StateFolder
from checks.model.workstation import Workstation
from checks.uses.by_hand import Entry, read_inventory
from guides.guards.changes import make
from guides.inventory.stale import stale
from guides.inventory.writing import Refused, plan_add, plan_remove, team_file
from tests.checks.conftest import random_token

TODAY = datetime.date(2026, 11, 24)
TEAM = """\
# ours
version: 1

uses:
# the first
- service: nightly import   # runs at 3
  registry: ghcr.io
  owner: "team: shop"
  confirmed: 2026-01-01

- {service: web, registry: docker.io}
"""


@pytest.fixture
def workstation(tmp_path: Path) -> Workstation:
    environment = {"HOME": str(tmp_path), "PATH": "/no-such-folder"}
    return Workstation(tmp_path, environment, StateFolder.open(environment, tmp_path).key(), root=tmp_path / "root")


def entry(**fields: object) -> Entry:
    return Entry(**{"service": "cd", "registry": "quay.io", "confirmed": TODAY, **fields})  # type: ignore[arg-type]


def services(path: Path) -> list[str]:
    held = read_inventory(path.read_text())
    assert not held.problems
    return [one.service for one in held.entries]


def test_adding_and_removing_keep_what_people_wrote(tmp_path: Path, workstation: Workstation) -> None:
    path = tmp_path / ".dockhygiene-uses.yaml"
    path.write_text(TEAM)
    odd = entry(owner="yes", contact='"#x": {a}', update="a: b # c", staging="https://x.example", where="a.yml:3")
    make(plan_add(path, odd, workstation))
    assert path.read_text().startswith(TEAM)
    assert services(path) == ["nightly import", "web", "cd"]
    (held,) = [one for one in read_inventory(path.read_text()).entries if one.service == "cd"]
    assert (held.owner, held.contact, held.update) == ("yes", '"#x": {a}', "a: b # c")
    make(plan_add(path, entry(owner="somebody else"), workstation))
    assert services(path) == ["nightly import", "web", "cd"], "it takes the place of the one before"
    make(plan_remove(path, "nightly import"))
    make(plan_remove(path, "cd"))
    assert path.read_text() == "# ours\nversion: 1\n\nuses:\n# the first\n\n- {service: web, registry: docker.io}\n"
    with pytest.raises(Refused, match="no service of that name"):
        plan_remove(path, "cd")


def test_no_secret_gets_in(tmp_path: Path, workstation: Workstation) -> None:
    path = tmp_path / "uses.yaml"
    token = random_token("ghp_", 36)
    for fields in ({"update": f"use {token}"}, {"contact": token}, {"staging": f"https://u:{token}@x.example"}):
        with pytest.raises(Refused, match="looks like a secret") as caught:
            plan_add(path, entry(**fields), workstation)
        assert token not in str(caught.value)
    assert not path.exists()


def test_a_file_that_is_written_otherwise_is_left_alone(tmp_path: Path, workstation: Workstation) -> None:
    path = tmp_path / "uses.yaml"
    for text in (
        "version: 1\nuses: [{service: a, registry: ghcr.io}]\n",
        "uses:\n- service: a\n  registry: ghcr.io\nversion: 1\n",
        "version: 2\nuses:\n",
        "version: 1\nuses:\n- service: a\n  registry: ghcr.io\n  password: b\n",
        "version: 1\nuses:\n- service: a\n",
        "a: [",
    ):
        path.write_text(text)
        with pytest.raises(Refused):
            plan_add(path, entry(), workstation)
        assert path.read_text() == text


def test_what_may_no_longer_be_so(tmp_path: Path) -> None:
    (tmp_path / "deploy.sh").write_text("one\ntwo\n")
    file = tmp_path / "uses.yaml"
    entries = [
        entry(service="good", where="deploy.sh:2"),
        entry(service="short", where="deploy.sh:3"),
        entry(service="gone", where="other.sh"),
        entry(service="old", confirmed=TODAY - datetime.timedelta(181)),
        entry(service="just", confirmed=TODAY - datetime.timedelta(180)),
        entry(service="never", confirmed=None),
        entry(service="future", confirmed=TODAY + datetime.timedelta(1)),
    ]
    found = {one.service: reason for one, reason in stale(entries, file, TODAY, 180)}
    assert set(found) == {"short", "gone", "old", "never", "future"}
    assert "no line 3 any more" in found["short"] and "181 days ago" in found["old"]


def test_the_teams_file_is_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "shop/.git").mkdir(parents=True)
    (tmp_path / "shop/a/b").mkdir(parents=True)
    assert team_file(tmp_path / "shop/a/b") == tmp_path / "shop/.dockhygiene-uses.yaml"
    assert team_file(Path("/")) is None
