"""What Amazon tells of a key's use, in lines for the case's evidence."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from guides.case.walk import Surroundings
from guides.registries.aws import Aws, KeyEvent
from guides.registries.aws_wire import AwsKey
from guides.registries.trouble import Forbidden


def traces(client: Aws, login: AwsKey, name: str, user: str, around: Surroundings) -> list[str]:
    """Last use, quarantine and CloudTrail of the key `name`. Raises ApiError and NetworkFailure."""
    lines = _allowed("the last use", lambda: _last_use(client, login, name))
    if user:
        lines += _allowed("the user's policies", lambda: _quarantine(client, login, user))
    return lines + _allowed(f"CloudTrail in {client.region}", lambda: _events(client, login, name, around))


def _events(client: Aws, login: AwsKey, name: str, around: Surroundings) -> Iterator[str]:
    now = datetime.datetime.fromtimestamp(around.clock(), datetime.UTC)
    listing = client.events(login, name, now, around.pause)
    yield from _summary(listing.items, client.region, complete=listing.complete)


def _allowed(what: str, ask: Callable[[], Iterator[str]]) -> list[str]:
    """One question; without the right to it the others still count."""
    try:
        return list(ask())
    except Forbidden:
        return [f"{what}: this login may not look; ask an administrator"]


def _last_use(client: Aws, login: AwsKey, name: str) -> Iterator[str]:
    used = client.last_use(login, name)
    when = f"{used.when:%Y-%m-%d %H:%M} UTC, {used.service} in {used.region}" if used.when else "never, as far as told"
    yield f"last used: {when}"


def _quarantine(client: Aws, login: AwsKey, user: str) -> Iterator[str]:
    if client.quarantined(login, user):
        yield "Amazon found a key of this user in public, and attached its quarantine policy"
    else:
        yield "no quarantine policy of Amazon's is attached to the user"


def _summary(events: tuple[KeyEvent, ...], where: str, *, complete: bool) -> Iterator[str]:
    """What the key did, and from which addresses."""
    more = "" if complete else ", and more than were read"
    yield f"CloudTrail in {where}: {len(events)} calls in 90 days{more}"
    for name, count in _counted([f"{one.source.partition('.')[0]}:{one.name}" for one in events]):
        yield f"{count} times {name}"
    for address, count in _counted([one.address for one in events if one.address]):
        yield f"{count} calls from {address}"


def _counted(names: list[str], most: int = 8) -> list[tuple[str, int]]:
    counts = {name: names.count(name) for name in dict.fromkeys(names)}
    return sorted(counts.items(), key=lambda each: -each[1])[:most]
