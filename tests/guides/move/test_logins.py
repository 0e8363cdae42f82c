"""Which logins a helper could hold, and why the others stay."""

from __future__ import annotations

import base64
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from guides.move.logins import Flavour, Left, Login
from guides.stores.store import TOKEN_USER
from tests.guides.move.machine import HUB, Machine, auth, entry, fresh, token_entry

HOST = "registry.example:5000"


def one(machine: Machine) -> Login | Left:
    found = machine.logins()
    assert len(found) == 1, found
    return found[0]


def left(machine: Machine) -> Left:
    found = one(machine)
    assert isinstance(found, Left), found
    return found


def login(machine: Machine) -> Login:
    found = one(machine)
    assert isinstance(found, Login), found
    return found


def test_a_password(machine: Machine) -> None:
    word = 'p:w"x y \u20ac'
    machine.write({"auths": {HOST: entry("alice", word)}})
    found = login(machine)
    assert (found.record.server, found.record.username, found.record.secret.reveal()) == (HOST, "alice", word)
    assert found.servers == (HOST,)
    assert (found.registry, found.line, found.alternative) == (HOST, 4, False)


def test_an_identity_token_is_held_under_the_name_that_docker_gives_it(machine: Machine) -> None:
    """As (alice, "") it would be lost: the entry's `auth` has an empty password."""
    token = fresh(24)
    machine.write({"auths": {HOST: token_entry("alice", token)}})
    found = login(machine)
    assert (found.record.username, found.record.secret.reveal()) == (TOKEN_USER, token)
    assert not found.alternative
    assert "auth" in found.fields


def test_user_name_and_password_without_auth(machine: Machine) -> None:
    machine.write({"auths": {HOST: {"username": "alice", "password": (word := fresh())}}})
    found = login(machine)
    assert (found.record.username, found.record.secret.reveal()) == ("alice", word)
    assert {"username", "password"} <= set(found.fields)


def test_the_same_password_twice_in_one_entry(machine: Machine) -> None:
    word = fresh()
    machine.write({"auths": {HOST: {"username": "alice", "password": word, "auth": auth("alice", word)}}})
    assert login(machine).record.secret.reveal() == word


def test_two_passwords_in_one_entry_stay(machine: Machine) -> None:
    machine.write({"auths": {HOST: {"username": "alice", "password": fresh(), **entry("alice")}}})
    assert "several passwords" in left(machine).reason


@pytest.mark.parametrize(
    "key",
    [HUB, "docker.io", "index.docker.io", "registry-1.docker.io", "https://docker.io/", "http://index.docker.io/v1"],
)
def test_docker_hub_in_every_spelling(machine: Machine, key: str) -> None:
    machine.write({"auths": {key: entry()}})
    found = login(machine)
    assert found.registry == "docker.io"
    assert found.servers == (HUB, "docker.io")
    assert found.server == HUB


@pytest.mark.parametrize("key", ["http://h.example:5051", "https://h.example:5051/v2/", "h.example:5051/t/x"])
def test_a_key_becomes_the_host_that_docker_asks_for(machine: Machine, key: str) -> None:
    machine.write({"auths": {key: entry()}})
    assert login(machine).server == "h.example:5051"


def test_an_identity_token_and_a_password_are_alternatives(machine: Machine) -> None:
    machine.write({"auths": {HOST: {**entry("alice", "word"), "identitytoken": "token"}}})
    found = machine.logins()
    assert all(isinstance(each, Login) and each.alternative for each in found)
    logins = [each for each in found if isinstance(each, Login)]
    assert [each.record.secret.reveal() for each in logins] == ["token", "word"]
    assert logins[0].fields == ("identitytoken",)
    assert "identitytoken" not in logins[1].fields


def test_web_login_records_follow_the_hub_login(machine: Machine) -> None:
    keys = [f"{HUB}access-token", f"{HUB}refresh-token", f"{HUB}/access-token"]
    machine.write({"auths": {HUB: entry(), **{key: entry() for key in keys}}})
    servers = [each.server for each in machine.logins() if isinstance(each, Login)]
    assert servers == [HUB, *keys]


def test_web_login_records_without_a_hub_login_stay(machine: Machine) -> None:
    machine.write({"auths": {f"{HUB}access-token": entry()}})
    assert "Docker Hub login" in left(machine).reason
    machine.write({"auths": {f"{HUB}access-token": entry()}, "credHelpers": {HUB: "pass"}})
    assert login(machine).servers == (f"{HUB}access-token",)


def test_registry_tokens_stay(machine: Machine) -> None:
    machine.write({"auths": {HOST: {"registrytoken": fresh()}}})
    assert "registry token" in left(machine).reason


def test_entries_without_a_secret_are_no_logins(machine: Machine) -> None:
    machine.write(
        {"auths": {HOST: {}, "b.example": None, "c.example": {"auth": ""}, "d.example": {"auth": auth("u", "")}}}
    )
    assert machine.logins() == []


def test_a_name_with_a_login_in_it_stays(machine: Machine) -> None:
    """The journal keeps the names of entries."""
    machine.write({"auths": {f"https://alice:{fresh()}@{HOST}/v1/": entry()}})
    found = left(machine)
    assert "its name holds a login" in found.reason
    assert found.registry == HOST


def test_a_hidden_entry_stays(machine: Machine) -> None:
    first, second = json.dumps(entry("alice", fresh())), json.dumps(entry("alice", fresh()))
    machine.write(f'{{"auths": {{"{HOST}": {first}, "{HOST}": {second}}}}}')
    found = machine.logins()
    assert isinstance(found[0], Left) and "hides it" in found[0].reason
    assert isinstance(found[1], Login)


def test_what_is_not_utf8_stays(machine: Machine) -> None:
    encoded = base64.b64encode(b"alice:\xfc\xff\xe9").decode()
    machine.write({"auths": {HOST: {"auth": encoded}}})
    assert "UTF-8" in left(machine).reason


def test_a_user_name_is_needed(machine: Machine) -> None:
    machine.write({"auths": {HOST: {"password": fresh()}}})
    assert "no user name" in left(machine).reason


def ecr(expiration: object) -> str:
    claims = {"payload": fresh(), "datakey": fresh(), "version": "2", "type": "DATA_KEY", "expiration": expiration}
    return base64.b64encode(json.dumps(claims).encode()).decode()


def test_an_expired_amazon_token_stays(machine: Machine) -> None:
    host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
    machine.write({"auths": {host: entry("AWS", ecr(time.time() - 60))}})
    found = left(machine)
    assert "expired on" in found.reason
    assert "amazon-ecr-credential-helper" in found.action


@pytest.mark.parametrize("expiration", ["an hour from now", "soon", None, [], 1e400, -1e300, float("nan"), 10**400])
def test_an_amazon_token_that_is_not_known_to_be_expired_moves(machine: Machine, expiration: object) -> None:
    value = time.time() + 3600 if expiration == "an hour from now" else expiration
    machine.write({"auths": {"123456789012.dkr.ecr.eu-west-1.amazonaws.com": entry("AWS", ecr(value))}})
    assert isinstance(one(machine), Login)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"auth": "YWJj"}, "colon"),
        ({"auth": "not base64!"}, "base64"),
        ({"auth": 5}, "number"),
        ("text", "string"),
    ],
)
def test_one_malformed_entry_keeps_all_of_them(machine: Machine, bad: Any, says: str) -> None:
    """docker's next login would empty the other entries; so nothing is rewritten before that is mended."""
    machine.write({"auths": {HOST: entry(), "bad.example": bad}})
    found = machine.logins()
    assert found
    for each in found:
        assert isinstance(each, Left)
        assert says in each.reason
        assert "line " in each.reason
        assert "repair" in each.action


@pytest.mark.parametrize(
    "text",
    [
        '{"auths": {"h": {"auth": "YTpi"}},}',
        '\ufeff{"auths": {"h": {"auth": "YTpi"}}}',
        '{"auths": {"h": {"auth": "YTpi"}}, "credsStore": 5}',
    ],
)
def test_a_file_that_docker_refuses_stays(machine: Machine, text: str) -> None:
    machine.write(text)
    assert "docker cannot read" in left(machine).reason


def test_a_write_protected_file_stays(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    machine.config.chmod(0o400)
    assert "write-protected" in left(machine).reason


def test_podmans_namespaced_keys_stay(machine: Machine) -> None:
    machine.write({"auths": {"quay.io/acme": entry(), "quay.io": entry()}}, machine.podman)
    namespaced, whole = machine.logins()
    assert isinstance(namespaced, Left) and "repository" in namespaced.reason
    assert isinstance(whole, Login)
    assert whole.file.flavour is Flavour.CONTAINERS


def test_the_old_file_stays(machine: Machine) -> None:
    machine.write({HOST: entry()}, machine.home / ".dockercfg")
    found = left(machine)
    assert "cannot name a helper" in found.reason
    assert "delete" in found.action


def test_every_file_is_read_once_whatever_leads_to_it(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}}, real := machine.home / "dotfiles/config.json")
    for link in (machine.config, machine.podman):
        link.parent.mkdir(parents=True)
        link.symlink_to(os.path.relpath(real, link.parent))
    assert len(machine.files()) == 1
    assert machine.files()[0].path == machine.config


def test_named_files_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    environment = {
        "DOCKER_CONFIG": str(folder),
        "REGISTRY_AUTH_FILE": str(folder / "auth.json"),
        "HELM_REGISTRY_CONFIG": str(folder / "helm.json"),
    }
    machine = Machine(tmp_path / "home", environment)
    for name in ("config.json", "auth.json", "helm.json"):
        machine.write({"auths": {f"{name}.example": entry()}}, folder / name)
    assert [file.flavour for file in machine.files()] == [Flavour.DOCKER, Flavour.CONTAINERS, Flavour.HELM]


def test_no_secret_shows(machine: Machine) -> None:
    word, other = fresh(), fresh()
    machine.write({"auths": {HOST: entry("alice", word), "b.example": {"registrytoken": other}}})
    said = repr(machine.logins()) + str(machine.files())
    assert word not in said and other not in said
