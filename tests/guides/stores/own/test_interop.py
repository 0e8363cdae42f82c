"""Our helper and docker-credential-secretservice read, list and erase what the other wrote."""

from __future__ import annotations

import uuid
from contextlib import closing

import pytest
import secretstorage

from guides.stores.helper import HelperStore
from guides.stores.native import helper_store
from guides.stores.own.store import own_store
from guides.stores.store import TOKEN_USER, Record
from tests.guides.stores.contract import fresh
from tests.services.require import require
from tests.services.secret_service import SecretServiceHome

HUB = "https://index.docker.io/v1/"


@pytest.fixture
def ours(own_environ: dict[str, str]) -> HelperStore:
    return own_store(own_environ)


@pytest.fixture
def theirs(own_environ: dict[str, str]) -> HelperStore:
    require("docker-credential-secretservice", "golang-docker-credential-helpers")
    return helper_store("secretservice", own_environ)


@pytest.fixture
def server() -> str:
    return f"{uuid.uuid4()}.example"


@pytest.mark.parametrize("direction", ["ours to theirs", "theirs to ours"])
@pytest.mark.parametrize("username", ["alice", TOKEN_USER, "ten/ant", "ü:"])
@pytest.mark.parametrize("hub", [False, True])
def test_each_reads_lists_and_erases_what_the_other_wrote(
    ours: HelperStore, theirs: HelperStore, server: str, direction: str, username: str, hub: bool
) -> None:
    writer, reader = (ours, theirs) if direction == "ours to theirs" else (theirs, ours)
    record = Record(HUB if hub else server, username, fresh("ü€"))
    writer.put(record)
    assert reader.get(record.server) == record
    assert reader.list()[record.server] == username
    assert writer.list()[record.server] == username
    reader.erase(record.server)
    assert writer.get(record.server) is None
    assert reader.get(record.server) is None


def test_storing_removes_the_user_names_that_theirs_left(ours: HelperStore, theirs: HelperStore, server: str) -> None:
    theirs.put(Record(server, "amy", fresh()))
    theirs.put(Record(server, "zed", fresh()))
    new = Record(server, "bob", fresh())
    ours.put(new)
    assert ours.get(server) == new
    assert theirs.get(server) == new


def test_of_several_user_names_ours_answers_with_the_one_changed_last(
    ours: HelperStore, theirs: HelperStore, server: str, keyring_home: SecretServiceHome
) -> None:
    theirs.put(Record(server, "amy", fresh()))
    last = Record(server, "zed", fresh())
    theirs.put(last)
    with closing(keyring_home.connect()) as connection:
        items = {item.get_attributes()["username"]: item for item in _items(connection, server)}
        if items["amy"].get_modified() == items["zed"].get_modified():
            return  # written within one second, which is as exact as the keyring's clock is
    assert ours.get(server) == last


def test_the_same_user_name_is_one_item_for_both(
    ours: HelperStore, theirs: HelperStore, server: str, keyring_home: SecretServiceHome
) -> None:
    theirs.put(Record(server, "alice", fresh()))
    new = Record(server, "alice", fresh())
    ours.put(new)
    assert theirs.get(server) == new
    with closing(keyring_home.connect()) as connection:
        (item,) = _items(connection, server)
        assert item.get_attributes() == {
            "xdg:schema": "io.docker.Credentials",
            "label": "Docker Credentials",
            "docker_cli": "1",
            "server": server,
            "username": "alice",
        }
        assert item.get_label() == server


def _items(connection: object, server: str) -> list[secretstorage.Item]:
    return list(secretstorage.search_items(connection, {"server": server}))
