"""Microsoft's validator of SARIF reports, with the rules that GitHub adds, and the schema that comes with it.

It comes from npm, once for all test runs of this user. Its exit code says nothing: it is 0 for a bad report too.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.services.require import missing, require

VERSION = "5.7.0"
PACKAGE = "@microsoft/sarif-multitool-linux"
RULES = "Sarif;Ghas"
PATIENCE = 90
"""Seconds for npm: it fetches some 40 MB."""


@dataclass(frozen=True)
class Complaint:
    """What the validator says of a report: error, warning or note, and by which rule."""

    level: str
    rule: str
    arguments: tuple[str, ...]


def complaints(report: str) -> list[Complaint]:
    """All that the validator has to say; skips the test where it cannot be had."""
    program = validator()
    with tempfile.TemporaryDirectory(prefix="dh-sarif-") as folder:
        given, said = Path(folder, "report.sarif"), Path(folder, "said.sarif")
        given.write_text(report)
        done = subprocess.run(
            [program, "validate", given, "--rule-kind", RULES, "--output", said, "--log", "ForceOverwrite"],
            env={"HOME": folder, "PATH": os.defpath, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert said.exists(), f"the validator wrote nothing: {done.stdout}{done.stderr}"
        (run,) = json.loads(said.read_text("utf-8-sig"))["runs"]
    assert all(one["executionSuccessful"] for one in run["invocations"]), done.stdout
    noted = [one for each in run["invocations"] for one in each.get("toolExecutionNotifications", ())]
    return [_complaint(one) for one in [*run.get("results", ()), *noted]]


def errors(report: str) -> list[Complaint]:
    return [one for one in complaints(report) if one.level == "error"]


def schema_errors(report: str) -> list[str]:
    """Where the report is not as the schema has it. The validator above lets some of that pass: an unknown level."""
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        missing("jsonschema is not installed: it belongs to the extra `test`")
    schema = json.loads((validator().parent / "sarif-2.1.0.json").read_text("utf-8-sig"))
    return [
        f"{list(error.path)}: {error.validator}"
        for error in Draft202012Validator(schema).iter_errors(json.loads(report))
    ]


def validator() -> Path:
    """The program, installed by npm where it is not there yet."""
    program, refusal = _installed(require("npm", "npm"))
    if refusal:
        missing(refusal)
    return program


@cache
def _installed(npm: str) -> tuple[Path, str]:
    """The program, and why it is not there: tried once, since npm tries for long."""
    folder = Path(tempfile.gettempdir(), f"dockhygiene-sarif-{VERSION}-{os.geteuid()}")
    program = folder / "node_modules" / PACKAGE / "Sarif.Multitool"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        return program, f"{folder} belongs to somebody else"
    with (folder / "lock").open("w") as lock:  # other workers wait for the one that installs
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.access(program, os.X_OK):
            if refusal := _install(npm, folder):
                return program, refusal
            program.chmod(0o700)  # what the package's own script would do; npm runs no scripts here
    return program, ""


def _install(npm: str, folder: Path) -> str:
    """Returns why it could not be installed, or an empty text."""
    arguments = ["install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    try:
        done = subprocess.run(
            [npm, *arguments, f"{PACKAGE}@{VERSION}"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"npm did not install {PACKAGE} in {PATIENCE} seconds"
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("npm error code")]
        return f"npm cannot install {PACKAGE}: {said[0] if said else 'no reason given'}"
    return ""


def _complaint(one: dict[str, Any]) -> Complaint:
    rule = one.get("ruleId") or one.get("descriptor", {}).get("id", "")
    message = one.get("message", {})
    return Complaint(one.get("level", "warning"), rule, (*message.get("arguments", ()), message.get("text", "")))
