"""The user file: edited as text, and believed by the real registry without a restart."""

from __future__ import annotations

import base64
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import bcrypt
import pytest

from checks.model.secret import Secret
from guides.edits.atomic import Target, replace, temporary_for
from guides.registries.htpasswd import (
    MOST_PASSWORD,
    HashKind,
    NotAllowed,
    NotHtpasswd,
    accepts,
    add_command,
    cautions,
    free_name,
    make_noticed,
    remove_command,
    users,
    with_user,
    without_user,
)
from guides.registries.network import Network
from tests.services.double import token
from tests.services.registry import basic_registry
from tests.services.require import require

QUICK = 4
"""Rounds of bcrypt: these users live for one test."""


def line(name: str, password: str) -> str:
    return f"{name}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(QUICK)).decode()}"


def test_who_is_in_it() -> None:
    text = "\n".join(
        [
            "# made by hand",
            line("alice", "x"),
            "",
            "  bob:$apr1$abcdefgh$0123456789012345678901  ",
            "carol:{SHA}" + base64.b64encode(b"0" * 20).decode(),
            "dave:$5$salt$hash",
            "erin:$6$salt$hash",
            "frank:$1$salt$hash",
            "grace:rqXexS6ZhobKA",
            "heidi:",
            line("alice", "y").replace("$2b$", "$2y$"),
        ]
    )
    found = [(user.name, user.kind, user.line) for user in users(text)]
    assert found == [
        ("alice", HashKind.BCRYPT, 2),
        ("bob", HashKind.APACHE_MD5, 4),
        ("carol", HashKind.SHA1, 5),
        ("dave", HashKind.SHA256, 6),
        ("erin", HashKind.SHA512, 7),
        ("frank", HashKind.MD5, 8),
        ("grace", HashKind.CRYPT, 9),
        ("heidi", HashKind.CRYPT, 10),
        ("alice", HashKind.BCRYPT, 11),
    ]
    assert [user.name for user in users(text) if user.kind.accepted] == ["alice", "alice"]
    assert users("") == ()


def test_a_line_without_a_colon() -> None:
    """The registry refuses the whole file, and so everybody."""
    for edit in (users, lambda text: without_user(text, "alice"), lambda text: with_user(text, "bob", Secret("x"))):
        with pytest.raises(NotHtpasswd, match="line 2") as caught:
            edit(f"{line('alice', 'x')}\nmypassword\n")
        assert "mypassword" not in str(caught.value)


@pytest.mark.parametrize("before", ["", "# nobody yet\n", "NO_END", "END", "CRLF"])
def test_one_user_more(before: str) -> None:
    """The registry's own first file ends without a newline."""
    alice = line("alice", "x")
    before = {"NO_END": alice, "END": alice + "\n", "CRLF": alice + "\r\n"}.get(before, before)
    password = Secret(token("", 20))
    after = with_user(before, "bob", password, rounds=QUICK)
    assert after.startswith(before)
    assert [user.name for user in users(after)] == [user.name for user in users(before)] + ["bob"]
    assert accepts(after, "bob", password)
    assert not accepts(after, "bob", Secret("other"))
    assert not accepts(after, "alice", password)
    assert password.reveal() not in after
    assert after.endswith("\r\n" if "\r\n" in before else "\n")
    assert without_user(after, "bob").rstrip() == before.rstrip()


def test_the_cost_is_not_the_smallest() -> None:
    assert "bob:$2b$12$" in with_user("", "bob", Secret("x"))


def test_one_user_less() -> None:
    """All lines of the name: of several the registry takes the last, and the one before would come to life."""
    kept = ["# alice: left in spring", line("bob", "x"), "", "alice2:$apr1$x$y", "\talicia:x"]
    text = "\n".join([line("alice", "1"), *kept[:2], "  " + line("alice", "2"), *kept[2:]]) + "\n"
    assert without_user(text, "alice") == "\n".join(kept) + "\n"
    with pytest.raises(NotAllowed, match="not in the file"):
        without_user(text, "mallory")
    assert without_user(line("alice", "1"), "alice") == ""


def test_the_same_user_again_would_end_the_old_password() -> None:
    text = f"{line('ci', 'x')}\n{line('ci-2', 'x')}\n"
    with pytest.raises(NotAllowed, match="add ci-3 instead"):
        with_user(text, "ci", Secret("y"))
    assert free_name(text, "ci") == "ci-3"
    assert free_name(text, "bob") == "bob-2"


@pytest.mark.parametrize("name", ["", " a", "a ", "a:b", "#a", "-a", "a\nb:x", "a\x00", "x" * 256])
def test_names_that_cannot_be(name: str) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: with_user("", name, Secret("x")),
        lambda: add_command("/etc/htpasswd", name),
        lambda: remove_command("/etc/htpasswd", name),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.parametrize("password", ["", "x" * (MOST_PASSWORD + 1), "é" * 37, "a\nb", "a\x00b", "\udcff"])
def test_passwords_that_cannot_be(password: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        with_user("", "bob", Secret(password))
    assert not password or password not in str(caught.value)


def test_the_longest_password() -> None:
    password = Secret("é" * 36)
    assert accepts(with_user("", "bob", password, rounds=QUICK), "bob", password)


@pytest.mark.parametrize("hashed", ["$2", "$2y$05$short", "$apr1$x$y", "{SHA}x", "secret", ""])
def test_a_hash_that_accepts_nobody(hashed: str) -> None:
    assert not accepts(f"bob:{hashed}\n", "bob", Secret("secret"))


def test_commands_hold_no_password() -> None:
    assert add_command("/srv/my auth/htpasswd", "ci-2") == (
        """[ -z "$(tail -c 1 '/srv/my auth/htpasswd')" ] || echo >>'/srv/my auth/htpasswd' """
        "&& htpasswd -B '/srv/my auth/htpasswd' ci-2"
    )
    assert remove_command("-odd", "a'b") == """htpasswd -D ./-odd 'a'"'"'b'"""


@pytest.mark.parametrize("end", ["", "\n"])
def test_the_commands_do_it(tmp_path: Path, end: str) -> None:
    """In a real shell with the real htpasswd, which asks on the terminal: here `-i` makes it read standard input."""
    program = require("htpasswd", "apache2-utils")
    file = tmp_path / "my users"
    file.write_text(line("alice", "x") + end)
    password = Secret(token("", 20))
    for command in (add_command(str(file), "ci 2"), remove_command(str(file), "alice")):
        typed = command.replace("htpasswd -B", f"{program} -i -B").replace("htpasswd -D", f"{program} -D")
        subprocess.run(["/bin/sh", "-c", typed], input=password.reveal().encode(), capture_output=True, check=True)
    assert [user.name for user in users(file.read_text())] == ["ci 2"]
    assert accepts(file.read_text(), "ci 2", password)


def test_the_time_moves_on(tmp_path: Path) -> None:
    file = tmp_path / "htpasswd"
    file.write_text("")
    ahead = time.time_ns() + 3600 * 10**9
    os.utime(file, ns=(ahead, ahead))
    file.write_text("x")
    make_noticed(file, ahead)
    assert file.stat().st_mtime_ns > ahead
    later = file.stat().st_mtime_ns
    make_noticed(file, 5)
    assert file.stat().st_mtime_ns == later, "what is later already is left alone"


def test_what_replacing_may_break(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "htpasswd"
    file.write_text("")
    file.chmod(0o640)
    (mounted,) = cautions(file)
    assert "mounted" in mounted
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    monkeypatch.setattr(os, "getegid", lambda: 4321)
    monkeypatch.setattr(os, "getgroups", lambda: [4321])
    foreign = cautions(file)[1]
    assert f"chgrp {file.stat().st_gid} " in foreign
    file.chmod(0o604)
    assert cautions(file) == (mounted,)


def write(path: Path, text: str) -> None:
    """As a step does it: through the one writer, and so that the registry notices."""
    target, before = Target.of(path), path.read_bytes()
    time_before = path.stat().st_mtime_ns
    replace(target, temporary_for(target), before, text.encode(), keep_mode=True)
    make_noticed(path, time_before)


def status(network: Network, host: str, user: str, password: Secret) -> int:
    login = base64.b64encode(f"{user}:{password.reveal()}".encode()).decode()
    return network.send("GET", f"http://{host}/v2/", headers={"Authorization": f"Basic {login}"}).status


@pytest.mark.parametrize("secret", ["plain", "é ß ☃", 'p:w"x y', "x" * MOST_PASSWORD])
def test_the_real_registry_believes_it(tmp_path: Path, secret: str) -> None:
    """Generate first: the new user comes in beside the old one, then the old one is out; never a restart."""
    network = Network({}, home=tmp_path, root=tmp_path)
    old, new = Secret(token("", 16)), Secret(secret)
    with basic_registry({"ci": old.reveal(), "bob": "b"}) as registry:
        assert status(network, registry.host, "ci", old) == 200
        assert status(network, registry.host, "ci-2", new) == 401
        text = registry.htpasswd.read_text()
        assert accepts(text, "ci", old)
        write(registry.htpasswd, with_user(text, free_name(text, "ci"), new, rounds=QUICK))
        assert status(network, registry.host, "ci-2", new) == 200
        assert status(network, registry.host, "ci", old) == 200
        write(registry.htpasswd, without_user(registry.htpasswd.read_text(), "ci"))
        assert status(network, registry.host, "ci", old) == 401
        assert status(network, registry.host, "ci-2", new) == 200
        assert status(network, registry.host, "bob", Secret("b")) == 200


def test_the_real_registry_accepts_bcrypt_only(tmp_path: Path) -> None:
    """And takes the last of several lines, as `accepts` does."""
    network = Network({}, home=tmp_path, root=tmp_path)
    program = require("htpasswd", "apache2-utils")
    password = Secret(token("", 16))
    with basic_registry({"alice": "a"}) as registry:
        lines = [registry.htpasswd.read_text()]
        for option, name in (("-m", "md5"), ("-s", "sha"), ("-d", "crypt"), ("-B", "twice")):
            made = subprocess.run(
                [program, "-i", "-n", option, name],
                input=password.reveal()[:8].encode(),
                capture_output=True,
                check=True,
            )
            lines.append(made.stdout.decode().strip() + "\n")
        lines.append(line("twice", "last") + "\n")
        text = "".join(lines)
        write(registry.htpasswd, text)
        short = Secret(password.reveal()[:8])
        for name in ("md5", "sha", "crypt", "twice"):
            assert status(network, registry.host, name, short) == 401
            assert not accepts(text, name, short)
        assert status(network, registry.host, "twice", Secret("last")) == 200
        assert accepts(text, "twice", Secret("last"))
        assert {user.name: user.kind.accepted for user in users(text)} == {
            "alice": True, "md5": False, "sha": False, "crypt": False, "twice": True,
        }  # fmt: skip


def test_a_line_without_a_colon_locks_everybody_out(tmp_path: Path) -> None:
    network = Network({}, home=tmp_path, root=tmp_path)
    with basic_registry({"alice": "a"}) as registry:
        assert status(network, registry.host, "alice", Secret("a")) == 200
        write(registry.htpasswd, registry.htpasswd.read_text() + "oops\n")
        assert status(network, registry.host, "alice", Secret("a")) != 200
