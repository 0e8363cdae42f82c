"""A service and a timer of the user's systemd, in a sandbox (systemd.exec(5), systemd.service(5), systemd.timer(5)).

Mounts of a user's service need a user namespace of its own, which `PrivateUsers` makes; where the kernel lets nobody
make one the service ends with status 226, and doctor says so.
"""

from __future__ import annotations

from pathlib import Path

from guides.monitor.timer.job import NAME, TITLE, Job

SERVICE, TIMER = f"{NAME}.service", f"{NAME}.timer"
RELOAD = ("systemctl", "--user", "daemon-reload")
START = (RELOAD, ("systemctl", "--user", "enable", "--now", TIMER))
STOP = (("systemctl", "--user", "disable", "--now", TIMER),)
SHOW = ("systemctl", "--user", "show", "--property=LoadState,ActiveState,Result,ExecMainStatus,ExecMainExitTimestamp")
NO_NAMESPACE = 226
"""Exit status of a service whose namespaces could not be made (systemd.exec(5), process exit codes)."""

_SANDBOX = """\
NoNewPrivileges=yes
PrivateUsers=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
ProtectControlGroups=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077
"""


def files(job: Job) -> dict[Path, bytes]:
    """The two units, by the path where systemd looks for them."""
    folder = job.config_home / "systemd" / "user"
    return {folder / SERVICE: service(job).encode(), folder / TIMER: timer().encode()}


def service(job: Job) -> str:
    command = " ".join(quoted(word, command=True) for word in (str(job.program), *job.arguments))
    variables = "".join(f"Environment={quoted(f'{name}={value}')}\n" for name, value in job.environment.items())
    writable = [quoted(str(job.state))]
    if job.hosts:  # a secret is read then, and gpg writes into its own folder while it decrypts
        writable.append(quoted(f"-{job.environment.get('GNUPGHOME') or job.home / '.gnupg'}"))
    families = "AF_UNIX AF_INET AF_INET6" if job.hosts else "AF_UNIX"
    return (
        f"[Unit]\nDescription={TITLE}\n\n"
        f"[Service]\nType=oneshot\nExecStart={command}\n{variables}"
        f"TimeoutStartSec=30min\nNice=10\nIOSchedulingClass=idle\n"
        f"{_SANDBOX}ReadWritePaths={' '.join(writable)}\nRestrictAddressFamilies={families}\n"
    )


def timer() -> str:
    return (
        f"[Unit]\nDescription={TITLE}, once a day\n\n"
        "[Timer]\nOnCalendar=daily\nRandomizedDelaySec=1h\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def quoted(word: str, *, command: bool = False) -> str:
    """One word of a unit file: quotes, backslashes and specifiers spelled; in a command variables too.

    Raises ValueError for control characters, which no path of a program needs.
    """
    if not word.isprintable():
        raise ValueError("a path holds characters that cannot be seen")
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{text.replace("$", "$$") if command else text}"'
