"""After a move: where the same secret still lies."""

from __future__ import annotations

from guides.move.apply import apply
from guides.move.copies import copies_left
from tests.guides.move.machine import Machine, docker_text, entry, fresh
from tests.memory_store import MemoryStore

HOST = "registry.example:5000"


def test_a_copy_of_a_moved_secret_is_named_and_another_secret_is_not(machine: Machine) -> None:
    word = fresh()
    machine.write({"auths": {HOST: entry("alice", word)}})
    copy = machine.config.with_name("config.json.bak")
    copy.write_text(docker_text({"auths": {HOST: entry("alice", word), "quay.io": entry("bob")}}))
    plan = machine.plan(MemoryStore())
    list(apply(plan, machine.state))
    (found,) = copies_left(plan, machine.workstation)
    assert found.place.path == str(copy)
    assert "rm " in found.advice


def test_what_the_plan_left_is_not_told_twice(machine: Machine) -> None:
    word = fresh()
    machine.write({"auths": {HOST: entry("alice", word)}})
    machine.write({HOST: entry("alice", word)}, machine.home / ".dockercfg")
    plan = machine.plan(MemoryStore())
    list(apply(plan, machine.state))
    assert [left.path.name for left in plan.left] == [".dockercfg"]
    assert copies_left(plan, machine.workstation) == ()
