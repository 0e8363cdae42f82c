"""The docker command-line client, run as one person on a clean workstation would run it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.services.require import SYSTEM_FOLDERS, missing

PACKAGE = "docker.io"


@cache
def docker_clients() -> tuple[str, ...]:
    """Every docker client on this machine, newest first; links to the same program count once."""
    folders = [*os.environ.get("PATH", os.defpath).split(os.pathsep), "/usr/local/bin", "/usr/bin", *SYSTEM_FOLDERS]
    found: dict[Path, tuple[int, ...]] = {}
    for folder in folders:
        program = Path(folder, "docker")
        if folder and os.access(program, os.X_OK) and program.resolve() not in found:
            found[program.resolve()] = client_version(program)
    return tuple(str(program) for program in sorted(found, key=lambda each: found[each], reverse=True))


def newest_client() -> str:
    """The client that a test uses when it does not care; without any the test is skipped or fails."""
    clients = docker_clients()
    return clients[0] if clients else missing(f"docker is not here: apt-get install {PACKAGE}")


def client_path(folder: Path, *programs: str) -> str:
    """A PATH of one new folder that holds links to these programs (absolute paths) and nothing else.

    docker selects a store by itself when `pass` or a helper is on its PATH and its configuration is empty.
    """
    bin_folder = folder / "bin"
    bin_folder.mkdir(parents=True, exist_ok=True)
    for program in programs:
        link = bin_folder / Path(program).name
        if not link.is_symlink():
            link.symlink_to(program)
    return str(bin_folder)


def docker_environment(
    home: Path, docker_host: str | None = None, path: str | None = None, env: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What the client sees: this HOME, this PATH (by default one without any program) and this daemon or none."""
    nowhere = "/no-such-folder"  # short: a socket's path has 108 bytes at most
    return {
        "HOME": str(home),
        "PATH": path or nowhere,
        "DOCKER_HOST": docker_host or f"unix://{nowhere}/docker.sock",
        "LC_ALL": "C.UTF-8",
        **(env or {}),
    }


def docker_cli(
    home: Path,
    *args: str,
    stdin: str | None = None,
    docker_host: str | None = None,
    path: str | None = None,
    client: str | None = None,
    env: Mapping[str, str] | None = None,
    seconds: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Runs docker with a clean environment. DOCKER_CONFIG is set only where `env` gives it."""
    return subprocess.run(
        [client if client in docker_clients() else newest_client(), *args],
        input=stdin or "",
        capture_output=True,
        text=True,
        env=docker_environment(home, docker_host, path, env),
        cwd=home,
        timeout=seconds,
        check=False,
    )


def login(
    home: Path,
    registry: str,
    user: str,
    password: str,
    *,
    docker_host: str | None = None,
    path: str | None = None,
    client: str | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """`docker login`, the password on standard input. Works without a daemon."""
    args = ("login", "--username", user, "--password-stdin", registry)
    return docker_cli(home, *args, stdin=password, docker_host=docker_host, path=path, client=client, env=env)


def client_version(program: Path) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"version (\d+(?:\.\d+)*)", said)
    return tuple(int(part) for part in number[1].split(".")) if number else ()


CLIENTS = docker_clients() or ("docker",)
"""For parametrised tests. Without any client one stays, so that its test says what is missing."""
