"""Shells of this user that are running: each writes the commands that it remembers to its history when it ends.

Read from /proc (proc(5): `comm` and fields 7 and 22 of `stat`), without starting a program. Command lines are not read:
they may hold secrets.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SHELLS = frozenset({"bash", "zsh", "fish", "sh", "dash", "ash", "ksh", "ksh93", "mksh", "tcsh", "csh", "pwsh", "osh"})
_UNIX98_MAJORS = range(136, 144)
"""Device numbers of pseudo-terminals, admin-guide/devices.txt."""
_CONSOLE_MAJOR = 4


@dataclass(frozen=True, slots=True)
class RunningShell:
    """One shell with a terminal."""

    pid: int
    name: str
    tty: str
    """`pts/3`, `tty1`."""
    since: float
    """Seconds since the epoch."""
    above: bool
    """Whether dockhygiene was started from it."""


@dataclass(frozen=True, slots=True)
class RunningShells:
    """`known` is False where the system does not tell: there may be shells all the same."""

    known: bool
    shells: tuple[RunningShell, ...] = ()


def running_shells(
    proc: Path = Path("/proc"), *, uid: int | None = None, platform: str = sys.platform
) -> RunningShells:
    """The shells of this user that have a terminal, oldest first."""
    if platform != "linux" or not (proc / "stat").is_file():
        return RunningShells(known=False)
    uid = os.geteuid() if uid is None else uid
    booted, above = _boot_time(proc), _ancestors(proc)
    found = [shell for pid in _processes(proc, uid) if (shell := _shell(proc, pid, booted, above))]
    return RunningShells(known=True, shells=tuple(sorted(found, key=lambda one: (one.since, one.pid))))


def _processes(proc: Path, uid: int) -> Iterator[int]:
    try:
        names = [entry.name for entry in os.scandir(proc) if entry.name.isdigit()]
    except OSError:
        return
    for name in names:
        try:
            if (proc / name).stat().st_uid == uid:
                yield int(name)
        except OSError:
            continue  # it ended meanwhile


def _shell(proc: Path, pid: int, booted: float, above: frozenset[int]) -> RunningShell | None:
    stat = _stat(proc, pid)
    if not stat:
        return None
    name, fields = stat
    name = name.lstrip("-")
    tty = _terminal(int(fields[4]))
    if name not in _SHELLS or not tty or fields[0] in "ZX":
        return None
    return RunningShell(pid, name, tty, booted + int(fields[19]) / os.sysconf("SC_CLK_TCK"), pid in above)


def _stat(proc: Path, pid: int) -> tuple[str, list[str]] | None:
    """The program's name, and the fields behind it; a name may hold blanks and brackets."""
    try:
        text = (proc / str(pid) / "stat").read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    name, _, rest = text.partition("(")[2].rpartition(")")
    fields = rest.split()
    return (name, fields) if len(fields) > 19 else None


def _terminal(device: int) -> str:
    """The terminal of field 7 of `stat`, or an empty text for none."""
    major, minor = os.major(device), os.minor(device)
    if device <= 0:
        return ""
    if major in _UNIX98_MAJORS:
        return f"pts/{(major - _UNIX98_MAJORS[0]) * 256 + minor}"
    if major == _CONSOLE_MAJOR:
        return f"tty{minor}" if minor < 64 else f"ttyS{minor - 64}"
    return f"terminal {major}:{minor}"


def _boot_time(proc: Path) -> float:
    for line in (proc / "stat").read_text().splitlines():
        if line.startswith("btime "):
            return float(line.split()[1])
    return 0.0


def _ancestors(proc: Path) -> frozenset[int]:
    found: set[int] = set()
    pid = os.getppid()
    while pid > 0 and pid not in found:
        found.add(pid)
        stat = _stat(proc, pid)
        pid = int(stat[1][1]) if stat else 0
    return frozenset(found)
