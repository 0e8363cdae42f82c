"""Secrets that open no registry: a whole case in the browser's way, and the accounts that serve them all the same."""

from __future__ import annotations

from pathlib import Path

from checks.model.secret import Secret
from guides.case.model import Order, StepId, StepState
from guides.case.walk import Walk
from guides.steps.catalog import STEPS, actions_of
from guides.wording import case_title
from tests.checks.conftest import random_token
from tests.guides.case.scene import Scene, act, told

U, E, G, P, T, R, _, M, C = StepId


def token_in_env(home: Path, name: str, prefix: str, length: int) -> tuple[Scene, Path]:
    home.chmod(0o700)
    scene = Scene(home, Secret(random_token(prefix, length)))
    return scene, scene.write("shop/.env", f"# shop\n{name}={scene.secret.reveal()}\nPORT=80\n")


def offered(walk: Walk, step: StepId) -> list[str]:
    ids = [one.id for one in actions_of(walk, STEPS[step])]
    return [one for one in ids if one not in ("skip", "reopen") and not one.startswith("kingfisher")]


def test_a_whole_case(tmp_path: Path) -> None:
    scene, env = token_in_env(tmp_path, "NPM_TOKEN", "npm_", 36)
    new = Secret(random_token("npm_", 36))
    with scene.walk(scene.credential(env)) as walk:
        assert (walk.case.registry, walk.case.provider, walk.kind.id) == (None, "npm", "npm-token")
        assert case_title(walk.case.registry, walk.case.provider) == "npm" and walk.registry == "npm"
        assert walk.case.order is Order.GENERATE_FIRST
        act(walk, U, "order")
        assert offered(walk, E) == ["note"]
        act(walk, E, "note", seen="no")
        assert offered(walk, G) == ["paste"]
        act(walk, G, "paste", secret=new)
        assert walk.case.new and walk.case.new.accepted is None
        assert "docker" not in offered(walk, P)
        act(walk, P, "file-0", way="value")
        act(walk, P, "everywhere")
        assert offered(walk, T) == ["by-hand"]
        act(walk, T, "by-hand", text="npm ci in the pipeline")
        assert offered(walk, R) == ["stated"]
        assert "Account settings > Access Tokens" in told(walk, R)
        act(walk, R, "stated", text="deleted by ann, and gone from the list", word="revoke")
        act(walk, M, "begin", days="1")
        scene.now += 2 * 86400
        act(walk, M, "look")
        act(walk, M, "end")
        act(walk, C, "close")
        assert walk.case.closed
        assert all(walk.case.step(step).state is StepState.DONE for step in walk.case.path)
    assert f"NPM_TOKEN={new.reveal()}" in env.read_text()
    kept = "".join(path.read_text() for path in scene.state.path.glob("case-*.json"))
    assert scene.secret.reveal() not in kept and new.reveal() not in kept


def test_titles_without_a_registry() -> None:
    assert case_title(None, "openai") == "OpenAI"
    assert case_title(None, "database") == "database password"
    assert case_title(None, "other") == "secret"
    assert case_title(None, "unknown") == "no registry known"
    assert case_title("ghcr.io", "ghcr") == "ghcr.io"


def test_its_variable_keeps_its_name(tmp_path: Path) -> None:
    scene, env = token_in_env(tmp_path, "NPM_TOKEN", "npm_", 36)
    config = scene.write("shop/start.sh", f"export NPM_TOKEN={scene.secret.reveal()}\nnpm ci\n")
    with scene.walk(scene.credential(env, config)) as walk:
        act(walk, G, "paste", secret=Secret(random_token("npm_", 36)))
        plan = next(one for one in actions_of(walk, STEPS[P]) if one.title.endswith("start.sh")).prepare()
        assert not any("REGISTRY" in line for line in (*plan.diff, *plan.effects))


def test_github_and_gitlab_tokens_are_served_by_their_accounts(tmp_path: Path) -> None:
    for name, prefix, length, client in (
        ("GITHUB_TOKEN", "ghp_", 36, "github"),
        ("GITLAB_TOKEN", "glpat-", 20, "gitlab"),
    ):
        home = tmp_path / client
        home.mkdir()
        scene, env = token_in_env(home, name, prefix, length)
        with scene.walk(scene.credential(env)) as walk:
            assert walk.case.registry is None and walk.kind.client == client
            assert offered(walk, E) == [client, "note"]
            assert offered(walk, G) == ["paste"], "no deploy token that only pulls in its place"
            assert offered(walk, R) == [client, "stated"]
            assert "pull one image" not in told(walk, U)
