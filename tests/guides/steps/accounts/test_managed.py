"""The same steps at Harbor, Quay, JFrog, Scaleway and IBM Cloud: one more is made, the old one ends, proven dead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import Settled, StepId, StepState
from guides.case.walk import Walk
from guides.steps.step import StepFailed
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act, told
from tests.services.digitalocean_double import DigitalOceanDouble
from tests.services.double import Fault
from tests.services.harbor_double import MANAGING, PULL, HarborDouble
from tests.services.ibm_double import IbmDouble
from tests.services.jfrog_double import JFrogDouble
from tests.services.quay_double import QuayDouble
from tests.services.registry_double import ProviderDouble
from tests.services.scaleway_double import ORGANISATION, ScalewayDouble

U, E, G, P, T, R, _, M, C = StepId
ROBOT = "robot$shop+ci"


@contextmanager
def opened(home: Path, double: ProviderDouble, provider: str, username: str, old: str) -> Iterator[tuple[Scene, Walk]]:
    """A case of this login, found in a shell's history; its registry is on loopback, so its provider is named here."""
    scene = Scene(home, Secret(old), double.registry.host, username, api_hosts={provider: double.base_url})
    history = scene.write(".bash_history", f"ls\ndocker login {scene.registry} -u '{username}' -p {old}\n")
    env = scene.write("shop/.env", f"REGISTRY_PASSWORD={old}\n")
    with scene.walk(scene.credential(history, env)) as walk:
        walk.log(U, "the provider is known", provider=provider)
        yield scene, walk


def settle(walk: Walk) -> None:
    """The new one takes the old one's place in the .env; the line of the history goes."""
    for path in dict.fromkeys(one.path for one in walk.case.places):
        act(walk, P, "file-0", way="value" if path.endswith(".env") else "nothing")
    act(walk, P, "everywhere")


@pytest.fixture
def harbor() -> Iterator[HarborDouble]:
    with HarborDouble() as double:
        double.passwords, double.projects = {"alice": random_password()}, {"shop": (7, "alice")}
        yield double


def test_a_whole_walk_at_harbor(tmp_path: Path, harbor: HarborDouble) -> None:
    old = harbor.secrets[harbor.issue("shop", "ci")]
    manager = {"user": "alice", "manager": Secret(harbor.passwords["alice"])}
    with opened(tmp_path, harbor, "harbor", ROBOT, old) as (scene, walk):
        act(walk, U, "order", order="generate-first")
        assert walk.kind.id == "harbor-robot"
        harbor.enter(ROBOT, old)
        lines = act(walk, E, "harbor", **manager)
        assert any("pull repository" in line for line in lines) and any("log: " in line for line in lines)
        act(walk, E, "note", seen="no")
        assert "PATCH /robots/{id}" in told(walk, G)
        act(walk, G, "harbor", **manager)
        new, held = walk.new(), walk.case.new
        assert new and held and held.accepted and held.username.startswith("robot$shop+dockhygiene-")
        settle(walk)
        act(walk, T, "pull", repository="shop/web")
        assert walk.case.current is R
        lines = act(walk, R, "harbor-disable", **manager, word="revoke")
        assert any(line.startswith("Proven: refused by") for line in lines)
        assert walk.case.old.dead and all(place.state is not Settled.OPEN for place in walk.case.places)
        assert walk.case.step(T).state is StepState.DONE
        assert (scene.home / "shop/.env").read_text() == f"REGISTRY_PASSWORD={new.reveal()}\n"
        assert harbor.enter(held.username, new.reveal()) is not None
    assert [robot["disable"] for robot in harbor.robots.values()] == [True, False]
    assert not [one for one in harbor.log if one.method == "PATCH"]
    kept = "".join(path.read_text() for path in scene.state.path.glob("case-*.json"))
    assert old not in kept and new.reveal() not in kept and harbor.passwords["alice"] not in kept


def test_a_whole_walk_at_quay(tmp_path: Path) -> None:
    with QuayDouble() as quay:
        old, manager = quay.issue("ci", web="read", api="write"), Secret(quay.administrator)
        with opened(tmp_path, quay, "quay", "acme+ci", old) as (_, walk):
            act(walk, U, "order", order="generate-first")
            lines = act(walk, E, "quay", manager=manager)
            assert "rights: read web; write api" in lines
            act(walk, E, "note")
            act(walk, G, "quay", manager=manager)
            held = walk.case.new
            assert held and held.accepted
            assert quay.roles[held.username] == quay.roles["acme+ci"]
            settle(walk)
            act(walk, T, "pull", repository="acme/web")
            lines = act(walk, R, "quay-delete", manager=manager, word="revoke")
            assert any(line.startswith("Proven: refused by") for line in lines)
            assert list(quay.robots) == [held.username]
        assert not [one for one in quay.log if "regenerate" in one.path]


def test_jfrogs_token_does_it_all_by_itself(tmp_path: Path) -> None:
    with JFrogDouble() as jfrog:
        old = jfrog.issue("alice")
        with opened(tmp_path, jfrog, "jfrog", "alice", old.value) as (_, walk):
            assert any(old.id in line for line in act(walk, E, "jfrog"))
            act(walk, G, "jfrog")
            assert walk.case.new and walk.case.new.accepted and walk.case.new.username == "alice"
            act(walk, R, "jfrog-delete", word="revoke")
            assert walk.case.old.dead
        assert old.id not in jfrog.tokens and len(jfrog.tokens) == 1


def test_scaleway_wants_the_access_key(tmp_path: Path) -> None:
    with ScalewayDouble() as scaleway:
        access, manager = scaleway.issue(), scaleway.issue("admin", manages=True)
        login = Secret(scaleway.values[manager])
        with opened(tmp_path, scaleway, "scaleway", "nologin", scaleway.values[access]) as (_, walk):
            with pytest.raises(StepFailed, match="no access key"):
                act(walk, E, "scaleway", manager=login)
            with pytest.raises(StepFailed, match="IAMManager"):
                act(walk, E, "scaleway", access_key=access)
            act(walk, G, "scaleway", access_key=access, manager=login)
            lines = act(walk, E, "scaleway", access_key=access, manager=login, organisation=ORGANISATION)
            assert any("created api_key" in line for line in lines)
            assert walk.case.new
            with pytest.raises(StepFailed, match="is the new one"):
                act(walk, R, "scaleway-delete", access_key=walk.case.new.remote_id, manager=login, word="revoke")
            act(walk, R, "scaleway-delete", access_key=access, manager=login, word="revoke")
            assert walk.case.old.dead and access not in scaleway.keys


def test_ibms_key_switches_itself_off(tmp_path: Path) -> None:
    with IbmDouble() as ibm:
        found = ibm.issue()
        with opened(tmp_path, ibm, "ibm", "iamapikey", ibm.values[found]) as (_, walk):
            assert any("last sign-in with it: 2026-11-24" in line for line in act(walk, E, "ibm"))
            act(walk, G, "ibm")
            act(walk, R, "ibm-disable", word="revoke")
            assert walk.case.old.dead and ibm.keys[found]["disabled"]


def test_digitaloceans_login_takes_the_tokens_place(tmp_path: Path) -> None:
    with DigitalOceanDouble() as ocean:
        old = ocean.issue()
        with opened(tmp_path, ocean, "digitalocean", old, old) as (scene, walk):
            assert act(walk, E, "digitalocean") == ["token of alice@example.com"]
            with pytest.raises(StepFailed, match="a user name is needed"):
                act(walk, G, "digitalocean", manager=Secret(old))
            act(walk, G, "digitalocean", manager=Secret(old), username="alice@example.com")
            assert walk.case.new and walk.case.new.accepted
            with pytest.raises(StepFailed, match="still accepts it"):
                act(walk, R, "digitalocean", word="revoke")
            ocean.tokens.clear()
            act(walk, R, "digitalocean", word="revoke")
            assert walk.case.old.dead
        assert old not in "".join(path.read_text() for path in scene.state.path.glob("case-*.json"))


def test_a_robot_with_the_right_needs_nobody(tmp_path: Path, harbor: HarborDouble) -> None:
    old = harbor.secrets[harbor.issue("shop", "ci", [PULL, *MANAGING])]
    with opened(tmp_path, harbor, "harbor", ROBOT, old) as (_, walk):
        act(walk, G, "harbor")
        act(walk, R, "harbor-delete", word="revoke")
        assert walk.case.old.dead


def test_a_user_without_a_password_sends_nothing(tmp_path: Path, harbor: HarborDouble) -> None:
    """The robot's secret must never be tried as a person's password: that locks people out."""
    old = harbor.secrets[harbor.issue("shop", "ci")]
    with opened(tmp_path, harbor, "harbor", ROBOT, old) as (_, walk):
        with pytest.raises(StepFailed, match="nothing was entered"):
            act(walk, G, "harbor", user="alice")
        assert not harbor.log


def test_what_is_lost_on_the_way_is_named(tmp_path: Path) -> None:
    """A robot whose answer was lost; and one that is kept before its rights could be given."""
    with QuayDouble() as quay:
        old, manager = quay.issue("ci", web="read"), Secret(quay.administrator)
        with opened(tmp_path, quay, "quay", "acme+ci", old) as (_, walk):
            quay.fail(Fault("lost"), "PUT", "/api/v1/organization", times=1)
            with pytest.raises(StepFailed, match="delete it there"):
                act(walk, G, "quay", manager=manager)
            assert walk.case.pending and walk.case.new is None
            quay.robots.pop(next(name for name in quay.robots if name != "acme+ci"))
            quay.fail(Fault(status=403, content={"message": "no"}), "PUT", "/api/v1/repository", times=1)
            with pytest.raises(StepFailed, match="give it its rights on the web page"):
                act(walk, G, "quay", manager=manager)
            assert walk.case.new and walk.new()
