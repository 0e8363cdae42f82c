"""A GitHub token is asked for what it is, revoked by itself, and proven dead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.steps.catalog import STEPS, actions_of
from guides.steps.step import StepFailed
from tests.guides.case.scene import Scene, act, told
from tests.services.double import Fault
from tests.services.github_double import GitHubDouble, GitHubToken

U, E, G, P, T, R, _, M, C = StepId


@pytest.fixture
def github() -> Iterator[GitHubDouble]:
    with GitHubDouble("alice") as double:
        yield double


@pytest.fixture
def leaked(github: GitHubDouble) -> GitHubToken:
    return github.issue("alice")


@pytest.fixture
def scene(tmp_path: Path, github: GitHubDouble, leaked: GitHubToken) -> Scene:
    made = Scene(tmp_path, Secret(leaked.value), github.registry.host, api_hosts={"github": github.base_url})
    made.log_in()
    return made


def test_the_whole_of_it(scene: Scene, github: GitHubDouble, leaked: GitHubToken) -> None:
    with scene.walk(scene.credential()) as walk:
        assert walk.provider.id == "ghcr"
        act(walk, U, "order", order="revoke-first")
        lines = act(walk, E, "github")
        assert "token of alice" in lines
        assert any(line.startswith("search an organisation's audit log for hashed_token:\"") for line in lines)
        assert walk.case.evidence[0].source == github.host
        act(walk, E, "note")
        offer = next(one for one in actions_of(walk, STEPS[R]) if one.id == "github").prepare()
        assert any("POST" in effect and "/credentials/revoke" in effect for effect in offer.effects)
        assert offer.irreversible
        lines = act(walk, R, "github", word="revoke")
        assert any(line.startswith("Proven: refused by") for line in lines)
        assert walk.case.old.dead and walk.old() is None
        new = github.issue("alice")
        act(walk, G, "paste", secret=Secret(new.value))
        assert walk.case.current is P
    assert scene.secret.reveal() not in "".join(path.read_text() for path in scene.state.path.glob("case-*.json"))


def test_a_revocation_that_takes_long_is_not_called_done(scene: Scene, github: GitHubDouble) -> None:
    github.revoked_after = 10_000
    with scene.walk(scene.credential()) as walk:
        with pytest.raises(StepFailed, match="still accepts it"):
            act(walk, R, "github", word="revoke")
        assert walk.case.old.dead is None
        github.settle()
        act(walk, R, "browser", word="revoke")
        assert walk.case.old.dead


def test_the_answer_to_the_revocation_is_lost(scene: Scene, github: GitHubDouble) -> None:
    with scene.walk(scene.credential()) as walk:
        act(walk, E, "github")
        github.fail(Fault("lost"), "POST", "/credentials/revoke", 1)
        with pytest.raises(StepFailed, match="look whether it is revoked"):
            act(walk, R, "github", word="revoke")
        assert walk.case.pending
        assert "pending" in [one.id for one in actions_of(walk, STEPS[R])]
        github.settle()
        act(walk, R, "browser", word="revoke")
        assert walk.case.old.dead
        assert walk.case.pending is None


@pytest.mark.parametrize("fault", [Fault("html"), Fault("status", 500), Fault("status", 403), Fault("cut")])
def test_no_fault_counts_as_proof(scene: Scene, github: GitHubDouble, fault: Fault) -> None:
    with scene.walk(scene.credential()) as walk:
        act(walk, E, "github")
        github.fail(fault, "POST", "/credentials/revoke", 1)
        github.fail(fault, "GET", "/user", 9)
        with pytest.raises(StepFailed):
            act(walk, R, "github", word="revoke")
        assert walk.case.old.dead is None


def test_the_kinds_that_ghcr_refuses_are_told(scene: Scene) -> None:
    with scene.walk(scene.credential()) as walk:
        text = told(walk, G)
        assert "classic" in text
        assert "read:packages" in text
