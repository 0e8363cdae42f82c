"""A user's systemd of our own, in mounts of its own: where the kernel lets us make them, and systemd is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_MANAGER = "/lib/systemd/systemd"
_START = """\
umount -l /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup || exit 77
mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd && mkdir /run/systemd/system || exit 77
exec {manager} --user --log-target=null
"""
_ENTER = """#!/bin/sh
exec nsenter --mount --target {pid} {program} "$@"
"""
_SECONDS = 20.0


@dataclass(frozen=True)
class UserSystemd:
    """`environment` has a PATH whose `systemctl` talks to this manager and to no other."""

    home: Path
    environment: dict[str, str]

    def systemctl(self, *words: str) -> str:
        done = subprocess.run(
            [self.home / "bin/systemctl", "--user", "--no-pager", *words],
            env=self.environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def user_systemd() -> Iterator[UserSystemd]:
    """Skips, by name, where no such manager can be started: it needs root, and leave to mount."""
    program = shutil.which("systemctl")
    if not program or not Path(_MANAGER).exists() or os.geteuid() != 0:
        pytest.skip("no user systemd can be started here (Debian package systemd, and root)")
    run = Path(tempfile.mkdtemp(prefix="dh", dir="/tmp"))  # short: a socket's path has 108 bytes at most
    home = Path(tempfile.mkdtemp(prefix="dh", dir="/dev/shm"))  # a service with a /tmp of its own must see it
    (home / "bin").mkdir()
    env = {
        "HOME": str(home), "XDG_RUNTIME_DIR": str(run), "PATH": f"{home / 'bin'}:/usr/bin:/bin", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    process = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", _START.format(manager=_MANAGER)], env=env,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wrapper = home / "bin/systemctl"
        wrapper.write_text(_ENTER.format(pid=process.pid, program=program))
        wrapper.chmod(0o755)
        until = time.monotonic() + _SECONDS
        while not (run / "systemd/private").exists():
            if process.poll() is not None or time.monotonic() > until:
                pytest.skip("this kernel, or this container, does not let us start a user systemd")
            time.sleep(0.05)
        yield UserSystemd(home, env)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(_SECONDS)
        for made in (run, home):
            shutil.rmtree(made, ignore_errors=True)
