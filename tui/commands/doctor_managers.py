"""The managers of secrets in `dockhygiene doctor`: installed, configured, or how to mend it. Connects nowhere."""

from __future__ import annotations

from guides.stores.managers.catalog import managers
from guides.stores.managers.manager import Setting
from tui.plain.terminal import Terminal
from tui.session import Session


def manager_health(session: Session, terminal: Terminal) -> None:
    """None of them is needed, so none that is missing is a finding."""
    terminal.line("Managers of secrets (not asked: that would connect, or unlock something)")
    for one in managers(Setting(session.environment)):
        probe = one.probe()
        label = "" if one.proven else "; tried against a stand-in only"
        terminal.line(f"  {one.id:<16}{probe.reason}{label}")
        if probe.mend:
            terminal.line(f"{'':<18}{probe.mend}")
