"""Reading the guide opens no case; one that was begun stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case import file
from guides.case.model import StepId
from tests.checks.conftest import random_token
from tests.guides.case.scene import Scene, act
from tui.arguments.top import parser
from tui.commands import fix
from tui.session import Session


def test_printing_leaves_the_cases_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene = Scene(tmp_path, Secret(random_token("ghp_", 36)), "ghcr.io")
    scene.log_in()
    session = Session(scene.workstation, scene.state)
    arguments = parser().parse_args(["fix", "--print", "ghcr.io"])
    assert fix.run(arguments, session) == 0
    text = capsys.readouterr().out
    assert "## 1 Understand" in text and scene.secret.reveal() not in text
    assert not file.read_all(scene.state).cases
    with scene.walk(scene.credential()) as walk:
        act(walk, StepId.UNDERSTAND, "order")
    begun = file.read_all(scene.state)
    assert fix.run(arguments, session) == 0
    assert [case.steps for case in file.read_all(scene.state).cases] == [case.steps for case in begun.cases]
