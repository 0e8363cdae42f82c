"""The demo keeps to itself, also where a container engine of the person's runs."""

from __future__ import annotations

import argparse

import pytest

from checks.engine.endpoints import endpoints
from tui.commands import demo
from tui.exit_codes import ExitCode


def test_it_knows_no_engine_of_this_machine() -> None:
    with demo.demo_session() as session:
        assert not session.workstation.root.exists()
        assert list(endpoints(session.workstation)) == []


@pytest.mark.parametrize("words", [["get", "dockhygiene://keyring/x"], ["run", "--", "true"]])
def test_what_needs_a_manager_is_not_in_it(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.run(argparse.Namespace(arguments=words)) == ExitCode.USAGE
    assert "no manager of secrets" in capsys.readouterr().err
