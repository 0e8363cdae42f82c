"""What a move would do: planned without touching anything, and what is the person's to decide is asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.move.plan import Plan, Wishes
from guides.stores.store import TOKEN_USER, Limits, Record, StoreError
from tests.guides.edits.documents import spellings
from tests.guides.move.machine import HUB, Machine, auth, entry, fresh, token_entry
from tests.memory_store import MemoryStore

HOST = "registry.example:5000"


def program(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("#!/bin/sh\nexit 1\n")
    (folder / name).chmod(0o755)


def reasons(plan: Plan) -> str:
    return " | ".join(one.reason for one in plan.left)


def test_planning_changes_nothing(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry(), HUB: token_entry()}})
    store = MemoryStore()
    before = machine.everything()
    plan = machine.plan(store)
    assert not plan.empty
    assert machine.everything() == before
    assert {verb for verb, _ in store.calls} == {"get"}
    assert not store.records


def test_everything_moves_and_the_next_login_is_safe_too(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry(), "ghcr.io": entry()}})
    plan = machine.plan(MemoryStore())
    assert [transfer.server for transfer in plan.transfers] == [HOST, "ghcr.io"]
    assert (plan.left, plan.questions, plan.default_store) == ((), (), True)
    assert plan.changes[0].rewrite.creds_store_before == ""


def test_docker_hub_is_stored_under_both_names(machine: Machine) -> None:
    machine.write({"auths": {HUB: entry("alice", word := fresh())}})
    plan = machine.plan(MemoryStore())
    records = plan.transfers[0].records
    assert [record.server for record in records] == [HUB, "docker.io"]
    assert {record.secret.reveal() for record in records} == {word}
    assert plan.changes[0].rewrite.helpers_before == {HUB: None, "docker.io": None}


def test_an_entry_that_docker_does_not_use_is_pointed_out(machine: Machine) -> None:
    machine.write({"auths": {"docker.io": entry()}})
    assert any("docker does not use the entry docker.io" in note for note in machine.plan(MemoryStore()).notes)


def test_only_the_registries_that_were_asked_for(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry(), "ghcr.io": entry(), "quay.io": {"registrytoken": fresh()}}})
    plan = machine.plan(MemoryStore(), "ghcr.io")
    assert [transfer.server for transfer in plan.transfers] == ["ghcr.io"]
    assert plan.left == ()
    assert machine.plan(MemoryStore(), "nowhere.example").empty  # nothing moves, so no default store either
    assert [one.registry for one in machine.plan(MemoryStore(), "quay.io").left] == ["quay.io"]


def test_a_login_that_stays_is_pinned_to_the_file(machine: Machine) -> None:
    """With credsStore alone docker would ask the store for it, and be told: not found."""
    machine.write({"auths": {HOST: entry(), "stays.example": {"registrytoken": fresh()}}})
    machine.moved(MemoryStore())
    written = machine.written()
    assert written["credHelpers"] == {HOST: "memory", "stays.example": ""}
    assert written["credsStore"] == "memory"


@pytest.mark.parametrize("name", ["podman", "skopeo", "buildah"])
def test_where_podman_is_a_login_that_stays_forbids_the_default_store(machine: Machine, name: str) -> None:
    """podman cannot read a pin: it would run a helper without a name."""
    program(machine.home / "bin", name)
    machine.write({"auths": {HOST: entry(), "stays.example": {"registrytoken": fresh()}}})
    plan = machine.plan(MemoryStore())
    assert not plan.default_store
    assert any(name in note and "credsStore is not set" in note for note in plan.notes)
    assert machine.plan(MemoryStore(), default_store=True).default_store
    machine.moved(MemoryStore())
    assert machine.written()["credHelpers"] == {HOST: "memory"}
    assert "credsStore" not in machine.written()


def test_where_podman_is_nothing_stays_so_the_default_is_set(machine: Machine) -> None:
    program(machine.home / "bin", "podman")
    machine.write({"auths": {HOST: entry()}})
    assert machine.plan(MemoryStore()).default_store


def test_a_default_store_that_works_is_kept(machine: Machine) -> None:
    program(machine.home / "bin", "docker-credential-theirs")
    machine.write({"auths": {HOST: entry()}, "credsStore": "theirs"})
    plan = machine.plan(MemoryStore())
    assert not plan.default_store
    assert any("theirs" in note for note in plan.notes)
    machine.moved(MemoryStore())
    assert machine.written()["credsStore"] == "theirs"


@pytest.mark.parametrize("gone", ["desktop", "../../evil", "a b"])
def test_a_default_store_that_is_gone_is_replaced(machine: Machine, gone: str) -> None:
    machine.write({"auths": {HOST: entry()}, "credsStore": gone})
    plan = machine.plan(MemoryStore())
    assert plan.default_store
    assert any(gone in note and "not here" in note for note in plan.notes)


def test_a_default_store_that_is_ours_already(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}, "credsStore": "memory"})
    plan = machine.plan(MemoryStore())
    assert not plan.default_store
    assert plan.changes[0].rewrite.creds_store_before is None


def test_the_default_store_may_be_declined(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    assert not machine.plan(MemoryStore(), default_store=False).default_store


def test_podmans_file_gets_helpers_but_no_default_store(machine: Machine) -> None:
    machine.write({"auths": {"docker.io": entry(), "quay.io": entry(), "quay.io/acme": entry()}}, machine.podman)
    store = MemoryStore()
    machine.moved(store)
    written = machine.written(machine.podman)
    assert written["credHelpers"] == {"docker.io": "memory", "quay.io": "memory"}
    assert "credsStore" not in written
    assert written["auths"]["quay.io/acme"]["auth"]
    assert set(store.records) == {HUB, "docker.io", "quay.io"}


def test_the_same_login_in_two_files_moves_once(machine: Machine) -> None:
    word = fresh()
    machine.write({"auths": {HOST: entry("alice", word)}})
    machine.write({"auths": {HOST: entry("alice", word)}}, machine.podman)
    plan = machine.plan(MemoryStore())
    assert (len(plan.transfers), len(plan.changes), plan.questions) == (1, 2, ())


def both(machine: Machine) -> tuple[str, str]:
    token, word = fresh(24), fresh()
    machine.write({"auths": {HOST: {**entry("alice", word), "identitytoken": token}}})
    return token, word


def test_token_and_password_in_one_entry_is_a_question(machine: Machine) -> None:
    token, word = both(machine)
    plan = machine.plan(MemoryStore())
    (question,) = plan.questions
    assert [answer for answer, _ in question.choices] == ["token", "password", "leave"]
    assert plan.empty
    assert "both" in question.id and "line 4" in question.text
    said = repr(plan)
    assert token not in said and word not in said


def test_token_and_password_token_chosen(machine: Machine) -> None:
    token, word = both(machine)
    wishes = Wishes(answers={f"both:{machine.config}:{HOST}": "token"})
    machine.moved(store := MemoryStore(), wishes)
    assert store.records[HOST] == Record(HOST, TOKEN_USER, Secret(token))
    assert machine.written()["auths"][HOST] == {"auth": auth("alice", word)}


def test_token_and_password_password_chosen(machine: Machine) -> None:
    token, word = both(machine)
    wishes = Wishes(answers={f"both:{machine.config}:{HOST}": "password"})
    machine.moved(store := MemoryStore(), wishes)
    assert store.records[HOST] == Record(HOST, "alice", Secret(word))
    assert machine.written()["auths"][HOST] == {"identitytoken": token}


def test_token_and_password_left(machine: Machine) -> None:
    both(machine)
    plan = machine.plan_with(MemoryStore(), Wishes(answers={f"both:{machine.config}:{HOST}": "leave"}))
    assert plan.transfers == ()
    assert plan.questions == ()
    assert len(plan.left) == 2


def two_logins(machine: Machine) -> tuple[str, str]:
    one, other = fresh(), fresh()
    machine.write({"auths": {HOST: entry("alice", one), f"https://{HOST}/v1/": entry("bob", other)}})
    return one, other


def test_two_logins_for_one_registry_is_a_question(machine: Machine) -> None:
    one, other = two_logins(machine)
    (question,) = (plan := machine.plan(MemoryStore())).questions
    assert plan.empty
    assert [answer for answer, _ in question.choices] == ["1", "2", "leave"]
    assert "alice" in question.choices[0][1] and "bob" in question.choices[1][1]
    assert one not in repr(plan) and other not in repr(plan)


@pytest.mark.parametrize("answer", ["1", "2"])
def test_two_logins_one_chosen(machine: Machine, answer: str) -> None:
    words = two_logins(machine)
    plan = machine.plan_with(store := MemoryStore(), Wishes(answers={f"server:{HOST}": answer}))
    chosen = int(answer) - 1
    assert [record.secret.reveal() for transfer in plan.transfers for record in transfer.records] == [words[chosen]]
    assert len(plan.left) == 1
    assert store.records == {}


def test_two_logins_left(machine: Machine) -> None:
    two_logins(machine)
    plan = machine.plan_with(MemoryStore(), Wishes(answers={f"server:{HOST}": "leave"}))
    assert (plan.empty, plan.transfers, len(plan.left), plan.questions) == (True, (), 2, ())


def test_the_store_holds_the_same_already(machine: Machine) -> None:
    word = fresh()
    machine.write({"auths": {HOST: entry("alice", word)}})
    plan = machine.plan(MemoryStore(Record(HOST, "alice", Secret(word))))
    assert plan.transfers[0].held == {HOST}
    assert plan.questions == ()


def test_the_store_holds_another_is_a_question(machine: Machine) -> None:
    word, theirs = fresh(), fresh()
    machine.write({"auths": {HOST: entry("alice", word)}})
    store = MemoryStore(Record(HOST, "bob", Secret(theirs)))
    plan = machine.plan(store)
    (question,) = plan.questions
    assert question.id == f"store:{HOST}"
    assert "bob" in question.text and "alice" in question.text
    assert plan.empty
    assert "another login" in reasons(plan)
    assert word not in repr(plan) and theirs not in repr(plan)


@pytest.mark.parametrize("answer", ["replace", "leave"])
def test_the_store_holds_another_and_the_person_decides(machine: Machine, answer: str) -> None:
    word, theirs = fresh(), fresh()
    before = machine.write({"auths": {HOST: entry("alice", word)}})
    store = MemoryStore(Record(HOST, "bob", Secret(theirs)))
    wishes = Wishes(answers={f"store:{HOST}": answer})
    if answer == "replace":
        machine.moved(store, wishes)
        assert store.records[HOST].secret.reveal() == word
    else:
        assert machine.plan_with(store, wishes).transfers == ()
        assert store.records[HOST].secret.reveal() == theirs
        assert machine.config.read_bytes() == before


def test_too_large_a_secret_stays(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry("alice", "\u20ac" * 900), "ghcr.io": entry()}})
    plan = machine.plan(MemoryStore(limits=Limits(secret_bytes=2560)))
    assert "at most 2560 bytes, and this secret has 2700" in reasons(plan)
    assert [transfer.server for transfer in plan.transfers] == ["ghcr.io"]


def test_a_slash_in_the_user_name_stays_where_the_store_would_destroy_it(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry("tenancy/alice")}})
    assert "slash" in reasons(machine.plan(MemoryStore(limits=Limits(slash_in_username=False))))
    assert not machine.plan(MemoryStore()).left


def test_a_newline_at_the_end_stays_where_the_store_would_cut_it(machine: Machine) -> None:
    """Without this the whole move would fail when the record is put in, and the other logins stay too."""
    machine.write({"auths": {HOST: entry("alice", f"{fresh()}\n"), "ghcr.io": entry()}})
    plan = machine.plan(MemoryStore(limits=Limits(trailing_newline=False)))
    assert "newline" in reasons(plan)
    assert [transfer.server for transfer in plan.transfers] == ["ghcr.io"]


@pytest.mark.parametrize("key", ["", "my registry"])
def test_a_name_that_no_helper_takes_keeps_nothing_else_here(machine: Machine, key: str) -> None:
    machine.write({"auths": {key: entry(), HOST: entry()}})
    plan = machine.plan(MemoryStore())
    assert [transfer.server for transfer in plan.transfers] == [HOST]
    assert [one.key for one in plan.left] == [key]
    machine.moved(MemoryStore())
    assert machine.written()["auths"][key]["auth"]


def test_web_login_records_go_where_the_hub_login_goes(machine: Machine) -> None:
    records = {f"{HUB}access-token": entry(), f"{HUB}refresh-token": entry()}
    machine.write({"auths": {HUB: entry(), **records}})
    machine.moved(store := MemoryStore())
    assert set(store.records) == {HUB, "docker.io", *records}
    assert machine.written()["credHelpers"] == {HUB: "memory", "docker.io": "memory"}


def test_web_login_records_stay_when_the_hub_login_stays(machine: Machine) -> None:
    machine.write({"auths": {HUB: entry("a/b"), f"{HUB}access-token": entry("c")}})
    plan = machine.plan(MemoryStore(limits=Limits(slash_in_username=False)))
    assert plan.transfers == ()
    assert "belongs to the Docker Hub login, which stays" in reasons(plan)


def test_hard_links_are_noted(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    os.link(machine.config, machine.home / "copy")
    assert any("hard links" in note for note in machine.plan(MemoryStore()).notes)


def test_docker_auth_config_is_noted(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "home", {"DOCKER_AUTH_CONFIG": "{}"})
    machine.write({"auths": {HOST: entry()}})
    assert any("DOCKER_AUTH_CONFIG" in note for note in machine.plan(MemoryStore()).notes)


def test_a_store_that_cannot_be_read_ends_planning(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry()}})
    store = MemoryStore()
    store.deaf = {"get"}
    with pytest.raises(StoreError):
        machine.plan(store)


def test_a_malformed_entry_leaves_all(machine: Machine) -> None:
    machine.write({"auths": {HOST: entry(), "bad": {"auth": "YWJj"}}})
    plan = machine.plan(MemoryStore())
    assert plan.empty
    assert plan.left


def test_the_preview_shows_no_secret(machine: Machine) -> None:
    words = [fresh() for _ in range(3)]
    auths = {HOST: entry("alice", words[0]), "ghcr.io": token_entry("bob", words[1]), "x": {"registrytoken": words[2]}}
    machine.write({"auths": auths})
    plan = machine.plan(MemoryStore())
    said = repr(plan) + "\n".join(line for change in plan.changes for line in change.preview)
    assert "alice" in said
    for word in words:
        assert not any(spelling in said for spelling in spellings(word))
