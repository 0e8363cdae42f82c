"""Docker Hub: signing in to look, to make and to switch off; and the right token found by asking the registry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.steps.step import StepFailed
from tests.guides.case.scene import Scene, act
from tests.services.double import Fault
from tests.services.hub_double import HubAccount, HubDouble, HubToken

U, E, G, P, T, R, _, M, C = StepId


@pytest.fixture
def hub() -> Iterator[HubDouble]:
    with HubDouble(HubAccount("alice")) as double:
        yield double


@pytest.fixture
def leaked(hub: HubDouble) -> HubToken:
    return hub.issue("alice", "ci-2023", ("repo:write",))


@pytest.fixture
def scene(tmp_path: Path, hub: HubDouble, leaked: HubToken) -> Scene:
    made = Scene(tmp_path, Secret(leaked.value), hub.registry.host, api_hosts={"docker-hub": hub.base_url})
    made.log_in()
    return made


def password(hub: HubDouble) -> Secret:
    return Secret(hub.accounts["alice"].password)


def test_the_whole_of_it(scene: Scene, hub: HubDouble, leaked: HubToken) -> None:
    hub.issue("alice", "laptop")
    with scene.walk(scene.credential()) as walk:
        act(walk, U, "order", order="generate-first")
        lines = act(walk, E, "hub", password=password(hub))
        assert any(line.startswith("token ci-2023: ") for line in lines)
        assert {one.label for one in walk.case.candidates} == {"ci-2023", "laptop"}
        act(walk, E, "note")
        act(walk, G, "hub", password=password(hub))
        assert walk.case.new and walk.case.new.accepted
        made = hub.tokens[walk.case.new.remote_id]
        assert (made.label, made.scopes) == (f"dockhygiene-{walk.case.id}", ["repo:read"])
        lines = act(walk, R, "hub", token=leaked.id, password=password(hub), word="revoke")
        assert any(line.startswith("Proven: refused by") for line in lines)
        assert walk.case.old.dead and walk.case.old.remote_id == leaked.id
    assert not leaked.active
    assert leaked.id in hub.tokens, "it is switched off, which can be undone"


def test_a_token_of_an_organisation(tmp_path: Path, hub: HubDouble) -> None:
    """It logs in under the organisation's name, and an owner manages it."""
    hub.accounts["alice"].owns.add("acme")
    grants = [{"type": "TYPE_REPO", "path": "acme/shop", "scopes": ["scope-image-pull"]}]
    leaked = hub.issue("acme", "ci", resources=grants)
    scene = Scene(tmp_path, Secret(leaked.value), hub.registry.host, "acme", api_hosts={"docker-hub": hub.base_url})
    scene.log_in()
    with scene.walk(scene.credential()) as walk:
        assert walk.kind.id == "docker-hub-oat"
        act(walk, E, "hub", account="alice", password=password(hub))
        assert [one.owner for one in walk.case.candidates] == ["acme"]
        act(walk, G, "hub", account="alice", password=password(hub), repository="acme/shop")
        assert walk.case.new and walk.case.new.username == "acme" and walk.case.new.accepted
        act(walk, R, "hub", account="alice", token=leaked.id, password=password(hub), word="revoke")
        assert walk.case.old.dead and not leaked.active


def test_the_wrong_token_is_switched_on_again(scene: Scene, hub: HubDouble, leaked: HubToken) -> None:
    other = hub.issue("alice", "laptop")
    with scene.walk(scene.credential()) as walk:
        act(walk, E, "hub", password=password(hub))
        with pytest.raises(StepFailed, match="laptop was another, and is on again"):
            act(walk, R, "hub", token=other.id, password=password(hub), word="revoke")
        assert other.active and leaked.active
        assert walk.case.old.dead is None
        act(walk, R, "hub", token=leaked.id, password=password(hub), word="revoke")
        assert walk.case.old.dead


def test_a_code_is_asked_for(scene: Scene, hub: HubDouble) -> None:
    hub.accounts["alice"].code = "246810"
    with scene.walk(scene.credential()) as walk:
        with pytest.raises(StepFailed, match="code"):
            act(walk, E, "hub", password=password(hub))
        act(walk, E, "hub", password=password(hub), code=Secret("246810"))
        assert walk.case.candidates


def test_single_sign_on_leads_to_the_browser(scene: Scene, hub: HubDouble) -> None:
    hub.accounts["alice"].sso = True
    with scene.walk(scene.credential()) as walk, pytest.raises(StepFailed, match="use the web page"):
        act(walk, G, "hub", password=password(hub))


def test_the_audit_log_and_pushes_by_others_are_saved(scene: Scene, hub: HubDouble) -> None:
    hub.push("alice/shop", "latest", "mallory")
    with scene.walk(scene.credential()) as walk:
        lines = act(walk, E, "hub", password=password(hub))
        assert any("mallory" in line for line in lines) or any("no audit log" in line for line in lines)


def test_network_lost_after_the_token_was_made(scene: Scene, hub: HubDouble) -> None:
    with scene.walk(scene.credential()) as walk:
        hub.fail(Fault("lost"), "POST", "/v2/access-tokens", 1)
        with pytest.raises(StepFailed, match="may exist at Docker Hub"):
            act(walk, G, "hub", password=password(hub))
        assert walk.case.new is None and walk.case.pending
