"""The rotation policy's file, and when a credential is due."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from guides.case.due import DAY
from guides.monitor.credentials import Tracked
from guides.rotation.due import age_of, end_of
from guides.rotation.policy import Policy, PolicyError, read_policy

ONE = Tracked("aa", "ghcr.io", "alice", "ghcr", "github-pat", "ghp_...x3Qa", "f" * 32, 1_800_000_000.0, made=True)


def test_the_order_of_the_rules(tmp_path: Path) -> None:
    path = tmp_path / "rotation.yaml"
    path.write_text(
        "version: 1\ndefault: 60\nwarn: 7\nproviders: {ghcr: 45}\ncredentials:\n"
        "- {registry: ghcr.io, username: alice, days: 30}\n- {registry: ghcr.io, days: never}\n"
    )
    policy = read_policy(path)
    assert (policy.warn, policy.uses) == (7, 180)
    assert policy.days_for("ghcr", "ghcr.io", "alice", "github-pat") == 30
    assert policy.days_for("ghcr", "ghcr.io", "bob", "github-pat") == 0
    assert policy.days_for("ghcr", "docker.pkg.github.com", "bob", "github-pat") == 45
    assert policy.days_for("docker-hub", "docker.io", "bob", "docker-hub-pat") == 60
    assert read_policy(tmp_path / "none").days_for("ghcr", "ghcr.io", "bob", "github-pat") == 90


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("default: 3\n", ":1: `version: 1` is needed"),
        ("version: 1\ndefualt: 3\n", ":2: `defualt` is not known here"),
        ("version: 1\ndefault: soon\n", ":2: a number of days"),
        ("version: 1\nproviders:\n  gchr: 3\n", ":3: no provider of that name"),
        ("version: 1\ncredentials:\n- registry: ghcr.io\n", ":3: a credential needs"),
        ("a: [", "rotation.yaml:"),
    ],
    ids=["version", "typo", "days", "provider", "rule", "broken"],
)
def test_what_is_misspelt_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "rotation.yaml"
    path.write_text(text)
    with pytest.raises(PolicyError) as caught:
        read_policy(path)
    assert says in str(caught.value)


def test_due_by_age_and_by_its_own_end() -> None:
    policy = Policy(default=30, warn=7)
    assert not age_of(ONE, policy, ONE.since + 29 * DAY).due
    assert age_of(ONE, policy, ONE.since + 30 * DAY).reason == "it is 30 days old, and the policy allows 30"
    ending = replace(ONE, expires="2027-01-31")
    end = end_of("2027-01-31")
    assert end
    never = Policy(default=0, warn=7)
    assert not age_of(ending, never, end - 8 * DAY).due
    assert age_of(ending, never, end - 7 * DAY).reason == "it expires on 2027-01-31"
    assert age_of(ending, never, end).reason == "it expired on 2027-01-31"
    assert end_of("30 February") is None and end_of("2027-02-30") is None
    assert not age_of(replace(ONE, since=ONE.since + DAY), policy, ONE.since).due, "a clock that was set back"
