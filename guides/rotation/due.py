"""When a credential's time has come: by its own end, or by its age against the policy."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from checks.formats.display import printable
from guides.case.due import DAY
from guides.monitor.credentials import Tracked
from guides.rotation.policy import Policy

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Age:
    """How old a credential is, and until when it may live."""

    days: int
    ends: float | None
    """When it expires by itself; None where it does not, or where that was not written as a day."""
    limit: float | None
    """When the policy wants it replaced; None where age alone asks for nothing."""
    reason: str
    """Why a rotation is due, a clause; empty while it is not."""

    @property
    def due(self) -> bool:
        return bool(self.reason)


def age_of(one: Tracked, policy: Policy, now: float) -> Age:
    """Judged at `now`, seconds since the epoch."""
    allowed = policy.days_for(one.provider, one.registry, one.username, one.form)
    limit = one.since + allowed * DAY if allowed else None
    ends = end_of(one.expires)
    days = max(0, int((now - one.since) // DAY))
    return Age(days, ends, limit, _reason(ends, limit, days, allowed, policy.warn, now, one.expires))


def end_of(expires: str) -> float | None:
    """The end of that day in UTC, for a text that begins with a day."""
    found = _DATE.match(expires.strip())
    if not found:
        return None
    try:
        day = datetime.datetime.strptime(found.group(), "%Y-%m-%d").replace(tzinfo=datetime.UTC)
    except ValueError:
        return None  # a person typed it, and there is no such day
    return day.timestamp() + DAY


def _reason(
    ends: float | None, limit: float | None, days: int, allowed: int, warn: int, now: float, expires: str
) -> str:
    shown = printable(expires, 40)
    if ends is not None and now >= ends:
        return f"it expired on {shown}"
    if limit is not None and now >= limit:
        return f"it is {days} days old, and the policy allows {allowed}"
    if ends is not None and now >= ends - warn * DAY:
        return f"it expires on {shown}"
    return ""
