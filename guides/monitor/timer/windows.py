"""A task of Windows' Task Scheduler, as XML ([MS-TSCH] 2.5). Not run by us until somebody did on Windows."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree as Xml

from guides.monitor.timer.job import NAME, TITLE, Job

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


def path(job: Job) -> Path:
    return job.state / f"{NAME}.xml"


def files(job: Job) -> dict[Path, bytes]:
    return {path(job): document(job)}


def document(job: Job) -> bytes:
    """The names and types are those of the schema; the task runs as the person, with least privilege."""
    Xml.register_namespace("", NAMESPACE)
    task = Xml.Element(_name("Task"), {"version": "1.2"})
    _add(task, "RegistrationInfo", Description=TITLE)
    trigger = _add(_add(task, "Triggers"), "CalendarTrigger", StartBoundary="2026-01-01T11:00:00")
    _add(trigger, "ScheduleByDay", DaysInterval="1")
    principal = _add(_add(task, "Principals"), "Principal", LogonType="InteractiveToken", RunLevel="LeastPrivilege")
    principal.set("id", "Author")
    _add(
        task, "Settings", MultipleInstancesPolicy="IgnoreNew", DisallowStartIfOnBatteries="false",
        StopIfGoingOnBatteries="false", StartWhenAvailable="true", ExecutionTimeLimit="PT30M", Priority="7",
    )  # fmt: skip
    actions = _add(task, "Actions")
    actions.set("Context", "Author")
    _add(actions, "Exec", Command=str(job.program), Arguments=subprocess.list2cmdline(job.arguments))
    text: bytes = Xml.tostring(task, encoding="utf-16", xml_declaration=True)
    return text


def start(job: Job) -> tuple[tuple[str, ...], ...]:
    return (("schtasks", "/Create", "/TN", NAME, "/XML", str(path(job)), "/F"),)


def stop() -> tuple[tuple[str, ...], ...]:
    return (("schtasks", "/Delete", "/TN", NAME, "/F"),)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: Xml.Element, name: str, **texts: str) -> Xml.Element:
    made = Xml.SubElement(parent, _name(name))
    for child, text in texts.items():
        Xml.SubElement(made, _name(child)).text = text
    return made
