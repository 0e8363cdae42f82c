"""Where a container engine listens: as the docker command finds it, and where Podman puts its own.

Sources: docker/cli, cli/command/cli.go (`resolveContextName`: DOCKER_HOST, DOCKER_CONTEXT, `currentContext`, the
default), dockerd's rootless set-up, podman-system-service(1).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checks.engine.contexts import ContextError, Tls, current_context, named_context
from checks.files.asking import resolved
from checks.formats.display import printable
from checks.model.workstation import Workstation

DOCKER_SOCKET = "/var/run/docker.sock"
PODMAN_SOCKET = "/run/podman/podman.sock"
_UNIX = "unix://"
_TCP = ("tcp://", "http://", "https://")
_FORWARD = "ssh -nNT -L /tmp/there.sock:/var/run/docker.sock HOST, then DOCKER_HOST=unix:///tmp/there.sock"


class Endpoint(NamedTuple):
    """An engine that may be asked. `url` begins with `unix://`, or with `tcp://` where a remote one was asked for."""

    url: str
    own: bool = True
    """Whether the docker command would talk to it."""
    tls: Tls | None = None

    @property
    def socket(self) -> Path | None:
        return Path(self.url.removeprefix(_UNIX)) if self.url.startswith(_UNIX) else None

    @property
    def shown(self) -> str:
        return printable(self.url, 120)


class Unasked(NamedTuple):
    """An engine that is not asked, and why; a clause for people, with what to do."""

    shown: str
    reason: str


def endpoints(workstation: Workstation) -> Iterator[Endpoint | Unasked]:
    """Each engine once; nothing where no engine was ever set up."""
    if workstation.platform == "win32":
        yield Unasked("docker", "engines behind Windows' named pipes are not asked: this was not run on Windows yet")
        return
    met: set[Path] = set()
    for one in (*_docker(workstation), *_podman(workstation)):
        if isinstance(one, Endpoint) and one.socket:
            real = resolved(one.socket)
            if real in met:
                continue
            met.add(real)
        yield one


def _docker(workstation: Workstation) -> Iterator[Endpoint | Unasked]:
    """What is chosen; this machine's own engine too where that is none of its sockets."""
    try:
        chosen = _chosen(workstation)
    except ContextError as error:
        chosen = Unasked(error.context, error.reason)
    if chosen:
        yield chosen
    if not chosen or not (isinstance(chosen, Endpoint) or chosen.shown.startswith(_UNIX)):
        yield from _default(workstation)


def _chosen(workstation: Workstation) -> Endpoint | Unasked | None:
    """What the person has chosen for the docker command; None for the default."""
    environment = workstation.environment
    if host := environment.get("DOCKER_HOST", "").strip():
        return _named(workstation, host, "DOCKER_HOST", _tls_of_environment(workstation))
    name = environment.get("DOCKER_CONTEXT") or current_context(workstation)
    if not name or name == "default":
        return None
    context = named_context(workstation, name)
    return _named(workstation, context.host, f"the context {printable(name, 60)}", context.tls)


def _named(workstation: Workstation, host: str, source: str, tls: Tls | None) -> Endpoint | Unasked | None:
    if host == _UNIX:
        return None
    if host.startswith(_UNIX):
        endpoint = Endpoint(host)
        if os.path.lexists(host[len(_UNIX) :]):
            return endpoint
        return Unasked(endpoint.shown, f"{source} names it, but nothing is there: start that engine, or name another")
    shown = printable(host, 120)
    if host.startswith(("npipe://", "fd://")):
        return Unasked(shown, f"{source} names it, and this kind of address was not run: name a unix:// socket")
    if host.startswith("ssh://"):
        return Unasked(shown, f"it is on another machine, and not asked over ssh; bring its socket here: {_FORWARD}")
    if "://" in host and not host.startswith(_TCP):
        return Unasked(shown, f"{source} names it, and this kind of address is not known: correct {source}")
    if not workstation.limits.remote_docker:
        return Unasked(shown, f"{source} leads over the network: dockhygiene scan --remote-docker asks it")
    return Endpoint(f"tcp://{host.partition('://')[2] or host}", tls=tls)


def _tls_of_environment(workstation: Workstation) -> Tls | None:
    """docker's client: with DOCKER_TLS_VERIFY the certificates of DOCKER_CERT_PATH, or of docker's own folder."""
    environment = workstation.environment
    verify = bool(environment.get("DOCKER_TLS_VERIFY"))
    if not verify and not environment.get("DOCKER_TLS"):
        return None
    named = environment.get("DOCKER_CERT_PATH")
    return Tls(Path(named) if named else workstation.docker_folder, verify)


def _default(workstation: Workstation) -> Iterator[Endpoint | Unasked]:
    """The system's socket and the one of a daemon of this user's own."""
    found = [
        one for one in (workstation.system(DOCKER_SOCKET), _runtime(workstation) / "docker.sock") if _is_socket(one)
    ]
    yield from (Endpoint(f"{_UNIX}{one}", own=one == found[0]) for one in found)
    if not found and (kept := next((one for one in _docker_data(workstation) if one.is_dir()), None)):
        yield Unasked(
            str(kept),
            "docker keeps images here, but does not run: start it (sudo systemctl start docker), and scan again",
        )


def _podman(workstation: Workstation) -> Iterator[Endpoint | Unasked]:
    """Podman listens only where it was asked to; its images lie there all the same."""
    host = workstation.environment.get("CONTAINER_HOST", "")
    if host.startswith(_UNIX):
        yield (
            Endpoint(host, own=False)
            if _is_socket(Path(host[len(_UNIX) :]))
            else Unasked(printable(host, 120), "CONTAINER_HOST names it, but nothing is there: podman system service")
        )
        return
    if host:
        yield Unasked(
            printable(host, 120), f"CONTAINER_HOST leads to another machine; bring its socket here: {_FORWARD}"
        )
    own = _runtime(workstation) / "podman" / "podman.sock"
    found = [one for one in (own, workstation.system(PODMAN_SOCKET)) if _is_socket(one)]
    yield from (Endpoint(f"{_UNIX}{one}", own=False) for one in found)
    images = workstation.home / ".local/share/containers/storage/overlay-images/images.json"
    if own not in found and _is_filled(images):
        yield Unasked(
            str(images.parent.parent),
            "Podman keeps images here, but does not listen: systemctl --user start podman.socket, and scan again",
        )


def _runtime(workstation: Workstation) -> Path:
    named = workstation.environment.get("XDG_RUNTIME_DIR", "")
    return Path(named) if named.startswith("/") else workstation.system(f"/run/user/{workstation.uid}")


def _docker_data(workstation: Workstation) -> tuple[Path, ...]:
    return workstation.system("/var/lib/docker/image"), workstation.home / ".local/share/docker/image"


def _is_socket(path: Path) -> bool:
    """Also where it may not be asked: talking to it will say why."""
    try:
        return stat.S_ISSOCK(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def _is_filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 2  # an empty list
    except OSError:
        return False
