"""The provider's pages for one case, and the choices to make there."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from checks.formats.display import printable
from guides.case.walk import Walk
from guides.words.filled import fill_text

DAY = 86400


def page(walk: Walk, which: str) -> str:
    """The address of the page `create`, `manage` or `log`; empty where there is none, or too little is known."""
    pushes = any(use.pushes for use in walk.case.uses)
    try:
        return walk.kind.link(which, pushes=pushes, **_values(walk))
    except (KeyError, ValueError):
        return ""


def label(walk: Walk) -> str:
    """What the new credential is called at the provider."""
    return f"dockhygiene-{walk.case.id}"


def expiry_date(walk: Walk) -> str:
    """The recommended last day, `2027-02-22`; empty where the kind has none."""
    if not walk.kind.expiry_days:
        return ""
    last = datetime.datetime.fromtimestamp(walk.around.clock() + walk.kind.expiry_days * DAY, datetime.UTC)
    return last.date().isoformat()


def choices(walk: Walk) -> tuple[str, ...]:
    """What to choose on the page that makes a new one."""
    values = {"name": label(walk), "expires": expiry_date(walk) or "as short as you can"}
    return tuple(fill_text(choice, values) for choice in walk.kind.choices)


def looks(walk: Walk) -> Iterator[tuple[str, str]]:
    """What to look at for traces of others: (what and where, what to look for)."""
    for look in walk.kind.looks:
        where = look.where
        if "://" in where:
            try:
                where = walk.kind.look_link(look, **_values(walk))
            except (KeyError, ValueError):
                where = ""
        where = {"api": "asked by the program", "server": "on the registry's own machine"}.get(where, where)
        yield printable(f"{look.what} ({where})" if where else look.what, 200), look.look_for


def _values(walk: Walk) -> dict[str, str]:
    registry = walk.case.registry or ""
    names = {"host": registry.removeprefix("registry."), "name": label(walk), "username": walk.case.username}
    repository = next((use.repository for use in walk.case.uses if use.repository), None)
    if walk.case.username:
        names["namespace"] = walk.case.username.partition("+")[0]  # Quay's robots stand in a namespace
    if repository:
        names |= {"repository": repository, "project": repository, "namespace": repository.partition("/")[0]}
    return {name: value for name, value in names.items() if value}
