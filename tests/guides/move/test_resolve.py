"""Our rules of which credential a client takes, held against the real docker, docker-py and skopeo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.formats.docker_auth import AuthFile, read_auth_file
from checks.model.secret import Secret
from guides.move.resolve import Ask, containers_take, docker_py_takes, docker_takes
from guides.stores.store import Record
from tests.guides.move.clients import Clients, RecordingDaemon, recording_daemon
from tests.guides.move.machine import HUB, docker_text, entry, token_entry
from tests.services.docker_client import CLIENTS

HOST = "h.example:5000"
HOLDS = {"one": (HOST, HUB, "docker.io"), "two": ("other.example",)}
LOGINS = {
    "exact": {"auths": {HOST: entry("file")}},
    "https": {"auths": {f"https://{HOST}": entry("file")}},
    "http with path": {"auths": {f"http://{HOST}/v1/": entry("file")}},
    "v2 path": {"auths": {f"https://{HOST}/v2/": entry("file")}},
    "path without scheme": {"auths": {f"{HOST}/v1/": entry("file")}},
    "namespace without scheme": {"auths": {f"{HOST}/team": entry("file")}},
    "repository": {"auths": {f"{HOST}/team/image": entry("file")}},
    "slash": {"auths": {f"{HOST}/": entry("file")}},
    "without the port": {"auths": {"h.example": entry("file")}},
    "another port": {"auths": {"h.example:5001": entry("file")}},
    "empty entry hides a longer key": {"auths": {HOST: {}, f"https://{HOST}/": entry("file")}},
    "exact before a longer key": {"auths": {f"https://{HOST}/": entry("long"), HOST: entry("file")}},
    "null": {"auths": {HOST: None}},
    "name and password": {"auths": {HOST: {"username": "file", "password": "p"}}},
    "auth wins over password": {"auths": {HOST: {**entry("file"), "username": "other", "password": "p"}}},
    "identity token": {"auths": {HOST: token_entry("file")}},
    "identity token beside a password": {"auths": {HOST: {**entry("file"), "identitytoken": "t"}}},
    "helper": {"auths": {HOST: entry("file")}, "credHelpers": {HOST: "one"}},
    "helper that does not hold it": {"auths": {HOST: entry("file")}, "credHelpers": {HOST: "two"}},
    "helper of another key": {"auths": {HOST: entry("file")}, "credHelpers": {f"https://{HOST}": "one"}},
    "helper without entry": {"auths": {}, "credHelpers": {HOST: "one"}},
    "helper before store": {"credHelpers": {HOST: "one"}, "credsStore": "two"},
    "store": {"auths": {HOST: entry("file")}, "credsStore": "one"},
    "store that does not hold it": {"auths": {HOST: entry("file")}, "credsStore": "two"},
    "pin": {"auths": {HOST: entry("file")}, "credHelpers": {HOST: ""}, "credsStore": "one"},
    "pin, store without it": {"auths": {HOST: entry("file")}, "credHelpers": {HOST: ""}, "credsStore": "two"},
    "pin without entry": {"auths": {HOST: {}}, "credHelpers": {HOST: ""}, "credsStore": "one"},
    "pin alone": {"auths": {HOST: entry("file")}, "credHelpers": {HOST: ""}},
    "nothing": {"auths": {"z": {}}},
    "hub": {"auths": {HUB: entry("file")}},
    "hub, short": {"auths": {"docker.io": entry("file")}},
    "hub, index": {"auths": {"index.docker.io": entry("file")}},
    "hub, registry-1": {"auths": {"registry-1.docker.io": entry("file")}},
    "hub, short with scheme": {"auths": {"https://docker.io/": entry("file")}},
    "hub, index with scheme": {"auths": {"https://index.docker.io/": entry("file")}},
    "hub, both": {"auths": {"docker.io": entry("short"), HUB: entry("file")}},
    "hub, token": {"auths": {HUB: token_entry("file")}},
    "hub, web login alone": {"auths": {f"{HUB}access-token": entry("web")}},
    "hub, web login after it": {"auths": {HUB: entry("file"), f"{HUB}access-token": entry("web")}},
    "hub, helper": {"auths": {HUB: entry("file")}, "credHelpers": {HUB: "one"}},
    "hub, helper under the short name": {"auths": {HUB: entry("file")}, "credHelpers": {"docker.io": "one"}},
    "hub, helper under index": {"auths": {HUB: entry("file")}, "credHelpers": {"index.docker.io": "one"}},
    "hub, helper under both": {"auths": {HUB: {}}, "credHelpers": {HUB: "one", "docker.io": "one"}},
    "hub, helpers that differ": {"auths": {HUB: entry("file")}, "credHelpers": {HUB: "one", "docker.io": "two"}},
    "hub, store": {"auths": {HUB: entry("file")}, "credsStore": "one"},
    "hub, store that does not hold it": {"auths": {HUB: entry("file")}, "credsStore": "two"},
    "hub, pin": {"auths": {HUB: entry("file")}, "credHelpers": {HUB: ""}, "credsStore": "one"},
    "capital letters": {"AUTHS": {HOST: {"AUTH": entry("file")["auth"]}}},
    "after a move": {"auths": {HOST: {}}, "credHelpers": {HOST: "one"}, "credsStore": "one"},
}
NOT_FOR_DOCKER_PY = {"capital letters", "null"}
"""Names in another case: Go takes them, Python's json does not. At an entry without a value it gives up."""

NOT_FOR_SKOPEO = {"hub, web login after it"}
"""Two keys of one host: skopeo takes the one that comes last, and Go's maps have no order."""


@pytest.fixture(scope="module")
def daemon() -> Iterator[RecordingDaemon]:
    with recording_daemon() as daemon:
        yield daemon


class Case:
    """One document in a home folder, and helpers that write down what they are asked."""

    def __init__(self, home: Path, daemon: RecordingDaemon, name: str) -> None:
        self.registry = "docker.io" if name.startswith("hub") else HOST
        self.image = "alice/image" if name.startswith("hub") else f"{HOST}/team/image"
        self.clients = Clients(home, daemon, HOLDS)
        text = docker_text(LOGINS[name])
        (home / ".docker").mkdir()
        (home / ".docker/config.json").write_text(text)
        self.auth: AuthFile = read_auth_file(text.encode())
        self.questions: list[str] = []

    @property
    def ask(self) -> Ask:
        def ask(suffix: str, server: str) -> Record | None:
            if suffix:
                self.questions.append(f"{suffix} get {server}")
            held = server in HOLDS.get(suffix, ())
            return Record(server, f"{suffix}@{server}", Secret("s")) if held else None

        return ask


@pytest.mark.parametrize("name", LOGINS)
@pytest.mark.parametrize("client", CLIENTS)
def test_docker(tmp_path: Path, daemon: RecordingDaemon, name: str, client: str) -> None:
    case = Case(tmp_path, daemon, name)
    real = case.clients.docker(f"{case.image}:1", client)
    server = HUB if case.registry == "docker.io" else case.registry
    assert user(docker_takes(case.auth, server, case.ask)) == real
    assert case.clients.asked() == case.questions


@pytest.mark.parametrize("name", [name for name in LOGINS if name not in NOT_FOR_DOCKER_PY])
def test_docker_py(tmp_path: Path, daemon: RecordingDaemon, name: str) -> None:
    case = Case(tmp_path, daemon, name)
    real = case.clients.docker_py(case.image)
    assert user(docker_py_takes(case.auth, case.registry, case.ask)) == real
    assert case.clients.asked() == case.questions


@pytest.mark.parametrize("name", [name for name in LOGINS if name not in NOT_FOR_SKOPEO])
def test_skopeo(tmp_path: Path, daemon: RecordingDaemon, name: str) -> None:
    case = Case(tmp_path, daemon, name)
    real = case.clients.skopeo(case.registry)
    found = containers_take(case.auth, case.registry, case.ask)
    if found and found.username == "<token>":
        assert real == "file"  # the name stands in `auth`, beside the token that is used
    else:
        assert user(found) == real
    assert case.clients.asked() == case.questions


def user(record: Record | None) -> Any:
    return record.username if record else None
