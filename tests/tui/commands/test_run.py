"""`dockhygiene run`: the command gets the secret, and nobody else does."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.end_to_end.command import PROGRAM
from tests.services.require import require
from tests.services.strace import usable_strace
from tests.tui.commands.conftest import PassEntry

Done = subprocess.CompletedProcess[str]


def run(folder: Path, environ: dict[str, str], *words: str, stdin: str = "") -> Done:
    argv = [PROGRAM, "run", *words]
    return subprocess.run(argv, cwd=folder, env=environ, input=stdin, capture_output=True, text=True, timeout=100)


@pytest.fixture
def shop(tmp_path: Path, pass_entry: PassEntry) -> Path:
    (tmp_path / ".env").write_text(f'A=1\nB="b${{A}}"\nTOKEN={pass_entry.reference}\nURL="https://u:${{TOKEN}}@h/"\n')
    return tmp_path


def test_the_command_gets_the_file_and_nothing_else_of_ours(shop: Path, pass_entry: PassEntry) -> None:
    environ = {**pass_entry.environ, "A": "0", "OWN": pass_entry.reference}
    script = 'cat; printf "%s|%s|%s|%s|%s" "$A" "$B" "$TOKEN" "$URL" "$OWN"; exit 7'
    done = run(shop, environ, "--env-file", ".env", "--", "sh", "-c", script, stdin="in|")
    value = pass_entry.value
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout == f"in|0|b0|{value}|https://u:{value}@h/|{value}"


def test_what_cannot_be_resolved_stops_it_before_it_starts(shop: Path, pass_entry: PassEntry) -> None:
    (shop / "b.env").write_text(
        "GOOD=1\nNONE=dockhygiene://pass/docker/none\nODD=dockhygiene://nowhere/x\n"
        f"PART=x-{pass_entry.reference}\nVAULT=dockhygiene://vault/secret/a#b\nNEEDS=${{MISSING:?}}\n"
    )
    environ = {**pass_entry.environ, "VAULT_ADDR": ""}
    done = run(shop, environ, "--env-file", ".env", "--env-file", "b.env", "--env-file", "c.env", "--", "touch", "x")
    assert done.returncode == 3 and not (shop / "x").exists()
    for told in (
        r"b\.env, line 2: NONE: .*no such secret\. Next: look there: .*pass show docker/none",
        r"b\.env, line 3: ODD: nowhere is no manager.* Next: these are known: keyring, pass",
        r"b\.env, line 4: PART: .*inside a longer value\. Next: .*\$\{NAME\}",
        r"b\.env, line 5: VAULT: VAULT_ADDR is not set\. Next: ",
        r"b\.env, line 6: NEEDS: it needs MISSING",
        r"c\.env: not there",
        r"touch was not started",
    ):
        assert re.search(told, done.stderr), (told, done.stderr)
    assert pass_entry.value not in done.stderr
    (shop / "b.env").write_text("ODD=dockhygiene://nowhere/x\n")
    assert run(shop, environ, "--env-file", "b.env", "--", "true").returncode == 2
    assert run(shop, environ, "--env-file", "b.env").returncode == 2
    assert run(shop, environ, "no-such-command").returncode == 127
    assert run(shop, environ, "--", str(shop / ".env")).returncode == 126


def test_a_variable_that_is_set_stands_before_the_file_and_hosts_are_named_when_asked(
    shop: Path, pass_entry: PassEntry
) -> None:
    environ = {**pass_entry.environ, "TOKEN": "mine", "VAULT_ADDR": "http://127.0.0.1:1", "VAULT_TOKEN": "t"}
    done = run(shop, environ, "--env-file", ".env", "--", "printenv", "TOKEN")
    assert done.stdout == "mine\n" and "TOKEN is set already" in done.stderr
    (shop / ".env").write_text(f"T={pass_entry.reference}\nV=dockhygiene://vault/secret/a#b\n")
    done = run(shop, environ, "--verbose", "--env-file", ".env", "--", "true")
    assert f"T: {pass_entry.reference}, on this machine" in done.stderr
    assert "V: dockhygiene://vault/secret/a#b, asked of 127.0.0.1:1" in done.stderr
    assert done.returncode == 3


def test_a_login_is_never_taken_from_the_file(shop: Path, pass_entry: PassEntry) -> None:
    """A repository's file must not say to which server the person's token goes, nor which store is opened."""
    (shop / ".env").write_text("VAULT_ADDR=http://127.0.0.1:1\nV=dockhygiene://vault/secret/a#b\n")
    environ = {**pass_entry.environ, "VAULT_TOKEN": "t"}
    assert "VAULT_ADDR is not set" in run(shop, environ, "--env-file", ".env", "--", "true").stderr


def test_signals_and_limits_are_the_commands_own(shop: Path, pass_entry: PassEntry) -> None:
    """The process stays the same, so that who sends it a signal meets the command; SIGPIPE is not ignored."""
    script = (
        "import os, signal, sys; print(os.getpid(), signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN, flush=True)"
    )
    script += "; sys.stdin.read()"
    ignored = "grep SigIgn /proc/self/status"
    done = run(shop, pass_entry.environ, "--env-file", ".env", "--", "sh", "-c", f"{ignored}; ulimit -c")
    mask, core = done.stdout.split()[1:3]
    assert not int(mask, 16) & (1 << (signal.SIGPIPE - 1)) and core == "0"
    argv = [PROGRAM, "run", "--env-file", ".env", "--", sys.executable, "-c", script]
    child = subprocess.Popen(argv, cwd=shop, env=pass_entry.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout
    assert int(child.stdout.readline().split()[0]) == child.pid
    child.terminate()
    assert child.wait(30) == -signal.SIGTERM
    child.communicate()


def test_the_terminal_is_the_commands_own(shop: Path, pass_entry: PassEntry) -> None:
    script = "import os; print(os.ttyname(0), os.isatty(1), os.tcgetpgrp(0) == os.getpgrp()); input('go? ')"
    argv = ["run", "--env-file", ".env", "--", sys.executable, "-c", script]
    child = pexpect.spawn(PROGRAM, argv, cwd=str(shop), env=pass_entry.environ, encoding="utf-8", timeout=60)
    child.expect(r"/dev/pts/\d+ True True")
    child.expect(r"go\? ")
    child.sendintr()
    child.expect("KeyboardInterrupt")
    child.expect(pexpect.EOF)
    child.close()
    assert child.signalstatus == signal.SIGINT


def test_no_canary_in_arguments_other_environments_or_files(shop: Path, pass_entry: PassEntry) -> None:
    """Every program that is started and every byte that is written is looked at, down to gpg."""
    log = shop / "log"
    trace = "execve,write,writev,pwrite64,sendto,sendmsg"
    tracer = [usable_strace(), "-f", "-q", "-y", "-v", "-s", "100000", "-e", f"trace={trace}", "-o", str(log)]
    argv = [*tracer, PROGRAM, "run", "--env-file", ".env", "--", "/usr/bin/true", "last"]
    subprocess.run(argv, cwd=shop, env=pass_entry.environ, check=True, timeout=100)
    canary = pass_entry.value.split()[0]
    lines = [line.split(None, 1)[1] for line in log.read_text(errors="replace").splitlines() if canary in line]
    started = [line for line in lines if line.startswith("execve(")]
    assert len(started) == 1 and started[0].startswith('execve("/usr/bin/true", ["/usr/bin/true", "last"], [')
    written = [line for line in lines if not line.startswith("execve(")]
    assert written, "gpg hands it to us"
    assert all(re.match(r"write\(\d+<pipe:", line) for line in written), "and only through a pipe"
    log.unlink()
    files = [path for folder in (shop, Path(pass_entry.environ["HOME"])) for path in folder.rglob("*")]
    assert not [path for path in files if path.is_file() and canary.encode() in path.read_bytes()]


def test_compose_reads_the_secret_where_the_file_has_a_reference(shop: Path, pass_entry: PassEntry) -> None:
    """`docker compose config` where the plugin is installed, else Debian's docker-compose."""
    (shop / "compose.yaml").write_text(
        "services:\n  a:\n    image: x\n    environment:\n      TOKEN: ${TOKEN}\n      URL: ${URL}\n"
    )
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True) if shutil.which("docker") else None
    compose = ["docker", "compose"] if plugin and plugin.returncode == 0 else [_debians()]
    environ = {**pass_entry.environ, "PATH": os.environ["PATH"]}
    done = run(shop, environ, "--env-file", ".env", "--", *compose, "-f", "compose.yaml", "config")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(pass_entry.value.split()[0]) == 2 and "dockhygiene://" not in done.stdout
    plain = subprocess.run([*compose, "config"], cwd=shop, env=environ, capture_output=True, text=True)
    assert pass_entry.reference in plain.stdout, "which is why a reference needs to be asked for"


def _debians() -> str:
    return require("docker-compose", "docker-compose")
