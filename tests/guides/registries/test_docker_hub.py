"""The Docker Hub client, against a double that is held against the official description, and against its faults."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.registries import docker_hub
from guides.registries.api import (
    ApiError,
    Call,
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    NotUnderstood,
    RateLimited,
    ServerFailed,
    Unauthorised,
)
from guides.registries.docker_hub import (
    PULL,
    DockerHub,
    Grant,
    NewToken,
    SecondFactorNeeded,
    Session,
    SessionOver,
    SignInRefused,
    SingleSignOn,
)
from guides.registries.network import CutOff, Network, NetworkFailure, TimedOut
from tests.guides.registries.source_fields import fields_read
from tests.services.contracts import Facts, Watcher
from tests.services.double import Fault, token
from tests.services.hub_double import HubAccount, HubDouble

PULLS = frozenset({"pull"})
WHEN = datetime.datetime(2030, 1, 31, 12, tzinfo=datetime.UTC)


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(Facts("docker_hub"))


@pytest.fixture
def double(watcher: Watcher) -> Iterator[HubDouble]:
    """With alice, who owns acme, and bob, who is nobody there. All that is said must be as described."""
    with HubDouble(HubAccount("alice", owns={"acme"}), HubAccount("bob")) as hub:
        hub.watch = watcher.see
        yield hub
    assert watcher.complaints == []


@pytest.fixture
def hub(double: HubDouble, tmp_path: Path) -> DockerHub:
    return DockerHub(Network({}, home=tmp_path, root=tmp_path, total_seconds=5), double.base_url)


def password(double: HubDouble, name: str = "alice") -> Secret:
    return Secret(double.accounts[name].password)


@pytest.fixture
def session(hub: DockerHub, double: HubDouble) -> Session:
    return hub.sign_in("alice", password(double))


def logs_in(double: HubDouble, user: str, value: Secret) -> bool:
    return double.enter(user, value.reveal()) is not None


def test_signing_in_with_a_password(hub: DockerHub, double: HubDouble) -> None:
    session = hub.sign_in("alice", password(double))
    assert session.manages
    assert 0 < session.seconds_left <= 600
    assert session.token.reveal() not in repr(session)
    assert [logged.path for logged in double.log] == ["/v2/users/login"]


def test_a_wrong_password_is_tried_once(hub: DockerHub, double: HubDouble) -> None:
    with pytest.raises(SignInRefused, match="more attempts may lock") as caught:
        hub.sign_in("alice", Secret(token("", 16)))
    assert not isinstance(caught.value, SingleSignOn)
    assert len(double.log) == 1


def test_a_second_factor_in_two_steps(hub: DockerHub, double: HubDouble) -> None:
    double.accounts["alice"].code = token("", 6)
    with pytest.raises(SecondFactorNeeded, match="code of alice") as caught:
        hub.sign_in("alice", password(double))
    assert caught.value.pending.token.reveal() not in repr(caught.value.pending)
    session = hub.second_factor(caught.value.pending, Secret(double.accounts["alice"].code))
    assert session.manages
    assert [logged.path for logged in double.log] == ["/v2/users/login", "/v2/users/2fa-login"]
    hub.tokens(session)


def test_a_code_given_at_once(hub: DockerHub, double: HubDouble) -> None:
    double.accounts["alice"].code = token("", 6)
    assert hub.sign_in("alice", password(double), Secret(double.accounts["alice"].code)).manages


def test_a_wrong_code(hub: DockerHub, double: HubDouble) -> None:
    double.accounts["alice"].code = token("", 6)
    with pytest.raises(SignInRefused):
        hub.sign_in("alice", password(double), Secret("000000"))


def test_single_sign_on(hub: DockerHub, double: HubDouble) -> None:
    double.accounts["alice"].sso = True
    with pytest.raises(SingleSignOn, match="browser"):
        hub.sign_in("alice", password(double))


def test_the_deprecated_way_is_gone(hub: DockerHub, double: HubDouble) -> None:
    double.old_login_gone = True
    session = hub.sign_in("alice", password(double))
    assert session.manages
    assert [logged.path for logged in double.log] == ["/v2/users/login", "/v2/auth/token"]


def test_a_token_may_read_and_manages_nothing(hub: DockerHub, double: HubDouble) -> None:
    """A session made with an access token gets 403: it is not even sent."""
    value = double.issue("alice", "laptop").value
    session = hub.session_of_token("alice", Secret(value))
    sent = len(double.log)
    questions: list[Callable[[], object]] = [
        lambda: hub.tokens(session),
        lambda: hub.organisation_tokens(session, "acme"),
        lambda: hub.audit_events(session, "acme", WHEN),
        lambda: hub.create_token(session, "new", ("repo:read",)),
        lambda: hub.create_organisation_token(session, "acme", "new", ()),
    ]
    for question in questions:
        with pytest.raises(Forbidden, match="sign in with the account's password"):
            question()
    assert len(double.log) == sent
    with pytest.raises(Forbidden, match="sign in with the account's password"):
        hub.tokens(replace(session, manages=True))


def test_a_dead_token_gives_no_session(hub: DockerHub, double: HubDouble) -> None:
    made = double.issue("alice", "laptop")
    made.active = False
    with pytest.raises(SignInRefused):
        hub.session_of_token("alice", Secret(made.value))


def test_a_session_ends(hub: DockerHub, double: HubDouble, session: Session) -> None:
    with pytest.raises(SessionOver):
        hub.tokens(replace(session, deadline=0.0))
    sent = len(double.log)
    double.end_sessions()
    with pytest.raises(Unauthorised, match="ten minutes"):
        hub.tokens(session)
    assert len(double.log) == sent + 1


def test_the_life_of_a_token(hub: DockerHub, double: HubDouble, session: Session) -> None:
    """Made, listed, logged in with, switched off, refused, switched on, accepted, deleted, refused."""
    call = hub.create_token(session, "new laptop", ("repo:read",), WHEN)
    assert call.shown == (
        f"POST {double.host}/v2/access-tokens: makes a new access token `new laptop` for alice, with repo:read, "
        "ending 2030-01-31"
    )
    assert call.sends == ("the session of alice",)
    assert not call.final
    assert not double.tokens, "showing makes nothing"
    new = call.perform()
    assert new.token is not None
    assert new.value.kind == "docker-hub-pat"
    assert logs_in(double, "alice", new.value)

    (listed,) = hub.tokens(session).items
    assert (listed.id, listed.label, listed.scopes) == (new.token.id, "new laptop", ("repo:read",))
    assert listed.active
    assert listed.expires_at == WHEN
    assert listed.last_used is not None, "the registry login counts"
    assert listed.creator_ip == "127.0.0.1"
    assert not listed.automatic

    off = hub.deactivate(session, listed)
    assert "switches the access token `new laptop`" in off.effect
    assert listed.id in off.effect
    assert "of alice off until" in off.effect
    assert not off.final
    assert off.perform().active is False
    assert not logs_in(double, "alice", new.value)
    assert hub.activate(session, listed).perform().active is True
    assert logs_in(double, "alice", new.value)

    gone = hub.delete(session, listed)
    assert gone.final
    gone.perform()
    assert not logs_in(double, "alice", new.value)
    assert hub.tokens(session).items == ()
    with pytest.raises(Missing):
        gone.perform()


def test_the_life_of_an_organisations_token(hub: DockerHub, double: HubDouble, session: Session) -> None:
    call = hub.create_organisation_token(session, "acme", "ci", (Grant("acme/shop", (PULL,)),), WHEN)
    assert call.path == "/v2/orgs/acme/access-tokens"
    assert "for the organisation acme: acme/shop with scope-image-pull, ending 2030-01-31" in call.effect
    new = call.perform()
    assert new.token is not None
    assert new.token.scopes == (PULL,)
    assert new.value.kind == "docker-hub-oat"
    assert double.enter("acme", new.value.reveal()) == PULLS
    (listed,) = hub.organisation_tokens(session, "acme").items
    assert (listed.id, listed.of_organisation, listed.created_by) == (new.token.id, True, "alice")
    assert hub.deactivate(session, listed).path == f"/v2/orgs/acme/access-tokens/{listed.id}"
    hub.deactivate(session, listed).perform()
    assert not logs_in(double, "acme", new.value)
    hub.activate(session, listed).perform()
    hub.delete(session, listed).perform()
    assert hub.organisation_tokens(session, "acme").items == ()
    assert hub.tokens(session).items == (), "the account's own are another list"


def test_somebody_elses_organisation(hub: DockerHub, double: HubDouble) -> None:
    bob = hub.sign_in("bob", password(double, "bob"))
    with pytest.raises(Forbidden):
        hub.organisation_tokens(bob, "acme")
    with pytest.raises(Missing):
        hub.organisation_tokens(bob, "nobody")
    with pytest.raises(Forbidden):
        hub.create_organisation_token(bob, "acme", "ci", (Grant("acme/shop", (PULL,)),)).perform()


def test_a_web_login_left_an_automatic_token(hub: DockerHub, double: HubDouble, session: Session) -> None:
    double.issue("alice", "docker login", ("repo:admin",), generated_by="desktop")
    (listed,) = hub.tokens(session).items
    assert listed.automatic


def test_many_tokens(hub: DockerHub, double: HubDouble, session: Session) -> None:
    double.largest_page = 3
    made = [double.issue("alice", f"token {number}").id for number in range(8)]
    found = hub.tokens(session)
    assert [one.id for one in found.items] == made
    assert found.complete


def test_the_audit_log_records_and_tells(hub: DockerHub, double: HubDouble, session: Session) -> None:
    before = double.now() - datetime.timedelta(seconds=5)
    double.push("acme/shop", "latest", by="mallory")
    hub.create_organisation_token(session, "acme", "ci", (Grant("acme/shop", (PULL,)),)).perform()
    made, pushed = hub.audit_events(session, "acme", before).items
    assert (pushed.action, pushed.actor, pushed.name) == ("repo.tag.push", "mallory", "acme/shop")
    assert pushed.data["tag"] == "latest"
    assert pushed.at is not None
    assert (made.actor, made.name) == ("alice", "ci")
    assert hub.audit_events(session, "acme", double.now() + datetime.timedelta(hours=1)).items == ()


def test_a_long_audit_log(hub: DockerHub, double: HubDouble, session: Session) -> None:
    for number in range(130):
        double.push("acme/shop", f"v{number}", by="alice")
    found = hub.audit_events(session, "acme", double.now() - datetime.timedelta(hours=1))
    assert len(found.items) == 130
    assert found.complete


def test_who_pushed_a_tag(hub: DockerHub, double: HubDouble, session: Session) -> None:
    double.push("acme/shop", "latest", by="mallory")
    (tag,) = hub.tags("acme/shop", session).items
    assert (tag.name, tag.last_updater) == ("latest", "mallory")
    assert tag.pushed is not None
    assert tag.pulled is None
    assert tag.digests[0].startswith("sha256:")
    assert hub.tags("acme/shop").items == (tag,)
    with pytest.raises(Missing):
        hub.tags("acme/none", session)


def test_the_new_secret_survives_a_description_of_another_shape(hub: DockerHub, double: HubDouble) -> None:
    """Hub shows it this one time: whatever else stands in the answer, it must not be lost."""
    session = hub.sign_in("alice", password(double))
    value = token("dckr_pat_", 27)
    double.fail(Fault(status=201, content={"token": value, "uuid": 7}), "POST", "/v2/access-tokens")
    assert hub.create_token(session, "new", ("repo:read",)).perform() == NewToken(Secret(value), None)


def test_nothing_is_lost_when_the_answer_is(hub: DockerHub, double: HubDouble, session: Session) -> None:
    """The token was made and nobody knows its value: the list shows it by its label, and it is deleted."""
    double.issue("alice", "old")
    double.fail(Fault("lost"), "POST", "/v2/access-tokens", times=1)
    call = hub.create_token(session, "new", ("repo:read",))
    with pytest.raises(CutOff) as caught:
        call.perform()
    assert caught.value.may_have_arrived
    (stray,) = [one for one in hub.tokens(session).items if one.label == "new"]
    hub.delete(session, stray).perform()
    assert [one.label for one in hub.tokens(session).items] == ["old"], "the old one works as before"
    assert logs_in(double, "alice", call.perform().value)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=401, content={"message": "unauthorized"}), Unauthorised),
        (Fault(status=403, content={"message": "forbidden"}), Forbidden),
        (Fault(status=404, content={"message": "not found"}), Missing),
        (Fault(status=409, content={"message": "exists"}), Conflict),
        (Fault(status=422, content={"message": "no"}), Invalid),
        (Fault(status=429, headers={"X-Retry-After": "5"}, content={"detail": "slow"}), RateLimited),
        (Fault(status=503), ServerFailed),
        (Fault("html"), NotUnderstood),
        (Fault("half"), NotUnderstood),
        (Fault("cut"), CutOff),
        (Fault("slow"), TimedOut),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else f"{one.how}-{one.status}",
)
def test_faults(double: HubDouble, tmp_path: Path, fault: Fault, error: type[Exception]) -> None:
    """Of a question, of making a token, of ending one, and of signing in: told apart, tried once."""
    quick = 0.4 if fault.how == "slow" else 5
    hub = DockerHub(Network({}, home=tmp_path, root=tmp_path, total_seconds=quick), double.base_url)
    session = hub.sign_in("alice", password(double))
    double.issue("alice", "old")
    (old,) = hub.tokens(session).items
    create: Call[NewToken] = hub.create_token(session, "new", ("repo:read",))
    delete = hub.delete(session, old)
    double.fail(fault)
    for attempt in (lambda: hub.tokens(session), create.perform, lambda: hub.tags("acme/shop", session)):
        sent = len(double.log)
        with pytest.raises((ApiError, NetworkFailure)) as caught:
            attempt()
        assert type(caught.value) is error
        assert session.token.reveal() not in str(caught.value)
        assert len(double.log) == sent + 1
    if fault.how not in ("half", "cut"):  # an empty answer cannot end early
        with pytest.raises(error):
            delete.perform()
    if fault.status != 401 and fault.status != 404:
        with pytest.raises((ApiError, NetworkFailure)) as caught:
            hub.sign_in("alice", password(double))
        assert double.accounts["alice"].password not in str(caught.value)


def test_only_described_fields_are_read() -> None:
    read = fields_read("guides/registries/docker_hub.py", "guides/registries/docker_hub_answers.py")
    assert read
    assert read <= Facts("docker_hub").fields()


def test_every_described_call_was_tried(hub: DockerHub, double: HubDouble, watcher: Watcher, session: Session) -> None:
    test_the_life_of_a_token(hub, double, session)
    test_the_life_of_an_organisations_token(hub, double, session)
    test_who_pushed_a_tag(hub, double, session)
    hub.audit_events(session, "acme", WHEN)
    double.accounts["alice"].code = token("", 6)
    hub.sign_in("alice", password(double), Secret(double.accounts["alice"].code))
    hub.session_of_token("bob", password(double, "bob"))
    tried = {(method, len(path.split("/")), path.split("/")[2]) for method, path, _ in watcher.seen}
    wanted = {
        (call["call"].split()[0], len(call["call"].split("/")), call["call"].split("/")[2])
        for call in Facts("docker_hub").calls
    }
    assert tried == wanted


def test_what_is_unproven_is_named() -> None:
    assert all(len(reason) > 20 for reason in docker_hub.UNPROVEN.values())


def test_requests_name_no_secret_in_the_log(hub: DockerHub, double: HubDouble, session: Session) -> None:
    hub.create_token(session, "new", ("repo:read",)).perform()
    assert session.token.reveal() not in repr(double.log)
    assert "authorization" in double.log[-1].headers
    assert double.log[-1].fields == ("scopes", "token_label")
