"""A real `docker login` at the same time as a move: whoever comes first, no login is lost."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from checks.formats.docker_auth import read_auth_file
from checks.model.secret import Secret
from guides.move.resolve import docker_takes
from guides.stores.store import Record
from tests.end_to_end.command import PROGRAM, dockhygiene, environment, said
from tests.end_to_end.keeping_helper import SUFFIX, KeepingHelper
from tests.guides.move.clients import RecordingDaemon
from tests.guides.move.machine import docker_text, entry, fresh
from tests.services.docker_client import CLIENTS, PACKAGE, docker_cli, login
from tests.services.processes import wait_until
from tests.services.registry import basic_registry
from tests.services.require import require
from tests.services.strace import usable_strace

OURS = "ours.example"
PAUSE = """
if [ -e '{kept}/.left' ]; then
    read -r left <'{kept}/.left'
    left=$((left - 1))
    echo $left >'{kept}/.left'
    if [ $left = 0 ]; then : >'{kept}/.held'; read -r go <'{kept}/.go'; fi
fi
"""
"""At one start of the helper it waits until the test writes into the FIFO: the move stands still meanwhile."""


class Scene:
    """A home folder with one plain-text login, to which docker will add others."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.helper = KeepingHelper(home, PAUSE.format(kept=home / "kept"))
        self.config = home / ".docker/config.json"
        self.config.parent.mkdir()
        self.logins = {OURS: ("alice", fresh())}
        self.config.write_text(docker_text({"auths": {OURS: entry(*self.logins[OURS])}}))
        os.mkfifo(self.helper.folder / ".go")

    def move(self) -> subprocess.CompletedProcess[str]:
        return dockhygiene(self.home, "move", "--all", "--yes")

    def login(self, host: str, user: str, word: str, client: str = CLIENTS[0]) -> None:
        """As people do it; where a helper is named by then, docker finds it."""
        done = login(self.home, host, user, word, path=str(self.helper.bin), client=client)
        assert done.returncode == 0, done.stderr
        self.logins[host] = (user, word)

    def hold_at(self, start: int) -> None:
        (self.helper.folder / ".held").unlink(missing_ok=True)
        (self.helper.folder / ".left").write_text(f"{start}\n")

    @property
    def held(self) -> bool:
        return (self.helper.folder / ".held").exists()

    def let_go(self) -> None:
        (self.helper.folder / ".left").unlink()
        (self.helper.folder / ".go").write_text("go\n")

    def assert_nothing_is_lost(self, daemon: RecordingDaemon) -> None:
        def ask(suffix: str, server: str) -> Record | None:
            assert suffix == SUFFIX
            return self.helper.get(server)

        for host, (user, word) in self.logins.items():
            found = docker_takes(read_auth_file(self.config.read_bytes()), host, ask)
            assert found == Record(host, user, Secret(word)), host
            done = docker_cli(self.home, "pull", f"{host}/x:1", docker_host=daemon.url, path=str(self.helper.bin))
            assert daemon.received, done.stderr
            sent = daemon.received.pop()
            assert (sent["username"], sent["password"]) == (user, word), host
        assert [path.name for path in self.config.parent.iterdir()] == ["config.json"]

    def assert_a_move_ends_it(self, daemon: RecordingDaemon) -> None:
        again = self.move()
        assert again.returncode == 0, said(again)
        entries = read_auth_file(self.config.read_bytes()).entries
        assert not any(one.secrets for one in entries)
        self.assert_nothing_is_lost(daemon)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "home")


def starts_of_a_move(home: Path) -> int:
    scene = Scene(home)
    scene.helper.kill_at(0, "helper")
    done = scene.move()
    assert done.returncode == 0, said(done)
    return scene.helper.stop_killing()


@pytest.mark.parametrize("chunk", range(3))
def test_a_login_between_any_two_acts_of_a_move(tmp_path: Path, daemon: RecordingDaemon, chunk: int) -> None:
    """The move stands still where it asks its helper, and there are many such places, before and after the write."""
    starts = starts_of_a_move(tmp_path / "record")
    assert starts >= 9
    outcomes = set()
    with basic_registry({"bob": (word := fresh())}) as registry, ThreadPoolExecutor(1) as pool:
        for start in range(1 + chunk, starts + 1, 3):
            scene = Scene(tmp_path / str(start))
            scene.hold_at(start)
            moving = pool.submit(scene.move)
            wait_until(lambda at=scene: at.held, 30, "the move stands still")
            scene.login(registry.host, "bob", word)
            scene.let_go()
            done = moving.result()
            outcomes.add(done.returncode)
            assert done.returncode in (0, 3), said(done)
            scene.assert_nothing_is_lost(daemon)
            scene.assert_a_move_ends_it(daemon)
    assert outcomes == {0, 3}, "some were before the write and some after it"


def test_a_login_at_the_moment_of_the_exchange(scene: Scene, daemon: RecordingDaemon) -> None:
    """strace holds the move where it swaps the files; docker, not held, renames its own version into place."""
    argv = [usable_strace(), "-f", "-qq", "--inject=renameat2:delay_enter=3s:when=1", "-e", "trace=renameat2"]
    with basic_registry({"bob": (word := fresh())}) as registry:
        moving = subprocess.Popen(
            [*argv, "-o", os.devnull, PROGRAM, "move", "--all", "--yes"],
            env=environment(scene.home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: complete_draft(scene.config.parent), 30, "the new version lies beside the file")
        scene.login(registry.host, "bob", word)
        out, _ = moving.communicate(timeout=60)
        assert moving.returncode == 3
        assert "was changed by another program just now" in out
        assert scene.helper.records() == {}
        scene.assert_nothing_is_lost(daemon)
        scene.assert_a_move_ends_it(daemon)


def complete_draft(folder: Path) -> bool:
    """The draft is written at once, so one that is not empty is complete."""
    return any(path.stat().st_size for path in folder.glob(".config.json.dockhygiene-*"))


def test_many_races(tmp_path: Path, daemon: RecordingDaemon) -> None:
    """Nobody is held: both run as fast as they can."""
    with basic_registry({"bob": (word := fresh())}) as registry, ThreadPoolExecutor(2) as pool:
        for number in range(8):
            scene = Scene(tmp_path / str(number))
            start = threading.Barrier(2)

            def at_once(act: object, start: threading.Barrier = start, scene: Scene = scene) -> object:
                start.wait()
                return scene.move() if act == "move" else scene.login(registry.host, "bob", word)

            moving, logging_in = pool.submit(at_once, "move"), pool.submit(at_once, "login")
            logging_in.result()
            done = moving.result()
            assert isinstance(done, subprocess.CompletedProcess)
            assert done.returncode in (0, 3), said(done)
            scene.assert_nothing_is_lost(daemon)
            scene.assert_a_move_ends_it(daemon)


class SlowRegistry:
    """A registry that thinks about a login for as long as the test wants."""

    def __init__(self) -> None:
        self.asked, self.answer = threading.Event(), threading.Event()
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                authorized = "Authorization" in self.headers
                if authorized:
                    registry.asked.set()
                    registry.answer.wait(60)
                self.send_response(200 if authorized else 401)
                self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
                self.send_header("WWW-Authenticate", 'Basic realm="slow"')
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing is printed."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.host = f"127.0.0.1:{self.http.server_address[1]}"


@contextmanager
def slow_registry() -> Iterator[SlowRegistry]:
    registry = SlowRegistry()
    thread = threading.Thread(target=registry.http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield registry
    finally:
        registry.answer.set()
        registry.http.shutdown()
        registry.http.server_close()
        thread.join()


@pytest.mark.parametrize("client", CLIENTS)
def test_docker_writes_back_what_it_read_before_the_move(scene: Scene, daemon: RecordingDaemon, client: str) -> None:
    """docker reads the file when it starts, and writes all of it when the registry has answered: the move is undone."""
    require(client, PACKAGE)
    before = scene.config.read_bytes()
    with slow_registry() as registry, ThreadPoolExecutor(1) as pool:
        logging_in = pool.submit(scene.login, registry.host, "bob", fresh(), client)
        assert registry.asked.wait(30)
        done = scene.move()
        assert done.returncode == 0, said(done)
        assert scene.config.read_bytes() != before
        registry.answer.set()
        logging_in.result()
    text = read_auth_file(scene.config.read_bytes())
    assert OURS in {one.key for one in text.entries if one.secrets}
    assert not text.cred_helpers

    scene.assert_nothing_is_lost(daemon)
    listed = dockhygiene(scene.home, "undo")
    assert f"! {OURS} stands in plain text again" in listed.stdout
    assert "dockhygiene move --all moves it again" in listed.stdout
    scene.assert_a_move_ends_it(daemon)
    assert "plain text again" not in dockhygiene(scene.home, "undo").stdout
