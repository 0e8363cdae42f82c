"""Names that are paths, and servers' addresses, before anything is sent."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from checks.formats.display import printable
from guides.stores.managers.manager import NotTrusted
from guides.stores.store import StoreMissing, StoreRefused

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def path_parts(name: str, *, least: int = 1) -> list[str]:
    """The parts between the slashes. Raises StoreRefused for a name that could mean another place than it says."""
    parts = name.split("/")
    if len(parts) < least or any(part in ("", ".", "..") or not part.isprintable() for part in parts):
        what = "MOUNT/PATH" if least > 1 else "a path"
        raise StoreRefused(f"{printable(name, 80)} is no name here: it has to be {what} without empty parts or dots")
    return parts


def server(address: str, variable: str) -> SplitResult:
    """A manager's address. Raises StoreMissing for what is none, NotTrusted where a secret would travel unencrypted."""
    try:
        found = urlsplit(address)
        known = found.scheme in ("http", "https") and found.hostname and found.port != 0 and not found.username
    except ValueError:
        known = None
    if not known:
        raise StoreMissing(f"{variable} is no address of a server", f"set {variable}=https://HOST:PORT")
    if found.scheme == "http" and found.hostname not in LOOPBACK:
        raise NotTrusted(
            f"{variable} is http, and secrets would cross the network for everybody to read",
            f"set {variable} to the https address",
        )
    return found
