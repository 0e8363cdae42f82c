"""What can go wrong on the way to a host, in our own words: a library's would repeat addresses and proxy passwords."""

from __future__ import annotations

import ssl
from http.client import HTTPException
from typing import ClassVar

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from checks.formats.display import printable


class NetworkFailure(Exception):
    """No answer that could be judged. The message names the host, what happened, and never a secret."""

    may_have_arrived: ClassVar[bool] = False
    """Whether the host may have read the request all the same."""


class Unreachable(NetworkFailure):
    """No connection: the name, the route, the proxy, or nothing that listens."""


class TimedOut(Unreachable):
    """A connection, or nothing yet, and no whole answer in time."""

    may_have_arrived = True


class CutOff(Unreachable):
    """The answer ended early, or was none that HTTP knows."""

    may_have_arrived = True


class TlsFailed(NetworkFailure):
    """The host could not prove who it is."""


class NoTls(TlsFailed):
    """What listens there does not speak TLS at all."""


class AddressRefused(NetworkFailure):
    """The address itself is none that a request may go to."""


class PlainHttpRefused(AddressRefused):
    """The address is not encrypted, and the host is neither this machine nor declared insecure."""


def failure_of(host: str, error: Exception) -> NetworkFailure:
    """The failure that stands for what was raised while this host was asked."""
    name = printable(host)
    if isinstance(error, ProxyError) and isinstance(error.original_error, (HTTPException, ConnectionError)):
        return CutOff(f"{name}, or the proxy on the way there, did not give a whole HTTP answer")
    if isinstance(error, ProxyError):
        return Unreachable(f"the proxy did not let us through to {name}: look at HTTPS_PROXY and NO_PROXY")
    if isinstance(error, (SSLError, ssl.SSLError)):
        return _tls_failure(name, str(error))
    if isinstance(error, NameResolutionError):
        return Unreachable(f"{name} has no address: look at the name, and at the network")
    if isinstance(error, (ConnectTimeoutError, ReadTimeoutError, TimeoutError)) and not isinstance(
        error,
        NewConnectionError,  # which urllib3 derives from a timeout
    ):
        return TimedOut(f"{name} did not answer in time")
    if isinstance(error, NewConnectionError):
        return Unreachable(f"nothing answers at {name}")
    if isinstance(error, (ProtocolError, HTTPError, HTTPException)):
        return CutOff(f"{name} did not give a whole HTTP answer")
    return Unreachable(f"{name} could not be reached ({type(error).__name__})")


def _tls_failure(name: str, text: str) -> TlsFailed:
    if any(sign in text for sign in _NO_TLS):
        return NoTls(f"{name} does not speak TLS at this port")
    meaning = next((meaning for sign, meaning in _TLS_REASONS.items() if sign in text), "the TLS handshake failed")
    return TlsFailed(f"{name} could not prove who it is: {meaning}")


_NO_TLS = (
    "WRONG_VERSION_NUMBER",
    "wrong version number",
    "RECORD_LAYER_FAILURE",
    "record layer failure",
    "PACKET_LENGTH_TOO_LONG",
    "HTTP_REQUEST",
    "EOF occurred in violation of protocol",
    "connection has been closed (EOF)",
)
"""OpenSSL's words, by version, for an answer that is no TLS, or for a connection closed at the first message."""

_UNTRUSTED = "its certificate is signed by nobody that this machine trusts (certs.d may name one)"
_TLS_REASONS = {
    "self-signed certificate": _UNTRUSTED,
    "self signed certificate": _UNTRUSTED,
    "unable to get local issuer": _UNTRUSTED,
    "unable to get issuer": _UNTRUSTED,
    "certificate has expired": "its certificate has expired, or this machine's clock is wrong",
    "not yet valid": "its certificate is not valid yet: this machine's clock may be wrong",
    "Hostname mismatch": "its certificate is for another name",
    "IP address mismatch": "its certificate is for another name",
    "doesn't match": "its certificate is for another name",
}
