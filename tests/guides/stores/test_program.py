"""The runner of outside programs."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checks.formats.helper_names import is_suffix
from guides.stores.program import child_environ, find_program, run_program
from guides.stores.store import StoreError, StoreMissing, StoreTimedOut

ENVIRON = {"PATH": "/usr/bin:/bin"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "bin"
    path.mkdir()
    return path


def script(folder: Path, text: str, name: str = "tool") -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return program


def wait_until_gone(pid: int) -> None:
    """A killed process may stand as a zombie until whoever inherited it looks."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state in "ZX":
            return
        time.sleep(0.01)
    raise AssertionError(f"process {pid} is still running")


class TestFindProgram:
    def test_finds_what_the_path_gives_first(self, tmp_path: Path) -> None:
        first, second = script(tmp_path / "a", ""), script(tmp_path / "b", "")
        assert find_program("tool", {"PATH": f"{tmp_path}/absent:{first.parent}:{second.parent}"}) == first

    def test_says_what_is_missing(self) -> None:
        with pytest.raises(StoreMissing, match="not on PATH"):
            find_program("no-such-program", ENVIRON)
        with pytest.raises(StoreMissing, match="not on PATH"):
            find_program("sh", {})

    def test_refuses_when_an_unsafe_entry_would_be_used_first(self, tmp_path: Path) -> None:
        unsafe, safe = script(tmp_path / "a", ""), script(tmp_path / "b", "")
        unsafe.parent.chmod(0o777)
        path = f"{unsafe.parent}:{safe.parent}"
        with pytest.raises(StoreMissing, match=r"refused.*everybody"):
            find_program("tool", {"PATH": path})
        unsafe.unlink()
        assert find_program("tool", {"PATH": path}) == safe

    @pytest.mark.parametrize("entry", ["", ".", "bin"])
    def test_refuses_the_current_folder(self, folder: Path, monkeypatch: pytest.MonkeyPatch, entry: str) -> None:
        script(folder, "")
        monkeypatch.chdir(folder.parent if entry == "bin" else folder)
        with pytest.raises(StoreMissing, match=r"refused.*current folder"):
            find_program("tool", {"PATH": f"{entry}:/usr/bin"})

    def test_ignores_what_cannot_be_executed(self, folder: Path) -> None:
        script(folder, "").chmod(0o644)
        (folder / "sub").mkdir()
        with pytest.raises(StoreMissing, match="not on PATH"):
            find_program("tool", {"PATH": str(folder)})
        with pytest.raises(StoreMissing, match="not on PATH"):
            find_program("sub", {"PATH": str(folder)})

    @pytest.mark.parametrize("name", ["", "-x", ".x", "../x", "a/b", "a b", "a\n", "ä", "a;b", "$(a)", "a\0"])
    def test_refuses_names_that_are_not_a_program(self, name: str) -> None:
        assert not is_suffix(name)
        with pytest.raises(StoreMissing):
            find_program(name, ENVIRON)

    @pytest.mark.parametrize("name", ["pass", "ecr-login", "desktop.exe", "a_b", "2"])
    def test_accepts_names_of_programs(self, name: str) -> None:
        assert is_suffix(name)


class TestRunProgram:
    def test_gives_status_and_both_outputs(self, folder: Path) -> None:
        answer = run_program(script(folder, "cat; echo err >&2; exit 3"), [], b"in", environ=ENVIRON)
        assert (answer.status, answer.stdout, answer.stderr) == (3, b"in", b"err\n")

    def test_its_repr_shows_no_output(self, folder: Path) -> None:
        secret = secrets.token_hex(8)
        assert secret not in repr(run_program(script(folder, "cat"), [], secret.encode(), environ=ENVIRON))

    def test_much_input_and_output_do_not_block_each_other(self, folder: Path) -> None:
        data = secrets.token_bytes(400_000)
        assert run_program(script(folder, "tee /dev/stderr"), [], data, environ=ENVIRON).stdout == data

    def test_input_that_is_not_read_is_no_error(self, folder: Path) -> None:
        assert run_program(script(folder, "echo done"), [], bytes(400_000), environ=ENVIRON).stdout == b"done\n"

    def test_too_much_output_is_an_error(self, folder: Path) -> None:
        with pytest.raises(StoreError, match="more than"):
            run_program(script(folder, "cat /dev/zero"), [], environ=ENVIRON)

    @pytest.mark.parametrize("tail", ["wait", "exec >&- 2>&-; wait", "exit 0"])
    def test_a_timeout_kills_the_whole_group(self, folder: Path, tmp_path: Path, tail: str) -> None:
        """Also when the program closed its output, or ended and left a child that holds it open."""
        pids = tmp_path / "pids"
        program = script(folder, f"sleep 600 & echo $$ $! > {pids}; {tail}")
        with pytest.raises(StoreTimedOut, match="did not answer"):
            run_program(program, [], environ=ENVIRON, timeout=1)
        for pid in pids.read_text().split():
            wait_until_gone(int(pid))

    def test_an_interrupt_kills_the_whole_group(self, folder: Path, tmp_path: Path) -> None:
        fifo = tmp_path / "started"
        os.mkfifo(fifo)
        program = script(folder, f"sleep 600 & echo $$ $! > {fifo}; wait")
        code = (
            "import sys; from pathlib import Path; from guides.stores.program import run_program\n"
            f"run_program(Path({str(program)!r}), [], environ={ENVIRON!r}, timeout=60)"
        )
        root = Path(__file__).parents[3]
        with subprocess.Popen([sys.executable, "-c", code], cwd=root, stderr=subprocess.PIPE) as process:
            pids = fifo.read_text().split()  # opens when the helper writes
            process.send_signal(signal.SIGINT)
            assert b"KeyboardInterrupt" in process.communicate(timeout=20)[1]
        for pid in pids:
            wait_until_gone(int(pid))

    @pytest.mark.parametrize("head", ["#!/no/such/interpreter", "not a program \0"])
    def test_a_program_that_cannot_start_is_an_error(self, folder: Path, head: str) -> None:
        program = folder / "tool"
        program.write_text(head)
        program.chmod(0o755)
        with pytest.raises(StoreError, match="could not be started"):
            run_program(program, [], environ=ENVIRON)

    def test_no_shell_sees_the_arguments(self, folder: Path) -> None:
        answer = run_program(script(folder, 'printf "%s" "$1"'), ["$(id); `id` *"], environ=ENVIRON)
        assert answer.stdout == b"$(id); `id` *"

    def test_it_does_not_run_in_the_current_folder(self, folder: Path) -> None:
        assert run_program(script(folder, "pwd"), [], environ=ENVIRON).stdout == b"/\n"


DROPPED = (
    "DOCKER_AUTH_CONFIG",
    "DB_PASSWORD",
    "GITHUB_TOKEN",
    "my_secret",
    "DOCKERHUB_PAT",
    "API_KEY",
    "TOKEN",
    "PGPASSWORD",
)
KEPT = ("HOME", "GNUPGHOME", "GPG_TTY", "GPG_AGENT_KEY", "DBUS_SESSION_BUS_ADDRESS", "PASSWORD_STORE_KEY", "KEYBOARD")


def test_the_environment_of_children_holds_no_secret() -> None:
    environ = child_environ({**dict.fromkeys(DROPPED, "x"), **dict.fromkeys(KEPT, "y"), "PATH": "/usr/bin"})
    assert environ == {**dict.fromkeys(KEPT, "y"), "PATH": "/usr/bin"}


def test_the_path_of_children_has_only_safe_entries(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    path = f":.:{tmp_path}/open:{folder}:/usr/bin"
    assert child_environ({"PATH": path})["PATH"] == f"{folder}:/usr/bin"
