"""A Secret Service that answers as told: for prompts, which no real keyring shows without screen, and for nonsense."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection
from jeepney.wrappers import unwrap_msg

from tests.services.secret_service import SecretServiceHome

ITEM = "/org/freedesktop/secrets/collection/login/1"
PROMPT = "/org/freedesktop/secrets/prompt/1"
SECRET = "held behind a prompt"

ANSWERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "OpenSession": ("vo", (("s", ""), "/session")),
    "SearchItems": ("aoao", ([], [ITEM])),
    "Unlock": ("aoo", ([], PROMPT)),
    "Prompt": ("", ()),
    "Dismiss": ("", ()),
    "Get": ("v", (("a{ss}", {"server": "r.example", "username": "alice"}),)),
    "GetSecret": ("(oayays)", (("/session", b"", SECRET.encode(), "text/plain"),)),
}


class PromptingService:
    """Serves one bus from a thread. `dismissed` is what the prompt says, None when it never says anything."""

    def __init__(self, connection: DBusConnection, dismissed: bool | None, answers: dict[str, Any]) -> None:
        self._connection = connection
        self._dismissed = dismissed
        self._answers = ANSWERS | answers
        self.called: list[str] = []

    def serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except (OSError, ValueError):
                return  # the connection was closed: the test is over
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message: Any) -> None:
        method = message.header.fields[HeaderFields.member]
        self.called.append(method)
        if method == "Prompt" and self._dismissed is not None:
            # before the reply, as fast keyrings do
            prompt = DBusAddress(PROMPT, interface="org.freedesktop.Secret.Prompt")
            body = (self._dismissed, ("ao", [ITEM]))
            self._connection.send(new_signal(prompt, "Completed", "bv", body))
        signature, body = self._answers[method]
        if signature == "error":
            self._connection.send(new_error(message, *body))
            return
        self._connection.send(new_method_return(message, signature or None, body))


@contextmanager
def prompting_service(
    home: SecretServiceHome, dismissed: bool | None, **answers: tuple[str, tuple[Any, ...]]
) -> Iterator[PromptingService]:
    connection = home.connect()
    unwrap_msg(connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets")))
    service = PromptingService(connection, dismissed, answers)
    thread = threading.Thread(target=service.serve)
    thread.start()
    try:
        yield service
    finally:
        connection.sock.shutdown(2)
        thread.join(10)
        connection.close()
