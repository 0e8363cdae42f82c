"""Which engines are asked: as the docker command chooses, and Podman's; none on another machine unless it is wanted."""

from __future__ import annotations

import hashlib
import json
import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from checks import docker_images
from checks.engine.endpoints import Endpoint, Unasked, endpoints
from checks.model.workstation import Limits, Workstation
from tests.checks.conftest import MakeWorkstation, seen, write
from tests.checks.engine.double import engine_of, over_tls
from tests.services.authority import Authority


def context(workstation: Workstation, name: str, host: str, **fields: object) -> Path:
    """Writes a context as `docker context create` does; yields its folder of keys."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    folder = workstation.docker_folder / "contexts"
    meta = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": False, **fields}}}
    write(folder / "meta" / digest / "meta.json", json.dumps(meta))
    return folder / "tls" / digest / "docker"


def listening(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(socket.socket(socket.AF_UNIX)) as one:
        one.bind(str(path))
    return path


def found(workstation: Workstation) -> list[str]:
    return [one.url if isinstance(one, Endpoint) else f"- {one.shown}" for one in endpoints(workstation)]


def test_nothing_is_set_up(workstation: MakeWorkstation) -> None:
    assert found(workstation()) == []


@pytest.fixture
def short(workstation: MakeWorkstation, socket_file: Path) -> Workstation:
    """A workstation whose paths are short enough for sockets."""
    top = socket_file.parent
    (top / "home").mkdir()
    return workstation({"XDG_RUNTIME_DIR": f"{top}/run"}, home=top / "home", root=top)


def test_the_default_sockets(short: Workstation) -> None:
    """The system's docker first: it is what the docker command asks; a link to a socket is the same engine."""
    docker = listening(short.root / "var/run/docker.sock")
    own = listening(short.root / "run/docker.sock")
    podman = listening(short.root / "run/podman/podman.sock")
    assert found(short) == [f"unix://{docker}", f"unix://{own}", f"unix://{podman}"]
    assert [one.own for one in endpoints(short) if isinstance(one, Endpoint)] == [True, False, False]
    docker.unlink()
    docker.symlink_to(podman)
    assert found(short) == [f"unix://{docker}", f"unix://{own}"]


def test_the_environment_the_context_and_the_file(short: Workstation) -> None:
    """DOCKER_HOST wins over DOCKER_CONTEXT, that over `currentContext`; `default` is no context."""
    first, second, third = (listening(short.root / f"{name}.sock") for name in ("first", "second", "third"))
    listening(short.root / "var/run/docker.sock")
    context(short, "named", f"unix://{second}")
    context(short, "current", f"unix://{third}")
    write(short.docker_folder / "config.json", '{"currentcontext": "current"}')
    assert found(short) == [f"unix://{third}"]

    def under(**environment: str) -> list[str]:
        return found(replace(short, environment={**short.environment, **environment}))

    assert under(DOCKER_CONTEXT="named") == [f"unix://{second}"]
    assert under(DOCKER_CONTEXT="named", DOCKER_HOST=f"unix://{first}") == [f"unix://{first}"]
    assert under(DOCKER_CONTEXT="default") == [f"unix://{short.root}/var/run/docker.sock"]
    assert under(CONTAINER_HOST=f"unix://{first}") == [f"unix://{third}", f"unix://{first}"]


REMOTE = {
    "tcp": "tcp://10.1.2.3:2376",
    "bare": "10.1.2.3:2375",
    "loopback": "tcp://127.0.0.1:2375",
    "ssh": "ssh://me@build.corp.io",
}


@pytest.mark.parametrize("form", list(REMOTE))
def test_no_other_machine_is_asked(short: Workstation, form: str) -> None:
    """It is said, with the way; this machine's own engine is looked at all the same."""
    docker = listening(short.root / "var/run/docker.sock")
    here = replace(short, environment={**short.environment, "DOCKER_HOST": REMOTE[form]})
    refused, local = endpoints(here)
    assert isinstance(refused, Unasked)
    assert ("DOCKER_HOST=unix://" if form == "ssh" else "--remote-docker") in refused.reason
    assert isinstance(local, Endpoint)
    assert local.socket == docker


def test_contexts_that_cannot_be_used(short: Workstation) -> None:
    def reason(name: str) -> str:
        here = replace(short, environment={"DOCKER_CONTEXT": name})
        (one,) = endpoints(here)
        assert isinstance(one, Unasked)
        return one.reason

    digest = hashlib.sha256(b"broken").hexdigest()
    write(short.docker_folder / "contexts/meta" / digest / "meta.json", "{")
    context(short, "empty", "")
    context(short, "pipe", "npipe:////./pipe/docker_engine")
    context(short, "stopped", f"unix://{short.root}/nothing.sock")
    assert "docker context use default" in reason("missing")
    assert "no JSON" in reason("broken")
    assert "names no docker host" in reason("empty")
    assert "was not run" in reason("pipe")
    assert "nothing is there" in reason("stopped")


def test_engines_that_do_not_run(short: Workstation) -> None:
    """Images lie there, and nobody would look at them."""
    write(short.home / ".local/share/containers/storage/overlay-images/images.json", '[{"id": "x"}]')
    (short.root / "var/lib/docker/image").mkdir(parents=True)
    docker, podman = endpoints(short)
    assert isinstance(docker, Unasked) and "systemctl start docker" in docker.reason
    assert isinstance(podman, Unasked) and "podman.socket" in podman.reason


def test_windows_says_that_it_was_not_run(short: Workstation) -> None:
    (one,) = endpoints(replace(short, platform="win32"))
    assert isinstance(one, Unasked)
    assert "not run" in one.reason


def test_a_remote_engine_over_tls(short: Workstation, tmp_path: Path) -> None:
    """Where it is asked for: with the context's keys, and never with an authority of somebody else's."""
    authority = Authority(tmp_path / "authority")
    client_cert, client_key = authority.issue("client", "client")
    ca = tmp_path / "ca.pem"
    ca.write_bytes(authority.pem)
    with over_tls(authority.server("127.0.0.1", client_authority=ca), engine_of()) as url:
        keys = context(short, "build", url)
        write(keys / "ca.pem", authority.pem)
        write(keys / "cert.pem", client_cert.read_bytes())
        write(keys / "key.pem", client_key.read_bytes())
        here = replace(short, environment={"DOCKER_CONTEXT": "build"}, limits=Limits(remote_docker=True))
        assert not seen(docker_images.survey(here)).skipped
        write(keys / "ca.pem", Authority(tmp_path / "other").pem)
        assert "was not reached" in seen(docker_images.survey(here)).skipped[0].reason
        (keys / "key.pem").unlink()
        assert "its keys cannot be used" in seen(docker_images.survey(here)).skipped[0].reason
