"""A personal token of DigitalOcean makes a login that may only pull; no call ends one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checks.model.secret import Secret
from guides.registries.api import NotUnderstood, Unauthorised
from guides.registries.digitalocean import UNPROVEN, DigitalOcean
from guides.registries.network import CutOff, Network
from tests.checks.conftest import random_token
from tests.services.contracts import Facts, Watcher
from tests.services.digitalocean_double import DigitalOceanDouble
from tests.services.double import Fault


@pytest.fixture
def double() -> Iterator[DigitalOceanDouble]:
    watcher = Watcher(Facts("digitalocean"))
    with DigitalOceanDouble() as made:
        made.watch = watcher.see
        yield made
    assert watcher.complaints == []


def client(double: DigitalOceanDouble, network: Network) -> DigitalOcean:
    return DigitalOcean(network, Secret(double.issue()), double.base_url)


def test_a_login_that_may_only_pull(double: DigitalOceanDouble, network: Network) -> None:
    asked = client(double, network)
    assert asked.account() == "alice@example.com"
    call = asked.create(90)
    assert call.shown.startswith(f"GET {double.host}/v2/registry/docker-credentials?expiry_seconds=7776000")
    assert "read_write=false" in call.path
    new = call.perform()
    assert double.registry.enter("anybody", new.value.reveal()) == {"pull"}


def test_a_dead_token_and_a_lost_answer(double: DigitalOceanDouble, network: Network) -> None:
    with pytest.raises(Unauthorised, match="personal token that is alive"):
        DigitalOcean(network, Secret(random_token("dop_v1_", 64)), double.base_url).account()
    double.fail(Fault("lost"), "GET", times=1)
    with pytest.raises(CutOff):
        client(double, network).create(90).perform()
    double.fail(Fault(status=200, content={"auths": {"registry.digitalocean.com": {"auth": "?"}}}), "GET", times=1)
    with pytest.raises(NotUnderstood, match="not as docker writes it"):
        client(double, network).create(90).perform()
    assert all(len(reason) > 20 for reason in UNPROVEN.values())
