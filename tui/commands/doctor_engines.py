"""The doctor's part on docker and Podman: which engines answer, and how to mend those that do not."""

from __future__ import annotations

from checks.engine.client import Engine, EngineError
from checks.engine.endpoints import Endpoint, endpoints
from tui.plain.terminal import Terminal
from tui.session import Session


def engine_health(session: Session, terminal: Terminal) -> None:
    """An engine on another machine is named, and not asked."""
    terminal.line("Container engines")
    found = list(endpoints(session.workstation))
    for endpoint in found:
        if not isinstance(endpoint, Endpoint):
            terminal.line(f"  {endpoint.shown}")
            terminal.line(f"{'':<18}{endpoint.reason}")
            continue
        try:
            engine = Engine(endpoint, session.workstation)
        except EngineError as error:
            terminal.line(f"  {endpoint.shown}")
            terminal.line(f"{'':<18}{error}")
            continue
        engine.close()
        terminal.line(f"  {engine.name:<16}answers at {endpoint.shown}")
    if not found:
        terminal.line(f"  {'none':<16}no docker or Podman socket is here: images and containers are not looked at")
