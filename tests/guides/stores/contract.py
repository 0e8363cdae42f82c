"""What every store must do, proven against the real thing. A test module subclasses it and gives a `store`."""

from __future__ import annotations

import secrets
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from checks.model.secret import Secret
from guides.stores.roundtrip import probe_round_trip, replace, same_record
from guides.stores.store import TOKEN_USER, Record, Store, StoreRefused

DIFFICULT = (
    "ü€\U0001f511",
    "a:b::c",
    "\"quoted\" 'twice'",
    "back\\slash\\n",
    " spaces ",
    "<&>\u2028",
    "-dash",
    "%s $HOME `id`",
)


def fresh(ending: str = "") -> Secret:
    return Secret(secrets.token_urlsafe(24) + ending)


class StoreContract:
    @pytest.fixture
    def server(self) -> str:
        return f"{uuid.uuid4()}.example:5000"

    def test_gives_back_what_was_put(self, store: Store, server: str) -> None:
        record = Record(server, "alice", fresh())
        store.put(record)
        assert same_record(store.get(server), record)
        store.erase(server)
        assert store.get(server) is None

    @pytest.mark.parametrize("text", DIFFICULT)
    def test_keeps_difficult_secrets(self, store: Store, server: str, text: str) -> None:
        record = Record(server, "alice", Secret(text + secrets.token_hex(4) + text))
        store.put(record)
        assert same_record(store.get(server), record)

    @pytest.mark.parametrize(
        "username", ["älice", "a:b", 'al"ice', "alice@example.com", "AWS", "robot$ci+pull", TOKEN_USER]
    )
    def test_keeps_difficult_user_names(self, store: Store, server: str, username: str) -> None:
        record = Record(server, username, fresh())
        store.put(record)
        assert same_record(store.get(server), record)

    @pytest.mark.parametrize("suffix", ["https://{}/v1/", "http://{}", "{}/path"])
    def test_keeps_servers_apart(self, store: Store, server: str, suffix: str) -> None:
        one, other = Record(server, "alice", fresh()), Record(suffix.format(server), "bob", fresh())
        store.put(one)
        store.put(other)
        assert same_record(store.get(one.server), one)
        assert same_record(store.get(other.server), other)

    def test_holds_a_secret_of_60_000_bytes(self, store: Store, server: str) -> None:
        record = Record(server, "_json_key", Secret(secrets.token_hex(30_000)))
        store.put(record)
        assert same_record(store.get(server), record)

    def test_keeps_or_refuses_a_slash_in_the_user_name(self, store: Store, server: str) -> None:
        record = Record(server, "tenancy/alice", fresh())
        if not store.limits.slash_in_username:
            with pytest.raises(StoreRefused, match="slash"):
                store.put(record)
            assert store.get(server) is None
            return
        store.put(record)
        assert same_record(store.get(server), record)

    def test_keeps_or_refuses_a_newline_at_the_end(self, store: Store, server: str) -> None:
        record = Record(server, "alice", fresh("\n"))
        if not store.limits.trailing_newline:
            with pytest.raises(StoreRefused, match="newline"):
                store.put(record)
            return
        store.put(record)
        assert same_record(store.get(server), record)

    @pytest.mark.parametrize("record", [Record("s.example", "", Secret("x")), Record("s.example", "u", Secret(""))])
    def test_refuses_what_is_empty(self, store: Store, record: Record) -> None:
        with pytest.raises(StoreRefused):
            store.put(record)
        assert store.get(record.server) is None

    @pytest.mark.parametrize("server", ["", "two words", "line\nbreak"])
    def test_refuses_a_server_that_the_protocol_cannot_carry(self, store: Store, server: str) -> None:
        with pytest.raises(StoreRefused):
            store.put(Record(server, "alice", fresh()))
        with pytest.raises(StoreRefused):
            store.get(server)

    def test_an_unknown_server_is_none_and_erasing_it_no_error(self, store: Store, server: str) -> None:
        assert store.get(server) is None
        store.erase(server)

    def test_erase_removes_every_user_name(self, store: Store, server: str) -> None:
        for username in ("zed", "amy"):
            store.put(Record(server, username, fresh()))
        store.erase(server)
        assert store.get(server) is None
        assert server not in store.list()

    def test_lists_server_and_user_name(self, store: Store, server: str) -> None:
        store.put(Record(server, "alice", fresh()))
        assert store.list()[server] == "alice"

    def test_replacing_another_user_name_answers_with_the_new_one(self, store: Store, server: str) -> None:
        replace(store, Record(server, "amy", fresh()))
        new = Record(server, "zed", fresh())
        replace(store, new)
        assert same_record(store.get(server), new)
        old = Record(server, "bob", fresh())
        replace(store, old)
        assert same_record(store.get(server), old)

    def test_putting_again_keeps_the_last_secret(self, store: Store, server: str) -> None:
        for _ in range(3):
            last = Record(server, "alice", fresh())
            store.put(last)
        assert same_record(store.get(server), last)

    def test_concurrent_puts_all_arrive(self, store: Store, server: str) -> None:
        records = [Record(f"{number}.{server}", f"user{number}", fresh()) for number in range(6)]
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(store.put, records))
        assert all(same_record(store.get(each.server), each) for each in records)
        held = store.list()
        assert all(held[each.server] == each.username for each in records)

    def test_the_probe_works_and_leaves_nothing(self, store: Store) -> None:
        before = store.list()
        probe = probe_round_trip(store)
        assert probe.works, probe
        assert store.list() == before
