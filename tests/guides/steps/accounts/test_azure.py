"""A password of an Azure registry: the other one first, then the old one ended and proven dead at the registry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.steps.catalog import STEPS, actions_of
from guides.steps.step import StepFailed
from tests.guides.case.scene import Scene, act
from tests.services.azure_double import AzureDouble
from tests.services.double import Fault

U, E, G, P, T, R, _, M, C = StepId


@pytest.fixture
def azure() -> Iterator[AzureDouble]:
    with AzureDouble() as double:
        yield double


def scene_of(home: Path, azure: AzureDouble, secret: str, user: str, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The registry is the double's, on this machine; that it is Azure's is told by the test."""
    monkeypatch.setattr("checks.model.credential.provider_of", lambda *_: "acr")
    scene = Scene(home, Secret(secret), azure.registry.host, user)
    scene.api_hosts = {"azure": azure.base_url}
    scene.log_in()
    return scene


def test_a_token(tmp_path: Path, azure: AzureDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    made = azure.issue("ci")
    scene = scene_of(tmp_path, azure, made.passwords["password1"], "ci", monkeypatch)
    with scene.walk(scene.credential()) as walk:
        assert walk.kind.id == "acr-token"
        given = {"resource": azure.resource, "token": azure.login()}
        assert any("password1: made" in line for line in act(walk, E, "azure", **given))
        assert "azure" not in [one.id for one in actions_of(walk, STEPS[R])], "not before the second one is there"
        act(walk, G, "azure", **given)
        assert walk.case.new and walk.case.new.accepted and walk.case.new.remote_id == "password2"
        assert set(made.passwords) == {"password1", "password2"}
        with pytest.raises(StepFailed, match="two passwords already"):
            act(walk, G, "azure", **given)
        lines = act(walk, R, "azure", word="revoke", **given)
        assert any(line.startswith("Proven: refused by") for line in lines) and walk.case.old.dead
    assert set(made.passwords) == {"password2"}


def test_the_admin_user(tmp_path: Path, azure: AzureDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of the two is the old one is told by comparing; the other is made anew, and only then the old one."""
    old = azure.admin["password2"]
    scene = scene_of(tmp_path, azure, old, azure.name, monkeypatch)
    with scene.walk(scene.credential()) as walk:
        assert walk.kind.id == "acr-admin"
        given = {"resource": azure.resource, "token": azure.login()}
        act(walk, G, "azure", word="other", **given)
        assert azure.admin["password2"] == old and walk.case.new and walk.case.new.remote_id == "password"
        lines = act(walk, R, "azure", word="revoke", **given)
        assert any(line.startswith("Proven: refused by") for line in lines)
        new = walk.new()
        assert new and azure.admin["password"] == new.reveal() and old not in azure.admin.values()
        with pytest.raises(AssertionError, match="not azure"):
            act(walk, R, "azure")


def test_the_network_is_lost_after_it_was_made(
    tmp_path: Path, azure: AzureDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = azure.issue("ci")
    scene = scene_of(tmp_path, azure, made.passwords["password1"], "ci", monkeypatch)
    with scene.walk(scene.credential()) as walk:
        azure.fail(Fault("lost"), "POST")
        with pytest.raises(StepFailed, match="nobody knows it"):
            act(walk, G, "azure", resource=azure.resource, token=azure.login())
        assert walk.case.new is None and walk.case.pending
