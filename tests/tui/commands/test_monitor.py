"""`monitor`, `rotate` and `uses --add`, the real commands on a clean home."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from checks.files.state import StateFolder
from guides.case import file
from guides.case.model import Case, Entry, Held, StepId, StepRecord, StepState, Watch
from tests.end_to_end.command import dockhygiene, environment, said

DAY = 86400.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def a_case(home: Path, **fields: object) -> Case:
    """One whose new credential is 100 days old, and whose watch has found something."""
    now = time.time()
    done = {step: StepRecord(StepState.DONE, now) for step in StepId if step not in (StepId.MONITOR, StepId.CLOSE)}
    made = Case(
        "0a1b2c3d", now - 100 * DAY, "ghcr.io", "alice", "ghcr",
        Held("ghp_...x3Qa", "github-pat", "0" * 32, "alice", dead=now - 99 * DAY),
        new=Held("ghp_...9fKd", "github-pat", "1" * 32, "alice", accepted=now - 100 * DAY),
        steps=done, watch=Watch(now + 5 * DAY, ("ghcr.io",), now, now, ("a \x1b[31mcopy",)),
        journal=(Entry(now - 100 * DAY, StepId.GENERATE, "made"),),
    )  # fmt: skip
    made = replace(made, **fields)  # type: ignore[arg-type]
    file.write(StateFolder.open(environment(home), home), made)
    return made


def test_the_table_reads_nothing_but_the_state(home: Path) -> None:
    done = dockhygiene(home, "monitor")
    assert done.returncode == 0, said(done)
    assert "No case was opened" in done.stdout
    a_case(home)
    (home / ".docker").mkdir()
    (home / ".docker/config.json").write_text("broken")
    done = dockhygiene(home, "monitor")
    assert done.returncode == 1, said(done)
    assert "ghcr.io  alice  ghp_...x3Qa  case 0a1b2c3d  7 Monitor, 5 days to go" in done.stdout
    assert "100 days old; no end known; policy: until" in done.stdout
    assert "ALARM  a \\x1b[31mcopy" in done.stdout
    assert "due: it is 100 days old, and the policy allows 90: dockhygiene rotate 0a1b2c3d" in done.stdout
    assert "1 credential, 1 alarm, 1 due." in done.stdout
    assert "No timer looks by itself" in done.stdout


def test_one_look_clears_the_alarm_and_tells_what_is_due(home: Path) -> None:
    a_case(home)
    done = dockhygiene(home, "monitor", "--once", "--offline", "--notify")
    assert done.returncode == 1, said(done)
    assert "1 credential looked at: 1 due." in done.stdout
    assert "No notification was shown" in done.stdout
    (home / ".config/dockhygiene").mkdir(parents=True)
    (home / ".config/dockhygiene/rotation.yaml").write_text("version: 1\ndefault: 365\n")
    done = dockhygiene(home, "monitor", "--once", "--offline")
    assert done.returncode == 0, said(done)
    assert "all is well" in done.stdout
    assert json.loads((home / ".local/state/dockhygiene/case-0a1b2c3d.json").read_text())["watch"]["alarms"] == []
    (home / ".config/dockhygiene/rotation.yaml").write_text("version: 1\ndefault: soon\n")
    done = dockhygiene(home, "monitor")
    assert done.returncode == 2
    assert "rotation.yaml:2: a number of days" in done.stderr


def test_a_timer_is_shown_before_it_is_installed(home: Path) -> None:
    a_case(home)
    done = dockhygiene(home, "monitor", "--install", "--dry-run")
    assert done.returncode == 1, said(done)
    assert '"--host" "ghcr.io"' in done.stdout, "the host that the watch was approved for"
    assert "contacts ghcr.io" in done.stdout and "systemctl --user enable --now" in done.stdout
    done = dockhygiene(home, "monitor", "--install")
    assert done.returncode == 1 and "no terminal to confirm on" in done.stderr
    done = dockhygiene(home, "monitor", "--install", "--offline", "--yes")
    assert done.returncode == 3, said(done)
    assert "systemctl is not on PATH; what was written is removed again" in done.stderr
    assert not list((home / ".config").rglob("dockhygiene-monitor*"))
    assert "No timer is installed." in dockhygiene(home, "monitor", "--uninstall", "--yes").stdout


def test_installed_seen_by_doctor_and_gone_with_uninstall(home: Path) -> None:
    """With a `systemctl` of the test: the real one is in tests/guides/monitor/test_timer.py."""
    program = home / "bin/systemctl"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@" >> "$HOME/calls"\n[ "$2" != show ] || echo ActiveState=active\n')
    program.chmod(0o755)
    path = f"{home / 'bin'}:/usr/bin:/bin"
    assert dockhygiene(home, "monitor", "--install", "--yes", path=path).returncode == 0
    assert "is installed already" in dockhygiene(home, "monitor", "--install", "--yes", path=path).stdout
    assert "looks once a day; last: not yet" in dockhygiene(home, "doctor", path=path).stdout
    assert "A timer (systemd) looks once a day, and contacts nobody" in dockhygiene(home, "monitor").stdout
    done = dockhygiene(home, "uninstall", "--yes", path=path)
    assert done.returncode == 0, said(done)
    assert "the timer of monitor" in done.stdout
    assert not list((home / ".config").rglob("dockhygiene-monitor*"))
    calls = (home / "calls").read_text()
    assert "--user enable --now dockhygiene-monitor.timer" in calls
    assert "--user disable --now dockhygiene-monitor.timer" in calls


def test_rotate_lists_what_is_due(home: Path) -> None:
    assert dockhygiene(home, "rotate").returncode == 0
    a_case(home)
    done = dockhygiene(home, "rotate")
    assert done.returncode == 1, said(done)
    assert "ghcr.io  alice  ghp_...9fKd  11111111, case 0a1b2c3d" in done.stdout
    assert "1 credential in use, 1 due." in done.stdout
    assert dockhygiene(home, "rotate", "quay.io").returncode == 2
    assert "no terminal to answer on" in dockhygiene(home, "rotate", "ghcr.io").stderr
    done = dockhygiene(home, "rotate", "0a1b", "--print")
    assert done.returncode == 3 and "in no file and no store" in done.stderr, said(done)


def test_uses_by_hand_in_the_team_s_file(home: Path) -> None:
    shop = home / "src/shop"
    (shop / ".git").mkdir(parents=True)
    words = ("--registry", "ghcr.io", "--owner", "team \x1b[31mshop", "--update", "vault kv put secret/shop")
    done = dockhygiene(home, "uses", "--add", "nightly", *words, "--team", "--dry-run", cwd=shop)
    assert done.returncode == 1 and not (shop / ".dockhygiene-uses.yaml").exists()
    done = dockhygiene(home, "uses", "--add", "nightly", *words, "--team", "--yes", cwd=shop)
    assert done.returncode == 0, said(done)
    for arguments in (("uses",), ("uses", "ghcr.io")):
        done = dockhygiene(home, *arguments)
        assert "nightly (team \\x1b[31mshop)" in done.stdout, said(done)
        assert "update: vault kv put secret/shop" in done.stdout
    a_case(home)
    assert "nightly" in dockhygiene(home, "uses", "0a1b2c3d").stdout, "a credential that lies in a store"
    assert dockhygiene(home, "uses", "--stale").returncode == 0
    text = (shop / ".dockhygiene-uses.yaml").read_text()
    (shop / ".dockhygiene-uses.yaml").write_text(text.replace("confirmed: 2", "confirmed: 1"))
    done = dockhygiene(home, "uses", "--stale")
    assert done.returncode == 1 and "last confirmed" in done.stdout, said(done)
    assert dockhygiene(home, "uses", "--add", "nightly", "--yes", cwd=shop).returncode == 0, "confirmed for today"
    assert dockhygiene(home, "uses", "--stale").returncode == 0
    assert dockhygiene(home, "uses", "--remove", "nightly", "--yes", cwd=shop).returncode == 0
    assert "nightly" not in dockhygiene(home, "uses").stdout


def test_a_login_file_that_cannot_be_read_is_not_well(home: Path) -> None:
    (home / ".docker").mkdir()
    config = home / ".docker/config.json"
    config.write_text('{"auths": {')
    done = dockhygiene(home, "monitor", "--once", "--offline")
    assert done.returncode == 3, said(done)
    assert "not looked at: docker cannot read this file" in done.stdout and "all is well" not in done.stdout
    config.unlink()
    config.mkdir()
    done = dockhygiene(home, "monitor", "--once", "--offline")
    assert done.returncode == 3 and "1 not looked at" in done.stdout, said(done)


def test_a_broken_file_of_uses_is_said(home: Path) -> None:
    own = home / ".config/dockhygiene/uses.yaml"
    own.parent.mkdir(parents=True)
    for text in ("- x: [", "version: 1\nuses:\n  - servce: nightly\n"):
        own.write_text(text)
        assert "uses.yaml: line " in dockhygiene(home, "uses", "--skipped").stdout
