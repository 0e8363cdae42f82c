"""Case files: locked while open, replaced atomically, and told of when damaged."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from checks.files.state import StateFolder
from guides.case import file
from guides.case.model import Case, Held, StepId, StepRecord, StepState


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    return StateFolder.open({}, tmp_path)


def a_case(case_id: str = "0a1b2c3d", registry: str = "ghcr.io", opened: float = 5.0) -> Case:
    return Case(case_id, opened, registry, "alice", "ghcr", Held("ghp_...x3Qa", "github-pat", "f"))


def test_what_is_kept_is_on_disk(state: StateFolder) -> None:
    with file.opened(state, a_case()) as held:
        held.change(username="bob")
        assert file.read(state, "0a1b2c3d") == held.case
    path = state.path / "case-0a1b2c3d.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_case_goes_on_where_it_was(state: StateFolder) -> None:
    done = {StepId.UNDERSTAND: StepRecord(StepState.DONE, 6.0, "read")}
    with file.opened(state, a_case()) as held:
        held.change(steps=done)
    with file.opened(state, a_case()) as held:
        assert held.case.current is StepId.EVIDENCE
        assert held.case.steps == done


def test_two_programs_cannot_work_on_one_case(state: StateFolder) -> None:
    with file.opened(state, a_case()):
        with pytest.raises(file.CaseBusy, match="0a1b2c3d is open in another"), file.opened(state, a_case()):
            pass
        with file.opened(state, a_case("ffffffff")):
            pass
    with file.opened(state, a_case()):
        pass


def test_an_error_inside_does_not_look_like_a_busy_case(state: StateFolder) -> None:
    with pytest.raises(file.CaseUnreadable), file.opened(state, a_case()):
        raise file.CaseUnreadable("mine")


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1]", b'{"schema": 2}', b"\xff", b"[" * 100_000, b'{"schema": 1, "id": 7}']
)
def test_a_damaged_file_is_named_and_hides_no_other(state: StateFolder, data: bytes) -> None:
    file.write(state, a_case())
    state.write("case-00000000.json", data)
    held = file.read_all(state)
    assert [case.id for case in held.cases] == ["0a1b2c3d"]
    assert held.damaged == (str(state.path / "case-00000000.json"),)
    with pytest.raises(file.CaseUnreadable, match="move it away"):
        file.read(state, "00000000")


def test_cases_are_found_by_id_and_by_registry(state: StateFolder) -> None:
    for case in (a_case("aa000000", "quay.io", 3.0), a_case("ab000000", "quay.io", 1.0), a_case("b0000000", "ghcr.io")):
        file.write(state, case)
    held = file.read_all(state)
    assert [case.id for case in held.cases] == ["ab000000", "aa000000", "b0000000"]
    assert held.find("b") == held.cases[2]
    assert held.find("ghcr.io") == held.cases[2]
    assert held.find("a") is None  # two begin so
    assert held.find("quay.io") is None
    assert held.find("") is None


def test_no_secret_and_no_text_of_a_file_is_written(state: StateFolder) -> None:
    with file.opened(state, a_case()) as held:
        held.change(username="bob")
    data = json.loads((state.path / "case-0a1b2c3d.json").read_text())
    assert data["old"]["masked"] == "ghp_...x3Qa"
