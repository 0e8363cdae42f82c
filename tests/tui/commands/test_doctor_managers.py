"""The doctor lists the managers of secrets without asking one."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from checks.files.state import StateFolder
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from guides.stores.managers.catalog import MANAGERS
from tui.commands.doctor_managers import manager_health
from tui.plain.terminal import Terminal
from tui.session import Session


def test_managers_in_the_doctor(tmp_path: Path) -> None:
    def told(**environment: str) -> str:
        here = Workstation(tmp_path, {"PATH": str(tmp_path), **environment}, FingerprintKey(b"k" * 32), root=tmp_path)
        out = StringIO()
        manager_health(Session(here, StateFolder(tmp_path)), Terminal(out))
        return out.getvalue()

    lines = told().splitlines()
    assert [line.split()[0] for line in lines if line[:2] == "  " and line[2] != " "] == list(MANAGERS)
    assert "export VAULT_ADDR" in told()
    assert "set up for vault.example.com; not connected yet" in told(
        VAULT_ADDR="https://vault.example.com", VAULT_TOKEN="t"
    )
    assert "gopass is not on PATH; tried against a stand-in only" in told()
    assert "secret-token" not in told(VAULT_ADDR="https://v.example.com", VAULT_TOKEN="secret-token")
