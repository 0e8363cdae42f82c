"""Installing the timer and removing it: planned, shown, written, started, and written down in the state folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.files.state import StateFolder
from checks.formats.display import printable
from guides.case.codec import made, plain
from guides.edits.atomic import NotWritten
from guides.guards.changes import Change, content, make
from guides.monitor.timer import launchd, systemd, windows
from guides.monitor.timer.job import Job
from guides.stores.program import find_program, run_program
from guides.stores.store import StoreError

FILE = "monitor-timer.json"
_MODE = 0o644
_SECONDS = 30.0
NOT_RUN = "Timers of this system were written from its documentation, and not run by us yet."


class TimerError(Exception):
    """The timer was not installed or removed. `reason` says what happened and what stands, `mend` what to do."""

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(f"{reason}; {mend}" if mend else reason)


@dataclass(frozen=True, slots=True)
class Installed:
    """What stands in the state folder of an installed timer. Written before its first file is."""

    when: float
    system: str
    files: tuple[str, ...]
    hosts: tuple[str, ...]
    program: str
    done: bool = False
    """Whether the installation came to its end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be written or removed, and which programs are called then, or before a removal."""

    system: str
    changes: tuple[Change, ...]
    commands: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def installed(state: StateFolder) -> Installed | None:
    """What the state folder says; None where no timer was installed, or its file is damaged."""
    try:
        return made(Installed, json.loads(state.read(FILE) or b"null"))
    except (ValueError, TypeError, RecursionError, AssertionError):
        return None


def plan_install(job: Job, platform: str = sys.platform) -> Plan:
    """Raises TimerError."""
    try:
        system, files, commands, notes = _of(job, platform)
    except ValueError as error:
        raise TimerError(str(error), "install dockhygiene elsewhere") from None
    changes = []
    for path, data in files.items():
        before = _content(path)
        if before != data:
            changes.append(Change(path, before, data, None, _MODE, hook=False))
    return Plan(system, tuple(changes), commands, notes)


def plan_removal(state: StateFolder) -> Plan | None:
    """None where no timer is installed."""
    held = installed(state)
    if held is None:
        return None
    changes = [
        Change(Path(path), data, None, hook=False) for path in held.files if (data := _content(Path(path))) is not None
    ]
    return Plan(held.system, tuple(changes), _stop(held.system))


def install(plan: Plan, job: Job, state: StateFolder, environment: Mapping[str, str], now: float) -> Iterator[str]:
    """Installs, and tells; where it cannot be started nothing of it stays. Raises TimerError, StateError."""
    record = Installed(now, plan.system, tuple(str(path) for path in _files(job, plan)), job.hosts, str(job.program))
    _keep(state, record)
    try:
        for change in plan.changes:
            make(change)
            yield f"{change.path} was written."
        _call(plan.commands, environment)
    except (NotWritten, TimerError) as error:
        for change in plan.changes:
            _take_back(change)
        state.remove(FILE)
        raise TimerError(f"{error}; what was written is removed again") from None
    _keep(state, replace(record, done=True))
    yield "The timer is installed, and looks once a day."


def remove(plan: Plan, state: StateFolder, environment: Mapping[str, str]) -> Iterator[str]:
    """Stops the timer, then removes its files. Raises TimerError where a file cannot be removed."""
    try:
        _call(plan.commands, environment)
    except TimerError as error:
        yield f"The timer could not be stopped ({error}); its files go all the same."
    try:
        for change in plan.changes:
            make(change)
            yield f"{change.path} was removed."
    except NotWritten as error:
        raise TimerError(str(error)) from None
    if plan.system == "systemd":
        try:
            _call((systemd.RELOAD,), environment)
        except TimerError:
            pass  # nobody is there who would have to forget the units
    state.remove(FILE)
    yield "The timer is removed."


def health(held: Installed, environment: Mapping[str, str]) -> tuple[bool, str]:
    """Whether the timer works, as far as can be told without running it, and a sentence."""
    missing = [path for path in (*held.files, held.program) if not Path(path).exists()]
    if missing:
        return False, f"{missing[0]} is gone: dockhygiene monitor --install"
    if not held.done:
        return False, "its installation was interrupted: dockhygiene monitor --install"
    if held.system != "systemd":
        return True, f"its files are in place ({held.system}); {NOT_RUN}"
    try:
        timer, last = (_shown(unit, environment) for unit in (systemd.TIMER, systemd.SERVICE))
    except TimerError as error:
        return False, f"systemd does not answer: {error}"
    if timer.get("ActiveState") != "active":
        return False, f"the timer is {timer.get('ActiveState', 'unknown')}: systemctl --user start {systemd.TIMER}"
    if last.get("ExecMainStatus") == str(systemd.NO_NAMESPACE):
        return False, "its sandbox cannot be made: this kernel lets nobody make user namespaces"
    if last.get("ExecMainStatus", "0") not in ("0", "1"):
        return False, f"its last look failed: journalctl --user -u {systemd.SERVICE}"
    return True, f"looks once a day; last: {last.get('ExecMainExitTimestamp') or 'not yet'}"


def _of(job: Job, platform: str) -> tuple[str, dict[Path, bytes], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    if platform == "darwin":
        return "launchd", launchd.files(job), launchd.start(job), (NOT_RUN,)
    if platform == "win32":
        return "windows", windows.files(job), windows.start(job), (NOT_RUN,)
    return "systemd", systemd.files(job), systemd.START, ()


def _stop(system: str) -> tuple[tuple[str, ...], ...]:
    return {"launchd": launchd.stop, "windows": windows.stop}.get(system, lambda: systemd.STOP)()


def _files(job: Job, plan: Plan) -> Sequence[Path]:
    return tuple({"launchd": launchd, "windows": windows}.get(plan.system, systemd).files(job))


def _call(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> None:
    for program, *arguments in commands:
        try:
            answer = run_program(find_program(program, environment), arguments, environ=environment, timeout=_SECONDS)
        except StoreError as error:
            raise TimerError(error.reason, error.mend) from None
        if answer.status:
            said = printable(answer.stderr.decode("utf-8", "replace").strip(), 200)
            raise TimerError(f"{program} {arguments[-1]} failed: {said or f'status {answer.status}'}")


def _shown(unit: str, environment: Mapping[str, str]) -> dict[str, str]:
    program, *arguments = (*systemd.SHOW, unit)
    try:
        answer = run_program(find_program(program, environment), arguments, environ=environment, timeout=_SECONDS)
    except StoreError as error:
        raise TimerError(error.reason) from None
    if answer.status:
        raise TimerError(printable(answer.stderr.decode("utf-8", "replace").strip(), 200))
    lines = printable(answer.stdout.decode("utf-8", "replace").replace("\n", "\t"), 2000).split("\\x09")
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def _take_back(change: Change) -> None:
    """What this installation wrote goes, and what it replaced comes back."""
    try:
        now = content(change.path)
        if now == change.after and now is not None:
            make(replace(change, before=now, after=change.before))
    except NotWritten:
        pass  # it could not be written before; the error that is told is that one


def _content(path: Path) -> bytes | None:
    try:
        return content(path)
    except NotWritten as error:
        raise TimerError(str(error)) from None


def _keep(state: StateFolder, record: Installed) -> None:
    state.write(FILE, json.dumps(plain(record), indent=1).encode("utf-8", "surrogatepass"))
