"""`dockhygiene verify`: what is said before anything is sent, what is asked, and the exit codes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pexpect
import pytest

from tests.end_to_end.command import PROGRAM, dockhygiene, environment, said
from tests.end_to_end.keeping_helper import SUFFIX, KeepingHelper
from tests.guides.move.machine import docker_text, entry, fresh, token_entry
from tests.services.answering import BASIC, Answering, Canned, challenge
from tests.services.authority import Authority
from tests.services.connect_proxy import ConnectProxy
from tests.services.registry import basic_registry, token_registry

OK, NO = Canned(200), Canned(401)
TOKEN = Canned(200, b'{"token": "abc"}')


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / ".docker").mkdir(parents=True)
    return home


@pytest.fixture
def server() -> Iterator[Answering]:
    with Answering() as server:
        yield server


def config(home: Path, auths: dict[str, dict[str, str]], **more: object) -> None:
    path = home / ".docker/config.json"
    path.write_text(docker_text({"auths": auths, **more}))
    path.chmod(0o600)


def test_accepted_then_refused(home: Path) -> None:
    word = fresh()
    with basic_registry({"alice": word, "bob": fresh()}) as registry:
        config(home, {registry.host: entry("alice", word)})
        done = dockhygiene(home, "verify", "--yes")
        assert done.returncode == 0, said(done)
        assert f"valid: {registry.host} accepts it" in done.stdout
        assert f"Seen by {registry.host}" in done.stdout
        registry.set_users({"bob": fresh()})
        done = dockhygiene(home, "verify", registry.host, "--yes")
        assert done.returncode == 1, said(done)
        assert "refused: " in done.stdout
        assert word not in said(done)


def test_an_identity_token_from_a_store(home: Path) -> None:
    helper = KeepingHelper(home)
    with token_registry({"alice": fresh()}) as registry:
        token = registry.tokens.issue_refresh_token("alice")
        config(home, {registry.host: token_entry("alice", token)})
        assert dockhygiene(home, "move", "--all", "--yes", "--to", SUFFIX).returncode == 0
        assert registry.host in helper.records()
        done = dockhygiene(home, "verify", registry.host, "--yes")
        assert done.returncode == 0, said(done)
        assert "identity token" in done.stdout and token not in said(done)


def test_of_several_the_worst(home: Path, server: Answering) -> None:
    good, bad = fresh(), fresh()
    with basic_registry({"alice": good}) as registry, basic_registry({"alice": fresh()}) as other:
        config(home, {registry.host: entry("alice", good), other.host: entry("alice", bad)})
        done = dockhygiene(home, "verify", "--yes")
        assert done.returncode == 1, said(done)
        assert f"valid: {registry.host}" in done.stdout and f"refused: {other.host}" in done.stdout
        server.answers = [Canned(500)]
        config(home, {server.host: entry(), registry.host: entry("alice", good), other.host: entry("alice", bad)})
        assert dockhygiene(home, "verify", "--yes").returncode == 3


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ([Canned(200)], "no authentication needed"),
        ([Canned(404)], "unknown"),
        ([BASIC, Canned(429, headers=(("Retry-After", "9"),))], "Wait 9 seconds"),
        ([BASIC, OK, OK], "made-up login is accepted"),
        ([BASIC, OK, Canned(500)], "valid, not proven"),
        ([challenge('Bearer realm="https://auth.example/t"')], "refused realm"),
    ],
)
def test_not_known(home: Path, server: Answering, answers: list[Canned], word: str) -> None:
    config(home, {server.host: entry()})
    server.answers = answers
    done = dockhygiene(home, "verify", "--yes")
    assert done.returncode == 3, said(done)
    assert word in done.stdout


def test_without_a_terminal_it_is_not_begun(home: Path, server: Answering) -> None:
    helper = KeepingHelper(home)
    helper.kill_at(0, "helper")
    config(home, {server.host: {}}, credsStore=SUFFIX)
    done = dockhygiene(home, "verify")
    assert done.returncode == 2 and "--yes" in done.stderr
    assert not server.requests and helper.stop_killing() == 0


def test_nothing_to_verify(home: Path) -> None:
    done = dockhygiene(home, "verify", "--yes")
    assert done.returncode == 3 and "no login" in done.stdout
    done = dockhygiene(home, "verify", "r.example", "--yes")
    assert done.returncode == 2 and "r.example" in done.stderr


def test_a_file_that_docker_cannot_read(home: Path) -> None:
    (home / ".docker/config.json").write_text("{")
    done = dockhygiene(home, "verify", "--yes")
    assert done.returncode == 2 and "config.json" in done.stderr


def test_a_store_that_is_missing_is_told(home: Path) -> None:
    config(home, {"r.example": {}}, credHelpers={"r.example": "gone"})
    done = dockhygiene(home, "verify", "--yes")
    assert done.returncode == 3 and "docker-credential-gone" in done.stdout


def test_the_control_is_asked_once_a_day(home: Path, server: Answering) -> None:
    config(home, {server.host: entry()})
    server.answers = [BASIC, OK, NO, BASIC, OK]
    for _ in range(2):
        assert dockhygiene(home, "verify", "--yes").returncode == 0
    assert len(server.requests) == 5


def test_the_demo_asks_its_own_registries_alone(home: Path) -> None:
    done = dockhygiene(home, "demo", "verify", "--yes")
    assert done.returncode == 0, said(done)
    assert "ghcr.io is left out" in done.stdout and "Docker Hub is left out" in done.stdout
    assert done.stdout.count("valid: 127.0.0.1") == 2
    assert dockhygiene(home, "demo", "verify", "ghcr.io", "--yes").returncode == 3


class Terminal:
    """The command on a real terminal, in a world of loopback servers with names."""

    def __init__(self, home: Path, stack: ExitStack, *answers: Canned) -> None:
        self.home = home
        self.authority = Authority(home / "authority")
        self.proxy = stack.enter_context(ConnectProxy({}))
        self.stack = stack

    def serve(self, name: str, *answers: Canned) -> Answering:
        server = self.stack.enter_context(Answering(answers, self.authority.server(name)))
        self.proxy.ports[f"{name}:443"] = server.port
        self.authority.trust_in(self.home / ".config/docker/certs.d" / name)
        return server

    def run(self, *args: str) -> pexpect.spawn[str]:
        env = {**environment(self.home), "TERM": "dumb", "HTTPS_PROXY": f"http://{self.proxy.host}"}
        return pexpect.spawn(
            PROGRAM, ["verify", *args], env=env, cwd=str(self.home), encoding="utf-8", timeout=30, dimensions=(50, 250)
        )


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    with ExitStack() as stack:
        yield Terminal(home, stack)


def ends(child: pexpect.spawn[str]) -> tuple[int | None, str]:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before or ""


@pytest.mark.parametrize("typed", ["", "y", "yes", "VERIFY", "send"])
def test_anything_but_the_word_sends_nothing(home: Path, terminal: Terminal, typed: str) -> None:
    word = "ghp_" + secrets.token_hex(18)
    server = terminal.serve("registry.example")
    config(home, {"registry.example": entry("alice", word), "docker.io": {}})
    child = terminal.run()
    child.expect("registry.example: the secret ghp_...")
    child.expect("Type verify to go on")
    child.sendline(typed)
    code, text = ends(child)
    assert code == 3 and "Nothing was sent." in text and word not in text
    assert not server.requests and not terminal.proxy.asked


def test_a_foreign_realm_is_asked_about(home: Path, terminal: Terminal) -> None:
    offer = challenge('Bearer realm="https://auth.example/token"')
    config(home, {"registry.example": entry()})
    for typed, code in (("", 3), ("send", 0)):
        server = terminal.serve("registry.example", offer, offer, OK)
        auth = terminal.serve("auth.example", TOKEN, NO)
        child = terminal.run("registry.example")
        child.expect("Type verify to go on")
        child.sendline("verify")
        child.expect("names auth.example as its token service")
        child.expect("Type send to go on")
        assert len(server.requests) == 1 and not auth.requests
        child.sendline(typed)
        found, text = ends(child)
        assert found == code, text
        assert ("valid: registry.example accepts it. Seen by auth.example." in text) == (code == 0)
        assert bool(auth.requests) == (code == 0)


def test_with_yes_a_foreign_realm_is_left_out(home: Path, terminal: Terminal) -> None:
    terminal.serve("registry.example", challenge('Bearer realm="https://auth.example/token"'))
    auth = terminal.serve("auth.example")
    config(home, {"registry.example": entry()})
    code, text = ends(terminal.run("--yes"))
    assert code == 3 and "refused realm" in text and "No host saw the secret" in text
    assert not auth.requests


def test_a_realm_that_no_consent_helps_is_not_asked_about(home: Path, terminal: Terminal) -> None:
    terminal.serve("registry.example", challenge('Bearer realm="https://10.0.0.1/token"'))
    config(home, {"registry.example": entry()})
    child = terminal.run()
    child.expect("Type verify to go on")
    child.sendline("verify")
    code, text = ends(child)
    assert code == 3 and "inside this network" in text and "Type send" not in text


def test_a_hostile_realm_does_not_reach_the_screen_raw(home: Path, server: Answering) -> None:
    server.answers = [challenge('Bearer realm="https://a\x1b[2J\u00adexample/token"'), challenge("\x1b[2J")]
    config(home, {server.host: entry()})
    for _ in range(2):
        done = dockhygiene(home, "verify", "--yes")
        assert done.returncode == 3 and "\x1b" not in done.stdout
