"""A month of monitoring on a clock that the test moves: what is due, what is an alarm, and when it is none any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checks.formats.registry_names import server_of
from checks.model.secret import Secret
from guides.case import file
from guides.case.due import DAY
from guides.case.model import Case, StepRecord, StepState
from guides.monitor.looking import Seen, look_over
from guides.monitor.memory import remembered
from guides.monitor.state import State, states
from guides.move import journal
from guides.move.journal import JournalRecord, Move, MoveState
from guides.rotation.policy import Policy, Rule
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene
from tests.guides.rotation.place import M, first_case, stored
from tests.services.registry import BasicRegistry, basic_registry

POLICY = Policy(default=30, warn=3)


@pytest.fixture
def registry() -> Iterator[BasicRegistry]:
    with basic_registry({"alice": random_password()}) as running:
        yield running


@pytest.fixture
def scene(tmp_path: Path, registry: BasicRegistry) -> Iterator[Scene]:
    with stored(tmp_path, Secret(random_password()), registry.host) as made:
        first_case(made, registry)
        yield made


def look(scene: Scene, policy: Policy = POLICY, **how: object) -> list[Seen]:
    return list(look_over(scene.around(), policy, **how))  # type: ignore[arg-type]


def table(scene: Scene, policy: Policy = POLICY) -> list[State]:
    cases, moves = file.read_all(scene.state).cases, journal.read_all(scene.state).moves
    return list(states(cases, moves, remembered(scene.state), policy, scene.now))


def the_case(scene: Scene) -> Case:
    (case,) = file.read_all(scene.state).cases
    return case


def test_a_month(scene: Scene, registry: BasicRegistry) -> None:
    """Quiet days; plain text that comes and goes; a refused login that heals; the end of the watch; the policy."""
    alarms, verified = {}, set()
    new = scene.store.get("0a1b2c3d/new")
    assert new
    for day in range(1, 32):
        scene.now += DAY
        if day == 5:
            scene.log_in()  # the old one, by a docker login that went past the store
        if day == 7:
            scene.write(".docker/config.json", f'{{"credHelpers": {{"{registry.host}": "demo"}}}}')
        if day == 10:
            registry.set_users({"somebody": random_password()})
        if day == 12:
            registry.set_users({"alice-2": new.reveal()})
        if day in (1, 5, 6, 7, 10, 12, 13, 28, 30, 31):
            (seen,) = look(scene)
            alarms[day] = seen.alarms
            verified.add(the_case(scene).watch.verified)  # type: ignore[union-attr]
            due = seen.due
            assert bool(due) == (day >= 30), (day, due)
    assert [day for day, found in alarms.items() if found] == [5, 6, 10]
    assert "the old one stands in plain text in ~/.docker/config.json" in alarms[5][0]
    assert "the new one: refused" in alarms[10][0]
    assert "the watch is over" in due
    assert len(verified) == 10, "once in each day on which somebody looked"
    assert "31 days old, and the policy allows 30" in due


def test_one_verification_a_day_however_often_is_looked(scene: Scene, registry: BasicRegistry) -> None:
    scene.now += DAY
    registry.set_users({"somebody": random_password()})
    (first,), (second,) = look(scene), look(scene)
    assert any("the new one: refused" in alarm for alarm in first.alarms)
    assert second.alarms == first.alarms, "it stands until the next verification"
    assert "refused" not in "".join(second.lines), "and was not asked for again"


def test_nobody_but_approved_hosts_is_contacted(scene: Scene, registry: BasicRegistry) -> None:
    scene.now += DAY
    registry.set_users({"somebody": random_password()})
    for hosts in ((), ("ghcr.io",)):
        (seen,) = look(scene, hosts=hosts)
        assert not seen.alarms
        assert the_case(scene).watch.verified < scene.now  # type: ignore[union-attr]
    (seen,) = look(scene, hosts=(registry.host,))
    assert seen.alarms


def test_the_old_user_is_back_in_the_registrys_own_file(scene: Scene, registry: BasicRegistry) -> None:
    (seen,) = look(scene, hosts=())
    assert any("the old one stays dead" in line for line in seen.lines)
    registry.set_users({"alice": random_password(), "alice-2": random_password()})
    (seen,) = look(scene, hosts=())
    assert any("in the registry's user file again" in alarm for alarm in seen.alarms)


def test_a_closed_case_is_followed_on(scene: Scene, registry: BasicRegistry) -> None:
    case = the_case(scene)
    steps = {**case.steps, M: StepRecord(StepState.DONE, scene.now)}
    file.write(scene.state, replace(case, steps=steps, new=replace(case.new, expires="2027-02-10")))  # type: ignore[type-var]
    (seen,) = look(scene, hosts=(registry.host,))
    assert any(line.startswith("valid") for line in seen.lines)
    registry.set_users({"somebody": random_password()})
    assert not look(scene, hosts=(registry.host,))[0].alarms, "once a day"
    scene.now += DAY
    (seen,) = look(scene, hosts=(registry.host,))
    assert any("it does not work any more: refused" in alarm for alarm in seen.alarms)
    (row,) = table(scene, Policy(default=0))
    assert row.alarms == seen.alarms
    scene.now += 60 * DAY
    (row,) = table(scene, Policy(default=0))
    assert any("it expired on 2027-02-10" in due for due in row.due), row


def test_a_moved_login_comes_back_in_plain_text(tmp_path: Path, registry: BasicRegistry) -> None:
    """It has no case: the journal of moves says that it was moved, and docker login wrote another one."""
    with stored(tmp_path, Secret(random_password()), registry.host) as scene:
        key, server = scene.workstation.key, server_of(registry.host)
        record = JournalRecord(server, "alice", key.of("record", "alice", scene.secret), "absent")
        journal.write(scene.state, Move("aa", MoveState.DONE, scene.now, "demo", (record,), ()))
        (seen,) = look(scene)
        assert not seen.alarms and not seen.due
        other = Scene(scene.home, Secret(random_password()), scene.registry, store=scene.store)
        other.log_in()
        (seen,) = look(scene)
        assert any("~/.docker/config.json" in alarm and "went past the store" in alarm for alarm in seen.alarms)
        scene.config.unlink()
        scene.write(".bashrc", f"export REGISTRY_PASSWORD={scene.secret.reveal()}\n")
        (seen,) = look(scene)
        assert any("~/.bashrc" in alarm and "where it did not before" in alarm for alarm in seen.alarms)
        (scene.home / ".bashrc").unlink()
        assert not look(scene)[0].alarms
        scene.now += 40 * DAY
        rule = Rule(registry.host, "alice", 40)
        assert "the policy allows 40" in look(scene, Policy(credentials=(rule,)))[0].due
        held = "".join(path.read_text() for path in scene.state.path.glob("*.json"))
        assert scene.secret.reveal() not in held and other.secret.reveal() not in held
