"""`undo CASE`: the files that a case changed are as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case import opening
from guides.case.model import StepId
from guides.case.secrets import CaseSecrets
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act
from tui.arguments.top import parser
from tui.commands import undo
from tui.session import Session


def test_every_file_of_the_case_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(tmp_path, Secret(random_password()), "")
    env = scene.write("shop/.env", f"A=1\nREGISTRY_PASSWORD={scene.secret.reveal()}\n")
    history = scene.write(".bash_history", f"docker login -u alice -p {scene.secret.reveal()} images.example\nls\n")
    before = env.read_bytes(), history.read_bytes()
    monkeypatch.setattr(opening, "case_secrets", lambda around, case: CaseSecrets(case.id, scene.store))
    with scene.walk(scene.credential(env, history)) as walk:
        walk.log(StepId.UNDERSTAND, "no registry", registry=None)
        act(walk, StepId.GENERATE, "paste", secret=Secret(random_password()), username="alice")
        act(walk, StepId.UPDATE, "file-0", way="nothing")
        act(walk, StepId.UPDATE, "file-0", way="value")
        case_id = walk.case.id
    assert (env.read_bytes(), history.read_bytes()) != before
    session = Session(scene.workstation, scene.state)
    assert undo.run(parser().parse_args(["undo", case_id]), session) == 1, "without a terminal nothing is changed"
    assert undo.run(parser().parse_args(["undo", case_id, "--yes"]), session) == 0
    assert (env.read_bytes(), history.read_bytes()) == before
    assert undo.run(parser().parse_args(["undo", case_id, "--yes"]), session) == 0
    assert "changed no file" in capsys.readouterr().out
    assert undo.run(parser().parse_args(["undo", "nothing"]), session) == 2
