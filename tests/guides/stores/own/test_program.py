"""docker's protocol, letter by letter, from the installed file."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from guides.stores.own.program import VERSION
from tests.guides.stores.own.conftest import Run
from tests.services.secret_service import running_bus, running_secret_service

ROOT = Path(__file__).parents[4]
VERBS = ("store", "get", "erase", "list")
CREDENTIAL = json.dumps({"ServerURL": "registry.example", "Username": "alice", "Secret": "x"})


def test_the_version_is_the_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


@pytest.mark.parametrize("argument", ["version", "--version", "-v", "--help", "-h"])
def test_answers_without_a_keyring(run: Run, argument: str) -> None:
    done = run({}, argument)
    assert (done.returncode, done.stderr) == (0, "")
    assert "docker-credential-dockhygiene" in done.stdout


@pytest.mark.parametrize("argv", [(), ("get", "x"), ("list", "", ""), ("GET",), ("",), ("--",), ("\x1b[2J",)])
def test_wrong_usage(run: Run, argv: tuple[str, ...]) -> None:
    done = run({}, *argv)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.strip().isprintable()


@pytest.mark.parametrize("argv", [("version",), ("--help",), (), ("nonsense",)])
def test_these_import_nothing(installed_helper: Path, argv: tuple[str, ...]) -> None:
    interpreter = installed_helper.read_bytes().split(b"\n")[0].removeprefix(b"#!").split()[0].decode()
    command = [interpreter, "-IS", "-X", "importtime", installed_helper, *argv]
    done = subprocess.run(command, capture_output=True, text=True, env={})
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "own.program" in imported
    assert imported.isdisjoint({"own.verbs", "json", "jeepney", "argparse", "typing", "socket", "keyring"})


@pytest.mark.parametrize(
    ("verb", "stdin", "text"),
    [
        ("get", "", "no credentials server URL"),
        ("get", " \n", "no credentials server URL"),
        ("erase", "", "no credentials server URL"),
        ("store", '{"Username":"u","Secret":"s"}', "no credentials server URL"),
        ("store", '{"ServerURL":"s","Secret":"s"}', "no credentials username"),
        ("get", "unknown.example", "credentials not found in native keychain"),
    ],
)
def test_the_texts_that_docker_compares(
    run: Run, own_environ: dict[str, str], verb: str, stdin: str, text: str
) -> None:
    done = run(own_environ, verb, stdin=stdin)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (1, text, "")


@pytest.mark.parametrize(
    "stdin", ["", "no json", "[]", "1", '{"ServerURL":1,"Username":"u","Secret":"s"}', "[" * 90_000]
)
def test_nonsense_in_store(run: Run, own_environ: dict[str, str], stdin: str) -> None:
    done = run(own_environ, "store", stdin=stdin)
    assert (done.returncode, done.stderr) == (1, "")
    assert "what docker sent" in done.stdout


def test_too_much_input(run: Run) -> None:
    done = run({}, "get", stdin="x" * (1 << 21))
    assert (done.returncode, done.stderr) == (1, "")


def test_a_round_as_docker_does_it(run: Run, own_environ: dict[str, str]) -> None:
    stored = run(
        own_environ, "store", stdin='{"ServerURL":"r.example","Username":"\\u003ctoken\\u003e","Secret":"s"}\n'
    )
    assert (stored.returncode, stored.stdout, stored.stderr) == (0, "", "")
    got = run(own_environ, "get", stdin="r.example\n")
    assert json.loads(got.stdout) == {"ServerURL": "r.example", "Username": "<token>", "Secret": "s"}
    assert json.loads(run(own_environ, "list", stdin="unused").stdout)["r.example"] == "<token>"
    for _ in range(2):  # logging out twice is no error
        erased = run(own_environ, "erase", stdin="r.example")
        assert (erased.returncode, erased.stdout, erased.stderr) == (0, "", "")


@pytest.mark.parametrize("verb", VERBS)
def test_no_bus(run: Run, tmp_path: Path, verb: str) -> None:
    environ = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    for address in (
        {},
        {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/none"},
        {"DBUS_SESSION_BUS_ADDRESS": "junk"},
    ):
        done = run({**environ, **address}, verb, stdin=CREDENTIAL)
        assert (done.returncode, done.stderr) == (1, "")
        assert done.stdout.startswith("no D-Bus session bus")


@pytest.mark.parametrize("verb", VERBS)
def test_no_keyring_on_the_bus(run: Run, verb: str) -> None:
    with running_bus() as home:
        done = run(home.environ, verb, stdin=CREDENTIAL)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("no Secret Service")


def test_a_locked_keyring(run: Run) -> None:
    with running_secret_service() as home:
        assert run(home.environ, "store", stdin=CREDENTIAL).returncode == 0
        home.lock()
        for verb, stdin in (
            ("store", CREDENTIAL),
            ("get", "registry.example"),
            ("erase", "registry.example"),
            ("list", ""),
        ):
            done = run(home.environ, verb, stdin=stdin)
            assert (done.returncode, done.stderr) == (1, "")
            assert done.stdout.startswith("the keyring is locked")


def test_the_bus_is_found_at_its_usual_place(run: Run) -> None:
    """Programs started by cron or systemd have no variable for it."""
    with running_secret_service() as home:
        Path(home.environ["XDG_RUNTIME_DIR"], "bus").symlink_to(f"{home.environ['HOME']}/bus")
        environ = {"XDG_RUNTIME_DIR": home.environ["XDG_RUNTIME_DIR"]}
        assert run(environ, "list").stdout == "{}\n"


def test_the_console_script_of_the_environment(own_environ: dict[str, str]) -> None:
    code = "import sys; sys.argv[1:] = ['list']; from guides.stores.own.program import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env=own_environ, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert isinstance(json.loads(done.stdout), dict)
