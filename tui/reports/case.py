"""The report of a case: what, where, when, actions, proofs, what remains. Markdown, and HTML made of it; no secret."""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterator

from guides.case.model import Case, CasePlace, CaseUse, Settled, StepState
from guides.markdown import escaped, rows
from guides.steps.progress import path_lines
from guides.wording import case_title

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "h1,h2{line-height:1.2}li{margin:.2rem 0}@media print{body{margin:0}}"
)


def markdown(case: Case) -> str:
    return "\n".join(_lines(case)) + "\n"


def page(case: Case) -> str:
    """The same as one HTML page without scripts, pictures or addresses that load by themselves."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).render(markdown(case))
    title = html.escape(f"dockhygiene: case {case.id}")
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n<body>\n{body}</body>\n</html>\n"
    )


def _lines(case: Case) -> Iterator[str]:
    yield f"# Case {case.id}: {escaped(case_title(case.registry, case.provider))}"
    yield from ("", "## What", "")
    yield from rows(_what(case))
    yield from ("", "## Steps", "")
    yield from rows((f"{line.title} [{line.mark}]", line.note) for line in path_lines(case))
    yield from ("", "## Where it lay", "")
    yield from rows(_place(place) for place in case.places)
    yield from ("", "## What used it", "")
    yield from rows(_use(use) for use in case.uses) if case.uses else ["No use was found in the places looked at."]
    if case.evidence:
        yield from ("", "## Evidence, saved before the revocation where it was possible", "")
        yield from rows((f"{_time(one.when)}, {one.source}", "; ".join(one.lines)) for one in case.evidence)
    yield from ("", "## What was done", "")
    yield from rows((f"{_time(entry.when)} {entry.step}", entry.text) for entry in case.journal)
    yield from ("", "## What remains", "")
    yield from (f"- {escaped(text)}" for text in _remains(case))


def _what(case: Case) -> Iterator[tuple[str, str]]:
    yield "Registry" if case.registry else "Issuer", case_title(case.registry, case.provider)
    yield "User", case.username or "not known"
    yield "Old credential", f"{case.old.masked} ({case.old.kind})"
    yield "Proven dead", _time(case.old.dead) if case.old.dead else "no"
    if case.new:
        about = ", ".join(
            filter(None, (case.new.masked, case.new.label, case.new.expires and f"expires {case.new.expires}"))
        )
        yield "New credential", about
        yield "Accepted", _time(case.new.accepted) if case.new.accepted else "not verified"
    yield "Opened", _time(case.opened)
    yield "Order", case.order.value
    yield "Exposure", "; ".join(case.exposure) or "none known"
    for label, text in (
        ("Contact", case.notes.contact),
        ("Staging", case.notes.staging),
        ("Fallback", case.notes.fallback),
    ):
        if text:
            yield label, text


def _place(place: CasePlace) -> tuple[str, str]:
    line = f":{place.line}" if place.line else ""
    return f"{place.path}{line}", "; ".join(filter(None, (place.title, place.state.value, place.note)))


def _use(use: CaseUse) -> tuple[str, str]:
    line = f":{use.line}" if use.line else ""
    return f"{use.path}{line}", "; ".join(filter(None, (use.title, use.name, use.state.value, use.note)))


def _remains(case: Case) -> Iterator[str]:
    if case.old.dead is None:
        yield "The old credential was not proven dead."
    for step, record in case.steps.items():
        if record.state is StepState.SKIPPED:
            yield f"{step} was skipped: {record.note}"
    for place in case.places:
        if place.state in (Settled.OPEN, Settled.LEFT):
            yield f"{place.path} holds what it held ({place.state})"
    for use in case.uses:
        if use.state is Settled.OPEN:
            yield f"{use.path}: {use.title} was not settled"
    yield "Copies in backups, clones and images may still hold the old value; they open nothing while it stays dead."


def _time(when: float) -> str:
    return datetime.datetime.fromtimestamp(when, datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
