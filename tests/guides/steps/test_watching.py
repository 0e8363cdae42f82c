"""A month of watching: copies, plain text that came back, one verification a day, nothing sent unasked."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.due import DAY, has_ended, in_watch, is_due
from guides.case.model import Settled, StepId
from guides.case.walk import Walk
from guides.registries.network import Network
from guides.steps.step import StepFailed
from guides.steps.watching import look_once
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act
from tests.services.registry import BasicRegistry, basic_registry

U, E, G, P, T, R, _, M, C = StepId


@pytest.fixture
def registry() -> Iterator[tuple[BasicRegistry, Secret, Secret]]:
    old, new = Secret(random_password()), Secret(random_password())
    with basic_registry({"alice": old.reveal(), "alice-2": new.reveal()}) as running:
        yield running, old, new


@pytest.fixture
def watched(tmp_path: Path, registry: tuple[BasicRegistry, Secret, Secret]) -> Iterator[tuple[Scene, Walk]]:
    """A case that has come to its watch; the new secret stands in a .env by choice, the old one nowhere."""
    running, old, new = registry
    scene = Scene(tmp_path, old, running.host)
    env = scene.write("shop/.env", f"REGISTRY_PASSWORD={old.reveal()}\n")
    with scene.walk(scene.credential(env)) as walk:
        walk.log(U, "the registry is known", registry=running.host, username="alice")
        act(walk, U, "order")
        act(walk, E, "note")
        act(walk, G, "paste", secret=new, username="alice-2")
        act(walk, P, "file-0", way="value")
        act(walk, P, "everywhere")
        act(walk, T, "by-hand", text="pulled in staging")
        running.set_users({"alice-2": new.reveal()})
        act(walk, R, "browser", word="revoke")
        yield scene, walk


def test_thirty_quiet_days(watched: tuple[Scene, Walk]) -> None:
    scene, walk = watched
    act(walk, M, "begin", verify="yes")
    assert walk.case.watch and in_watch(walk.case)
    verified = []
    for _ in range(30):
        assert not is_due(walk.case, scene.now)
        scene.now += DAY
        assert is_due(walk.case, scene.now)
        list(look_once(walk))
        assert not walk.case.watch.alarms
        verified.append(walk.case.watch.verified)
    assert len(set(verified)) == 30
    assert has_ended(walk.case, scene.now)
    act(walk, M, "end")
    assert walk.case.current is C


def test_it_verifies_once_a_day_at_most_and_only_where_that_was_agreed(watched: tuple[Scene, Walk]) -> None:
    scene, walk = watched
    act(walk, M, "begin", verify="no")
    assert not any("the new one" in line for line in look_once(walk))
    act(walk, M, "end", why="again")
    walk.reopen(M, "again")
    walk.log(M, "again", watch=None)
    act(walk, M, "begin", verify="yes")
    assert not any("the new one: valid" in line for line in look_once(walk)), "it was verified when the watch began"
    scene.now += DAY
    assert any("the new one: valid" in line for line in look_once(walk))


def test_a_new_one_that_is_refused_is_an_alarm(
    watched: tuple[Scene, Walk], registry: tuple[BasicRegistry, Secret, Secret]
) -> None:
    scene, walk = watched
    act(walk, M, "begin", verify="yes")
    registry[0].set_users({})
    scene.now += DAY
    list(look_once(walk))
    assert walk.case.watch and any("refused" in alarm for alarm in walk.case.watch.alarms)
    with pytest.raises(StepFailed, match="the last look found"):
        act(walk, M, "end", why="early")


def test_a_clock_that_was_set_back(watched: tuple[Scene, Walk]) -> None:
    """What lies in the time to come counts for nothing: the look is due, and the verification too."""
    scene, walk = watched
    act(walk, M, "begin", verify="yes")
    scene.now -= 10 * DAY
    assert is_due(walk.case, scene.now)
    assert any("the new one: valid" in line for line in look_once(walk))


def test_plain_text_that_comes_back(
    watched: tuple[Scene, Walk], registry: tuple[BasicRegistry, Secret, Secret]
) -> None:
    """A docker login that went past the store writes the new one into the file."""
    scene, walk = watched
    _, _, new = registry
    act(walk, M, "begin")
    twin = Scene(scene.home, new, scene.registry, "alice-2")
    twin.log_in()
    assert any("the new one stands in plain text in ~/.docker/config.json" in line for line in look_once(walk))
    assert walk.case.watch and walk.case.watch.alarms


def test_an_old_line_that_a_shell_writes_back(watched: tuple[Scene, Walk]) -> None:
    scene, walk = watched
    act(walk, M, "begin")
    scene.write(".bash_history", f"docker login {scene.registry} -u alice -p {scene.secret.reveal()}\n")
    assert any("the old one stands in plain text in ~/.bash_history" in line for line in look_once(walk))


def test_what_was_left_on_purpose_is_no_alarm(watched: tuple[Scene, Walk]) -> None:
    scene, walk = watched
    kept = scene.write("kept/.env", f"REGISTRY_PASSWORD={scene.secret.reveal()}\n")
    known = walk.case.places[0]
    place = replace(known, id="0" * 16, path=str(kept), state=Settled.LEFT, note="a museum", way="")
    walk.log(P, "left", places=(*walk.case.places, place))
    act(walk, M, "begin")
    assert walk.case.watch and not walk.case.watch.alarms
    assert scene.secret.reveal() in kept.read_text()


def test_the_old_one_is_never_sent_again(
    watched: tuple[Scene, Walk], registry: tuple[BasicRegistry, Secret, Secret], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, walk = watched
    sent: list[str] = []
    original = Network.send

    def watching(self: Network, method: str, url: str, **rest: object) -> object:
        sent.append(str(rest.get("headers")))
        return original(self, method, url, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Network, "send", watching)
    act(walk, M, "begin", verify="yes")
    for _ in range(3):
        scene.now += DAY
        list(look_once(walk))
    basic = base64.b64encode(f"alice:{scene.secret.reveal()}".encode()).decode()
    assert sent and not any(basic in headers for headers in sent)
