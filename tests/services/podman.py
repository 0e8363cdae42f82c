"""Podman's service, which speaks the Docker Engine's API: rootless for an ordinary user, of a storage of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.services.processes import start, stop, wait_until
from tests.services.require import require

SECONDS = 30


@contextmanager
def podman() -> Iterator[str]:
    """Yields the address of its socket."""
    program = require("podman", "podman")
    folder = Path(tempfile.mkdtemp(prefix="dh-podman-"))  # short: a socket's path has 107 bytes at most
    env = _environment(folder)
    socket_file = folder / "podman.sock"
    argv = [program, "system", "service", "--time=0", f"unix://{socket_file}"]
    process = start(argv, folder / "podman.log", env)
    try:
        wait_until(lambda: _answers(socket_file), SECONDS, "podman answers", process)
        yield f"unix://{socket_file}"
    finally:
        stop(process)
        _remove(program, folder, env)


def _environment(folder: Path) -> dict[str, str]:
    """Storage and settings below the folder: nothing of the user's own Podman is seen or changed."""
    (folder / "run").mkdir(mode=0o700)
    (folder / "tmp").mkdir()
    storage, settings, policy = folder / "storage.conf", folder / "containers.conf", folder / "policy.json"
    storage.write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/root"\nrootless_storage_path = "{folder}/root"\n'
        f'runroot = "{folder}/run/store"\n'
    )
    settings.write_text('[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n')
    policy.write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    return {
        "PATH": os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin",
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "TMPDIR": str(folder / "tmp"),
        "CONTAINERS_STORAGE_CONF": str(storage),
        "CONTAINERS_CONF": str(settings),
    }


def _remove(program: str, folder: Path, env: dict[str, str]) -> None:
    """In its user namespace, an ordinary user's storage has files of other ids; a process of Podman's keeps that."""
    if os.geteuid():
        argv = [program, "unshare", "rm", "-rf", str(folder / "root")]
        subprocess.run(argv, env=env, capture_output=True, timeout=60)
        pause = folder / "run" / "libpod" / "tmp" / "pause.pid"
        if pause.exists():
            os.kill(int(pause.read_text()), signal.SIGTERM)
    shutil.rmtree(folder, ignore_errors=True)


def _answers(socket_file: Path) -> bool:
    try:
        with closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(5)
            connection.connect(str(socket_file))
            connection.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b" 200 " in connection.recv(256)
    except OSError:
        return False
