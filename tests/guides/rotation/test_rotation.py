"""A rotation of what a case has made: at a real registry, at a provider's API, and killed in the middle of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.files.state import StateFolder
from checks.formats.registry_names import server_of
from checks.model.secret import Secret
from guides.case import file
from guides.case.model import Settled, StepId, StepState
from guides.move import journal
from guides.registries import htpasswd
from guides.rotation.at_once import plan, possible
from guides.rotation.starting import NotAtHand, rotation
from guides.steps.step import StepFailed
from guides.stores.catalog import find_store
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act
from tests.guides.rotation.place import all_at_once, first_case, followed, stored
from tests.services.gitlab_double import GitLabDouble
from tests.services.registry import BasicRegistry, basic_registry

U, E, G, P, T, R, _, M, C = StepId


@pytest.fixture
def registry() -> Iterator[tuple[BasicRegistry, Secret]]:
    secret = Secret(random_password())
    with basic_registry({"alice": secret.reveal()}) as running:
        yield running, secret


@pytest.fixture
def scene(tmp_path: Path, registry: tuple[BasicRegistry, Secret]) -> Iterator[Scene]:
    running, secret = registry
    with stored(tmp_path, secret, running.host) as made:
        first_case(made, running)
        yield made


def names(running: BasicRegistry) -> list[str]:
    return [user.name for user in htpasswd.users(running.htpasswd.read_text())]


def test_all_at_once(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, _ = registry
    one = followed(scene)
    assert (one.username, one.made) == ("alice-2", True)
    with rotation(scene.around(), one) as walk:
        case = walk.case
        assert (case.registry, case.username, case.htpasswd) == (running.host, "alice-2", str(running.htpasswd))
        assert case.notes.contact == "the shop team"
        assert case.current is G, "what the last case knew need not be said again"
        offer = plan(walk)
        assert any("docker's store gets the new login" in line for line in offer.effects)
        assert any("a watch begins" in line for line in offer.effects)
        lines = all_at_once(walk)
        assert any(line.startswith("Proven: docker finds the new login") for line in lines)
        assert any("Proven: refused" in line for line in lines)
        assert walk.case.old.dead and walk.case.watch and walk.case.watch.hosts
    assert names(running) == ["alice-2-2"]
    record = find_store("demo", scene.environment).get(server_of(running.host))
    assert record and record.username == "alice-2-2"
    assert htpasswd.accepts(running.htpasswd.read_text(), "alice-2-2", record.secret)
    assert followed(scene).username == "alice-2-2"
    first, second = file.read_all(scene.state).cases
    assert not scene.store.get(f"{first.id}/new") and not scene.store.get(f"{second.id}/old"), "what is dead is erased"
    with scene.walk(first) as walk:
        assert list(act(walk, M, "look")), "the watch of the first case goes on, and verifies nothing that is dead"
        assert walk.case.watch and not walk.case.watch.alarms


@pytest.mark.parametrize("write", [6, 11])
def test_killed_in_the_middle(scene: Scene, registry: tuple[BasicRegistry, Secret], write: int) -> None:
    """At every moment a login works, and the rotation can be ended afterwards."""
    running, _ = registry
    one = followed(scene)
    child = os.fork()
    if child == 0:
        written, original = 0, StateFolder.write

        def counting(self: StateFolder, name: str, data: bytes) -> None:
            nonlocal written
            original(self, name, data)
            if name.startswith("case-"):
                written += 1
                if written == write:
                    os.kill(os.getpid(), signal.SIGKILL)

        StateFolder.write = counting  # type: ignore[method-assign]
        try:
            with rotation(scene.around(), one) as walk:
                all_at_once(walk)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was killed, and did not come to its end"
    record = find_store("demo", scene.environment).get(server_of(running.host))
    assert record and htpasswd.accepts(running.htpasswd.read_text(), record.username, record.secret)
    with rotation(scene.around(), one) as walk:
        if walk.case.pending:
            act(walk, walk.case.current or G, "pending")
        if walk.case.old.dead is None:
            all_at_once(walk)
        assert walk.case.old.dead
    assert "alice-2" not in names(running)
    record = find_store("demo", scene.environment).get(server_of(running.host))
    assert record and htpasswd.accepts(running.htpasswd.read_text(), record.username, record.secret)


def test_it_stops_where_something_is_not_proven(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    """A use that a person has to change: the new one is made, and nothing ends."""
    running, _ = registry
    script = scene.write("src/shop/deploy.sh", f"docker login -u alice-2 --password-stdin {running.host}\n")
    (script.parent / ".git").mkdir()
    with rotation(scene.around(), followed(scene)) as walk:
        from guides.case.opening import look_for_uses

        look_for_uses(walk, None)
        assert any("for you to change" in line for line in plan(walk).effects)
        with pytest.raises(StepFailed, match="changed elsewhere, by a person"):
            all_at_once(walk)
        assert walk.case.new and walk.case.new.accepted and walk.case.old.dead is None
        assert sorted(names(running)) == ["alice-2", "alice-2-2"]
        act(walk, P, "use-0", state="by hand")
        assert not any(ask.id == "username" for ask in plan(walk).asks), "what is made is not made again"
        all_at_once(walk)
        assert walk.case.old.dead
        assert {use.state for use in walk.case.uses} == {Settled.BY_HAND}


def test_a_login_that_was_moved_and_never_had_a_case(tmp_path: Path, registry: tuple[BasicRegistry, Secret]) -> None:
    running, secret = registry
    with stored(tmp_path, secret, running.host) as scene:
        move_into_store(scene)
        one = followed(scene)
        assert (one.case, one.made) == ("", False)
        with rotation(scene.around(), one) as walk:
            assert walk.case.old.fingerprint == walk.fingerprint(secret)
            assert walk.case.step(E).state is StepState.SKIPPED
            assert not possible(walk) or plan(walk)
            act(walk, G, "file", path=str(running.htpasswd))
            all_at_once(walk)
            assert walk.case.old.dead
        assert followed(scene).username == "alice-2"


def test_its_value_is_nowhere(scene: Scene, registry: tuple[BasicRegistry, Secret]) -> None:
    running, _ = registry
    one = followed(scene)
    case = file.read_all(scene.state).cases[0]
    value = scene.store.get(f"{case.id}/new")
    assert value
    scene.store.erase(f"{case.id}/new")
    find_store("demo", scene.environment).erase(server_of(running.host))
    with pytest.raises(NotAtHand, match="in no file and no store"), rotation(scene.around(), one):
        pass
    with pytest.raises(NotAtHand, match="another secret"), rotation(scene.around(), one, Secret(random_password())):
        pass
    with rotation(scene.around(), one, value) as walk:
        assert walk.old() == value


def test_at_gitlab(tmp_path: Path) -> None:
    """A deploy token follows a deploy token; the maintainer's token is asked for once, and not kept."""
    with GitLabDouble("alice") as gitlab:
        gitlab.roles["projects/acme/shop"] = {"alice": 40}
        manager = Secret(gitlab.issue("alice", ("api",)).value)
        first = gitlab.issue_deploy_token("projects/acme/shop", name="ci")
        with stored(tmp_path, Secret(first.value), gitlab.registry.host, first.username) as scene:
            scene.api_hosts = {"gitlab": gitlab.base_url}
            move_into_store(scene)
            with rotation(scene.around(), followed(scene)) as walk:
                offer = plan(walk)
                assert [ask.id for ask in offer.asks] == ["project", "manager", "word"]
                all_at_once(walk, project="acme/shop", manager=manager)
                assert walk.case.old.dead and walk.case.new
                assert not any("rotate" in one.path for one in gitlab.log)
                act(walk, M, "ask", project="acme/shop", manager=manager)
                assert walk.case.watch and not walk.case.watch.alarms
                gitlab.deploy_tokens[first.id] = first
                lines = act(walk, M, "ask", project="acme/shop", manager=manager)
                assert any("lists the old one as active" in line for line in lines)
                list(act(walk, M, "look"))
                assert walk.case.watch.alarms, "it stands until GitLab says otherwise"
        assert manager.reveal() not in "".join(path.read_text() for path in scene.state.path.glob("*.json"))
        alive = [one for one in gitlab.deploy_tokens.values() if one.name.startswith("dockhygiene-")]
        assert len(alive) == 1 and not alive[0].revoked


def move_into_store(scene: Scene) -> None:
    """What `dockhygiene move` does."""
    from guides.move.apply import apply
    from guides.move.logins import read_credential_files
    from guides.move.plan import Wishes, make_plan

    scene.log_in()
    store = find_store("demo", scene.environment)
    list(
        apply(
            make_plan(list(read_credential_files(scene.workstation)), store, scene.environment, Wishes()), scene.state
        )
    )
    assert journal.read_all(scene.state).moves
