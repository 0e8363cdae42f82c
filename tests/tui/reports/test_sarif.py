from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.formats.display import printable
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity, Skipped
from checks.model.secret import FingerprintKey, Secret
from checks.model.workstation import Workstation
from checks.scan import CheckFinished
from tests.services.sarif_validator import errors, schema_errors
from tests.tui.conftest import made_up
from tui.reports.gathered import Gathered
from tui.reports.sarif import render

STARTED = datetime.datetime(2026, 11, 24, 8, 0, tzinfo=datetime.UTC)
KEY = FingerprintKey(b"k" * 32)
SEVERITIES = list(Severity)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "co").mkdir(parents=True)
    return tmp_path / "home"


def finding(path: Path | str, secret: Secret | None = None, **fields: Any) -> Finding:
    own = {name: fields.pop(name) for name in ("registry", "username", "advice", "ignored") if name in fields}
    rule, title = fields.pop("rule", "named-secret"), fields.pop("title", "A secret")
    severity, confidence = fields.pop("severity", Severity.HIGH), fields.pop("confidence", Confidence.CERTAIN)
    return Finding("source-text", rule, title, severity, confidence, Place(str(path), **fields), secret, **own)


def rendered(
    home: Path, *findings: Finding, named: tuple[Path, ...] = (), folder: Path | None = None, **fields: Any
) -> str:
    workstation = Workstation(home, {}, KEY, named=named)
    gathered = Gathered(
        workstation=workstation,
        started=STARTED,
        seconds=1.5,
        findings=findings,
        **{"skipped": (), "finished": (), "left_out": ()} | fields,
    )
    return render(gathered, folder or home)


def run_of(text: str) -> dict[str, Any]:
    (run,) = json.loads(text)["runs"]
    assert isinstance(run, dict)
    return run


def results(home: Path, *findings: Finding, **fields: Any) -> list[dict[str, Any]]:
    found = run_of(rendered(home, *findings, **fields))["results"]
    assert isinstance(found, list)
    return found


def every_kind(home: Path) -> list[Finding]:
    token = Secret(made_up("ghp_"))
    odd = f"{home}/a b/\u00fc\udcff#?%:.env"
    return [
        finding(
            odd, token, line=3, end_line=4, column=5, field="A", registry="ghcr.io", username="alice", advice="Rotate"
        ),
        finding("/etc/docker/key", rule="weak", severity=Severity.LOW, ignored="marked ggignore in the line"),
        finding("API_KEY", Secret(made_up()), kind=PlaceKind.ENVIRONMENT, ignored="a in .dockhygiene.yaml: b"),
        finding("src/a", token, kind=PlaceKind.GIT, repository=f"{home}/co", commit="c" * 40, blob="b" * 40, line=2),
        finding("app/.env", token, kind=PlaceKind.IMAGE, image="app:1", layer=f"sha256:{'0' * 64}", line=1),
        finding("Env/X", token, kind=PlaceKind.CONTAINER, image="app", severity=Severity.MEDIUM),
        finding(f"{home}/x", title="[click](1) {0} \\ \x1b[31m \u202e", confidence=Confidence.POSSIBLE),
    ]


def test_valid(home: Path) -> None:
    skipped = (Skipped("c", f"{home}/\udcff", "too large"), Skipped("c", "VARIABLE", "locked"))
    failed = CheckFinished("source-text", 1, 1, 1.0, "KeyError in x.py, line 2")
    assert not errors(rendered(home, *every_kind(home), skipped=skipped, finished=(failed,)))
    assert not errors(rendered(home))


def test_valid_by_the_schema(home: Path) -> None:
    skipped = (Skipped("c", f"{home}/\udcff", "too large"), Skipped("c", "VARIABLE", "locked"))
    failed = CheckFinished("source-text", 1, 1, 1.0, "KeyError in x.py, line 2")
    assert not schema_errors(rendered(home, *every_kind(home), skipped=skipped, finished=(failed,)))
    assert not schema_errors(rendered(home))


def fault_level(run: dict[str, Any]) -> None:
    run["results"][0]["level"] = "fatal"


def fault_line(run: dict[str, Any]) -> None:
    run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0


def fault_message(run: dict[str, Any]) -> None:
    del run["results"][0]["message"]


def fault_rule(run: dict[str, Any]) -> None:
    run["results"][0]["ruleIndex"] = 99


def fault_place(run: dict[str, Any]) -> None:
    run["results"][0]["locations"] = []


def fault_uri(run: dict[str, Any]) -> None:
    run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "a b\\c"


@pytest.mark.parametrize("fault", [fault_line, fault_message, fault_rule, fault_place, fault_uri])
def test_the_validator_finds_faults(home: Path, fault: Callable[[dict[str, Any]], None]) -> None:
    report = json.loads(rendered(home, finding(f"{home}/a", line=1)))
    fault(report["runs"][0])
    assert errors(json.dumps(report))


@pytest.mark.parametrize("fault", [fault_level, fault_line, fault_message])
def test_the_schema_finds_faults(home: Path, fault: Callable[[dict[str, Any]], None]) -> None:
    report = json.loads(rendered(home, finding(f"{home}/a", line=1)))
    fault(report["runs"][0])
    assert schema_errors(json.dumps(report))


def texts(held: Any) -> Iterator[str]:
    if isinstance(held, dict):
        yield from (text for pair in held.items() for one in pair for text in texts(one))
    elif isinstance(held, list):
        yield from (text for one in held for text in texts(one))
    elif isinstance(held, str):
        yield held


def test_no_secret_and_nothing_unseen(home: Path) -> None:
    findings = every_kind(home)
    text = rendered(home, *findings)
    assert text.isascii()
    assert all(one == printable(one, 10_000) for one in texts(json.loads(text)))
    values = [one.secret.reveal() for one in findings if one.secret]
    assert values and not any(value in text or value[:-4] in text for value in values)


def test_places(home: Path) -> None:
    odd, weak, variable, git, image, container, _ = results(home, *every_kind(home))
    (location,) = odd["locations"]
    artifact = location["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "a%20b/%C3%BC%FF%23%3F%25%3A.env", "uriBaseId": "%SRCROOT%"}
    assert location["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 5, "endLine": 4}
    assert location["logicalLocations"] == [{"name": "A", "fullyQualifiedName": "A", "kind": "member"}]
    assert weak["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "file:///etc/docker/key"}, "region": {"startLine": 1}}}
    ]
    assert variable["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "environment/API_KEY"
    assert variable["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "environment/API_KEY"}
    assert git["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "co/src/a"
    assert git["properties"]["commit"] == "c" * 40
    assert image["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].startswith("image/app:1/sha256:")
    assert container["locations"][0]["logicalLocations"][0]["name"] == "Env/X"


def test_a_region_does_not_end_before_it_begins(home: Path) -> None:
    (found,) = results(home, finding("/a", line=3, end_line=1))
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "endLine": 3}


def test_what_names_are_relative_to(home: Path, tmp_path: Path) -> None:
    co, one = home / "co", finding(home / "co" / "sub" / "a")
    (co / "sub").mkdir()

    def seen(named: tuple[Path, ...], folder: Path) -> tuple[str, str]:
        run = run_of(rendered(home, one, named=named, folder=folder))
        artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        return run["originalUriBaseIds"]["%SRCROOT%"]["uri"], artifact["uri"]

    assert seen((co,), co) == (f"file://{co}/", "sub/a")
    assert seen((co,), tmp_path / "elsewhere") == (f"file://{co}/", "sub/a")
    assert seen((co / "sub", co), home.parent / "x") == (f"file://{co}/", "sub/a")
    assert seen((co / "sub" / "a",), tmp_path / "elsewhere") == (f"file://{co}/sub/", "a")
    assert seen((), home) == (f"file://{home}/", "co/sub/a")
    assert seen((), tmp_path / "elsewhere") == (f"file://{tmp_path}/elsewhere/", f"file://{co}/sub/a")
    (co / ".git").mkdir()
    assert seen((co / "sub",), co / "sub") == (f"file://{co}/", "sub/a")
    assert seen((co / "sub",), tmp_path / "elsewhere") == (f"file://{co}/", "sub/a")


@pytest.mark.parametrize("severity", SEVERITIES)
def test_levels(home: Path, severity: Severity) -> None:
    level = {"CRITICAL": "error", "HIGH": "error", "MEDIUM": "warning", "LOW": "note"}[severity.name]
    sure, unsure = results(
        home, finding("/a", severity=severity), finding("/a", severity=severity, confidence=Confidence.POSSIBLE)
    )
    assert sure["level"] == level
    assert unsure["level"] == "note"
    assert unsure["properties"]["confidence"] == "possible"


def test_rules(home: Path) -> None:
    run = run_of(
        rendered(
            home,
            finding("/a", rule="b-rule", severity=Severity.LOW),
            finding("/b", rule="a-rule", severity=Severity.CRITICAL),
            finding("/c", rule="b-rule", severity=Severity.HIGH),
        )
    )
    rules = run["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["properties"]["security-severity"]) for rule in rules] == [
        ("b-rule", "8.0"),
        ("a-rule", "9.5"),
    ]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert all("security" in rule["properties"]["tags"] for rule in rules)


def test_the_rule_books_titles(home: Path) -> None:
    run = run_of(rendered(home, finding("/a", rule="github-pat")))
    assert "GitHub" in run["tool"]["driver"]["rules"][0]["shortDescription"]["text"]


def test_a_title_is_no_link_and_no_placeholder(home: Path) -> None:
    (found,) = results(home, finding("/a", title="[click](1) {0}"))
    assert found["message"]["text"] == "\\[click\\](1) {{0}}."


def test_fingerprints_and_properties(home: Path) -> None:
    secret = Secret(made_up("ghp_"))
    one, same = finding("/a", secret, registry="ghcr.io", username="alice"), finding("/b", secret)
    first, second, weak = results(home, one, same, finding("/c"))
    assert first["partialFingerprints"]["secretHash/v1"] == KEY.of("secret", secret)
    assert first["partialFingerprints"]["secretHash/v1"] == second["partialFingerprints"]["secretHash/v1"]
    assert first["partialFingerprints"]["findingId/v1"] != second["partialFingerprints"]["findingId/v1"]
    assert list(weak["partialFingerprints"]) == ["findingId/v1"]
    held = first["properties"]
    assert (held["registry"], held["username"], held["check"]) == ("ghcr.io", "alice", "source-text")
    assert held["masked"] == secret.masked
    assert "registry" not in weak["properties"]


def test_suppressions(home: Path) -> None:
    told, marked, listed = results(
        home,
        finding("/a"),
        finding("/b", ignored="marked gitleaks:allow in the line"),
        finding("/c", ignored="tests/** in .dockhygiene.yaml: made-up values"),
    )
    assert told["suppressions"] == []
    assert [one["kind"] for one in marked["suppressions"]] == ["inSource"]
    assert [(one["kind"], one["justification"]) for one in listed["suppressions"]] == [
        ("external", "tests/** in .dockhygiene.yaml: made-up values")
    ]


def test_invocation(home: Path) -> None:
    skipped = Skipped("c", f"{home}/large", "too large", size=5)
    failed = CheckFinished("source-text", 1, 1, 1.0, "KeyError in x.py, line 2")
    (well,) = run_of(rendered(home, skipped=(skipped, skipped)))["invocations"]
    assert well["executionSuccessful"] is True
    assert (well["startTimeUtc"], well["endTimeUtc"]) == ("2026-11-24T08:00:00.000Z", "2026-11-24T08:00:01.500Z")
    (note,) = well["toolExecutionNotifications"]
    assert (note["level"], note["descriptor"]["id"]) == ("note", "not-looked-at")
    assert note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "large"
    (ill,) = run_of(rendered(home, finished=(failed,)))["invocations"]
    assert ill["executionSuccessful"] is False
    assert [note["level"] for note in ill["toolExecutionNotifications"]] == ["error"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.binary(min_size=1, max_size=40), below=st.booleans())
def test_any_name_comes_back(home: Path, name: bytes, below: bool) -> None:
    name = name.replace(b"/", b"_").replace(b"\0", b"_")
    folder = bytes(home) if below else b"/srv"
    path = folder + b"/x/" + name
    (found,) = results(home, finding(path.decode("utf-8", "surrogateescape"), line=1))
    artifact = found["locations"][0]["physicalLocation"]["artifactLocation"]
    uri = unquote_to_bytes(artifact["uri"])
    assert (bytes(home) + b"/" + uri if below else uri.removeprefix(b"file://")) == path


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=40))
def test_any_text(home: Path, text: str) -> None:
    one = finding(f"/{text}", title=text, registry=text, username=text, advice=text, ignored=text, field=text)
    other = finding(text, kind=PlaceKind.IMAGE, image=text, layer=text)
    assert rendered(home, one, other, skipped=(Skipped("c", text, text),)).isascii()
