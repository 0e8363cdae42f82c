"""A notification over a real session bus, to a program that shows none and writes down what it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from jeepney import HeaderFields, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

from guides.monitor.notifying import BUS_NAME, NotNotified, notify
from tests.services.secret_service import SecretServiceHome, running_bus


@contextmanager
def desktop(bus: SecretServiceHome) -> Iterator[list[tuple[object, ...]]]:
    """Owns the name of the notification service, and answers `Notify` with a number."""
    told: list[tuple[object, ...]] = []
    connection = open_dbus_connection(bus.environ["DBUS_SESSION_BUS_ADDRESS"])
    unwrap_msg(connection.send_and_get_reply(message_bus.RequestName(BUS_NAME)))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                message = connection.receive(timeout=0.1)
                if message.header.message_type is MessageType.method_call:
                    assert message.header.fields[HeaderFields.member] == "Notify"
                    told.append(message.body)
                    connection.send(new_method_return(message, "u", (7,)))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield told
    finally:
        ended.set()
        thread.join()
        connection.close()


def test_what_a_desktop_is_told() -> None:
    with running_bus() as bus:
        with pytest.raises(NotNotified, match="no program of this desktop"):
            notify("1 alarm", bus.environ, "linux")
        with desktop(bus) as told:
            notify("1 alarm. <b>evil</b> & \x1b[31m\u202e.", bus.environ, "linux")
    ((name, _, _, title, body, actions, hints, _),) = told
    assert (name, title, actions) == ("dockhygiene", "dockhygiene", [])
    assert body == "1 alarm. &lt;b&gt;evil&lt;/b&gt; &amp; \\x1b[31m\\u202e."
    assert hints == {"urgency": ("y", 2)}


def test_where_there_is_no_desktop() -> None:
    with pytest.raises(NotNotified, match="no desktop session answers here"):
        notify("x", {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/no-such-socket"}, "linux")
    with pytest.raises(NotNotified, match="osascript is not on PATH"):
        notify("x", {"PATH": "/no-such-folder"}, "darwin")
