"""The GitHub client: every request and every answer of its double is held against GitHub's own OpenAPI description."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.registries import github as module
from guides.registries.api import (
    ApiError,
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    NotUnderstood,
    RateLimited,
    ServerFailed,
    Unauthorised,
)
from guides.registries.github import MOST_REVOKED, GitHub, NotRevocable, audit_search
from guides.registries.network import CutOff, Network, NetworkFailure, TimedOut
from tests.guides.registries.source_fields import fields_read
from tests.services.contracts import Watcher, github
from tests.services.double import Fault, token
from tests.services.github_double import GitHubDouble

PULLS = frozenset({"pull"})
BEYOND = frozenset(
    {
        ("GET", "/user/packages", 401),
        ("GET", "/user/packages", 403),
        ("POST", "/credentials/revoke", 403),
    }
)
"""The description names them in words only, or not at all: docs/provider-clients.md."""


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(github(), BEYOND)


@pytest.fixture
def double(watcher: Watcher) -> Iterator[GitHubDouble]:
    with GitHubDouble("alice", "bob") as service:
        service.watch = watcher.see
        yield service
    assert watcher.complaints == []


@pytest.fixture
def client(double: GitHubDouble, tmp_path: Path) -> GitHub:
    return GitHub(Network({}, home=tmp_path, root=tmp_path, total_seconds=5), double.base_url)


def issued(
    double: GitHubDouble, scopes: tuple[str, ...] | None = ("read:packages",), expires: str = "", owner: str = "alice"
) -> Secret:
    return Secret(double.issue(owner, scopes, expires=expires).value)


@pytest.mark.parametrize(
    ("expires", "read"),
    [
        ("2030-01-31 12:00:00 UTC", datetime.datetime(2030, 1, 31, 12, tzinfo=datetime.UTC)),
        ("2030-01-31 12:00:00 +0200", datetime.datetime(2030, 1, 31, 10, tzinfo=datetime.UTC)),
        ("next summer", None),
        ("", None),
    ],
)
def test_whose_it_is(client: GitHub, double: GitHubDouble, expires: str, read: datetime.datetime | None) -> None:
    who = client.whoami(issued(double, ("read:packages", "repo"), expires))
    assert (who.login, who.scopes, who.expires_at) == ("alice", ("read:packages", "repo"), read)


def test_no_scopes_and_none_named(client: GitHub, double: GitHubDouble) -> None:
    assert client.whoami(issued(double, ())).scopes == ()
    assert client.whoami(issued(double, None)).scopes is None, "a fine-grained token has permissions instead"


def test_a_dead_token_is_nobodys(client: GitHub, double: GitHubDouble) -> None:
    with pytest.raises(Unauthorised):
        client.whoami(Secret(token("ghp_", 36)))


def test_packages(client: GitHub, double: GitHubDouble) -> None:
    double.packages["alice"] = ["shop"]
    assert client.packages_readable(issued(double))
    assert not client.packages_readable(issued(double, ("repo",)))
    assert not client.packages_readable(issued(double, None))
    with pytest.raises(Unauthorised):
        client.packages_readable(Secret(token("ghp_", 36)))


def test_revoking(client: GitHub, double: GitHubDouble) -> None:
    """Shown first, sent without a login, done a little later, and the registry refuses it then."""
    value, other = issued(double), issued(double)
    double.revoked_after = 2
    call = client.revoke([value])
    assert not double.log
    assert call.shown.startswith(f"POST {double.host}/credentials/revoke: revokes {value.masked} for good")
    assert "nobody can undo it" in call.effect
    assert "tells the owner" in call.effect
    assert call.final
    assert call.sends == (value.masked,)
    assert value.reveal() not in call.shown

    assert double.enter("alice", value.reveal()) == PULLS
    call.perform()
    assert "authorization" not in double.log[-1].headers
    assert double.log[-1].fields == ("credentials",)
    assert double.notified == ["alice"]
    assert [client.is_dead(value) for _ in range(4)] == [False, False, True, True]
    assert double.enter("alice", value.reveal()) is None
    assert not client.is_dead(other)
    call.perform()
    assert double.notified == ["alice"], "once"


def test_never_with_a_login(double: GitHubDouble, tmp_path: Path, client: GitHub) -> None:
    """Not by a .netrc, and not by a proxy's settings either."""
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login alice password {token('', 12)}\n")
    client.revoke([issued(double)]).perform()
    assert not [name for name in double.log[-1].headers if "auth" in name]


@pytest.mark.parametrize("value", ["ghs_", "dckr_pat_", ""])
def test_another_kind_is_not_sent(client: GitHub, double: GitHubDouble, value: str) -> None:
    with pytest.raises(NotRevocable, match="nothing was sent"):
        client.revoke([issued(double), Secret(token(value, 36))])
    with pytest.raises(NotRevocable):
        audit_search(Secret(token(value, 36)))
    assert not double.log


def test_how_many_at_once(client: GitHub, double: GitHubDouble) -> None:
    for number in (0, MOST_REVOKED + 1):
        with pytest.raises(NotRevocable):
            client.revoke([issued(double)] * number)
    call = client.revoke([issued(double) for _ in range(7)])
    assert call.effect.count("ghp_") == 5
    assert len(call.sends) == 7
    call.perform()


def test_sixty_an_hour(client: GitHub, double: GitHubDouble) -> None:
    double.revocations_left = 0
    with pytest.raises(RateLimited) as caught:
        client.revoke([issued(double)]).perform()
    assert caught.value.retry_after == 1800


def test_a_lock_out_is_no_proof_of_death(client: GitHub, double: GitHubDouble) -> None:
    """After several wrong tokens GitHub refuses an address for a while, with 403, right ones too."""
    value = issued(double)
    message = {"message": "Maximum number of login attempts exceeded. Please try again later."}
    double.fail(Fault(status=403, content=message), "GET", "/user")
    with pytest.raises(Forbidden, match="lock an address out"):
        client.is_dead(value)
    double.heal()
    double.fail(Fault("html", status=401), "GET", "/user")
    with pytest.raises(NotUnderstood):
        client.is_dead(value)


def test_what_to_search_the_audit_log_for(client: GitHub, double: GitHubDouble) -> None:
    """Made here, as github/docs tells it: echo -n TOKEN | openssl dgst -sha256 -binary | base64."""
    value = issued(double)
    digest = base64.b64encode(hashlib.sha256(value.reveal().encode()).digest()).decode()
    assert audit_search(value) == f'hashed_token:"{digest}"'
    assert not double.log, "nothing is sent"
    client.whoami(value)
    assert audit_search(value) == f'hashed_token:"{double.audit[-1]["hashed_token"]}"'


FAULTS = [
    (Fault(status=401, content={"message": "Bad credentials"}), Unauthorised),
    (Fault(status=403, content={"message": "no"}), Forbidden),
    (Fault(status=404, content={"message": "Not Found"}), Missing),
    (Fault(status=409, content={"message": "no"}), Conflict),
    (Fault(status=422, content={"message": "no"}), Invalid),
    (Fault(status=429, headers={"Retry-After": "5"}), RateLimited),
    (Fault(status=500, content={"message": "no"}), ServerFailed),
    (Fault("html"), NotUnderstood),
    (Fault("half"), NotUnderstood),
    (Fault("cut"), CutOff),
    (Fault("slow"), TimedOut),
]


@pytest.mark.parametrize(
    ("fault", "error"), FAULTS, ids=lambda one: one.__name__ if isinstance(one, type) else f"{one.how}-{one.status}"
)
def test_faults(double: GitHubDouble, tmp_path: Path, fault: Fault, error: type[Exception]) -> None:
    """Told apart, tried once, and no token in any message."""
    quick = 0.4 if fault.how == "slow" else 5
    client = GitHub(Network({}, home=tmp_path, root=tmp_path, total_seconds=quick), double.base_url)
    value = issued(double)
    double.packages["alice"] = ["shop"]
    double.fail(fault)
    attempts: list[Callable[[], object]] = [lambda: client.whoami(value), client.revoke([value]).perform]
    if fault.status not in (401, 403):
        attempts += [lambda: client.is_dead(value), lambda: client.packages_readable(value)]
    for attempt in attempts:
        sent = len(double.log)
        with pytest.raises((ApiError, NetworkFailure)) as caught:
            attempt()
        assert type(caught.value) is error
        assert value.reveal() not in str(caught.value)
        assert len(double.log) == sent + 1


def test_the_answer_is_lost_after_it_was_revoked(client: GitHub, double: GitHubDouble) -> None:
    """Whether it was done is asked, and not tried again."""
    value = issued(double)
    double.revoked_after = 0
    double.fail(Fault("lost"), "POST", times=1)
    with pytest.raises(CutOff) as caught:
        client.revoke([value]).perform()
    assert caught.value.may_have_arrived
    assert client.is_dead(value)
    assert len(double.log) == 2


def test_only_described_fields_are_read() -> None:
    assert fields_read("guides/registries/github.py") == {"login"}
    users = github()._plain({"$ref": "#/components/schemas/public-user"})
    assert "login" in users["required"]


def test_every_status_of_the_description_is_tried(client: GitHub, double: GitHubDouble, watcher: Watcher) -> None:
    """Those that a client can bring about; 304 needs a conditional request, 400 a broken one."""
    test_revoking(client, double)
    test_packages(client, double)
    tried = {(path, status) for _, path, status in watcher.seen}
    assert {("/user", 200), ("/user", 401), ("/user/packages", 200), ("/credentials/revoke", 202)} <= tried
    assert github().statuses("POST", "/credentials/revoke") == {202, 422, 500}


def test_what_is_unproven_is_named() -> None:
    assert all(len(reason) > 20 for reason in module.UNPROVEN.values())
