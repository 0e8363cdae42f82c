"""Files that are not what they should be: an answer in time, no traceback, and the other files still reported."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.command import dockhygiene, said
from tests.guides.move.machine import docker_text, entry, fresh

GOOD = "good.example"
SECONDS = 20
Make = Callable[[Path], object]


def as_sparse_file(path: Path) -> None:
    path.touch()
    os.truncate(path, 2 * 1024**3)


def as_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path has 108 bytes at most
        try:
            listener.bind(path.name)
        finally:
            os.chdir(here)


HOSTILE: dict[str, Make] = {
    "empty": lambda path: path.write_text(""),
    "null": lambda path: path.write_text("null"),
    "a number": lambda path: path.write_text("5"),
    "a list": lambda path: path.write_text("[]"),
    "no JSON": lambda path: path.write_text("auths: {}"),
    "a folder": lambda path: path.mkdir(),
    "a FIFO": os.mkfifo,
    "a socket": as_socket,
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a byte order mark": lambda path: path.write_text('\ufeff{"auths": {}}'),
    "UTF-16": lambda path: path.write_text('{"auths": {}}', "utf-16"),
    "brackets": lambda path: path.write_text("[" * 100_000),
    "braces": lambda path: path.write_text('{"auths":' * 100_000),
    "commas": lambda path: path.write_text('{"auths": [' + "1," * 350_000),
    "two gigabytes": as_sparse_file,
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 1000),
    "half a string": lambda path: path.write_text('{"auths": {"h": {"auth": "'),
    "a deep entry": lambda path: path.write_text('{"auths": {"h": ' + "[" * 50_000 + "]" * 50_000 + "}}"),
}
SKIPPED = {"a folder", "a FIFO", "a socket", "a link to nothing", "a link to itself", "a device", "two gigabytes"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One good file lies beside the hostile one."""
    home = tmp_path / "home"
    good = home / ".config/containers/auth.json"
    good.parent.mkdir(parents=True)
    good.write_text(docker_text({"auths": {GOOD: entry("alice", fresh())}}))
    (home / ".docker").mkdir()
    return home


@pytest.mark.timeout(90)
@pytest.mark.parametrize("name", HOSTILE)
def test_every_command_goes_on(home: Path, name: str) -> None:
    HOSTILE[name](home / ".docker/config.json")
    for args, codes in (
        (("scan",), {1}),
        (("scan", str(home)), {1}),
        (("scan", str(home / ".docker/config.json")), {0, 1, 3}),
        (("move", "--all", "--yes"), {3}),
        (("doctor",), {1}),
    ):
        done = dockhygiene(home, *args, seconds=SECONDS)
        assert done.returncode in codes, (args, said(done))
        assert "Traceback" not in done.stdout + done.stderr
        if args[0] == "scan" and len(args) != 2:
            assert GOOD in done.stdout


@pytest.mark.parametrize("name", sorted(SKIPPED))
def test_what_was_not_read_is_said(home: Path, name: str) -> None:
    HOSTILE[name](home / ".docker/config.json")
    report = json.loads(dockhygiene(home, "scan", "--format", "json").stdout)
    (skipped,) = [one for one in report["skipped"] if one["check"] == "docker-config"]
    assert skipped["path"] == str(home / ".docker/config.json")
    assert skipped["reason"]
    shown = dockhygiene(home, "scan", "--skipped").stdout
    assert "config.json: " + skipped["reason"][:10] in shown


def test_an_unreadable_file_is_said(home: Path) -> None:
    """Root reads everything, so for root another place stands in: a folder whose content nobody has."""
    config = home / ".docker/config.json"
    config.write_text("{}")
    config.chmod(0)
    if os.geteuid() == 0:
        config.unlink()
        config.symlink_to("/proc/self/mem")
    report = json.loads(dockhygiene(home, "scan", "--format", "json").stdout)
    assert [one for one in report["skipped"] if "not readable" in one["reason"]]
    assert GOOD in json.dumps(report["findings"])


ODD = ("\x1b[31m\x1b]0;title\x07", "\u202ereversed", "\u2066\u200b", "new\nline", "\udcff\udcfe", "\udc9b31m")


@pytest.mark.parametrize("number", range(len(ODD)))
def test_a_name_cannot_steer_the_terminal(home: Path, number: int) -> None:
    word = fresh()
    config = home / ODD[number] / ".docker/config.json"
    config.parent.mkdir(parents=True)
    config.write_text(docker_text({"auths": {"h\u202e\x1b[1m": entry("a\u202e", word)}}))
    for args in (("scan", str(home)), ("scan", "--format", "json", str(home))):
        done = dockhygiene(home, *args)
        assert done.returncode == 1, said(done)
        for sign in ("\x1b", "\x07", "\u202e", "\u2066", "\u200b", "\x9b"):
            assert sign not in done.stdout + done.stderr, args
        assert word not in said(done)
    assert any("config.json" in one["place"]["path"] for one in json.loads(done.stdout)["findings"])


def test_ten_thousand_entries_in_time(home: Path) -> None:
    auths = {f"r{number}.example": entry("u", fresh(6)) for number in range(10_000)}
    (home / ".docker/config.json").write_text(docker_text({"auths": auths}))
    done = dockhygiene(home, "scan", seconds=30)
    assert done.returncode == 1
    assert "10001 credentials" in done.stdout.replace(",", "").replace("\u202f", "")
