"""Where no Secret Service answers: Python's `keyring`, with the few backends that protect what they keep.

The backend is made from its class. keyring's own search would take a chain that ends in plain text as soon as
keyrings.alt is installed, and its settings (PYTHON_KEYRING_BACKEND, keyringrc.cfg) can load code from anywhere.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

from .trouble import Locked, Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

ALLOWED = {
    "keyring.backends.macOS.Keyring": "darwin",
    "keyring.backends.Windows.WinVaultKeyring": "win32",
    "keyring.backends.kwallet.DBusKeyring": "linux",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "linux",
    "keyring.backends.libsecret.Keyring": "linux",
    "keyring.backends.SecretService.Keyring": "linux",
}
"""Full class name to the platform it belongs to, in the order in which they are tried."""

SERVICE = "docker-credential-dockhygiene"
INDEX_SERVICE = "docker-credential-dockhygiene index"
"""keyring has no way to list items, so one more item holds server to user name. `get` never touches it."""


def refusal(backend: KeyringBackend) -> str | None:
    """Why a backend is refused, by its class's name, or None."""
    kind = type(backend)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if name in ALLOWED:
        return None
    reasons = {
        "keyrings.alt.file.PlaintextKeyring": "it keeps secrets in a file in plain text",
        "keyrings.alt.file.EncryptedKeyring": "its encryption is weak and not authenticated",
        "keyring.backends.chainer.ChainerBackend": "it may end in a plain-text backend",
        "keyring.backends.fail.Keyring": "it keeps nothing",
        "keyring.backends.null.Keyring": "it keeps nothing",
    }
    return f"{name} is refused: {reasons.get(name, 'it is not one of the backends known to protect secrets')}"


def allowed_backend(names: tuple[str, ...] = tuple(ALLOWED)) -> KeyringBackend | None:
    """The first backend of this platform that works here, or None."""
    for name in [each for each in os.environ if each.startswith(("KEYRING_PROPERTY_", "PYTHON_KEYRING_BACKEND"))]:
        del os.environ[name]  # settings from outside must not bend the backend
    _see_system_packages()
    for name in names:
        if ALLOWED.get(name) != sys.platform:
            continue
        module, _, kind = name.rpartition(".")
        try:
            backend_class = getattr(importlib.import_module(module), kind)
            if backend_class.viable:
                backend: KeyringBackend = backend_class()
                return backend
        except (ImportError, AttributeError):
            continue  # another version of keyring, or a part of it that this Python does not have
    return None


class KeyringItems:
    """One item per server holding JSON [user name, secret]."""

    service = SERVICE
    index = INDEX_SERVICE

    def __init__(self, backend: KeyringBackend) -> None:
        if reason := refusal(backend):
            raise Trouble(reason)
        self._backend = backend

    def get(self, server: str) -> tuple[str, str] | None:
        held = self._read(self.service, server)
        if held is None:
            return None
        username, secret = json.loads(held)
        return str(username), str(secret)

    def store(self, server: str, username: str, secret: str) -> None:
        self._write(self.service, server, json.dumps([username, secret]))
        self.announce(server, username)

    def announce(self, server: str, username: str) -> None:
        """Takes it into the index."""
        index = self.servers()
        if index.get(server) != username:
            self._write(self.index, "servers", json.dumps({**index, server: username}))

    def erase(self, server: str) -> None:
        if self._read(self.service, server) is not None:
            self._delete(server)
        index = self.servers()
        if index.pop(server, None) is not None:
            self._write(self.index, "servers", json.dumps(index))

    def servers(self) -> dict[str, str]:
        held = json.loads(self._read(self.index, "servers") or "{}")
        return {str(server): str(username) for server, username in held.items()}

    def _read(self, service: str, name: str) -> str | None:
        from keyring.errors import KeyringError

        try:
            return self._backend.get_password(service, name)
        except KeyringError as error:
            raise _trouble(error) from None

    def _write(self, service: str, name: str, value: str) -> None:
        from keyring.errors import KeyringError

        try:
            self._backend.set_password(service, name, value)
        except KeyringError as error:
            raise _trouble(error) from None

    def _delete(self, server: str) -> None:
        from keyring.errors import KeyringError

        try:
            self._backend.delete_password(self.service, server)
        except KeyringError as error:
            raise _trouble(error) from None


def _trouble(error: Exception) -> Trouble:
    from keyring.errors import KeyringLocked

    if isinstance(error, KeyringLocked):
        return Locked("nobody unlocked it when it asked")
    return Trouble(f"the keyring could not be used ({type(error).__name__})")


def _see_system_packages() -> None:
    """The installed file runs without site packages; KWallet's and libsecret's bindings are only there.

    The folders are added at the end and their .pth files are not run.
    """
    import site

    for folder in site.getsitepackages():
        if folder not in sys.path:
            sys.path.append(folder)
