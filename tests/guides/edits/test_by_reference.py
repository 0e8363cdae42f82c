"""References in files: what stands there afterwards, what its reader makes of it, and the way back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from checks.formats.dotenv import read_dotenv
from checks.model.secret import Secret
from guides.edits.applying import undo
from guides.edits.by_reference import plan_env_line
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.value_edit import plan_edit
from tests.checks.conftest import random_password, random_token
from tests.guides.edits.scene import Scene, assert_shows_nothing, made, there_and_back
from tests.services.require import require

R = "dockhygiene://keepass/~/team.kdbx/docker/ghcr.io#api%20key"
SHELL = f"\"$(dockhygiene get '{R}')\""
COMPOSE = "services:\n  a:\n    image: x\n    environment:\n"
PLACES = [
    ("x/.env", "# mine\nDB_PASSWORD=% # old\nA=1\n", f'"{R}"'),
    ("x/.env", "export DB_PASSWORD='%'\n", f"'{R}'"),
    ("x/.env.local", 'DB_PASSWORD="%"\r\nA=1\r\n', f'"{R}"'),
    ("compose.yaml", f"{COMPOSE}      DB_PASSWORD: '%'\n", "'${DB_PASSWORD}'"),
    ("compose.yaml", f"{COMPOSE}      - DB_PASSWORD=%\n", "${DB_PASSWORD}"),
    (".bashrc", "export DB_PASSWORD='%'\nalias ll='ls -l'\n", SHELL),
    (".zshenv", "export DB_PASSWORD=%\n", SHELL),
    (".profile", 'DB_PASSWORD="%"; export DB_PASSWORD\n', SHELL),
    (".config/fish/config.fish", "set -gx DB_PASSWORD '%'\n", SHELL),
]


def planned(scene: Scene, path: Path, old: str) -> ValueEdit | ToDo:
    check = scene.finder(path, Secret(old))
    assert check
    return plan_edit(scene.workstation, check, path, Secret(old), None, Way.REFERENCE, "DB_PASSWORD", R)


@pytest.mark.parametrize(("name", "text", "written"), PLACES)
def test_it_stands_where_the_value_stood_and_goes_again(scene: Scene, name: str, text: str, written: str) -> None:
    old = random_token("glpat-", 20)
    edit = planned(scene, scene.write(name, text.replace("%", old)), old)
    assert isinstance(edit, ValueEdit), edit
    between = there_and_back(scene, edit).decode()
    whole = next(mark for mark in ('"%"', "'%'", "%") if mark in text)
    assert between == text.replace(whole, written)
    assert_shows_nothing(edit, old)
    assert any("dockhygiene run" in note or "asks the manager" in note for note in edit.notes)
    if ".env" in name:
        assert {one.name: one.value for one in read_dotenv(between)}["DB_PASSWORD"] == R


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x/.env", "DATABASE_URL=postgres://app:%@db/x\n"),
        (".bashrc", "alias in='docker login -u a -p % ghcr.io'\n"),
        (".bashrc", "export HEADER='token %'\n"),
        (".bashrc", "export HEADER=a:%\n"),
        ("env.list", "DB_PASSWORD=%\n"),
        ("a.py", 'DB_PASSWORD = "%"\n'),
    ],
)
def test_none_where_nothing_would_resolve_it(scene: Scene, name: str, text: str) -> None:
    old = random_token("glpat-", 20)
    assert isinstance(planned(scene, scene.write(name, text.replace("%", old)), old), ToDo)


def test_each_shell_hands_exactly_the_reference_to_our_command(scene: Scene, tmp_path: Path) -> None:
    """Every shell that is here reads its file as it is afterwards; `dockhygiene` is a stand-in that shows its words."""
    program = scene.write("bin/dockhygiene", "#!/bin/sh\nprintf '%s|' \"$@\"\n", 0o700)
    old = random_password()
    files = {"bash": ".bashrc", "zsh": ".zshenv", "sh": ".profile", "fish": ".config/fish/config.fish"}
    require("bash", "bash")
    for shell, name in files.items():
        if not shutil.which(shell):
            continue
        text = "set -gx DB_PASSWORD '%'\n" if shell == "fish" else "export DB_PASSWORD='%'\n"
        path = scene.write(name, text.replace("%", old))
        edit = planned(scene, path, old)
        assert isinstance(edit, ValueEdit), edit
        extended = "setopt extended_glob; " if shell == "zsh" else ""
        path.write_bytes(text.encode().replace(b"'%'", edit.cuts[0].new))
        script = f"{extended}. {path}; printenv DB_PASSWORD"
        environ = {"HOME": str(tmp_path), "PATH": f"{program.parent}:/usr/bin:/bin"}
        done = subprocess.run([shell, "-c", script], env=environ, capture_output=True, text=True, timeout=30)
        assert done.stdout == f"get|{R}|\n", (shell, done.stderr)


@pytest.mark.parametrize("before", [None, "A=1\n", "A=1", "# nothing\r\n"])
def test_the_env_file_beside_a_compose_file_gets_the_line(scene: Scene, before: str | None) -> None:
    path = scene.top / "home/.env"
    if before is not None:
        scene.write(".env", before)
    else:
        scene.workstation.home.mkdir(exist_ok=True)
    edit = plan_env_line(scene.workstation, path, "TOKEN", R, Secret(random_password()))
    assert isinstance(edit, ValueEdit), edit
    if before is None:
        record = made(edit)
        assert path.read_text() == f'TOKEN="{R}"\n'
        undo(record, edit.removed, scene.workstation.key)
        assert not path.exists()
        return
    between = there_and_back(scene, edit).decode()
    assert between.startswith(before) and [one.value for one in read_dotenv(between)][-1] == R
    path.write_text(between)
    assert plan_env_line(scene.workstation, path, "TOKEN", R, Secret(random_password())) is None
    path.write_text("TOKEN=other\n")
    assert isinstance(plan_env_line(scene.workstation, path, "TOKEN", R, Secret(random_password())), ToDo)
