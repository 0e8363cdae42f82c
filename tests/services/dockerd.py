"""A docker daemon that leaves the machine's network alone.

Only root can start one. An ordinary user's tests use the daemon named by DOCKHYGIENE_TEST_DOCKER, which root starts
beforehand: `python -m tests.services.dockerd --socket /run/dh/docker.sock --group GID`.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tests.services.docker_client import newest_client
from tests.services.processes import Process, start, stop, wait_until
from tests.services.require import missing, require

GIVEN = "DOCKHYGIENE_TEST_DOCKER"
HOW = f"only root can start dockerd: run as root, or have root start one (python -m {__name__}) and set {GIVEN}"
SECONDS = 30
QUIET_NETWORK = (
    "--insecure-registry=127.0.0.0/8",
    "--storage-driver=vfs",
    "--iptables=false",
    "--ip6tables=false",
    "--bridge=none",
    "--ip-forward=false",
    "--ip-masq=false",
)


@contextmanager
def dockerd() -> Iterator[str]:
    """Yields a DOCKER_HOST: a daemon of our own for root, else the given one, which is left running."""
    given = os.environ.get(GIVEN)
    if given:
        yield given
        return
    if os.geteuid() != 0:
        missing(HOW)
    with _daemon(None, None) as (url, _):
        yield url


def tiny_image(docker_host: str, tag: str) -> str:
    """Imports an image of one small file under this tag. Different tags have different layers."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        content = tag.encode()
        member = tarfile.TarInfo("tiny")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    done = subprocess.run(
        [newest_client(), "--host", docker_host, "import", "-", tag],
        input=archive.getvalue(),
        capture_output=True,
        env={"PATH": "", "HOME": os.devnull},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return tag


@contextmanager
def _daemon(chosen: Path | None, group: str | None) -> Iterator[tuple[str, Process]]:
    program = require("dockerd", "docker.io")
    folder = Path(tempfile.mkdtemp(prefix="dh-dockerd-"))
    socket_file = chosen or folder / "docker.sock"
    argv = [
        program,
        *QUIET_NETWORK,
        f"--host=unix://{socket_file}",
        f"--data-root={folder / 'data'}",
        f"--exec-root={folder / 'exec'}",
        f"--pidfile={folder / 'docker.pid'}",
        f"--group={group or os.getegid()}",
    ]
    env = {"PATH": os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin", "HOME": str(folder)}
    process = start(argv, folder / "dockerd.log", env)
    try:
        wait_until(lambda: _answers(socket_file), SECONDS, "dockerd answers", process)
        yield f"unix://{socket_file}", process
    finally:
        stop(process, SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(socket_file: Path) -> bool:
    try:
        with closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(2)
            connection.connect(str(socket_file))
            connection.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b" 200 " in connection.recv(256)
    except OSError:
        return False


def main() -> int:
    """Serves until SIGTERM or SIGINT; says "ready" once the daemon answers."""
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name if __spec__ else 'dockerd'}", description=__doc__)
    parser.add_argument("--socket", required=True, type=Path)
    parser.add_argument("--group", required=True, help="name or number of the group that may use the socket")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print(HOW, file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _leave)
    with _daemon(options.socket, options.group):
        print("ready", flush=True)
        while True:
            signal.pause()


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """Unwinds to the place that stops the daemon, once."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
