"""A whole case, in each order, at a real registry with an htpasswd file: from the finding to the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import Case, EditStage, Order, Settled, StepId, StepState
from guides.case.opening import look_again
from guides.case.walk import Walk
from guides.registries import htpasswd
from guides.steps.catalog import STEPS, actions_of
from guides.steps.step import StepFailed
from guides.stores.store import StoreError
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act, told
from tests.services.registry import BasicRegistry, basic_registry

U, E, G, P, T, R, _, M, C = StepId


@pytest.fixture
def registry() -> Iterator[tuple[BasicRegistry, Secret]]:
    secret = Secret(random_password())
    with basic_registry({"alice": secret.reveal()}) as running:
        yield running, secret


@pytest.fixture
def scene(tmp_path: Path, registry: tuple[BasicRegistry, Secret]) -> Scene:
    running, secret = registry
    return Scene(tmp_path, secret, running.host)


def files(scene: Scene) -> tuple[Path, Path]:
    """A .env and a shell history, as people have them."""
    value = scene.secret.reveal()
    env = scene.write("shop/.env", f"# shop\nREGISTRY_USER=alice\nREGISTRY_PASSWORD={value}\nPORT=80\n")
    login = f"docker login {scene.registry} -u alice -p {value}"
    history = scene.write(".bash_history", f"ls\n{login}\ncd shop\n")
    return env, history


def settle_files(walk: Walk, env: Path, history: Path) -> None:
    act(walk, P, action_for(walk, env), way="value")
    act(walk, P, action_for(walk, history), way="nothing")


def action_for(walk: Walk, path: Path) -> str:
    open_paths = dict.fromkeys(place.path for place in walk.case.places if place.state is Settled.OPEN)
    return f"file-{list(open_paths).index(str(path))}"


def test_generate_first(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, old = registry
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        assert walk.case.order is Order.GENERATE_FIRST
        assert {place.path for place in walk.case.places} == {str(env), str(history)}
        act(walk, U, "order", contact="the shop team")
        act(walk, E, "accepted")
        act(walk, E, "note", seen="no")
        act(walk, G, "file", path=str(running.htpasswd))
        act(walk, G, "htpasswd")
        new = walk.new()
        assert new and walk.case.new and walk.case.new.username == "alice-2"
        settle_files(walk, env, history)
        act(walk, P, "everywhere")
        act(walk, T, "pull")
        assert walk.case.current is R
        lines = act(walk, R, "htpasswd", word="revoke")
        assert any("Proven: refused" in line for line in lines)
        act(walk, M, "begin", days="30", verify="yes")
        scene.now += 31 * 86400
        act(walk, M, "look")
        act(walk, M, "end")
        act(walk, C, "close", prevent="credsStore")
        assert walk.case.closed
        assert all(walk.case.step(step).state is StepState.DONE for step in walk.case.path)
        assert not scene.store.held
    text = running.htpasswd.read_text()
    assert [user.name for user in htpasswd.users(text)] == ["alice-2"]
    assert htpasswd.accepts(text, "alice-2", new)
    assert f"REGISTRY_PASSWORD={new.reveal()}" in env.read_text()
    assert history.read_text() == "ls\ncd shop\n"
    assert old.reveal() not in "".join(path.read_text() for path in scene.state.path.glob("case-*.json"))


def test_revoke_first(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, _ = registry
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, U, "order", order="revoke-first")
        act(walk, E, "note", seen="yes", text="a pull at night from 203.0.113.9")
        assert walk.case.current is R
        act(walk, G, "file", path=str(running.htpasswd))
        act(walk, R, "htpasswd", word="revoke")
        assert walk.case.old.dead and walk.case.current is G
        assert htpasswd.users(running.htpasswd.read_text()) == ()
        act(walk, G, "htpasswd", username="alice")
        settle_files(walk, env, history)
        act(walk, P, "everywhere")
        act(walk, T, "pull")
        act(walk, M, "begin")
        assert walk.case.current is M


def test_it_goes_on_after_a_restart_and_a_week(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, _ = registry
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, U, "order")
        act(walk, E, "note")
        act(walk, G, "file", path=str(running.htpasswd))
        act(walk, G, "htpasswd")
        begun: Case = walk.case
    scene.now += 7 * 86400
    with scene.walk(begun) as walk:
        look_again(walk)
        assert walk.case.current is P
        assert walk.new() is not None
        settle_files(walk, env, history)
        act(walk, P, "everywhere")
        assert walk.case.current is T


def test_a_refusal_alone_is_no_proof(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    """It was never seen to be accepted, and there is no new one: a wrong password would look the same."""
    running, _ = registry
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, U, "order", order="revoke-first")
        act(walk, E, "note")
        running.set_users({"bob": random_password()})
        with pytest.raises(StepFailed, match="not proven"):
            act(walk, R, "browser", word="revoke")
        assert walk.case.old.dead is None
        assert walk.case.step(R).state is StepState.OPEN


def test_without_its_user_a_refusal_proves_nothing(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    """The new one is accepted, and the old one would be refused whatever it is: nobody knows its user."""
    running, old = registry
    new = random_password()
    running.set_users({"alice": old.reveal(), "alice-2": new})
    env = scene.write("shop/.env", f"REGISTRY_PASSWORD={old.reveal()}\n")
    with scene.walk(scene.credential(env)) as walk:
        walk.log(U, "the registry alone is known", registry=running.host, username="")
        assert "accepted" not in [action.id for action in actions_of(walk, STEPS[E])]
        act(walk, G, "paste", secret=Secret(new), username="alice-2")
        with pytest.raises(StepFailed, match="would prove nothing"):
            act(walk, R, "browser", word="revoke")
        assert walk.case.old.dead is None


def test_what_still_works_is_not_called_dead(scene: Scene) -> None:
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, E, "accepted")
        with pytest.raises(StepFailed, match="still accepts"):
            act(walk, R, "browser", word="revoke")
        assert walk.case.old.dead is None
        assert walk.old() == scene.secret


def test_after_the_proof_it_is_never_sent_again(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, _ = registry
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, E, "accepted")
        running.set_users({})
        act(walk, R, "browser", word="revoke")
        assert walk.case.old.dead
        assert walk.old() is None
        ids = [action.id for step in (E, R) for action in actions_of(walk, STEPS[step])]
        assert "accepted" not in ids and "browser" not in ids


def test_an_editor_that_writes_in_between(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, _ = registry
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, G, "file", path=str(running.htpasswd))
        act(walk, G, "htpasswd")
        wanted = action_for(walk, env)
        offer = next(action for action in actions_of(walk, STEPS[P]) if action.id == wanted).prepare()
        env.write_text(env.read_text() + "MORE=1\n")
        with pytest.raises(StepFailed, match="changed since"):
            list(offer.perform({"way": "value", "note": ""}))
        assert env.read_text().endswith("MORE=1\n") and scene.secret.reveal() in env.read_text()
        act(walk, P, wanted, way="value")
        assert env.read_text().endswith("MORE=1\n") and scene.secret.reveal() not in env.read_text()


def test_an_old_acceptance_is_not_now(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    """Whatever the clock says: the new one counts as accepted within the last minutes only."""
    running, _ = registry
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, G, "file", path=str(running.htpasswd))
        act(walk, G, "htpasswd")
        users = running.htpasswd.read_text()
        for moved in (-3600.0, 7200.0):
            scene.now += moved
            running.set_users({"somebody": random_password()})
            with pytest.raises(StepFailed, match="not proven"):
                act(walk, R, "browser", word="revoke")
            assert walk.case.old.dead is None
        running.htpasswd.write_text(users)


def test_the_network_is_lost_before_the_new_one_is_verified(scene: Scene) -> None:
    """The new secret is in the store, and the case says that it is not verified."""
    scene.registry = "127.0.0.1:1"
    env = scene.write("shop/.env", f"REGISTRY=127.0.0.1:1\nREGISTRY_PASSWORD={scene.secret.reveal()}\n")
    with scene.walk(scene.credential(env)) as walk:
        walk.log(U, "by hand", registry="127.0.0.1:1")
        with pytest.raises(StepFailed, match="is kept, and not verified"):
            act(walk, G, "paste", secret=Secret(random_password()), username="alice")
        assert walk.new() is not None
        assert walk.case.step(G).state is StepState.OPEN
        act(walk, G, "unverified", why="no network here")
        assert "not verified: no network here" in walk.case.step(G).proof


@pytest.mark.parametrize("verb", ["put"])
def test_a_store_that_is_full_loses_nothing(scene: Scene, registry: tuple[BasicRegistry, Secret], verb: str) -> None:
    running, _ = registry
    env, history = files(scene)
    before = running.htpasswd.read_text()
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, G, "file", path=str(running.htpasswd))
        scene.store.deaf.add(verb)
        with pytest.raises(StepFailed, match="nothing was changed"):
            act(walk, G, "htpasswd")
        assert running.htpasswd.read_text() == before
        with pytest.raises(StepFailed, match="could not be kept"):
            act(walk, G, "paste", secret=Secret(random_password()))
        assert walk.case.new is None


def test_a_user_file_on_another_machine(scene: Scene) -> None:
    """The commands ask for the password themselves: none stands in them."""
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        add, _, remove = act(walk, G, "commands", path="/srv/auth file/htpasswd", username="alice-2")
        assert "htpasswd -B '/srv/auth file/htpasswd' alice-2" in add
        assert "htpasswd -D '/srv/auth file/htpasswd' alice" in remove
        assert scene.secret.reveal() not in add + remove


def test_a_store_that_is_locked_when_files_change(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, _ = registry
    env, history = files(scene)
    before = env.read_bytes(), history.read_bytes()
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, G, "file", path=str(running.htpasswd))
        act(walk, G, "htpasswd")
        for verbs in ({"put"}, {"put", "get"}):
            scene.store.deaf = verbs
            for path, way in ((env, "value"), (history, "nothing")):
                with pytest.raises((StepFailed, StoreError)):
                    act(walk, P, action_for(walk, path), way=way)
        assert (env.read_bytes(), history.read_bytes()) == before
        scene.store.deaf = set()
        settle_files(walk, env, history)
        act(walk, P, "everywhere")


def test_without_a_store_understanding_evidence_and_revoking_go_on(
    scene: Scene, registry: tuple[BasicRegistry, Secret]
) -> None:
    running, _ = registry
    env, history = files(scene)
    with scene.walk(scene.credential(env, history)) as walk:
        walk.secrets.store, walk.secrets.refusal = None, "the keyring is locked"
        act(walk, U, "order", order="revoke-first")
        act(walk, E, "accepted")
        act(walk, E, "note")
        assert "the keyring is locked" in told(walk, G)
        running.set_users({})
        act(walk, R, "browser", word="revoke")
        assert walk.case.old.dead


def test_two_cases_share_one_file(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    _, old = registry
    other = Secret(random_password())
    env = scene.write(
        "shop/.env",
        f"REGISTRY_PASSWORD={old.reveal()}\nDATABASE_PASSWORD={other.reveal()}\n",
    )
    twin = Scene(scene.home, other, "", store=scene.store)
    first, second = scene.credential(env), twin.credential(env)
    new_one, new_two = Secret(random_password()), Secret(random_password())
    with scene.walk(first) as one, twin.walk(second) as two:
        for walk, new in ((one, new_one), (two, new_two)):
            walk.log(U, "no registry", registry=None)
            act(walk, G, "paste", secret=new, username="alice")
        offer = next(action for action in actions_of(one, STEPS[P]) if action.id == "file-0").prepare()
        act(two, P, "file-0", way="value")
        with pytest.raises(StepFailed, match="changed since"):
            list(offer.perform({"way": "value", "note": ""}))
        act(one, P, "file-0", way="value")
    assert env.read_text() == f"REGISTRY_PASSWORD={new_one.reveal()}\nDATABASE_PASSWORD={new_two.reveal()}\n"


def test_undo_brings_a_file_back_while_the_case_is_open(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, _ = registry
    env, history = files(scene)
    before = history.read_bytes()
    with scene.walk(scene.credential(env, history)) as walk:
        act(walk, G, "file", path=str(running.htpasswd))
        act(walk, G, "htpasswd")
        act(walk, P, action_for(walk, history), way="nothing")
        assert history.read_bytes() != before
        act(walk, P, "undo-0")
        assert history.read_bytes() == before
        assert walk.case.edits[0].stage is EditStage.UNDONE
        assert all(place.state is Settled.OPEN for place in walk.case.places)
    held = json.loads(next(scene.state.path.glob("case-*.json")).read_text())
    assert held["edits"][0]["record"]["path"] == str(history)
