"""Who else on this machine can read or change a credential file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from checks.formats.display import shell_path
from checks.model.finding import Finding, Severity
from checks.model.workstation import Workstation
from checks.posture.weakness import at_file, weakness


def file_findings(workstation: Workstation, path: Path, *, holds_secret: bool) -> Iterator[Finding]:
    """Modes and owner of a credential file; who can merely read one without a secret learns nothing."""
    status = _status(path)
    if workstation.platform == "win32" or status is None:
        return
    name = shell_path(path, workstation.home)
    close = f"chmod 600 {name}"
    if status.st_mode & 0o022:
        who, severity = ("others", Severity.HIGH) if status.st_mode & 0o002 else ("its group", Severity.MEDIUM)
        title = f"the credential file can be changed by {who}, who could name a helper of their own"
        yield weakness("writable-file", title, severity, at_file(path), close, locator="mode")
    elif holds_secret and status.st_mode & 0o044:
        yield _readable(workstation, path, status.st_mode, close)
    yield from _owner_finding(workstation, path, status, name)


def _readable(workstation: Workstation, path: Path, mode: int, close: str) -> Finding:
    everybody = bool(mode & 0o004)
    reached = everybody and _others_reach(workstation, path.parent)
    title = "logins in a file that everybody can read" if everybody else "logins in a file that its group can read"
    if everybody and not reached:
        title += ", were it not for the folder around it"
    severity = Severity.HIGH if reached else Severity.MEDIUM
    return weakness("readable-file", title, severity, at_file(path), close, locator="mode")


def folder_findings(workstation: Workstation, folder: Path) -> Iterator[Finding]:
    """A folder that others can write to lets them swap the file, whatever the file's own mode."""
    status = _status(folder)
    if workstation.platform == "win32" or status is None or not stat.S_ISDIR(status.st_mode):
        return
    name = shell_path(folder, workstation.home)
    if status.st_mode & 0o022:
        who, severity = ("others", Severity.HIGH) if status.st_mode & 0o002 else ("its group", Severity.MEDIUM)
        title = f"the folder of the credential file can be changed by {who}"
        yield weakness("writable-folder", title, severity, at_file(folder), f"chmod 700 {name}", locator="mode")
    yield from _owner_finding(workstation, folder, status, name)


def key_findings(workstation: Workstation, path: Path) -> Iterator[Finding]:
    """A private key that somebody else can read."""
    status = _status(path)
    if workstation.platform == "win32" or status is None or not stat.S_ISREG(status.st_mode):
        return
    if status.st_mode & 0o077:
        who = "everybody" if status.st_mode & 0o007 else "its group"
        verb = "read" if status.st_mode & 0o044 else "change"
        title = f"a private key that {who} can {verb}: it opens the docker daemon, or signs images"
        advice = f"chmod 600 {shell_path(path, workstation.home)}"
        yield weakness("readable-key", title, Severity.HIGH, at_file(path), advice, locator="mode")


def _owner_finding(workstation: Workstation, path: Path, status: os.stat_result, name: str) -> Iterator[Finding]:
    if status.st_uid == workstation.uid or (status.st_uid == 0 and path.is_symlink()):
        return  # a link into a managed, read-only place belongs to root by design
    title = "belongs to root: docker cannot save a login, and sudo must have written it"
    severity = Severity.MEDIUM
    if status.st_uid:
        title, severity = "belongs to another user, who can read and change it", Severity.HIGH
    advice = f'sudo chown "$(id -u)" {name}'
    yield weakness(
        "foreign-owner", f"the credential file or folder {title}", severity, at_file(path), advice, locator="owner"
    )


def _others_reach(workstation: Workstation, folder: Path) -> bool:
    """Whether other users can get through the folders from the home folder (or from this one's parent) down to here."""
    if folder.is_relative_to(workstation.home):
        chain = [folder, *(parent for parent in folder.parents if parent.is_relative_to(workstation.home))]
    else:
        chain = [folder]
    modes = [status.st_mode for one in chain if (status := _status(one))]
    return all(mode & 0o001 for mode in modes)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None  # the check that reads the file says why
