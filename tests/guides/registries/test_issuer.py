"""A registry's software is known by its challenge and headers, asked once, without any login."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.registries.issuer import recognise
from guides.registries.network import Network, Unreachable
from guides.steps.catalog import STEPS, actions_of
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act
from tests.services.answering import Answering, Canned

HARBOR = 'Bearer realm="https://hub.lan/service/token",service="harbor-registry"'
OFFERS = {
    "harbor": (HARBOR, {}, "harbor"),
    "quay": ('Bearer realm="https://quay.lan/v2/auth",service="quay.lan"', {}, "quay"),
    "gitlab": ('Bearer realm="https://git.lan/jwt/auth",service="container_registry"', {}, "gitlab"),
    "nexus": ('BASIC realm="Sonatype Nexus Repository Manager"', {}, "nexus"),
    "nexus-header": ('Basic realm="x"', {"Server": "Nexus/3.91.0-01 (PRO)"}, "nexus"),
    "jfrog": ('Basic realm="Artifactory Realm"', {}, "jfrog"),
    "jfrog-header": (
        'Bearer realm="https://a.lan/x",service="a.lan"',
        {"X-JFrog-Version": "7.90"},
        "jfrog",
    ),
    "jfrog-token": ('Bearer realm="https://a.lan/artifactory/api/docker/d/v2/token",service="a.lan"', {}, "jfrog"),
    "distribution": ('Basic realm="Registry Realm"', {"Docker-Distribution-Api-Version": "registry/2.0"}, None),
    "nothing": ("", {}, None),
    "hostile": ('Bearer realm="http://[",service="\x1b[31mharbor-registry"', {}, None),
}


def canned(offer: str, headers: dict[str, str]) -> Canned:
    offers = {"WWW-Authenticate": offer} if offer else {}
    return Canned(401, headers=tuple((offers | headers).items()))


@pytest.mark.parametrize("name", OFFERS)
def test_it_is_known_by_what_it_asks_for(name: str, network: Network) -> None:
    offer, headers, wanted = OFFERS[name]
    with Answering([canned(offer, headers)]) as server:
        found = recognise(server.host, network)
        assert (found.provider if found else None) == wanted
        assert [(one.method, one.target) for one in server.requests] == [("GET", "/v2/")]
        assert server.requests[0].authorization is None
    assert found is None or "\x1b" not in found.sign


def test_an_open_registry_says_nothing_and_a_silent_one_is_no_answer(network: Network) -> None:
    with Answering([Canned(200)]) as server:
        assert recognise(server.host, network) is None
        host = server.host
    with pytest.raises(Unreachable):
        recognise(host, network)


def test_the_case_follows_the_right_guide_from_then_on(tmp_path: Path) -> None:
    """Asked for in Understand, with consent; never where the provider is known already."""
    with Answering([canned(HARBOR, {})]) as server:
        scene = Scene(tmp_path, Secret(random_password()), server.host, "alice")
        scene.log_in()
        with scene.walk(scene.credential()) as walk:
            assert walk.provider.id == "distribution"
            action = next(one for one in actions_of(walk, STEPS[StepId.UNDERSTAND]) if one.id == "recognise")
            offer = action.prepare()
            assert offer.confirm and "without any login" in offer.effects[0]
            assert not server.requests
            (line,) = act(walk, StepId.UNDERSTAND, "recognise")
            assert line.startswith("It is Harbor, by the service harbor-registry")
            assert walk.provider.id == "harbor" and walk.kind.id == "harbor-user"
            assert "recognise" not in [one.id for one in actions_of(walk, STEPS[StepId.UNDERSTAND])]
        with scene.walk(walk.case) as walk:
            assert walk.provider.id == "harbor"
