"""Every client that manages credentials makes one beside the old one, ends the old one, and tells faults apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from checks.model.secret import Secret
from guides.registries.api import (
    ApiError,
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    NotSent,
    NotUnderstood,
    RateLimited,
    ServerFailed,
    Unauthorised,
    basic,
)
from guides.registries.harbor import Harbor
from guides.registries.ibm import Ibm
from guides.registries.managed import Known, New
from guides.registries.network import CutOff, Network, NetworkFailure, TimedOut
from guides.registries.scaleway import Scaleway, token
from tests.checks.conftest import random_token
from tests.guides.registries.managed_scenes import SCENES, Managed, managed
from tests.guides.registries.source_fields import fields_read
from tests.services.contracts import Facts, Watcher
from tests.services.double import Fault
from tests.services.harbor_double import MANAGING, PULL, HarborDouble
from tests.services.ibm_double import IbmDouble
from tests.services.quay_double import QuayDouble
from tests.services.scaleway_double import ScalewayDouble

ALL = pytest.mark.parametrize("name", SCENES)
FAULTS: tuple[tuple[Fault, type[Exception]], ...] = (
    (Fault(status=400, content={"message": "no"}), Invalid),
    (Fault(status=401, content={"message": "who?"}), Unauthorised),
    (Fault(status=403, content={"message": "no"}), Forbidden),
    (Fault(status=404, content={"message": "none"}), Missing),
    (Fault(status=409, content={"message": "exists"}), Conflict),
    (Fault(status=429, headers={"Retry-After": "5"}, content="Retry later"), RateLimited),
    (Fault(status=503), ServerFailed),
    (Fault("html"), NotUnderstood),
    (Fault("half"), NotUnderstood),
    (Fault("cut"), CutOff),
    (Fault("slow"), TimedOut),
    (Fault("redirect"), NotUnderstood),
)


@pytest.fixture
def scene(name: str, network: Network) -> Iterator[tuple[Managed, Watcher]]:
    with managed(name, network) as made:
        yield made


def made_one(one: Managed, known: Known, days: int = 90) -> New:
    new = one.client.create(known, "dockhygiene-0a1b2c3d", days).perform()
    for right in one.client.rights(known, new):
        right.perform()
    return new


@ALL
def test_one_more_beside_the_old_one_then_the_old_one_ends(scene: tuple[Managed, Watcher]) -> None:
    one, watcher = scene
    known = one.find(one.client)
    asked = len(one.double.log)
    call = one.client.create(known, "dockhygiene-0a1b2c3d", 90)
    ending = one.client.delete(known)
    assert len(one.double.log) == asked, "describing a call sends nothing"
    assert call.shown.startswith(f"{call.method} {one.double.host}/")
    assert ending.final and "for good" in ending.effect and known.shown in ending.effect
    assert not call.final
    new = made_one(one, known)
    assert one.accepts("", one.old), "the old one works on"
    assert one.accepts(new.username, new.value.reveal())
    assert new.id and new.value.reveal() != one.old
    assert (one.double.registry.enter(new.username or one.username, new.value.reveal()) or set()) >= {"pull"}
    assert all(isinstance(line, str) for line in one.client.log(known))
    ending.perform()
    assert not one.accepts("", one.old)
    assert one.accepts(new.username, new.value.reveal())
    assert not [path for _, path, _ in watcher.seen if "regenerate" in path or "rotate" in path]
    assert not [method for method, _, _ in watcher.seen if method == "PATCH"]


@ALL
def test_what_can_be_switched_off_can_be_switched_on_again(scene: tuple[Managed, Watcher], name: str) -> None:
    one, _ = scene
    call = one.client.disable(one.find(one.client))
    if call is None:
        assert name in ("quay", "jfrog", "scaleway")
        return
    assert not call.final and "switched on again" in call.effect
    call.perform()
    assert not one.accepts("", one.old)
    if isinstance(one.double, HarborDouble):
        (robot,) = one.double.robots.values()
        robot["disable"] = False
    else:
        assert isinstance(one.double, IbmDouble)
        for key in one.double.keys.values():
            key["disabled"] = False
    assert one.accepts("", one.old)


@ALL
def test_faults(scene: tuple[Managed, Watcher], network: Network) -> None:
    """Told apart, tried once, and nothing that was sent in any message."""
    one, _ = scene
    known = one.find(one.client)
    quick = one.again(replace(network, total_seconds=0.3))
    for fault, error in FAULTS:
        client = quick if fault.how == "slow" else one.client
        attempts: list[Callable[[], object]] = [
            lambda client=client: one.find(client),  # type: ignore[misc]
            client.create(known, "dockhygiene-0a1b2c3d", 90).perform,
        ]
        if fault.how not in ("half", "cut"):  # an empty answer cannot end early
            attempts.append(client.delete(known).perform)
        one.double.fail(fault)
        for attempt in attempts:
            sent = len(one.double.log)
            with pytest.raises((ApiError, NetworkFailure)) as caught:
                attempt()
            assert type(caught.value) is error, (fault.how, fault.status)
            assert not [secret for secret in one.sent if secret in str(caught.value)]
            assert len(one.double.log) == sent + 1
        one.double.heal()


@ALL
def test_the_new_secret_survives_a_description_of_another_shape(scene: tuple[Managed, Watcher], name: str) -> None:
    one, _ = scene
    field = {"harbor": "secret", "quay": "token", "jfrog": "access_token", "scaleway": "secret_key", "ibm": "apikey"}
    value, known = random_token("", 40), one.find(one.client)
    one.double.fail(Fault(status=200, content={field[name]: value, "id": ["7"], "name": None}))
    assert one.client.create(known, "ci", 0).perform().value == Secret(value)


@ALL
def test_only_described_fields_are_read(name: str) -> None:
    read = fields_read(f"guides/registries/{name}.py") - {"permissions", "organization_id"}
    assert read <= Facts(name).fields() | {"subject"}


@ALL
def test_what_is_unproven_is_named(scene: tuple[Managed, Watcher]) -> None:
    module = scene[0].module
    assert all(len(reason) > 20 for reason in module.UNPROVEN.values())
    assert module.__doc__


def test_every_described_call_of_harbor_and_quay_was_tried(network: Network) -> None:
    for name in ("harbor", "quay"):
        with managed(name, network) as (one, watcher):
            known = one.find(one.client)
            made_one(one, known)
            one.client.log(known)
            if off := one.client.disable(known):
                off.perform()
            one.client.delete(known).perform()
            tried = {(method, path.count("/")) for method, path, _ in watcher.seen}
            calls = [one["call"] for one in Facts(name).calls if " /api/v1/user" not in one["call"]]
            described = {(call.split()[0], call.count("/")) for call in calls}
            system = {("GET", 3)} if name == "harbor" else set()
            assert described - tried <= system, name


def test_a_harbor_robot_makes_and_deletes_only_with_the_right(network: Network) -> None:
    with HarborDouble() as double:
        double.projects = {"shop": (7, "alice")}
        narrow, wide = double.issue("shop", "ci"), double.issue("shop", "cd", [PULL, *MANAGING])

        def client(number: int) -> Harbor:
            return Harbor(
                network, double.base_url, basic(double.robots[number]["name"], Secret(double.secrets[number]))
            )

        with pytest.raises(Forbidden, match="project administrator"):
            client(narrow).find("robot$shop+ci")
        known = client(wide).find("robot$shop+cd")
        new = client(wide).create(known, "next", 30).perform()
        assert new.username == "robot$shop+next"
        client(wide).delete(client(wide).find("robot$shop+ci")).perform()
        assert narrow not in double.robots


def test_many_robots_and_none_of_the_name(network: Network) -> None:
    with managed("harbor", network) as (one, _):
        assert isinstance(one.double, HarborDouble)
        one.double.largest_page = 2
        for number in range(4):
            one.double.issue("shop", f"more-{number}")
        assert isinstance(one.client, Harbor)
        assert one.client.find("robot$shop+more-3").name == "robot$shop+more-3"
        one.double.issue("", "everywhere")
        assert one.client.find("robot$everywhere").about[2] == "rights: *: pull repository"
        with pytest.raises(Missing, match=r"robot\$shop\+gone"):
            one.client.find("robot$shop+gone")


def test_the_log_tells_pulls(network: Network) -> None:
    for name in ("harbor", "quay"):
        with managed(name, network) as (one, _):
            one.accepts("", one.old)
            (line,) = one.client.log(one.find(one.client))
            assert "pull" in line


def test_quays_list_is_asked_without_tokens(network: Network) -> None:
    """And what a robot's description holds all the same is in no repr."""
    with managed("quay", network) as (one, _):
        known = one.find(one.client)
        asked = next(one for one in one.double.log if one.path.endswith("/robots"))
        assert "token" in asked.fields
        assert "token" not in known.described.value
        assert one.old not in repr(known)


def test_quay_tells_the_last_use_where_it_is_kept_and_what_is_not_copied(network: Network) -> None:
    with managed("quay", network) as (one, _):
        assert isinstance(one.double, QuayDouble)
        assert one.find(one.client).about[1].startswith("last used: not told")
        one.double.used["acme+ci"] = "Mon, 23 Nov 2026 10:00:00 -0000"
        one.double.teams["acme+ci"] = ["deployers"]
        about = one.find(one.client).about
        assert about[1].startswith("last used: Mon, 23 Nov 2026 10:00:00")
        assert about[3] == "member of the teams deployers: they are not copied"


def test_a_key_of_scaleway_with_rights_on_iam_does_it_by_itself(network: Network) -> None:
    with ScalewayDouble() as double:
        access = double.issue(manages=True)
        client = Scaleway(network, token(Secret(double.values[access])), double.base_url)
        known = client.find(access)
        new = client.create(known, "next", 90).perform()
        client.delete(known).perform()
        assert list(double.keys) == [new.id]
        assert client.log(known) == (), "without the organisation nothing is asked"


def test_a_locked_key_of_ibm_says_so(network: Network) -> None:
    with managed("ibm", network) as (one, _):
        assert isinstance(one.double, IbmDouble)
        known = one.find(one.client)
        one.double.keys[known.id]["locked"] = True
        with pytest.raises(Conflict, match="unlock it"):
            one.client.delete(known).perform()
        with pytest.raises(Unauthorised, match="deleted, switched off"):
            Ibm(network, Secret(random_token("", 44)), one.double.base_url)


@ALL
def test_a_provider_that_repeats_what_it_was_sent_is_not_quoted(scene: tuple[Managed, Watcher]) -> None:
    one, _ = scene
    sent = one.sent[0]
    one.double.fail(Fault(status=400, content={"message": f"no: {sent}"}))
    with pytest.raises(Invalid) as caught:
        one.find(one.client)
    assert "***" in str(caught.value)
    assert sent not in str(caught.value)


def test_a_login_that_no_header_can_carry_is_not_sent(network: Network) -> None:
    with HarborDouble() as double:
        for user, password in (("a:b", "x" * 12), ("alice", ""), ("alice", "line\nbreak")):
            with pytest.raises(NotSent):
                Harbor(network, double.base_url, basic(user, Secret(password))).find("robot$ci")
        assert not double.log
