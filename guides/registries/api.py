"""JSON over the one way out of this workstation: questions, and calls that are shown before they are made.

A question (`Api.ask`) changes nothing at the provider. What creates or ends something is a `Call`: the object whose
method, host, path and effect the person sees is the one that is then sent. Nothing is ever tried twice: after a
creating call that was cut off, the provider may hold what was made, and the list says so.
"""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.authorization import basic as basic_header
from guides.registries.authorization import why_not_basic
from guides.registries.fields import Fields, items
from guides.registries.network import Answer, Network
from guides.registries.trouble import (
    ApiError,
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    NotSent,
    NotUnderstood,
    RateLimited,
    ServerFailed,
    Unauthorised,
    refusal,
)
from guides.registries.verification import RegistryLogin

__all__ = [
    "CREATED",
    "ENDED",
    "Api",
    "ApiError",
    "Call",
    "Conflict",
    "Forbidden",
    "HeaderSecret",
    "Invalid",
    "Listing",
    "Missing",
    "NotSent",
    "NotUnderstood",
    "RateLimited",
    "Response",
    "ServerFailed",
    "Unauthorised",
    "basic",
    "bearer",
    "segment",
]

MOST_BODY = 1024 * 1024
"""Bytes of one answer: a page of a hundred tags with their images fits."""
CREATED = (201, 200)
"""Statuses after which an answer holds what was made: a 200 where 201 is described must not lose the new secret."""
ENDED = (204, 200, 202)
PAGE_SIZE = 100
MOST_PAGES = 20
LONGEST_WAIT = 24 * 3600.0
UNIX_TIME = 1e9
"""From here on a number of seconds is a time since 1970."""
_LENIENT = (429, *range(500, 600))
"""Statuses that gateways answer as well, in whatever format."""

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741  an item


@dataclass(frozen=True, slots=True)
class HeaderSecret:
    """A login that goes into a header of the request."""

    header: str
    prefix: str
    secret: Secret
    beside: HeaderSecret | None = None
    """A second header that goes with it."""

    def value(self) -> str:
        """Raises NotSent for what no header can carry: a line break in it would be another header."""
        text = self.secret.reveal()
        if not text or not text.isascii() or not text.isprintable() or " " in text:
            raise NotSent("the token is empty or holds characters that no token has: nothing was sent; paste it again")
        return self.prefix + text


@dataclass(frozen=True, slots=True)
class BasicLogin(HeaderSecret):
    """User and password, as RFC 7617 has them."""

    username: str = ""

    def value(self) -> str:
        """Raises NotSent for what Basic authentication cannot carry."""
        if not self.secret or (fault := why_not_basic(RegistryLogin("", self.username, self.secret))):
            raise NotSent(f"{fault if self.secret else 'there is no password'}: nothing was sent")
        return basic_header(self.username, self.secret)["Authorization"]


def bearer(secret: Secret) -> HeaderSecret:
    return HeaderSecret("Authorization", "Bearer ", secret)


def basic(username: str, secret: Secret) -> HeaderSecret:
    return BasicLogin("Authorization", "Basic ", secret, username=username)


def segment(name: str) -> str:
    """A name as one part of a path. Raises NotSent for what would be another path."""
    if name.strip(".") == "" or not name.isprintable():
        raise NotSent(f"`{printable(name)}` is not a name: nothing was sent; check it")
    return quote(name, safe="")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer in JSON, or an empty one. It may hold a secret, so its value never shows in a repr."""

    status: int
    where: str
    """Host and call, for messages."""
    value: object = field(repr=False)
    answer: Answer = field(repr=False)

    def fields(self) -> Fields:
        return Fields.of(self.value, self.where)

    def items(self) -> tuple[Fields, ...]:
        return items(self.value, self.where)


@dataclass(frozen=True, slots=True)
class Listing(Generic[I]):
    """What a provider lists. Without `complete` it held more than this program reads."""

    items: tuple[I, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A call that creates or ends something, as it is shown beforehand, and `perform`ed by the same object."""

    method: str
    host: str
    path: str
    effect: str
    """One sentence: what it does to whose credential, and whether that can be undone."""
    sends: tuple[str, ...]
    """The secrets that the host will see, by name and in masked form."""
    final: bool
    """It cannot be undone."""
    api: Api = field(repr=False)
    login: HeaderSecret | None = field(repr=False)
    body: Mapping[str, object] | None = field(repr=False)
    expect: tuple[int, ...] = field(repr=False)
    hints: Mapping[int, str] = field(repr=False)
    read: Callable[[Response], T] = field(repr=False)

    @property
    def shown(self) -> str:
        """Method, address and effect in one line: the dry run."""
        return f"{self.method} {printable(self.host)}{printable(self.path)}: {self.effect}"

    def perform(self) -> T:
        """Sends it, once. Raises ApiError and NetworkFailure; after the latter it may have been done all the same."""
        response = self.api.exchange(self, login=self.login, body=self.body, expect=self.expect, hints=self.hints)
        return self.read(response)


@dataclass(frozen=True, slots=True)
class _Question:
    """What `exchange` needs of a call that changes nothing."""

    method: str
    host: str
    path: str


class Api:
    """One provider's API. `base_url` may end in a path, and may be a loopback address for tests."""

    def __init__(self, network: Network, base_url: str, *, headers: Mapping[str, str] | None = None) -> None:
        address = urlsplit(base_url.rstrip("/"))
        self.network = network
        self.scheme, self.host, self.prefix = address.scheme, address.netloc, address.path
        self.headers = {"Accept": "application/json", **(headers or {})}

    def ask(
        self,
        path: str,
        *,
        login: HeaderSecret | None = None,
        query: Mapping[str, str] | None = None,
        expect: Iterable[int] = (200,),
        hints: Mapping[int, str] | None = None,
    ) -> Response:
        """GET. Returns answers whose status is among `expect`. Raises ApiError and NetworkFailure."""
        full = self.prefix + path + (f"?{urlencode(query)}" if query else "")
        question = _Question("GET", self.host, full)
        return self.exchange(question, login=login, body=None, expect=expect, hints=hints or {})

    def sign_in(
        self, path: str, body: Mapping[str, object], *, expect: Iterable[int] = (200,), form: bool = False
    ) -> Response:
        """POST of a login, which nothing but a session comes from. The person agreed to the host beforehand. `form`: as
        a form, in place of JSON."""
        question = _Question("POST", self.host, self.prefix + path)
        return self.exchange(question, login=None, body=body, expect=expect, hints={}, form=form)

    def call(
        self,
        method: str,
        path: str,
        *,
        effect: str,
        read: Callable[[Response], T],
        expect: tuple[int, ...],
        sends: tuple[str, ...] = (),
        final: bool = False,
        login: HeaderSecret | None = None,
        body: Mapping[str, object] | None = None,
        hints: Mapping[int, str] | None = None,
    ) -> Call[T]:
        """Describes a call without making it."""
        return Call(
            method, self.host, self.prefix + path, effect, sends, final, self, login, body, expect, hints or {}, read
        )

    def pages(
        self,
        path: str,
        read: Callable[[Response], tuple[tuple[I, ...], bool]],
        *,
        size_name: str,
        login: HeaderSecret | None = None,
        query: Mapping[str, str] | None = None,
        hints: Mapping[int, str] | None = None,
    ) -> Listing[I]:
        """Asks page after page. `read` gives a page's items and whether more follow. Links of theirs are not followed:
        one could name another host, and the login would go there."""
        found: list[I] = []
        for page in range(1, MOST_PAGES + 1):
            asked = {**(query or {}), "page": str(page), size_name: str(PAGE_SIZE)}
            got, more = read(self.ask(path, login=login, query=asked, hints=hints))
            found += got
            if not more or not got:
                return Listing(tuple(found))
        return Listing(tuple(found), complete=False)

    def exchange(
        self,
        what: Call[T] | _Question,
        *,
        login: HeaderSecret | None,
        body: Mapping[str, object] | None,
        expect: Iterable[int],
        hints: Mapping[int, str],
        form: bool = False,
    ) -> Response:
        headers = dict(self.headers)
        for one in _logins(login):
            headers[one.header] = one.value()
        data = None
        if body is not None:
            headers["Content-Type"] = f"application/{'x-www-form-urlencoded' if form else 'json'}"
            data = (_as_form(body) if form else json.dumps(body, default=_revealed)).encode()
        url = f"{self.scheme}://{what.host}{what.path}"
        answer = self.network.send(what.method, url, headers=headers, body=data, most_body=MOST_BODY)
        where = f"{printable(what.host)} ({what.method} {printable(what.path)})"
        if answer.status in set(expect):
            return Response(answer.status, where, _value(answer, where), answer)
        value = None if answer.status in _LENIENT else _value(answer, where)
        said = _without(_secrets(login, body), _said(value))
        raise _limited(answer, where) or refusal(
            answer.status, what.host, what.method, what.path, said=said, hints=hints
        )


def _revealed(value: object) -> object:
    """Called by json for what it does not know: a Secret becomes text here, on its way to the host, and only here."""
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(f"{type(value).__name__} cannot be sent")


def _as_form(body: Mapping[str, object]) -> str:
    return urlencode({name: _revealed(value) if isinstance(value, Secret) else value for name, value in body.items()})


def _value(answer: Answer, where: str) -> object:
    """The JSON of an answer, None for an empty one. Raises NotUnderstood."""
    if answer.cut:
        raise NotUnderstood(f"{where} answered with more than {MOST_BODY // 1024} KiB: nothing of it is used")
    body = answer.body.strip()
    if not body:
        return None
    if body.startswith(b"<"):
        raise NotUnderstood(
            f"{where} answered with a web page (status {answer.status}): a proxy or a sign-in page stands in between",
            status=answer.status,
        )
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise NotUnderstood(
            f"{where} did not answer with whole JSON (status {answer.status}): nothing of it is used",
            status=answer.status,
        ) from None


def _said(value: object) -> str:
    """The provider's own words in an error answer. Each has another field for them."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(filter(None, map(_said, value[:5])))
    if isinstance(value, dict):
        known = [_said(value[name]) for name in _WORDS if value.get(name)]
        return known[0] if known else "; ".join(f"{name}: {_said(one)}" for name, one in list(value.items())[:3])
    return ""


_WORDS = ("message", "detail", "details", "error_description", "text", "error")


def _logins(login: HeaderSecret | None) -> tuple[HeaderSecret, ...]:
    return (login, *_logins(login.beside)) if login else ()


def _secrets(login: HeaderSecret | None, body: Mapping[str, object] | None) -> list[Secret]:
    """All that were sent, lists of them too."""
    found = [one.secret for one in _logins(login)]
    for value in (body or {}).values():
        found += [one for one in (value if isinstance(value, (list, tuple)) else [value]) if isinstance(one, Secret)]
    return found


def _without(secrets: list[Secret], said: str) -> str:
    """A provider may repeat what it was sent: none of it may stand in a message."""
    for secret in secrets:
        if secret:
            said = said.replace(secret.reveal(), "***")
    return printable(said)


def _limited(answer: Answer, where: str) -> RateLimited | None:
    """A 429; and GitHub's 403 with nothing left, which is no refusal (github/docs, rate limits for the REST API)."""
    spent = answer.header("X-RateLimit-Remaining") == "0" or bool(answer.header("Retry-After"))
    if answer.status != 429 and not (answer.status == 403 and spent):
        return None
    wait = _wait(answer)
    when = f"in {wait:.0f} seconds" if wait is not None else "later"
    message = f"{where} was asked too often: try again {when}; nothing was changed"
    return RateLimited(message, status=answer.status, retry_after=wait)


def _wait(answer: Answer) -> float | None:
    """Seconds to wait. `Retry-After` holds seconds or a date; Docker Hub's `X-Retry-After` a Unix time."""
    now = _moment(answer.header("Date")) or time.time()  # their clock, where they tell it: ours may be wrong
    for name in ("Retry-After", "X-Retry-After", "X-RateLimit-Reset"):
        given = answer.header(name).strip()
        seconds = float(given) if given.isdecimal() and len(given) < 16 else _moment(given)
        if seconds is not None:
            seconds = seconds - now if seconds > UNIX_TIME else seconds
            return min(max(seconds, 0.0), LONGEST_WAIT)
    return None


def _moment(header: str) -> float | None:
    """Unix time of an HTTP date."""
    try:
        return email.utils.parsedate_to_datetime(header).timestamp() if header else None
    except (ValueError, TypeError, OverflowError):
        return None
