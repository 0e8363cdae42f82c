"""A launch agent of macOS (launchd.plist(5)). Not run by us until somebody did on a Mac."""

from __future__ import annotations

import os
import plistlib
from pathlib import Path

from guides.monitor.timer.job import Job

LABEL = "io.dockhygiene.monitor"
HOUR = 11
"""A laptop that sleeps then looks when it wakes."""


def path(job: Job) -> Path:
    return job.home / "Library" / "LaunchAgents" / f"{LABEL}.plist"


def files(job: Job) -> dict[Path, bytes]:
    agent = {
        "Label": LABEL,
        "ProgramArguments": [str(job.program), *job.arguments],
        "EnvironmentVariables": dict(job.environment),
        "StartCalendarInterval": {"Hour": HOUR, "Minute": 0},
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Nice": 10,
        "Umask": 0o077,
    }
    return {path(job): plistlib.dumps(agent)}


def start(job: Job) -> tuple[tuple[str, ...], ...]:
    return (("launchctl", "bootstrap", f"gui/{os.getuid()}", str(path(job))),)


def stop() -> tuple[tuple[str, ...], ...]:
    return (("launchctl", "bootout", f"gui/{os.getuid()}/{LABEL}"),)
