from __future__ import annotations

from dataclasses import replace

import pytest

from checks.model.finding import Confidence, Finding, Place, Severity
from checks.model.secret import FingerprintKey, Secret
from tests.checks.conftest import random_password

KEY = FingerprintKey(b"k" * 32)


@pytest.fixture
def finding() -> Finding:
    place = Place("/home/ann/.docker/config.json", line=4, column=2)
    secret = Secret(random_password())
    return Finding("docker-config", "r", "t", Severity.HIGH, Confidence.LIKELY, place, secret, locator="auths/h/auth")


def test_an_id_survives_line_moves_and_new_words(finding: Finding) -> None:
    moved = replace(
        finding, title="x", severity=Severity.LOW, advice="y", place=replace(finding.place, line=9, column=1)
    )
    assert moved.id(KEY) == finding.id(KEY)


def test_an_id_tells_findings_apart(finding: Finding) -> None:
    others = [
        replace(finding, rule="other"),
        replace(finding, locator="auths/i/auth"),
        replace(finding, secret=Secret("other")),
        replace(finding, secret=None),
        replace(finding, place=replace(finding.place, path="/other")),
        replace(finding, place=replace(finding.place, commit="c")),
        replace(finding, place=replace(finding.place, image="i")),
        replace(finding, place=replace(finding.place, layer="l")),
        replace(finding, place=replace(finding.place, repository="r")),
    ]
    ids = {one.id(KEY) for one in [finding, *others]}
    assert len(ids) == len(others) + 1


def test_an_id_depends_on_the_key(finding: Finding) -> None:
    assert finding.id(KEY) != finding.id(FingerprintKey(b"l" * 32))
    assert len(finding.id(KEY)) == 16


def test_severities_and_confidences_are_ordered_and_named() -> None:
    assert Severity.CRITICAL > Severity.HIGH > Severity.MEDIUM > Severity.LOW
    assert Severity.CRITICAL.label == "critical"
    assert Confidence.CERTAIN > Confidence.LIKELY > Confidence.POSSIBLE
    assert Confidence.POSSIBLE.label == "possible"
