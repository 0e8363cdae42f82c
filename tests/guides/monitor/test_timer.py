"""The timer's files: held against systemd's verifier, read by plistlib, named as the Task Scheduler's schema has it."""

from __future__ import annotations

import plistlib
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from checks.files.state import StateFolder
from checks.model.workstation import Workstation
from guides.monitor.timer import launchd, systemd, windows
from guides.monitor.timer.installing import (
    TimerError,
    health,
    install,
    installed,
    plan_install,
    plan_removal,
    remove,
)
from guides.monitor.timer.job import Job, job_for
from tests.end_to_end.command import PROGRAM, environment
from tests.services.require import require
from tests.services.user_systemd import user_systemd

NAMES = {
    "Task": {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"},
    "RegistrationInfo": {"Description", "Author", "Date", "URI", "Version", "Source", "Documentation"},
    "Triggers": {"CalendarTrigger", "TimeTrigger", "LogonTrigger", "BootTrigger"},
    "CalendarTrigger": {"Enabled", "StartBoundary", "EndBoundary", "ScheduleByDay", "RandomDelay"},
    "ScheduleByDay": {"DaysInterval"},
    "Principals": {"Principal"},
    "Principal": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
    "Settings": {
        "AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries",
        "StopIfGoingOnBatteries", "AllowHardTerminate", "StartWhenAvailable", "RunOnlyIfNetworkAvailable",
        "WakeToRun", "Enabled", "Hidden", "DeleteExpiredTaskAfter", "IdleSettings", "ExecutionTimeLimit", "Priority",
    },
    "Actions": {"Exec"},
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}  # fmt: skip
"""Children that [MS-TSCH] 2.5 allows; all of these types but the trigger are `xs:all`."""


def job(home: Path, hosts: tuple[str, ...] = ("ghcr.io",), **variables: str) -> Job:
    env: Mapping[str, str] = {**environment(home, "/usr/bin:/bin"), **variables}
    state = StateFolder.open(env, home)
    return job_for(Workstation(home, env, state.key(), platform="linux"), state.path, Path(PROGRAM), hosts)


@pytest.mark.parametrize("hosts", [(), ("ghcr.io", "127.0.0.1:5000")], ids=["offline", "hosts"])
@pytest.mark.parametrize("name", ["home", 'a home with 100% "odd" $names \\ in it'], ids=["plain", "odd"])
def test_systemd_verifies_its_units(tmp_path: Path, name: str, hosts: tuple[str, ...]) -> None:
    verifier = require("systemd-analyze", "systemd")
    home = tmp_path / name
    home.mkdir()
    made = systemd.files(job(home, hosts, XDG_CONFIG_HOME=str(tmp_path / "config")))
    for path, data in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    done = subprocess.run(
        [verifier, "--user", "--man=no", "--generators=no", "verify", *map(str, made)],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    text = systemd.service(job(home, hosts))
    assert ("AF_INET" in text) == bool(hosts)
    assert ("--offline" in text) == (not hosts)


def test_what_the_unit_starts_runs(tmp_path: Path) -> None:
    """Its very command line, in a plain process with the environment of the unit."""
    (line,) = [one for one in systemd.service(job(tmp_path, ())).splitlines() if one.startswith("ExecStart=")]
    command = shlex.split(line.removeprefix("ExecStart=").replace("%%", "%").replace("$$", "$"))
    done = subprocess.run(
        command, env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=100, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    assert "all is well" in done.stdout


def test_a_unit_cannot_be_broken_out_of(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be seen"):
        systemd.quoted("/a\nExecStartPost=/bin/evil")
    assert systemd.quoted('a"b\\c%d$e', command=True) == '"a\\"b\\\\c%%d$$e"'


def test_the_launch_agent(tmp_path: Path) -> None:
    ((path, data),) = launchd.files(job(tmp_path)).items()
    agent = plistlib.loads(data)
    assert path.name == f"{agent['Label']}.plist"
    assert agent["ProgramArguments"][1:] == ["monitor", "--once", "--notify", "--host", "ghcr.io"]


def test_the_windows_task(tmp_path: Path) -> None:
    root = Xml.fromstring(windows.document(job(tmp_path)))
    for element in root.iter():
        children = {child.tag.removeprefix(f"{{{windows.NAMESPACE}}}") for child in element}
        name = element.tag.removeprefix(f"{{{windows.NAMESPACE}}}")
        assert element.tag != name, "it is in the namespace of tasks"
        assert children <= NAMES.get(name, set()), name
        assert len(children) == len(element), "each once"
    found = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}
    assert (found["LogonType"], found["RunLevel"]) == ("InteractiveToken", "LeastPrivilege")
    assert found["Arguments"] == "monitor --once --notify --host ghcr.io"


def test_where_nothing_can_start_it_nothing_stays(tmp_path: Path) -> None:
    made = job(tmp_path, PATH="/no-such-folder")
    env = environment(tmp_path, "/no-such-folder")
    state = StateFolder(made.state)
    with pytest.raises(TimerError, match="systemctl is not on PATH; what was written is removed again"):
        list(install(plan_install(made, "linux"), made, state, env, 1.0))
    assert installed(state) is None
    assert not [path for path in (tmp_path / ".config").rglob("*") if path.is_file()]


@pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux'")
def test_installed_and_run_by_a_real_user_systemd() -> None:
    with user_systemd() as running:
        made = job_for(
            Workstation(running.home, running.environment, StateFolder.open(running.environment, running.home).key()),
            StateFolder.open(running.environment, running.home).path, Path(PROGRAM), (),
        )  # fmt: skip
        state = StateFolder(made.state)
        list(install(plan_install(made, "linux"), made, state, running.environment, 1.0))
        held = installed(state)
        assert held and held.done
        assert health(held, running.environment)[0], health(held, running.environment)
        running.systemctl("start", systemd.SERVICE)  # it is started, and waited for
        shown = running.systemctl("show", "--property=Result,ExecMainStatus", systemd.SERVICE)
        assert "Result=success" in shown and "ExecMainStatus=0" in shown
        assert (made.state / "monitor.json").exists(), "it looked, and could write its state and nothing else"
        assert systemd.TIMER in running.systemctl("list-timers", "--all")
        plan = plan_removal(state)
        assert plan
        list(remove(plan, state, running.environment))
        assert systemd.TIMER not in running.systemctl("list-timers", "--all")
        assert installed(state) is None
        assert not list((running.home / ".config").rglob("dockhygiene*"))
