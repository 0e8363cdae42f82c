"""What the clients of robots, tokens and keys have in common that somebody's login manages.

Each client finds the old one, describes one more like it, and ends one, as calls that are shown first. None has a call
that makes a new secret for an old name: that would end the old one before the new one is anywhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import CREATED, ENDED, Api, Call, HeaderSecret, Listing, Response
from guides.registries.fields import Fields
from guides.registries.trouble import NotUnderstood

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """One credential as its provider knows it; never its value."""

    id: str
    """What the provider's calls take for it."""
    name: str
    """As it stands in the provider's list. Of a robot it is the user name."""
    about: tuple[str, ...]
    """Lines for people. Printable."""
    described: Fields = field(repr=False)
    """The provider's own description: one more like it is made from this."""

    @property
    def shown(self) -> str:
        name, id_ = printable(self.name, 80), printable(self.id, 80)
        return f"`{name}`" if name == id_ or not id_ else f"`{name}` ({id_})"


@dataclass(frozen=True, slots=True)
class New:
    """Just made; its value is shown this one time. What else could not be read stays empty."""

    value: Secret
    username: str = ""
    """Empty where it takes the old one's."""
    id: str = ""
    expires: str = ""


class Manager(Protocol):
    """A client that holds one login. Raises ApiError and NetworkFailure throughout."""

    @property
    def host(self) -> str: ...

    def log(self, one: Known) -> tuple[str, ...]:
        """What the provider's log says that it did, newest first, as lines for people; empty where there is none."""

    def create(self, one: Known, name: str, days: int) -> Call[New]:
        """One more with the same rights; `days` of life, 0 for none that ends. Cut off, it may have been made."""

    def rights(self, one: Known, new: New) -> tuple[Call[None], ...]:
        """What gives the new one the old one's rights, where `create` could not."""

    def disable(self, one: Known) -> Call[None] | None:
        """Switches it off, so that it can be switched on again; None where the provider cannot."""

    def delete(self, one: Known) -> Call[None]:
        """Ends it for good."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An API with one login. `hints`: what to do next, by the status of a refusal."""

    api: Api
    login: HeaderSecret
    hints: Mapping[int, str]

    def ask(self, path: str, query: Mapping[str, str] | None = None) -> Response:
        return self.api.ask(path, login=self.login, query=query, hints=self.hints)

    def pages(
        self,
        path: str,
        read: Callable[[Response], tuple[tuple[Fields, ...], bool]],
        size_name: str,
        query: Mapping[str, str],
    ) -> Listing[Fields]:
        return self.api.pages(path, read, size_name=size_name, login=self.login, query=query, hints=self.hints)

    def making(
        self, method: str, path: str, effect: str, body: Mapping[str, object] | None, read: Callable[[Response], T]
    ) -> Call[T]:
        """What can be taken back by a deletion."""
        return self._call(method, path, effect, CREATED, body, read, final=False)

    def changing(self, method: str, path: str, effect: str, body: Mapping[str, object] | None = None) -> Call[None]:
        """What can be taken back by its opposite."""
        return self._call(method, path, effect, ENDED, body, _nothing, final=False)

    def ending(self, method: str, path: str, effect: str) -> Call[None]:
        """What nobody takes back."""
        return self._call(method, path, effect, ENDED, None, _nothing, final=True)

    def _call(
        self,
        method: str,
        path: str,
        effect: str,
        expect: tuple[int, ...],
        body: Mapping[str, object] | None,
        read: Callable[[Response], T],
        *,
        final: bool,
    ) -> Call[T]:
        return self.api.call(
            method,
            path,
            effect=printable(effect, 1000),
            read=read,
            expect=expect,
            sends=(self.login.secret.masked,),
            final=final,
            login=self.login,
            body=body,
            hints=self.hints,
        )


def _nothing(answer: Response) -> None:
    """Reads the answer of a call that tells nothing."""


def new_of(answer: Response, secret: str, **names: str) -> New:
    """The new one. `names`: the field of `username`, `id` and `expires`. Whatever stands in those, the value must not
    be lost for it."""
    fields = answer.fields()
    told = {name: text_of(fields, source) for name, source in names.items()}
    return New(fields.secret(secret), **told)


def text_of(fields: Fields, name: str) -> str:
    """A text or a number as text; empty for anything else."""
    found = fields.value.get(name)
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""


def ends_at(days: int, now: float) -> datetime.datetime | None:
    """When what is made now ends; None where it does not."""
    return datetime.datetime.fromtimestamp(now + days * 86400, datetime.UTC).replace(microsecond=0) if days else None


def until(days: int) -> str:
    return f"ending after {days} days" if days else "without an end"


def day(fields: Fields, name: str) -> str:
    """A time, or a number of seconds since 1970, as a day; `never` for a number below 1, `not told` otherwise."""
    found = fields.value.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        if found < 1:
            return "never"
        try:
            return f"{datetime.datetime.fromtimestamp(found, datetime.UTC):%Y-%m-%d}"
        except (ValueError, OverflowError, OSError):
            return "not told"
    try:
        when = fields.moment(name)
    except NotUnderstood:
        return printable(found, 40) if isinstance(found, str) else "not told"
    return f"{when:%Y-%m-%d}" if when else "not told"
