"""Leaving: our own helper hands every login back before it goes, and docker still works."""

from __future__ import annotations

import json

import pexpect

from checks.formats.docker_auth import read_auth_file
from tests.end_to_end.command import PROGRAM, said
from tests.end_to_end.test_move_real import HELPERS, SYSTEM_PATH, Person, person
from tests.guides.move.machine import fresh
from tests.services.docker_client import CLIENTS, login
from tests.services.dockerd import tiny_image
from tests.services.registry import basic_registry
from tests.services.require import require


def moved_into_our_helper(someone: Person, host: str, word: str) -> None:
    assert login(someone.home, host, "alice", word).returncode == 0
    done = someone.run("move", "--all", "--yes", "--to", "dockhygiene")
    assert done.returncode == 0, said(done)
    assert json.loads(someone.config.read_text())["credsStore"] == "dockhygiene"


def nothing_of_ours_is_left(someone: Person) -> bool:
    helper = someone.home / ".local/bin/docker-credential-dockhygiene"
    state = someone.home / ".local/state/dockhygiene"
    return not helper.exists() and not state.exists() and "dockhygiene" not in someone.config.read_text()


def test_a_native_helper_takes_over(docker_host: str) -> None:
    """The same keyring, read by the helper of the distribution that was installed since."""
    require("docker-credential-secretservice", HELPERS)
    word = fresh()
    with person("dockhygiene") as someone, basic_registry({"alice": word}) as registry:
        moved_into_our_helper(someone, registry.host, word)
        someone.environ["PATH"] = f"{someone.path}:{SYSTEM_PATH}"
        done = someone.run("uninstall", "--yes")
        assert done.returncode == 0, said(done)
        assert nothing_of_ours_is_left(someone)
        config = json.loads(someone.config.read_text())
        assert config["credHelpers"][registry.host] == config["credsStore"] == "secretservice"
        image = tiny_image(docker_host, f"{registry.host}/team/after:1")
        pushed = someone.docker(docker_host, CLIENTS[0], "push", image)
        assert pushed.returncode == 0, pushed.stderr


def test_without_another_store_it_goes_back_to_the_file_when_that_is_typed(docker_host: str) -> None:
    word = fresh()
    with person("dockhygiene") as someone, basic_registry({"alice": word}) as registry:
        moved_into_our_helper(someone, registry.host, word)
        refused = someone.run("uninstall", "--yes")
        assert refused.returncode == 1, said(refused)
        assert "never done unasked" in refused.stderr
        assert not nothing_of_ours_is_left(someone)

        child = pexpect.spawn(PROGRAM, ["uninstall"], env=someone.environ, timeout=60, encoding="utf-8")
        child.expect("Type plain text to go on")
        child.sendline("plain text")
        child.expect("Removed")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
        assert nothing_of_ours_is_left(someone)
        (entry,) = (one for one in read_auth_file(someone.config.read_bytes()).entries if one.secrets)
        assert (entry.key, entry.username, entry.password and entry.password.reveal()) == (registry.host, "alice", word)
        image = tiny_image(docker_host, f"{registry.host}/team/after:1")
        pushed = someone.docker(docker_host, CLIENTS[0], "push", image)
        assert pushed.returncode == 0, pushed.stderr


def test_a_plain_return_changes_nothing() -> None:
    word = fresh()
    with person("dockhygiene") as someone, basic_registry({"alice": word}) as registry:
        moved_into_our_helper(someone, registry.host, word)
        before = someone.config.read_bytes()
        child = pexpect.spawn(PROGRAM, ["uninstall"], env=someone.environ, timeout=60, encoding="utf-8")
        child.expect("to go on")
        child.sendline("")
        child.expect("Nothing was changed")
        child.expect(pexpect.EOF)
        assert someone.config.read_bytes() == before
        assert someone.run("doctor").returncode == 0
