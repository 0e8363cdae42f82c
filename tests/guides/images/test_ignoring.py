"""`.dockerignore`: which paths it keeps out, and the edit that adds to it or makes it, each with its way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model.secret import FingerprintKey, Secret
from checks.model.workstation import Workstation
from guides.edits import applying
from guides.edits.applying import EditRecord, EditState
from guides.edits.atomic import ChangedMeanwhile
from guides.edits.edit import ToDo, ValueEdit
from guides.images.ignoring import ignore_file, patterns_of, plan_ignore
from guides.images.proposing import propose_ignore
from guides.images.told import Told
from tests.checks.conftest import random_token

OLD = Secret("made-up-value")


@pytest.fixture
def workstation(tmp_path: Path) -> Workstation:
    return Workstation(tmp_path, {}, FingerprintKey(b"i" * 32), root=tmp_path / "root")


@pytest.mark.parametrize(
    ("text", "path", "ignored"),
    [
        (".npmrc\n", ".npmrc", True),
        (".npmrc\n", "sub/.npmrc", False),
        ("**/.npmrc\n", "a/b/.npmrc", True),
        ("/keys\n", "keys/id", True),
        ("*.pem\n!ca.pem\n", "ca.pem", False),
        ("!ca.pem\n*.pem\n", "ca.pem", True),
        ("# .env\n\n  .env  \n", ".env", True),
        ("../x\n*\n", "a", True),
    ],
)
def test_the_last_line_that_matches_decides(text: str, path: str, ignored: bool) -> None:
    assert patterns_of(text).ignores(path) is ignored


@pytest.mark.parametrize("before", [None, "node_modules\n", "node_modules", "a\r\nb\r\n"])
def test_it_is_made_or_added_to_and_taken_back(workstation: Workstation, tmp_path: Path, before: str | None) -> None:
    path = tmp_path / ".dockerignore"
    if before is not None:
        path.write_bytes(before.encode())
    edit = plan_ignore(workstation, path, [".npmrc", "node_modules/x"], OLD)
    assert isinstance(edit, ValueEdit) and any("+.npmrc" in line for line in edit.preview)
    record = EditRecord.from_json(EditRecord.of(edit).as_json())
    assert applying.recover(record, workstation.key).state is EditState.BEFORE
    applying.apply(edit, Path(record.temporary))
    assert applying.recover(record, workstation.key).state is EditState.AFTER
    patterns = patterns_of(path.read_text())
    assert patterns.ignores(".npmrc") and patterns.ignores("node_modules/x")
    assert path.read_bytes().startswith((before or "#").encode())
    assert plan_ignore(workstation, path, [".npmrc"], OLD) is None
    applying.undo(record, edit.removed, workstation.key)
    assert (path.read_bytes().decode() if path.exists() else None) == before
    assert not [one for one in tmp_path.iterdir() if "dockhygiene-" in one.name]


def test_a_file_that_appeared_meanwhile_stays(workstation: Workstation, tmp_path: Path) -> None:
    path = tmp_path / ".dockerignore"
    edit = plan_ignore(workstation, path, [".npmrc"], OLD)
    assert isinstance(edit, ValueEdit)
    path.write_text("theirs\n")
    with pytest.raises(ChangedMeanwhile):
        applying.apply(edit, Path(EditRecord.of(edit).temporary))
    assert path.read_text() == "theirs\n" and len(list(tmp_path.iterdir())) == 1


def test_a_name_with_signs_of_patterns_is_left_to_the_person(workstation: Workstation, tmp_path: Path) -> None:
    assert isinstance(plan_ignore(workstation, tmp_path / ".dockerignore", ["[a]*"], OLD), ToDo)


def test_all_logins_of_a_context_that_is_copied_whole(workstation: Workstation, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    for name in ("deploy", "src", "node_modules/x"):
        (shop / name).mkdir(parents=True)
    token = random_token("npm_", 36)
    for name in (".npmrc", "node_modules/x/.npmrc"):
        (shop / name).write_text(f"//r.example.com/:_authToken={token}\n")
    (shop / "deploy/.env").write_text(f"API_TOKEN={random_token('', 24)}\n")
    (shop / "src/.env").write_text("PORT=1\n")
    (shop / "src/app.py").write_text(f'token = "{random_token("npm_", 36)}"\n')
    dockerfile = shop / "deploy/Dockerfile"
    dockerfile.write_text("FROM x\nCOPY src deploy /app/\n")
    edit = propose_ignore(workstation, dockerfile, OLD, Told())
    assert isinstance(edit, ValueEdit) and edit.path == shop / ".dockerignore", "the context is the folder above"
    assert [line for line in edit.preview if line[:1] == "+" and "#" not in line] == ["+.npmrc", "+deploy/.env"]
    own = dockerfile.with_name("Dockerfile.dockerignore")
    own.write_text("*.md\n")
    assert ignore_file(dockerfile, shop) == own
