"""The GitLab client, against a double that is held against the facts of GitLab's own documentation."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.registries import gitlab as module
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
)
from guides.registries.gitlab import REPORTER, GitLab, InsufficientScope, NewDeployToken, NotItsKind, Source
from guides.registries.network import CutOff, Network, NetworkFailure, TimedOut
from tests.guides.registries.source_fields import fields_read
from tests.services.contracts import Facts, Watcher
from tests.services.double import Fault, token
from tests.services.gitlab_double import GitLabDouble

PULLS = frozenset({"pull"})
SHOP, ACME = Source("project", "acme/shop"), Source("group", "acme")
SOURCES = pytest.mark.parametrize("source", [SHOP, ACME], ids=lambda one: one.kind)
DAY = datetime.date(2030, 1, 31)
WHEN = datetime.datetime(2030, 1, 31, tzinfo=datetime.UTC)


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(Facts("gitlab"))


@pytest.fixture
def double(watcher: Watcher) -> Iterator[GitLabDouble]:
    """Alice maintains the project acme/shop and owns the group acme; bob is a developer."""
    with GitLabDouble("alice", "bob") as instance:
        instance.watch = watcher.see
        instance.roles = {"projects/acme/shop": {"alice": 40, "bob": 30}, "groups/acme": {"alice": 50, "bob": 40}}
        yield instance
    assert watcher.complaints == []
    assert not [logged for logged in instance.log if "rotate" in logged.path]


@pytest.fixture
def client(double: GitLabDouble, tmp_path: Path) -> GitLab:
    return GitLab(Network({}, home=tmp_path, root=tmp_path, total_seconds=5), double.base_url)


@pytest.fixture
def manager(double: GitLabDouble) -> Secret:
    return Secret(double.issue("alice", ("api",), name="admin").value)


def test_what_a_token_says_of_itself(client: GitLab, double: GitLabDouble) -> None:
    value = Secret(double.issue("alice", ("read_registry",), expires_at="2099-12-31").value)
    own = client.own(value)
    assert (own.name, own.scopes, own.active, own.revoked) == ("laptop", ("read_registry",), True, False)
    assert own.expires_at == datetime.datetime(2099, 12, 31, tzinfo=datetime.UTC)
    assert own.last_used_at is None
    assert own.created_at is not None
    assert client.own(value).last_used_at is not None, "the first question counted"
    assert double.log[-1].headers.count("private-token") == 1
    assert "authorization" not in double.log[-1].headers
    assert not client.is_dead(value)


def test_a_token_that_is_gone(client: GitLab, double: GitLabDouble) -> None:
    never = Secret(token("glpat-", 20))
    with pytest.raises(Unauthorised, match="nothing is left to revoke"):
        client.own(never)
    assert client.is_dead(never)
    assert client.is_dead(Secret(double.issue("alice", expires_at="2020-01-01").value)), "expired"


def test_too_small_a_scope_is_alive(client: GitLab, double: GitLabDouble, manager: Secret) -> None:
    """403 insufficient_scope says that the token is known; a 403 for another reason says nothing of it."""
    value = Secret(double.issue("alice").value)
    answer = {"error": "insufficient_scope", "error_description": "The request requires higher privileges"}
    double.fail(Fault(status=403, content=answer))
    with pytest.raises(InsufficientScope, match="alive"):
        client.own(value)
    assert not client.is_dead(value)
    double.heal()
    double.blocked.add("alice")
    with pytest.raises(Forbidden) as caught:
        client.is_dead(value)
    assert not isinstance(caught.value, InsufficientScope)
    with pytest.raises(Forbidden):
        client.own(value)


def test_a_token_that_tells_of_its_end_itself(client: GitLab, double: GitLabDouble) -> None:
    value = Secret(double.issue("alice").value)
    double.fail(Fault(status=200, content={"active": False, "revoked": False}))
    assert client.is_dead(value)


@pytest.mark.parametrize("value", ["gldt-", "glcbt-"])
def test_a_token_of_another_kind_is_not_asked(client: GitLab, double: GitLabDouble, value: str) -> None:
    """Its 401 would look like death."""
    for ask in (client.is_dead, client.own):
        with pytest.raises(NotItsKind):
            ask(Secret(token(value, 30)))
    assert not double.log


def test_a_kind_that_gitlab_does_not_take(client: GitLab, double: GitLabDouble) -> None:
    double.fail(Fault(status=400, content={"message": "400 Bad request - This endpoint requires token type ..."}))
    with pytest.raises(Invalid):
        client.own(Secret(token("", 64)))


def test_a_token_ends_itself(client: GitLab, double: GitLabDouble) -> None:
    """Whatever its scope; shown first; the registry refuses it at once."""
    value = Secret(double.issue("alice", ("read_registry",), name="old laptop").value)
    assert double.enter("alice", value.reveal()) == PULLS
    known = client.own(value)
    call = client.revoke_own(value, known)
    assert call.shown == (
        f"DELETE {double.host}/api/v4/personal_access_tokens/self: revokes the token `old laptop` ({known.id}) for "
        "good, by itself: nobody can undo it"
    )
    assert call.final
    assert call.sends == (value.masked,)
    assert not client.is_dead(value)
    call.perform()
    assert double.enter("alice", value.reveal()) is None
    assert client.is_dead(value)
    with pytest.raises(Unauthorised):
        call.perform()


@SOURCES
def test_the_life_of_an_access_token(client: GitLab, double: GitLabDouble, manager: Secret, source: Source) -> None:
    old = client.create_access_token(manager, source, "ci old", DAY).perform()
    call = client.create_access_token(manager, source, "ci new", DAY)
    assert call.effect == (
        f"makes a new access token `ci new` for the {source.kind} {source.path}, with read_registry, ending 2030-01-31"
    )
    assert call.path.startswith(f"/api/v4/{source.kind}s/acme")
    assert "acme/shop" not in call.path, "the path is one part"
    assert not call.final
    new = call.perform()
    assert new.token is not None
    assert old.token is not None
    assert new.token.access_level == REPORTER
    assert double.enter("bot", old.value.reveal()) == PULLS, "the old one works on"
    assert double.enter("bot", new.value.reveal()) == PULLS
    listed = client.access_tokens(manager, source)
    assert [one.name for one in listed.items] == ["ci old", "ci new"]
    assert listed.complete
    ending = client.delete_access_token(manager, source, old.token)
    assert f"`ci old` ({old.token.id}) of the {source.kind} {source.path} for good" in ending.effect
    assert ending.final
    ending.perform()
    assert double.enter("bot", old.value.reveal()) is None
    assert double.enter("bot", new.value.reveal()) == PULLS
    assert [one.revoked for one in client.access_tokens(manager, source).items] == [True, False]
    assert not client.is_dead(new.value)


@SOURCES
def test_the_life_of_a_deploy_token(client: GitLab, double: GitLabDouble, manager: Secret, source: Source) -> None:
    call = client.create_deploy_token(manager, source, "cluster", expires_at=WHEN)
    assert call.effect == (
        f"makes a new deploy token `cluster` for the {source.kind} {source.path}, with read_registry, ending 2030-01-31"
    )
    new = call.perform()
    assert new.token is not None
    assert new.value.kind == "gitlab-deploy"
    assert new.token.expires_at == WHEN
    assert double.enter(new.token.username, new.value.reveal()) == PULLS
    assert double.enter("alice", new.value.reveal()) is None, "only with its own user name"
    named = client.create_deploy_token(manager, source, "named", username="puller", scopes=("write_registry",))
    assert "without an end" in named.effect
    assert named.perform().token.username == "puller"  # type: ignore[union-attr]
    first, second = client.deploy_tokens(manager, source).items
    assert (first.name, second.username, second.expires_at) == ("cluster", "puller", None)
    client.delete_deploy_token(manager, source, first).perform()
    assert double.enter(first.username, new.value.reveal()) is None
    assert client.deploy_tokens(manager, source).items == (second,)
    with pytest.raises(Missing):
        client.delete_deploy_token(manager, source, first).perform()


def test_who_may_not(client: GitLab, double: GitLabDouble, manager: Secret) -> None:
    narrow = Secret(double.issue("alice", ("read_registry",)).value)
    developer = Secret(double.issue("bob", ("api",)).value)
    stranger = Secret(double.issue("mallory", ("api",)).value)
    bot = client.create_access_token(manager, SHOP, "bot", DAY, scopes=("api",), access_level=40).perform()
    double.roles["projects/acme/shop"]["projects_acme_shop_bot"] = 40
    with pytest.raises(Forbidden, match="scope api"):
        client.deploy_tokens(narrow, SHOP)
    with pytest.raises(Forbidden, match="of a Maintainer"):
        client.deploy_tokens(developer, SHOP)
    with pytest.raises(Unauthorised, match="too small a role"):
        client.access_tokens(developer, SHOP)
    with pytest.raises(Missing, match="check the path"):
        client.access_tokens(stranger, SHOP)
    with pytest.raises(Invalid):
        client.create_access_token(bot.value, SHOP, "second", DAY).perform()
    with pytest.raises(Invalid):
        client.create_access_token(manager, SHOP, "high", DAY, access_level=50).perform()
    with pytest.raises(Invalid):
        client.create_deploy_token(manager, SHOP, "none", scopes=()).perform()


def test_many_tokens(client: GitLab, double: GitLabDouble, manager: Secret) -> None:
    double.largest_page = 3
    for number in range(8):
        double.issue_deploy_token("projects/acme/shop", name=f"token {number}")
    assert len(client.deploy_tokens(manager, SHOP).items) == 8


def test_pages_by_link_alone(client: GitLab, double: GitLabDouble, manager: Secret) -> None:
    """An instance may leave the other headers out."""
    link = f'<{double.base_url}/x?page=2>; rel="next"'
    double.fail(Fault(status=200, content=[], headers={"Link": link}), "GET", times=1)
    assert client.deploy_tokens(manager, SHOP).items == (), "an empty page ends it all the same"


def test_an_instance_below_a_path(double: GitLabDouble, tmp_path: Path) -> None:
    network = Network({}, home=tmp_path, root=tmp_path)
    value = Secret(double.issue("alice").value)
    call = GitLab(network, double.base_url + "/git/").revoke_own(value, GitLab(network, double.base_url).own(value))
    assert call.path == "/git/api/v4/personal_access_tokens/self"


def test_names_that_are_none(client: GitLab, double: GitLabDouble, manager: Secret) -> None:
    with pytest.raises(ValueError, match="neither"):
        Source("person", "alice")
    with pytest.raises(NotSent):
        client.deploy_tokens(manager, Source("project", ".."))
    with pytest.raises(NotSent):
        client.is_dead(Secret("glpat-with\nline"))
    assert not double.log


def test_the_new_secret_survives_a_description_of_another_shape(
    client: GitLab, double: GitLabDouble, manager: Secret
) -> None:
    value = token("gldt-", 20)
    double.fail(Fault(status=201, content={"token": value, "id": "seven"}))
    assert client.create_deploy_token(manager, SHOP, "ci").perform() == NewDeployToken(Secret(value), None)


def test_nothing_is_lost_when_the_answer_is(client: GitLab, double: GitLabDouble, manager: Secret) -> None:
    """The token was made and nobody knows its value: the list shows it by its name, and it is deleted."""
    double.fail(Fault("lost"), "POST", times=1)
    with pytest.raises(CutOff) as caught:
        client.create_deploy_token(manager, SHOP, "ci").perform()
    assert caught.value.may_have_arrived
    (stray,) = client.deploy_tokens(manager, SHOP).items
    assert stray.name == "ci"
    client.delete_deploy_token(manager, SHOP, stray).perform()
    assert client.deploy_tokens(manager, SHOP).items == ()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=401, content={"message": "401 Unauthorized"}), Unauthorised),
        (Fault(status=403, content={"message": "403 Forbidden"}), Forbidden),
        (Fault(status=404, content={"message": "404 Not found"}), Missing),
        (Fault(status=409, content={"message": "exists"}), Conflict),
        (Fault(status=422, content={"message": "no"}), Invalid),
        (Fault(status=429, headers={"Retry-After": "5"}, content="Retry later"), RateLimited),
        (Fault(status=503), ServerFailed),
        (Fault("html"), NotUnderstood),
        (Fault("half"), NotUnderstood),
        (Fault("cut"), CutOff),
        (Fault("slow"), TimedOut),
        (Fault("redirect"), NotUnderstood),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else f"{one.how}-{one.status}",
)
def test_faults(double: GitLabDouble, tmp_path: Path, fault: Fault, error: type[Exception], manager: Secret) -> None:
    """Told apart, tried once, and no token in any message."""
    quick = 0.4 if fault.how == "slow" else 5
    client = GitLab(Network({}, home=tmp_path, root=tmp_path, total_seconds=quick), double.base_url)
    value = Secret(double.issue("alice").value)
    known = client.own(value)
    deploy = client.create_deploy_token(manager, SHOP, "ci").perform().token
    assert deploy is not None
    ending = [client.revoke_own(value, known), client.delete_deploy_token(manager, SHOP, deploy)]
    double.fail(fault)
    attempts: list[Callable[[], object]] = [
        lambda: client.own(value),
        lambda: client.deploy_tokens(manager, SHOP),
        client.create_access_token(manager, SHOP, "new", DAY).perform,
        client.create_deploy_token(manager, SHOP, "new").perform,
    ]
    if fault.how not in ("half", "cut"):  # an empty answer cannot end early
        attempts += [call.perform for call in ending]
    if fault.status != 401:
        attempts.append(lambda: client.is_dead(value))
    for attempt in attempts:
        sent = len(double.log)
        with pytest.raises((ApiError, NetworkFailure)) as caught:
            attempt()
        assert type(caught.value) is error
        assert value.reveal() not in str(caught.value)
        assert manager.reveal() not in str(caught.value)
        assert len(double.log) == sent + 1


def test_only_described_fields_are_read() -> None:
    read = fields_read("guides/registries/gitlab.py", "guides/registries/gitlab_answers.py")
    assert "last_used_at" in read
    assert read <= Facts("gitlab").fields()


def test_every_described_call_was_tried(
    client: GitLab, double: GitLabDouble, watcher: Watcher, manager: Secret
) -> None:
    test_a_token_ends_itself(client, double)
    for source in (SHOP, ACME):
        test_the_life_of_an_access_token(client, double, manager, source)
        test_the_life_of_a_deploy_token(client, double, manager, source)
    tried = {
        (method, path.split("/")[3], path.split("/")[-1].isdecimal(), "deploy" in path)
        for method, path, _ in watcher.seen
    }
    wanted = {
        (
            call["call"].split()[0],
            call["call"].split("/")[3],
            call["call"].endswith("{token_id}"),
            "deploy" in call["call"],
        )
        for call in Facts("gitlab").calls
    }
    assert wanted <= tried
    assert {path for _, path, _ in watcher.seen if "rotate" in path} == set()


def test_there_is_no_rotating() -> None:
    assert module.__doc__ is not None
    assert "no rotating" in module.__doc__
    assert not [name for name in vars(GitLab) if "rotat" in name]


def test_what_is_unproven_is_named() -> None:
    assert all(len(reason) > 20 for reason in module.UNPROVEN.values())
