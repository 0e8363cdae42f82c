"""The four verbs: reads what docker sent, asks the keyring, gives the answer's text and exit status."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .program import NO_SERVER, NO_USERNAME, NOT_FOUND
from .trouble import NoService, Trouble

if sys.platform != "win32":
    import fcntl
    import resource

TYPE_CHECKING = False  # importing typing costs five milliseconds
if TYPE_CHECKING:
    from typing import Protocol

    class Keyring(Protocol):
        def get(self, server: str) -> tuple[str, str] | None: ...

        def store(self, server: str, username: str, secret: str) -> None: ...

        def erase(self, server: str) -> None: ...

        def servers(self) -> dict[str, str]: ...


def run(verb: str, data: bytes) -> tuple[str, int]:
    """The text for stdout and the exit status."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the secret
    try:
        return _store(data) if verb == "store" else _list() if verb == "list" else _about_server(verb, data)
    except Trouble as trouble:
        return str(trouble), 1
    except TimeoutError:
        return "the keyring did not answer in time", 1
    except (OSError, ValueError, LookupError, TypeError) as error:
        # a bus that breaks off or talks nonsense; the error's own text could quote what was sent
        return f"the keyring could not be used ({type(error).__name__})", 1


def _store(data: bytes) -> tuple[str, int]:
    try:
        asked = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return "what docker sent is not JSON", 1
    values = [asked.get(name, "") for name in ("ServerURL", "Username", "Secret")] if isinstance(asked, dict) else []
    if not values or not all(isinstance(value, str) for value in values):
        return "what docker sent is not a credential", 1
    server, username, secret = values
    if not server.strip():
        return NO_SERVER, 1
    if not username:
        return NO_USERNAME, 1
    with _one_writer():
        _keyring().store(server.strip(), username, secret)
    return "", 0


def _about_server(verb: str, data: bytes) -> tuple[str, int]:
    server = data.decode("utf-8").strip()
    if not server:
        return NO_SERVER, 1
    if verb == "erase":
        with _one_writer():
            _keyring().erase(server)
        return "", 0
    held = _keyring().get(server)
    if held is None:
        return NOT_FOUND, 1
    return json.dumps({"ServerURL": server, "Username": held[0], "Secret": held[1]}), 0


def _list() -> tuple[str, int]:
    return json.dumps(_keyring().servers()), 0


def _keyring() -> Keyring:
    """The Secret Service where the session bus offers it, else what the allow-list of Python's keyring finds."""
    if sys.platform not in ("win32", "darwin"):
        from .secret_service import SecretService

        try:
            return SecretService.connect()
        except NoService as missing:
            reason: Trouble | None = missing
    else:
        reason = None
    from .keyring_backend import KeyringItems, allowed_backend

    backend = allowed_backend()
    if backend is None:
        raise reason or Trouble("this operating system's keyring cannot be used from Python")
    return KeyringItems(backend)


@contextmanager
def _one_writer() -> Iterator[None]:
    """Lets one process write at a time: two that store for one server would erase each other's record.

    The lock is on the program's own file: it is there, it is this user's, and nothing has to be created.
    """
    if sys.platform == "win32":
        yield
        return
    try:
        file = os.open(sys.argv[0], os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield  # started in some other way: better without the lock than not at all
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
