"""Which logins docker would take; the rules themselves are held against the real docker in test_resolve."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.registries.docker_logins import FindStore, Held, LoginsUnreadable, docker_logins
from guides.registries.verification import RegistryLogin
from guides.stores.store import Record, Store, StoreMissing
from tests.guides.move.machine import HUB, Machine, entry, fresh, token_entry
from tests.memory_store import MemoryStore


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "home")


def only(store: MemoryStore) -> FindStore:
    def find(suffix: str, environment: Mapping[str, str]) -> Store:
        if suffix != store.id:
            raise StoreMissing(f"docker-credential-{suffix} is not on PATH")
        return store

    return find


def logins(machine: Machine, *wanted: str, store: MemoryStore | None = None) -> list[Held]:
    return list(docker_logins(machine.workstation, wanted, only(store or MemoryStore())))


def test_every_login_of_the_file(machine: Machine) -> None:
    word, token = fresh(), fresh()
    machine.write(
        {
            "auths": {
                HUB: token_entry("alice", token),
                "https://r.example/v2/": entry("bob", word),
                f"{HUB}access-token": entry("web"),
                "docker.io": entry("shadow"),
                "empty.example": {},
            }
        }
    )
    assert logins(machine) == [
        Held("docker.io", RegistryLogin("docker.io", "<token>", Secret(token), identity=True), "docker's file"),
        Held("r.example", RegistryLogin("r.example", "bob", Secret(word)), "docker's file"),
    ]
    assert logins(machine, "r.example") == logins(machine, "https://r.example/v1/") == logins(machine)[1:]
    assert logins(machine, "index.docker.io") == logins(machine)[:1]
    assert logins(machine, "empty.example") == [Held("empty.example")]


def test_a_store(machine: Machine) -> None:
    record, other = Record(HUB, "<token>", Secret(fresh())), Record("r.example", "bob", Secret(fresh()))
    machine.write({"auths": {HUB: {}}, "credsStore": "memory", "credHelpers": {"r.example": "memory", "s.example": ""}})
    found = logins(machine, store=MemoryStore(record, other))
    assert [(one.registry, one.source) for one in found] == [
        ("docker.io", "memory store"),
        ("r.example", "memory store"),
    ]
    assert found[0].login and found[0].login.identity and found[0].login.secret == record.secret
    assert found[1].login and not found[1].login.identity


def test_a_store_that_fails_or_is_missing(machine: Machine) -> None:
    machine.write({"auths": {"r.example": entry()}, "credHelpers": {"r.example": "memory", "s.example": "gone"}})
    store = MemoryStore()
    store.deaf.add("get")
    first, second = logins(machine, store=store)
    assert first.login is None and "get" in first.trouble
    assert second.login is None and "docker-credential-gone" in second.trouble


def test_the_variable_comes_first(machine: Machine) -> None:
    word = fresh()
    machine.write({"auths": {"r.example": entry("bob"), "s.example": entry("sue")}})
    auths = {"r.example": entry("carol", word), "t.example": entry("tim"), "https://s.example": entry("other")}
    machine.environment["DOCKER_AUTH_CONFIG"] = json.dumps({"auths": auths})
    found = {one.registry: one for one in logins(machine)}
    assert found["r.example"].login == RegistryLogin("r.example", "carol", Secret(word))
    assert "DOCKER_AUTH_CONFIG" in found["r.example"].source
    assert found["t.example"].login and found["t.example"].login.username == "tim"
    assert found["s.example"].login and found["s.example"].login.username == "sue", "by the exact key alone"


@pytest.mark.parametrize(
    "variable",
    [
        "",
        "{",
        "null",
        "[]",
        '{"auths": {}, "credsStore": "x"}',
        '{"auths": {"r.example": {"auth": "AUTH", "email": "x"}}}',
        '{"auths": {"r.example": {"auth": "AUTH"}}} {}',
        '{"auths": {"r.example": {"auth": "AUTH"}, "s.example": {"auth": "no base64!"}}}',
    ],
)
def test_a_variable_that_docker_ignores(machine: Machine, variable: str) -> None:
    machine.write({"auths": {"r.example": entry("bob")}})
    machine.environment["DOCKER_AUTH_CONFIG"] = variable.replace("AUTH", entry("carol")["auth"])
    (found,) = logins(machine)
    assert found.login and found.login.username == "bob"


def test_no_file(machine: Machine) -> None:
    assert logins(machine) == []
    assert logins(machine, "r.example") == [Held("r.example")]


@pytest.mark.parametrize("content", ["{", '{"auths": 5}', '{"auths": {"r.example": {"auth": "?"}}}', "[]"])
def test_a_file_that_docker_cannot_read(machine: Machine, content: str) -> None:
    machine.write(content)
    with pytest.raises(LoginsUnreadable, match=r"config\.json"):
        logins(machine)


def test_a_folder_where_the_file_belongs(machine: Machine) -> None:
    machine.config.mkdir(parents=True)
    with pytest.raises(LoginsUnreadable):
        logins(machine)


def test_a_key_that_names_no_host(machine: Machine) -> None:
    machine.write({"auths": {"not a host": entry(), "https://user:word@r.example/": entry()}})
    first, second = logins(machine)
    assert first.login is None and "no name of a registry" in first.trouble
    assert second.registry == "r.example" and "word" not in repr(second)
