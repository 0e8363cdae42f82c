"""Monitor: the case stays in watch, and every look is recorded in it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from checks.formats.display import printable
from guides.case.due import DAY
from guides.case.model import StepId, Watch
from guides.case.walk import Walk
from guides.registries.verify import destinations
from guides.steps.pages import looks
from guides.steps.standing import questions
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, StepFailed, action, text_of
from guides.steps.taught import titled
from guides.steps.watching import look_once

id = StepId.MONITOR  # noqa: A001  the protocol's name
title = "Monitor"
DAYS = 30


def chapters(walk: Walk) -> Iterator[Chapter]:
    yield titled(walk, "Watch the services and the attempts", "revoking", "P4a", "P4b")
    yield titled(
        walk, "What every look does", "monitoring", "watch", "copies", "came-back", "new-one", "foreign", "not-known"
    )
    yield Chapter(f"Pages to look at at {walk.provider.title}", rows=tuple(looks(walk)))
    watch = walk.case.watch
    if watch:
        rows = [("Until", day(watch.until)), ("Last look", day(watch.looked) if watch.looked else "none yet")]
        rows += [("Alarm", printable(alarm, 200)) for alarm in watch.alarms]
        yield Chapter("This watch", rows=tuple(rows))


def actions(walk: Walk) -> Iterator[Action]:
    if walk.case.watch is None:
        yield _begin(walk)
        return
    yield action("look", "Look now", lambda _: look_once(walk), verb="Look", confirm=False, recommended=True)
    yield from questions(walk)
    ends = walk.around.clock() >= walk.case.watch.until
    yield action(
        "end",
        "End the watch" if ends else f"End the watch before {day(walk.case.watch.until)}",
        lambda answers: _end(walk, answers),
        asks=() if ends else (Ask("why", AskKind.TEXT, "Why before its time?"),),
        confirm=False,
    )


def day(when: float) -> str:
    return datetime.datetime.fromtimestamp(when).astimezone().date().isoformat()


def _begin(walk: Walk) -> Action:
    hosts = destinations(walk.case.registry) if walk.case.registry and walk.case.new else ()
    asks = [Ask("days", AskKind.TEXT, "For how many days?", default=str(DAYS))]
    if hosts:
        choices = (("no", "never send it by itself"), ("yes", f"once a day at most, to {' and '.join(hosts)}"))
        asks.append(Ask("verify", AskKind.CHOICE, "May a look verify the new one?", choices))
    return action(
        "begin",
        "Begin the watch",
        lambda answers: _begun(walk, answers, hosts),
        asks=tuple(asks),
        verb="Watch",
        confirm=False,
        recommended=True,
    )


def _begun(walk: Walk, answers: Answers, hosts: tuple[str, ...]) -> Iterator[str]:
    days = text_of(answers, "days") or str(DAYS)
    if not days.isdecimal() or not 1 <= int(days) <= 3650:
        raise StepFailed("that is no number of days from 1 to 3650")
    until = walk.around.clock() + int(days) * DAY
    approved = hosts if answers.get("verify") == "yes" else ()
    walk.log(id, f"in watch until {day(until)}", watch=Watch(until, approved))
    yield f"In watch until {day(until)}."
    yield from look_once(walk)


def _end(walk: Walk, answers: Answers) -> Iterator[str]:
    watch = walk.case.watch
    assert watch
    why = text_of(answers, "why")
    if walk.around.clock() < watch.until and not why:
        raise StepFailed("the watch has not come to its end", "say why it ends before")
    if watch.alarms:
        raise StepFailed(f"the last look found: {printable(watch.alarms[0], 160)}", "settle that first, and look again")
    how = f"early: {printable(why, 80)}" if why else "in time"
    walk.record(id, f"ended {how}; the last look found nothing")
    yield "The watch has ended."
