"""The doubles' registries under the real verification: what they issued gets in, what was ended does not."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.files.state import StateFolder
from checks.model.secret import Secret
from guides.registries.control import Control
from guides.registries.network import Network
from guides.registries.verification import RegistryLogin, Verdict, Verification
from guides.registries.verify import verify
from tests.services.github_double import GitHubDouble
from tests.services.gitlab_double import GitLabDouble
from tests.services.hub_double import HubAccount, HubDouble
from tests.services.registry_double import RegistryDouble


class Asking:
    """Verifies logins at a double's registry."""

    def __init__(self, folder: Path) -> None:
        self.network = Network({}, folder, folder, total_seconds=20)
        self.control = Control(StateFolder.open({}, folder))

    def __call__(self, registry: RegistryDouble, user: str, secret: str, repository: str | None = None) -> Verification:
        login = RegistryLogin(registry.host, user, Secret(secret))
        return verify(login, self.network, repository=repository, control=self.control)


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    return Asking(tmp_path)


@pytest.fixture
def hub() -> Iterator[HubDouble]:
    with HubDouble(HubAccount("alice", owns={"acme"})) as double:
        yield double


def test_docker_hub(hub: HubDouble, asking: Asking) -> None:
    made = hub.issue("alice", "laptop")
    found = asking(hub.registry, "alice", made.value, "acme/shop")
    assert found.accepted and found.challenged
    assert found.granted == ("pull",)
    made.active = False
    assert asking(hub.registry, "alice", made.value).refused
    made.active = True
    assert asking(hub.registry, "alice", made.value).accepted
    hub.tokens.clear()
    assert asking(hub.registry, "alice", made.value).refused
    assert asking(hub.registry, "alice", hub.accounts["alice"].password).accepted
    owned = hub.issue("acme", "ci", resources=[{"type": "TYPE_REPO", "path": "acme/*", "scopes": ["scope-image-pull"]}])
    assert asking(hub.registry, "acme", owned.value).accepted
    assert asking(hub.registry, "alice", owned.value).refused, "its user is the organisation"


def test_a_token_that_expired(hub: HubDouble, asking: Asking) -> None:
    made = hub.issue("alice", "laptop", expires_at="2020-01-01T00:00:00Z")
    assert asking(hub.registry, "alice", made.value).refused


def test_github(asking: Asking) -> None:
    with GitHubDouble("alice") as github:
        made, narrow, fine = github.issue("alice"), github.issue("alice", ("repo",)), github.issue("alice", None)
        assert asking(github.registry, "alice", made.value).accepted
        assert not asking(github.registry, "alice", narrow.value).accepted
        assert not asking(github.registry, "alice", fine.value).accepted
        made.dying = 0
        found = asking(github.registry, "alice", made.value)
        assert found.verdict is Verdict.REFUSED


def test_gitlab(asking: Asking) -> None:
    with GitLabDouble("alice") as gitlab:
        personal, deploy = gitlab.issue("alice"), gitlab.issue_deploy_token("projects/acme/shop")
        assert asking(gitlab.registry, "alice", personal.value).accepted
        assert asking(gitlab.registry, deploy.username, deploy.value).accepted
        personal.revoked = deploy.revoked = True
        assert asking(gitlab.registry, "alice", personal.value).refused
        assert asking(gitlab.registry, deploy.username, deploy.value).refused


def test_the_registry_can_fail_by_itself(hub: HubDouble, asking: Asking) -> None:
    made = hub.issue("alice", "laptop")
    with RegistryDouble(hub.enter, service="x") as gone:
        pass
    assert asking(gone, "alice", made.value).verdict is Verdict.UNREACHABLE


def test_logs_hold_names_and_no_values(hub: HubDouble, asking: Asking) -> None:
    made = hub.issue("alice", "laptop")
    asking(hub.registry, "alice", made.value)
    assert [logged.path for logged in hub.registry.log][:2] == ["/v2/", "/token"]
    assert "authorization" in hub.registry.log[1].headers
    for double in (hub, hub.registry):
        assert made.value not in repr(double.log)
    assert made.value not in repr(made)


def test_tokens_are_made_anew() -> None:
    with HubDouble(HubAccount("a"), HubAccount("b")) as hub:
        assert len({hub.issue("a", secrets.token_hex(2)).value for _ in range(5)}) == 5
        assert hub.accounts["a"].password != hub.accounts["b"].password
