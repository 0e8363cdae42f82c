"""A GitLab token says of itself when it was used, ends itself, and is never rotated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.steps.catalog import STEPS, actions_of
from guides.steps.step import StepFailed
from guides.stores.store import StoreError
from tests.guides.case.scene import Scene, act, told
from tests.services.double import Fault
from tests.services.gitlab_double import GitLabDouble

U, E, G, P, T, R, _, M, C = StepId


@pytest.fixture
def gitlab() -> Iterator[GitLabDouble]:
    with GitLabDouble("alice") as double:
        double.roles["projects/acme/shop"] = {"alice": 40}
        yield double


@pytest.fixture
def scene(tmp_path: Path, gitlab: GitLabDouble) -> Scene:
    leaked = gitlab.issue("alice", ("read_registry",))
    made = Scene(tmp_path, Secret(leaked.value), gitlab.registry.host, api_hosts={"gitlab": gitlab.base_url})
    made.log_in()
    return made


def test_the_whole_of_it(scene: Scene, gitlab: GitLabDouble) -> None:
    manager = gitlab.issue("alice", ("api",))
    with scene.walk(scene.credential()) as walk:
        assert walk.provider.id == "gitlab"
        act(walk, U, "order", order="generate-first")
        assert "rotate" in told(walk, G).casefold()
        lines = act(walk, E, "gitlab")
        assert any("read_registry" in line for line in lines)
        act(walk, E, "note")
        lines = act(walk, G, "gitlab", project="acme/shop", manager=Secret(manager.value))
        assert walk.case.new and walk.case.new.accepted
        assert walk.case.new.username.startswith("gitlab+deploy-token-")
        assert any(one.name == f"dockhygiene-{walk.case.id}" for one in gitlab.deploy_tokens.values())
        lines = act(walk, R, "gitlab", word="revoke")
        assert any(line.startswith("Proven: refused by") for line in lines)
    assert not any("rotate" in one.path for one in gitlab.log)


def test_network_lost_after_the_token_was_made(scene: Scene, gitlab: GitLabDouble) -> None:
    """Its value is lost, and the case says which one to delete."""
    manager = gitlab.issue("alice", ("api",))
    with scene.walk(scene.credential()) as walk:
        gitlab.fail(Fault("lost"), "POST", times=1)
        with pytest.raises(StepFailed, match="may exist in acme/shop"):
            act(walk, G, "gitlab", project="acme/shop", manager=Secret(manager.value))
        assert walk.case.new is None
        assert walk.case.pending and "delete it there" in walk.case.pending.mend
    with scene.walk(walk.case) as walk:
        assert "pending" in [one.id for one in actions_of(walk, STEPS[G])]
        act(walk, G, "gitlab", project="acme/shop", manager=Secret(manager.value))
        assert walk.case.new and walk.case.pending is None


def test_no_call_is_made_where_the_store_does_not_work(scene: Scene, gitlab: GitLabDouble) -> None:
    manager = gitlab.issue("alice", ("api",))
    with scene.walk(scene.credential()) as walk:
        scene.store.broken = "the keyring is locked"
        with pytest.raises(StoreError, match="the keyring is locked"):
            act(walk, G, "gitlab", project="acme/shop", manager=Secret(manager.value))
    assert not any(one.method == "POST" for one in gitlab.log)


def test_a_manager_without_the_right_scope(scene: Scene, gitlab: GitLabDouble) -> None:
    weak = gitlab.issue("alice", ("read_registry",))
    with scene.walk(scene.credential()) as walk, pytest.raises(StepFailed, match="403"):
        act(walk, G, "gitlab", project="acme/shop", manager=Secret(weak.value))


def test_a_deploy_token_is_revoked_by_a_maintainer(tmp_path: Path, gitlab: GitLabDouble) -> None:
    manager = gitlab.issue("alice", ("api",))
    leaked, other = (gitlab.issue_deploy_token("projects/acme/shop", name=name) for name in ("ci", "cd"))
    scene = Scene(tmp_path, Secret(leaked.value), gitlab.registry.host, leaked.username)
    scene.api_hosts = {"gitlab": gitlab.base_url}
    scene.log_in()
    with scene.walk(scene.credential()) as walk:
        lines = act(walk, R, "gitlab", project="acme/shop", manager=Secret(manager.value), word="revoke")
        assert any(line.startswith("Proven: refused by") for line in lines)
        assert walk.case.old.dead
    numbers = {number for number, one in gitlab.deploy_tokens.items() if not one.revoked}
    assert other.id in numbers and leaked.id not in numbers


def test_a_deploy_token_cannot_ask_about_itself(tmp_path: Path, gitlab: GitLabDouble) -> None:
    leaked = gitlab.issue_deploy_token("acme/shop")
    scene = Scene(tmp_path, Secret(leaked.value), gitlab.registry.host, leaked.username)
    scene.api_hosts = {"gitlab": gitlab.base_url}
    scene.log_in()
    with scene.walk(scene.credential()) as walk:
        assert "gitlab" not in [one.id for one in actions_of(walk, STEPS[E])]
