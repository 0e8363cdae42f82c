"""Whom we believe: the system's authorities and, as docker and podman do, those of `certs.d/HOST`."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from pathlib import Path

from checks.files.reading import NotRead, read_file
from guides.registries.failures import TlsFailed

_LIMIT = 1024 * 1024
"""Bytes of a bundle: the system's own has a quarter of that."""


def trust(folders: Iterable[Path]) -> ssl.SSLContext:
    """A context that checks names and chains. `*.crt` are authorities, `*.cert` with `.key` our own certificate.

    Raises TlsFailed for a file that cannot be used: to go on without it would end in a message about something else.
    """
    # Not create_default_context: it writes the session's keys to $SSLKEYLOGFILE, and they decrypt the login.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    for folder in folders:
        for path in _files(folder, ".crt"):
            _add_authority(context, path)
        for path in _files(folder, ".cert"):
            _add_own(context, path)
    return context


def _files(folder: Path, suffix: str) -> Iterator[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == suffix)
    except OSError:
        return  # not there, or readable by the daemon only; the handshake then says whom it does not know
    yield from found


def _add_authority(context: ssl.SSLContext, path: Path) -> None:
    try:
        context.load_verify_locations(cadata=read_file(path, _LIMIT).data.decode("ascii", "replace"))
    except NotRead as error:
        raise TlsFailed(f"{path} cannot be used as a certificate: {error.reason}") from None
    except (ssl.SSLError, ValueError):
        raise TlsFailed(f"{path} cannot be used as a certificate: it is not PEM") from None


def _add_own(context: ssl.SSLContext, path: Path) -> None:
    try:
        # Without a password OpenSSL would ask for one on the terminal, in the middle of a screen.
        context.load_cert_chain(path, path.with_suffix(".key"), password=lambda: b"")
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror if not isinstance(error, ssl.SSLError) else "no PEM, or its key is encrypted"
        raise TlsFailed(f"{path} and its .key cannot be used as a certificate: {reason}") from None
