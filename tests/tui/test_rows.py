"""Rows, filter expressions and words, without a screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity
from checks.model.secret import FingerprintKey, Secret
from checks.model.token_kinds import TOKEN_KINDS
from guides import words
from guides.wording import place_text
from tests.tui.conftest import made_up
from tui.widgets.filter import FilterNotUnderstood, parse
from tui.widgets.row import Row, Rows

KEY = FingerprintKey(b"k" * 32)
HOME = Path("/home/alice")


def rows_of(*findings: Finding) -> list[Row]:
    rows = Rows(KEY, HOME)
    for finding in findings:
        rows.add(finding)
    return rows.all()


def row(severity: Severity = Severity.HIGH, registry: str = "ghcr.io", user: str = "alice") -> Row:
    finding = Finding(
        "docker-config",
        "plain-text-login",
        "plain-text login",
        severity,
        Confidence.CERTAIN,
        Place("/home/alice/.docker/config.json", line=4),
        Secret(made_up("ghp_")),
        registry,
        user,
    )
    return rows_of(finding)[0]


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ("", True),
        ("severity>=high", True),
        ("severity>high", False),
        ("severity<=medium", False),
        ("severity:high", True),
        ("SEVERITY=crit", False),
        ("confidence>=likely", True),
        ("registry:ghcr", True),
        ("registry:GHCR user:alice", True),
        ("user:bob", False),
        ("-user:bob", True),
        ("kind:github", True),
        ("path:config.json", True),
        ("check:docker", True),
        ("alice", True),
        ("alice bob", False),
        ("-alice", False),
        ("10.0.4.2:5000", False),
    ],
)
def test_filter(expression: str, matches: bool) -> None:
    assert parse(expression)(row()) is matches


@pytest.mark.parametrize("expression", ["severity>=", "severity:bad", "confidence>x", "registry>=ghcr"])
def test_filter_says_what_it_does_not_understand(expression: str) -> None:
    with pytest.raises(FilterNotUnderstood):
        parse(expression)


def test_docker_hub_is_named_for_people_and_found_by_its_host() -> None:
    hub = row(registry="docker.io")
    assert hub.name == "Docker Hub" and parse("registry:docker.io")(hub) and parse("hub")(hub)


def test_places_of_every_kind() -> None:
    def text(kind: PlaceKind, path: str, **rest: str) -> str:
        return place_text(Place(path, kind, **rest), HOME)  # type: ignore[arg-type]

    assert text(PlaceKind.ENVIRONMENT, "DOCKER_AUTH_CONFIG") == "variable DOCKER_AUTH_CONFIG"
    assert (
        text(PlaceKind.IMAGE, "/root/.docker/config.json", image="shop:dev")
        == "image shop:dev, /root/.docker/config.json"
    )
    in_layer = text(PlaceKind.IMAGE, "/app/.env", image="shop:dev", layer="sha256:90", field="layer 2: COPY . /app")
    assert in_layer == "image shop:dev, /app/.env, layer 2: COPY . /app"
    assert text(PlaceKind.CONTAINER, "web", image="shop:dev", field="Env PW") == "container web of shop:dev, Env PW"
    in_git = text(PlaceKind.GIT, "deploy/.env", repository="/home/alice/src", commit="4be1d02aaa", line=3)
    assert in_git == "~/src: deploy/.env:3 in 4be1d02a"
    assert text(PlaceKind.FILE, "/home/alice/a b") == "~/'a b'"


def test_every_kind_of_token_has_its_words() -> None:
    known = words.subject("kinds")
    assert not [kind.id for kind in TOKEN_KINDS if kind.id not in known] and "password" in known


@pytest.mark.parametrize(
    ("subject", "ids"),
    [
        ("docker-credential", ["D0", "D1", "D2", "D3", "base64"]),
        ("why-it-leaks", ["L1", "L2", "L3", "L4", "L5", "history"]),
        ("what-can-happen", [f"R{number}" for number in range(6)]),
        ("best-practice", [f"B{number}" for number in range(1, 10)]),
    ],
)
def test_words_are_complete(subject: str, ids: list[str]) -> None:
    sections = words.subject(subject)
    assert list(sections) == ids and all(section.title and section.text for section in sections.values())


def test_a_row_grows_and_keeps_its_place() -> None:
    secret, rows = Secret(made_up("ghp_")), Rows(KEY, HOME)
    first = Finding("c", "r", "t", Severity.LOW, Confidence.POSSIBLE, Place("/a", line=1), secret)
    rows.add(first)
    rows.add(Finding("c", "r", "t", Severity.HIGH, Confidence.CERTAIN, Place("/b"), Secret("another"), "b.example"))
    before = rows.all()
    rows.add(Finding("c", "r", "t", Severity.CRITICAL, Confidence.LIKELY, Place("/c"), secret, "a.example", "alice"))
    after = rows.all()
    assert [row.id for row in before] == [row.id for row in after] and before[1] is after[1]
    assert (after[0].title, after[0].severity, after[0].confidence) == (
        "a.example / alice",
        Severity.CRITICAL,
        Confidence.LIKELY,
    )
    assert after[0].where == "2 places: /a:1, ..."
