"""A desktop notification: how many alarms there are, and the first of them. No secret is in it."""

# mypy: allow-untyped-calls
# jeepney has no annotations

from __future__ import annotations

import html
import sys
from collections.abc import Mapping

from checks.formats.display import printable
from guides.stores.program import find_program, run_program
from guides.stores.store import StoreError

TITLE = "dockhygiene"
BUS_NAME = "org.freedesktop.Notifications"
_ROOT = "/org/freedesktop/Notifications"
_SECONDS = 5.0
_SCRIPT = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")


class NotNotified(Exception):
    """Nobody here shows notifications; the message says why."""


def notify(text: str, environment: Mapping[str, str], platform: str = sys.platform) -> None:
    """Shows it where a desktop is there. Raises NotNotified."""
    shown = printable(text, 300)
    if platform == "darwin":
        _by_script(shown, environment)
    elif platform == "win32":
        raise NotNotified("notifications of Windows are not sent by us yet; the task's history shows the exit code")
    else:
        _over_the_bus(shown, environment)


def _by_script(text: str, environment: Mapping[str, str]) -> None:
    """osascript(1); the text is an argument of the script, and never a part of it. Not run by us on a Mac yet."""
    lines = [word for line in _SCRIPT for word in ("-e", line)]
    try:
        program = find_program("osascript", environment)
        answer = run_program(program, (*lines, TITLE, text), environ=environment, timeout=_SECONDS)
    except StoreError as error:
        raise NotNotified(error.reason) from None
    if answer.status:
        raise NotNotified(f"osascript ended with status {answer.status}")


def _over_the_bus(text: str, environment: Mapping[str, str]) -> None:
    """Desktop Notifications Specification 1.2, method Notify. A server may read markup in the body: it is escaped."""
    from jeepney import DBusAddress, new_method_call
    from jeepney.wrappers import DBusErrorResponse

    from guides.stores.own.secret_service import session_bus
    from guides.stores.own.trouble import Trouble

    address = DBusAddress(_ROOT, bus_name=BUS_NAME, interface=BUS_NAME)
    body: tuple[object, ...] = (TITLE, 0, "security-high", TITLE, html.escape(text), [], {"urgency": ("y", 2)}, -1)
    message = new_method_call(address, "Notify", "susssasa{sv}i", body)
    try:
        connection = session_bus(environment)
    except Trouble as error:
        raise NotNotified(f"no desktop session answers here: {error}") from None
    try:
        answer = connection.send_and_get_reply(message, timeout=_SECONDS)
        if answer.header.message_type.name == "error":
            raise NotNotified(f"no program of this desktop shows notifications ({DBusErrorResponse(answer).name})")
    except (OSError, TimeoutError, EOFError) as error:
        raise NotNotified(f"the desktop's bus did not answer: {error}") from None
    finally:
        connection.close()
