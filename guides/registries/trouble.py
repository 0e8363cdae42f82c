"""What can go wrong with a provider's API, kept apart, since each asks for something else of the person.

A message says what happened, at which host and call, and what to do next. Words of the provider stand in it short and
printable, with every secret that was sent taken out. What the network did is not in here: see `network.NetworkFailure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.formats.display import printable


class ApiError(Exception):
    """The provider did not do, or did not tell, what was asked. Nothing is tried again by itself."""

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status, 0 where nothing was sent."""


class NotSent(ApiError):
    """Nothing was sent: a name or a token is not what an address or a header can carry."""


class Unauthorised(ApiError):
    """401: the login is not, or no longer, accepted."""


class Forbidden(ApiError):
    """403: the login is alive, and may not do this."""


class Missing(ApiError):
    """404 or 410: nothing is there, or it is not shown to this login."""


class Conflict(ApiError):
    """409: it is there already, or was changed meanwhile."""


class Invalid(ApiError):
    """400 or 422: what was sent is not accepted."""


class RateLimited(ApiError):
    """429, or a 403 that says so. `retry_after`: seconds to wait, None where the host did not say."""

    def __init__(self, message: str, *, status: int = 0, retry_after: float | None = None) -> None:
        super().__init__(message, status=status)
        self.retry_after = retry_after


class ServerFailed(ApiError):
    """5xx: of a call that changes something it is not known whether it was done."""


class NotUnderstood(ApiError):
    """An answer that is not as described: a web page, cut off, of another shape, or a redirect. It proves nothing."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    error: type[ApiError]
    happened: str
    next_step: str


_MEANINGS = {
    400: _Meaning(Invalid, "does not accept what was sent", "correct it and try again"),
    401: _Meaning(Unauthorised, "does not accept this login", "sign in again, or use a credential that is alive"),
    403: _Meaning(Forbidden, "does not allow this to the login", "use an account or a token with more rights"),
    404: _Meaning(Missing, "has nothing there, or does not show it to this login", "check the name and the account"),
    409: _Meaning(Conflict, "has one already, or it was changed meanwhile", "look at the list, then try another name"),
    410: _Meaning(Missing, "no longer offers this", "use the provider's web page"),
    422: _Meaning(Invalid, "does not accept what was sent", "correct it and try again"),
}
_FAILED_READING = _Meaning(ServerFailed, "failed", "try again later")
_FAILED_CHANGING = _Meaning(
    ServerFailed, "failed, and whether it was done is not known", "look at the list before you try again"
)
_STRANGE = _Meaning(NotUnderstood, "answered in a way that is not described", "use the provider's web page")


def refusal(
    status: int, host: str, method: str, path: str, *, said: str = "", hints: Mapping[int, str] | None = None
) -> ApiError:
    """The error for an answer of this status. `hints` replaces what to do next, by status."""
    if status >= 500:
        meaning = _FAILED_READING if method == "GET" else _FAILED_CHANGING
    else:
        meaning = _MEANINGS.get(status, _STRANGE)
    next_step = (hints or {}).get(status, meaning.next_step)
    quoted = f' ("{said}")' if said else ""
    where = f"{method} {printable(path)}, status {status}"
    return meaning.error(f"{printable(host)} {meaning.happened}{quoted}: {next_step} [{where}]", status=status)
