"""The desktop's keyring over D-Bus, in the schema of docker-credential-secretservice: each reads what the other wrote.

Secrets cross the bus in a "plain" session. The bus is a socket that only this user can open, and whoever may listen
on it may also ask the keyring itself; GNOME Keyring, KWallet and KeePassXC all offer it. The encrypted session would
need a cryptography package, which is not pure Python and doubles the time of a pull.
"""

# mypy: allow-untyped-calls
# jeepney has no annotations

from __future__ import annotations

import os

from jeepney.bus_messages import MatchRule, message_bus
from jeepney.io.blocking import DBusConnection, prep_socket
from jeepney.low_level import Message, MessageType
from jeepney.wrappers import DBusAddress, new_method_call

from .trouble import Locked, NoBus, NoService, Trouble

TYPE_CHECKING = False  # importing typing costs five milliseconds
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Self

BUS_NAME = "org.freedesktop.secrets"
ROOT = "/org/freedesktop/secrets"
SERVICE = "org.freedesktop.Secret.Service"
COLLECTION = "org.freedesktop.Secret.Collection"
ITEM = "org.freedesktop.Secret.Item"
PROMPT = "org.freedesktop.Secret.Prompt"
PROPERTIES = "org.freedesktop.DBus.Properties"

SCHEMA = {"xdg:schema": "io.docker.Credentials", "docker_cli": "1"}
LABEL = {"label": "Docker Credentials"}

CALL_SECONDS = 10
PERSON_SECONDS = 60
NOBODY_SECONDS = 10
"""How long a prompt may stay open where there is no screen: on most machines without one it fails at once."""

ATTEMPTS = 3

NOT_THERE = ("ServiceUnknown", "NameHasNoOwner", "Spawn.ChildExited", "Spawn.ServiceNotFound", "Spawn.ExecFailed")
GONE = ("NoSuchObject", "UnknownObject", "UnknownMethod")


class SecretItems:
    """A connection to the service that keeps secrets, with an open session; it sees the items of one schema only."""

    schema: dict[str, str]
    """Attributes by which items of this kind are found; every item that is made has them."""

    def __init__(self, connection: DBusConnection, environ: Mapping[str, str]) -> None:
        self._connection = connection
        self._environ = environ
        self._session = str(self._call(ROOT, SERVICE, "OpenSession", "sv", ("plain", ("s", "")))[1])

    @classmethod
    def connect(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Over the session bus that this environment names. Works in any thread."""
        connection = _connection(_bus_path(environ))
        try:
            return cls(connection, environ)
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        self._connection.close()

    def newest(self, wanted: dict[str, str]) -> tuple[dict[str, str], str] | None:
        """Attributes and secret of the item with these attributes, of several the one changed last, or None."""
        for _ in range(ATTEMPTS):
            items = self._search(wanted)
            try:
                return self._read(items) if items else None
            except _Gone:
                continue  # replaced by another process since the search
        raise Trouble("the keyring changed all the time")

    def _read(self, items: list[str]) -> tuple[dict[str, str], str]:
        item = items[0] if len(items) == 1 else max(items, key=lambda each: int(self._property(each, ITEM, "Modified")))
        attributes = self._attributes(item)
        _, _, value, _ = self._call(item, ITEM, "GetSecret", "o", (self._session,))[0]
        return attributes, bytes(value).decode("utf-8")

    def keep(self, label: str, wanted: dict[str, str], more: dict[str, str], secret: str) -> None:
        """Makes the only item with the attributes `wanted`: one that is equal in all is replaced, others are deleted
        afterwards, so that the secret is there at every moment. It is given the attributes `more` besides."""
        collection = self._default_collection()
        if self._property(collection, COLLECTION, "Locked"):
            self._unlock([collection])
        properties = {
            f"{ITEM}.Label": ("s", label),
            f"{ITEM}.Attributes": ("a{ss}", {**self.schema, **wanted, **more}),
        }
        value = (self._session, b"", secret.encode("utf-8"), "text/plain")
        item, prompt = self._call(collection, COLLECTION, "CreateItem", "a{sv}(oayays)b", (properties, value, True))
        if prompt != "/":
            item = self._ask(str(prompt))
        for other in self._search(wanted):
            if other != item:
                self._delete(other)

    def remove(self, wanted: dict[str, str]) -> None:
        for item in self._search(wanted):
            self._delete(item)

    def held(self) -> Iterator[dict[str, str]]:
        """The attributes of every item."""
        for item in self._search({}):
            try:
                yield self._attributes(item)
            except _Gone:
                continue  # erased by another process since the search

    def _search(self, attributes: dict[str, str]) -> list[str]:
        """The items with these attributes; locked ones are unlocked, with a prompt where the keyring wants one."""
        unlocked, locked = self._call(ROOT, SERVICE, "SearchItems", "a{ss}", ({**self.schema, **attributes},))
        if locked:
            self._unlock(locked)
        return [*unlocked, *locked]

    def _attributes(self, item: str) -> dict[str, str]:
        return dict(self._property(item, ITEM, "Attributes"))

    def _default_collection(self) -> str:
        (path,) = self._call(ROOT, SERVICE, "ReadAlias", "s", ("default",))
        if path != "/":
            return str(path)
        properties = {f"{COLLECTION}.Label": ("s", "Login")}
        path, prompt = self._call(ROOT, SERVICE, "CreateCollection", "a{sv}s", (properties, "default"))
        return str(path) if prompt == "/" else str(self._ask(str(prompt)))

    def _delete(self, item: str) -> None:
        try:
            (prompt,) = self._call(item, ITEM, "Delete")
        except _Gone:
            return  # somebody else deleted it in the same moment
        if prompt != "/":
            self._ask(str(prompt))

    def _unlock(self, paths: list[str]) -> None:
        _, prompt = self._call(ROOT, SERVICE, "Unlock", "ao", (paths,))
        if prompt != "/":
            self._ask(str(prompt))

    def _ask(self, prompt: str) -> Any:
        """Has the keyring ask the person, for a limited time; what the prompt resulted in."""
        screen = self._environ.get("DISPLAY") or self._environ.get("WAYLAND_DISPLAY")
        seconds = PERSON_SECONDS if screen else NOBODY_SECONDS
        rule = MatchRule(type="signal", interface=PROMPT, member="Completed", path=prompt)
        self._body(message_bus.AddMatch(rule))
        with self._connection.filter(rule) as signals:
            self._call(prompt, PROMPT, "Prompt", "s", ("",))
            try:
                signal_ = self._connection.recv_until_filtered(signals, timeout=seconds)
            except TimeoutError:
                self._call(prompt, PROMPT, "Dismiss")
                raise Locked(f"nobody answered its prompt within {seconds} seconds") from None
        dismissed, (_, result) = signal_.body
        if dismissed:
            raise Locked("its prompt was dismissed, or nothing here can show it")
        return result

    def _property(self, path: str, interface: str, name: str) -> Any:
        ((_, value),) = self._call(path, PROPERTIES, "Get", "ss", (interface, name))
        return value

    def _call(self, path: str, interface: str, method: str, signature: str = "", body: tuple[Any, ...] = ()) -> Any:
        address = DBusAddress(path, bus_name=BUS_NAME, interface=interface)
        return self._body(new_method_call(address, method, signature or None, body))

    def _body(self, message: Message) -> Any:
        reply = self._connection.send_and_get_reply(message, timeout=CALL_SECONDS)
        if reply.header.message_type is MessageType.error:
            raise _error(reply)
        return reply.body


class SecretService(SecretItems):
    """What docker-credential-secretservice does, on its items."""

    schema = SCHEMA

    def get(self, server: str) -> tuple[str, str] | None:
        """User name and secret, or None. Changes nothing."""
        found = self.newest({"server": server})
        return (found[0].get("username", ""), found[1]) if found else None

    def store(self, server: str, username: str, secret: str) -> None:
        """Keeps the secret, then deletes the items of other user names: the server would be answered with either.

        The Go helper's `list` gives the label for the server, so the label is the server.
        """
        self.keep(server, {"server": server}, {**LABEL, "username": username}, secret)

    def erase(self, server: str) -> None:
        """Deletes every item of the server; none is fine, `docker logout` asks for servers that were never there."""
        self.remove({"server": server})

    def servers(self) -> dict[str, str]:
        """Server to user name, from the attributes: the Go helper since 0.9.0 writes a sentence into the label."""
        return {each["server"]: each.get("username", "") for each in self.held() if each.get("server")}


class _Gone(Trouble):
    pass


def _error(reply: Message) -> Trouble:
    name = next((str(value) for key, value in reply.header.fields.items() if key.name == "error_name"), "an error")
    text = ascii(str(reply.body[0])[:200]) if reply.body else ""
    if name.endswith(NOT_THERE):
        return NoService(f"no Secret Service: no program on the session bus keeps secrets ({text or name})")
    if name.endswith("IsLocked"):
        return Locked("it is still locked")
    if name.endswith(GONE):
        return _Gone(f"the keyring no longer has it ({name})")
    return Trouble(f"the keyring answered {name!a} {text}")


def _bus_path(environ: Mapping[str, str]) -> str:
    """The session bus as libsecret finds it: by its variable, else at systemd's place, as cron jobs need it."""
    address = environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if not address:
        path = (environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}") + "/bus"
        if os.access(path, os.W_OK):
            return path
        raise NoBus("DBUS_SESSION_BUS_ADDRESS is not set, so no keyring can be reached")
    from jeepney.bus import get_bus

    try:
        return str(get_bus(address))
    except (RuntimeError, ValueError, StopIteration):
        raise NoBus("DBUS_SESSION_BUS_ADDRESS names no socket on this machine") from None


def session_bus(environ: Mapping[str, str]) -> DBusConnection:
    """A connection to the session bus of this environment. Raises NoBus."""
    return _connection(_bus_path(environ))


class _Connection(DBusConnection):
    """Never waits without a limit: jeepney itself would wait for the bus's answer to its Hello for ever."""

    def send_and_get_reply(self, message: Message, *, timeout: float | None = None) -> Message:
        reply: Message = super().send_and_get_reply(message, timeout=CALL_SECONDS if timeout is None else timeout)
        return reply


def _connection(path: str) -> DBusConnection:
    try:
        socket = prep_socket(path, timeout=CALL_SECONDS)
    except (FileNotFoundError, ConnectionError, PermissionError):
        raise NoBus("nothing answers at its address") from None
    socket.settimeout(CALL_SECONDS)  # for sending; what is read was waited for
    try:
        return _Connection(socket)
    except ConnectionError:
        socket.close()
        raise NoBus("nothing answers at its address") from None
    except BaseException:
        socket.close()
        raise
