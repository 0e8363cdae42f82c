"""A key's id changes together with its secret, and only where it stands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks import environment_files, tool_credentials
from checks.model.secret import FingerprintKey, Secret
from checks.model.workstation import Workstation
from guides.edits.applying import EditRecord, apply, undo
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.key_file import plan_key_file
from guides.edits.key_ids import with_key_id
from guides.edits.value_edit import plan_edit
from tests.checks.conftest import random_password
from tests.services.aws_keys import aws_id, aws_secret


@pytest.fixture
def workstation(tmp_path: Path) -> Workstation:
    return Workstation(tmp_path, {}, FingerprintKey(b"k" * 32), root=tmp_path)


def planned(workstation: Workstation, text: str, old: str, new: str) -> ValueEdit:
    path = workstation.home / ".env"
    path.write_text(text)
    edit = plan_edit(workstation, environment_files, path, Secret(old), Secret(new), Way.VALUE)
    assert isinstance(edit, ValueEdit)
    return edit


def test_both_change_and_both_come_back(workstation: Workstation) -> None:
    old_id, new_id, old, new = aws_id(), aws_id(), aws_secret(), aws_secret()
    text = f"# {old_id}X\nAWS_ACCESS_KEY_ID={old_id}\nAWS_SECRET_ACCESS_KEY={old}\nID='{old_id}'\n"
    edit = with_key_id(planned(workstation, text, old, new), old_id, new_id)
    assert [line for line in edit.preview if new_id in line] == [
        f"  line {line}: the key id {old_id} becomes {new_id}" for line in (2, 4)
    ]
    record = EditRecord.of(edit)
    apply(edit, Path(record.temporary))
    assert edit.path.read_text() == text.replace(old, new).replace(f"={old_id}", f"={new_id}").replace(
        f"'{old_id}'", f"'{new_id}'"
    ), "what only begins like it stays"
    undo(record, edit.removed, workstation.key)
    assert edit.path.read_text() == text


@pytest.mark.parametrize("names", [("alice", "alice-2"), ("alice", "bobby"), ("", ""), ("A" * 20, "B" * 21)])
def test_what_is_no_id_is_left(workstation: Workstation, names: tuple[str, str]) -> None:
    old, new = aws_secret(), aws_secret()
    edit = planned(workstation, f"NAME={names[0]}\nAWS_SECRET_ACCESS_KEY={old}\n", old, new)
    assert with_key_id(edit, *names) is edit


def test_a_key_file_of_another_make_is_left_to_people(workstation: Workstation) -> None:
    old, new = Secret(f"{random_password()}\n"), Secret(f"{random_password()}\n")
    path = workstation.home / "key.json"
    for text in (
        "no JSON",
        "[]",
        json.dumps({"private_key": old.reveal(), "again": old.reveal()}),
        '{"private_key": ""}',
    ):
        path.write_text(text)
        plan = plan_key_file(workstation, tool_credentials, path, old, new)
        assert isinstance(plan, ToDo) and "by hand" in plan.how
    path.write_text(json.dumps({"private_key": old.reveal(), "n": 1}, indent=1))
    edit = plan_key_file(workstation, tool_credentials, path, old, new)
    assert isinstance(edit, ValueEdit)
    assert not [line for line in edit.preview if old.reveal().strip() in line or new.reveal().strip() in line]
