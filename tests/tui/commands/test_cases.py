"""`cases`, `report` and `monitor` for a case on disk."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from checks.files.state import StateFolder
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.case import file
from guides.case.model import Case, CasePlace, Entry, Evidence, Held, Notes, StepId, StepRecord, StepState, Watch
from tests.tui.conftest import made_up
from tui.arguments.top import parser
from tui.commands import cases, monitor, report
from tui.reports.case import markdown, page
from tui.session import Session

HOSTILE = "<img src=x onerror=alert(1)> [a](javascript:b) `c` *d* | # e \x1b[2J \u202e"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    environment = {"HOME": str(tmp_path), "PATH": "/no-such-folder"}
    state = StateFolder.open(environment, tmp_path)
    return Session(Workstation(tmp_path, environment, state.key(), root=tmp_path / "root"), state)


def a_case(**fields: object) -> Case:
    old = Held("ghp_...x3Qa", "github-pat", "f", dead=1_800_000_900.0)
    made = Case(
        "0a1b2c3d", 1_800_000_000.0, "ghcr.io", "alice", "ghcr", old,
        places=(CasePlace("p", "environment-files", "r", "GHCR_TOKEN in plain text", "file", "/home/alice/.env", 3),),
        steps={StepId.UNDERSTAND: StepRecord(StepState.DONE, 1_800_000_100.0, "1 place")},
        evidence=(Evidence(1_800_000_200.0, "api.github.com", ("token of alice",)),),
        journal=(Entry(1_800_000_000.0, StepId.UNDERSTAND, "the case was opened"),),
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def test_cases_are_listed_with_what_is_due(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    done = {step: StepRecord(StepState.DONE) for step in StepId if step not in (StepId.MONITOR, StepId.CLOSE)}
    file.write(session.state, a_case())
    file.write(session.state, a_case(id="ffffffff", steps=done, watch=Watch(1.0)))
    file.write(session.state, a_case(id="eeeeeeee", steps=done, watch=Watch(1e12, looked=time.time(), alarms=("x",))))
    assert cases.run(parser().parse_args(["cases"]), session) == 0
    out = capsys.readouterr().out
    assert "0a1b2c3d  ghcr.io  alice  ghp_...x3Qa  2 Evidence" in out
    assert "the watch is over" in out
    assert "ALARM: x" in out


def test_a_damaged_case_is_named(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    session.state.write("case-00000000.json", b"junk")
    assert cases.run(parser().parse_args(["cases"]), session) == 3
    assert "case-00000000.json cannot be read" in capsys.readouterr().err


def test_the_report_as_markdown_and_html(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    file.write(session.state, a_case())
    assert report.run(parser().parse_args(["report", "0a1b"]), session) == 0
    text = capsys.readouterr().out
    assert "# Case 0a1b2c3d: ghcr.io" in text and "/home/alice/.env:3" in text and "token of alice" in text
    target = session.workstation.home / "r.html"
    arguments = parser().parse_args(["report", "0a1b", "--format", "html", "--output", str(target)])
    assert report.run(arguments, session) == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.read_text().startswith("<!doctype html>")


def test_the_message_for_the_team(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    file.write(session.state, a_case(notes=Notes(contact="the shop team")))
    assert report.run(parser().parse_args(["report", "0a1b", "--message"]), session) == 0
    out = capsys.readouterr().out
    assert "The credential of alice for ghcr.io (ghp_...x3Qa) was exposed" in out
    assert "/home/alice/.env:3" in out and "the shop team" in out


def test_nothing_foreign_becomes_markup() -> None:
    place = CasePlace("p", "c", "r", HOSTILE, "file", f"/tmp/{HOSTILE}", 1)
    case = a_case(username=HOSTILE, places=(place,), journal=(Entry(1.0, StepId.UPDATE, HOSTILE),))
    html = page(case)
    assert "<img" not in html and "<a " not in html and "<code>" not in html and "<em>" not in html
    assert "\x1b" not in html and "\u202e" not in html
    inlines = [one for one in MarkdownIt("commonmark").parse(markdown(case)) if one.type == "inline"]
    kinds = {child.type for one in inlines for child in one.children or ()}
    assert kinds <= {"text", "strong_open", "strong_close", "softbreak", "text_special"}
    assert "<script" not in html and "http-equiv" in html


@pytest.mark.parametrize("arguments", [["report"], ["report", "nothing"]])
def test_no_such_case(session: Session, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert report.run(parser().parse_args(arguments), session) == 2
    assert "dockhygiene cases" in capsys.readouterr().err


def test_the_cheat_sheet_needs_no_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert report.run(parser().parse_args(["report", "--cheat-sheet"])) == 0
    assert "Stay calm" in capsys.readouterr().out


def test_monitor_without_a_case_in_watch(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert monitor.run(parser().parse_args(["monitor", "--once"]), session) == 0
    assert "0 credentials looked at: all is well" in capsys.readouterr().out


def test_monitor_finds_a_copy_and_says_so_with_its_exit_code(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = made_up("ghp_")
    (session.workstation.home / ".bashrc").write_text(f"export GHCR_TOKEN={secret}\n")
    key = session.workstation.key
    old = Held("ghp_...x3Qa", "github-pat", key.of("secret", Secret(secret)), dead=1.0)
    done = {step: StepRecord(StepState.DONE) for step in StepId if step not in (StepId.MONITOR, StepId.CLOSE)}
    file.write(session.state, a_case(old=old, steps=done, places=(), watch=Watch(1e12)))
    assert monitor.run(parser().parse_args(["monitor", "--once"]), session) == 1
    out = capsys.readouterr().out
    assert "the old one stands in plain text in ~/.bashrc:1" in out
    assert secret not in out
