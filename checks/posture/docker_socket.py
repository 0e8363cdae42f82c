"""The way to the docker daemon: whoever talks to it is root on its machine. No connection is made."""

from __future__ import annotations

import stat
from collections.abc import Iterator

from checks.files.reading import NotRead, read_file
from checks.formats.display import printable
from checks.formats.registry_names import hostname_of, is_loopback
from checks.model.finding import Finding, Place, PlaceKind, Severity
from checks.model.workstation import MEBIBYTE, Workstation
from checks.posture.weakness import at_file, weakness

_SOCKET = "/var/run/docker.sock"
_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")


def socket_findings(workstation: Workstation) -> Iterator[Finding]:
    yield from _open_socket(workstation)
    yield from _plain_tcp(workstation)
    yield from _mounted_socket(workstation)


def _open_socket(workstation: Workstation) -> Iterator[Finding]:
    path = workstation.system(_SOCKET)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return
    if stat.S_ISSOCK(mode) and mode & 0o002:
        yield weakness(
            "open-docker-socket",
            "every user of this machine can write to the docker socket, and so become root",
            Severity.CRITICAL,
            at_file(path),
            f"sudo chmod 660 {_SOCKET}",
            locator="mode",
        )


def _plain_tcp(workstation: Workstation) -> Iterator[Finding]:
    environment = workstation.environment
    address = environment.get("DOCKER_HOST", "")
    if not address.startswith(("tcp://", "http://")) or environment.get("DOCKER_TLS_VERIFY"):
        return
    here = is_loopback(hostname_of(address))
    host = printable(hostname_of(address), 80)
    title = f"docker talks to {host} without TLS: whoever sees or reaches it is root there and reads every login"
    severity = Severity.LOW if here else Severity.HIGH
    if environment.get("DOCKER_TLS"):
        title = f"docker does not verify the certificate of {host}: anybody in between reads every login"
        severity = Severity.LOW if here else Severity.MEDIUM
    advice = (
        "Use ssh:// (docker context create NAME --docker host=ssh://USER@HOST), or set DOCKER_TLS_VERIFY=1 and keys."
    )
    place = Place("DOCKER_HOST", PlaceKind.ENVIRONMENT)
    yield weakness("docker-host-without-tls", title, severity, place, advice, locator="value")


def _mounted_socket(workstation: Workstation) -> Iterator[Finding]:
    if not any(workstation.system(mark).exists() for mark in _CONTAINER_MARKS):
        return
    try:
        mounts = read_file(workstation.system("/proc/self/mountinfo"), MEBIBYTE).data.decode("utf-8", "surrogateescape")
    except NotRead:
        return  # a system without /proc mounts nothing that could be seen here
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 4 and fields[4].rpartition("/")[2] in ("docker.sock", "podman.sock"):
            yield weakness(
                "mounted-docker-socket",
                "this is a container that holds the docker socket: whatever runs in it is root on the host",
                Severity.HIGH,
                at_file(fields[4]),
                "Start the container without the socket, or with a proxy that lets only the needed calls through.",
                locator="mount",
            )
