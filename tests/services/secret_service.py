"""A private session bus with a real gnome-keyring on it, away from the person's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import secretstorage
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from tests.services.require import require

PASSWORD = "keyring of the tests"
BUS_CONFIG = """<busconfig>
  <type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""
"""No folder of services: nothing is started by being asked for, so no prompt can appear and no absence is cured."""

SECRETS = ("/org/freedesktop/secrets", "org.freedesktop.secrets")


@dataclass(frozen=True)
class SecretServiceHome:
    """The environment of programs that shall see this bus; lock and unlock the default keyring."""

    environ: dict[str, str]

    def connect(self) -> DBusConnection:
        return open_dbus_connection(self.environ["DBUS_SESSION_BUS_ADDRESS"])

    def lock(self) -> None:
        with closing(self.connect()) as connection:
            collection = secretstorage.get_default_collection(connection)
            collection.lock()
            assert collection.is_locked()

    def unlock(self) -> None:
        with closing(self.connect()) as connection:
            session = _call(connection, "Service", "OpenSession", "sv", ("plain", ("s", "")))[1]
            path = secretstorage.get_default_collection(connection).collection_path
            internal = DBusAddress(
                SECRETS[0], bus_name=SECRETS[1], interface="org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
            )
            body = (path, (session, b"", PASSWORD.encode(), "text/plain"))
            message = new_method_call(internal, "UnlockWithMasterPassword", "o(oayays)", body)
            unwrap_msg(connection.send_and_get_reply(message, timeout=10))


@contextmanager
def running_bus() -> Iterator[SecretServiceHome]:
    """A session bus on which nobody keeps secrets."""
    daemon = require("dbus-daemon", "dbus")
    home = Path(tempfile.mkdtemp(prefix="dh", dir="/tmp"))  # short: a socket's path has 108 bytes at most
    (home / "run").mkdir(mode=0o700)
    config = home / "bus.conf"
    config.write_text(BUS_CONFIG.format(socket=home / "bus"))
    environ = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(home / "run"),
    }
    argv = [daemon, f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"]
    process = subprocess.Popen(argv, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        address = process.stdout.readline().strip()  # printed when it listens
        yield SecretServiceHome({**environ, "DBUS_SESSION_BUS_ADDRESS": address})
    finally:
        _stop(process)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running_secret_service() -> Iterator[SecretServiceHome]:
    """A session bus with an unlocked gnome-keyring."""
    daemon = require("gnome-keyring-daemon", "gnome-keyring")
    with running_bus() as home:
        argv = [daemon, "--foreground", "--unlock", "--components=secrets"]
        log = Path(home.environ["HOME"], "gnome-keyring.log")
        with log.open("wb") as output:
            process = subprocess.Popen(argv, env=home.environ, stdin=subprocess.PIPE, stdout=output, stderr=output)
        try:
            assert process.stdin
            process.stdin.write(PASSWORD.encode())
            process.stdin.close()
            _wait_for_keyring(home, process)
            yield home
            assert process.poll() is None, f"gnome-keyring-daemon ended by itself: {log.read_text()[-2000:]}"
        finally:
            _stop(process)


def _wait_for_keyring(home: SecretServiceHome, process: subprocess.Popen[bytes]) -> None:
    """Until the default keyring is there and open: the daemon tells nobody when it is."""
    deadline = time.monotonic() + 30
    with closing(home.connect()) as connection:
        while time.monotonic() < deadline:
            assert process.poll() is None, "gnome-keyring-daemon ended"
            try:
                made = _call(connection, "Service", "ReadAlias", "s", ("default",))[0] != "/"
                if made and not secretstorage.get_default_collection(connection).is_locked():
                    return
            except (_NotYet, secretstorage.exceptions.SecretStorageException):
                pass
            time.sleep(0.02)
    raise AssertionError("gnome-keyring-daemon did not make its keyring in 30 seconds")


class _NotYet(Exception):
    pass


def _call(connection: DBusConnection, interface: str, method: str, signature: str, body: tuple[object, ...]) -> tuple:
    address = DBusAddress(SECRETS[0], bus_name=SECRETS[1], interface=f"org.freedesktop.Secret.{interface}")
    reply = connection.send_and_get_reply(new_method_call(address, method, signature, body), timeout=10)
    if reply.header.message_type.name == "error":
        raise _NotYet
    return reply.body


def _stop(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
