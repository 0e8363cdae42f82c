"""The guide on a plain terminal: the path, one step's text, its actions by number. Leaving loses nothing."""

from __future__ import annotations

import getpass
import textwrap
from collections.abc import Iterable, Mapping

from checks.files.state import StateError
from checks.formats.display import printable
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.steps.catalog import STEPS, actions_of
from guides.steps.progress import path_lines
from guides.steps.step import Action, Ask, AskKind, Chapter, Offer, StepFailed
from guides.stores.store import StoreError
from tui.plain.terminal import Terminal

WIDTH = 100


def walk_through(walk: Walk, terminal: Terminal) -> None:
    """Goes on until the case is closed or the person leaves."""
    read: set[StepId] = set()
    chosen: StepId | None = None
    while True:
        show_path(walk, terminal)
        step_id = chosen or walk.case.current
        if step_id is None:
            terminal.line("This case is closed.")
            return
        if step_id not in read:
            show_chapters(STEPS[step_id].chapters(walk), terminal)
            read.add(step_id)
        answer = _choose(walk, step_id, terminal)
        if answer == "leave":
            terminal.line(f"dockhygiene fix {walk.case.id} goes on here.")
            return
        if answer == "text":
            read.discard(step_id)
        elif answer == "step":
            chosen = _other_step(walk, terminal)
        else:
            before = walk.case.current
            _do(answer, walk, step_id, terminal)
            chosen = None if walk.case.current is not before else chosen


def show_path(walk: Walk, terminal: Terminal) -> None:
    case = walk.case
    user = f" / {printable(case.username, 40)}" if case.username else ""
    terminal.line()
    terminal.row("strong", f"{walk.registry}{user}", f"   {case.old.masked}   case {case.id}")
    for line in path_lines(case):
        note = f"   {line.note}" if line.note else ""
        terminal.line(f"  [{line.mark}] {line.number} {line.title:<11}{note}")
    if case.pending:
        terminal.line(f"  Interrupted: {case.pending.text}. {case.pending.mend}")


def show_chapters(chapters: Iterable[Chapter], terminal: Terminal) -> None:
    for chapter in chapters:
        terminal.line()
        terminal.row("strong", chapter.title, "")
        for text in chapter.paragraphs:
            _wrapped(text, terminal, "  ")
        for left, right in chapter.rows:
            _wrapped(f"{left}: {right}", terminal, "  ", "      ")


def _wrapped(text: str, terminal: Terminal, indent: str, rest: str | None = None) -> None:
    """Addresses and commands are never broken: they are copied from here."""
    shown = textwrap.wrap(
        printable(text, 2000), WIDTH, initial_indent=indent, subsequent_indent=indent if rest is None else rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    for line in shown or [""]:
        terminal.line(line, limit=2000)


def _choose(walk: Walk, step_id: StepId, terminal: Terminal) -> str:
    actions = list(actions_of(walk, STEPS[step_id]))
    best = next((one.id for one in actions if one.recommended), "leave")
    choices = [(one.id, one.title) for one in actions]
    choices += [
        ("text", "read the text of this step again"),
        ("step", "go to another step"),
        ("leave", "leave; nothing is lost"),
    ]
    terminal.line()
    return terminal.choose(f"{STEPS[step_id].title}: what now?", choices, default=best if best != "leave" else "leave")


def _other_step(walk: Walk, terminal: Terminal) -> StepId:
    choices = [(line.step.value, line.title) for line in path_lines(walk.case)]
    current = walk.case.current or walk.case.path[-1]
    return StepId(terminal.choose("Which step?", choices, default=current.value))


def _do(action_id: str, walk: Walk, step_id: StepId, terminal: Terminal) -> None:
    do(next(one for one in actions_of(walk, STEPS[step_id]) if one.id == action_id), terminal)


def do(action: Action, terminal: Terminal) -> None:
    """Shows what the action will do, asks for what it needs, and does it; what goes wrong is told."""
    try:
        offer = action.prepare()
        _show_offer(offer, terminal)
        answers = _answers(offer, terminal)
        if answers is None or (offer.confirm and not offer.irreversible and not _agreed(action, offer, terminal)):
            terminal.line("Nothing was done.")
            return
        for line in offer.perform(answers):
            _wrapped(line, terminal, "  ")
    except StepFailed as error:
        _failed(error.reason, error.mend, terminal)
    except StoreError as error:
        _failed(error.reason, error.mend, terminal)
    except StateError as error:
        _failed(str(error), "", terminal)


def _show_offer(offer: Offer, terminal: Terminal) -> None:
    for effect in offer.effects:
        _wrapped(effect, terminal, "  ", "    ")
    for line in offer.diff:
        terminal.line(f"    {line}")


def _answers(offer: Offer, terminal: Terminal) -> Mapping[str, str | Secret] | None:
    """What the person gave; None where a word was not typed."""
    answers: dict[str, str | Secret] = {}
    for ask in offer.asks:
        value = _ask(ask, terminal)
        if ask.kind is AskKind.WORD and value != ask.word:
            return None
        answers[ask.id] = value
    return answers


def _ask(ask: Ask, terminal: Terminal) -> str | Secret:
    if ask.kind is AskKind.CHOICE:
        return terminal.choose(ask.label, ask.choices, default=ask.choices[0][0])
    if ask.kind is AskKind.SECRET:
        return Secret(getpass.getpass(f"{printable(ask.label)} (not shown): ").strip())
    default = f" [{printable(ask.default, 60)}]" if ask.default else " (return: nothing)" if ask.optional else ""
    return terminal.ask(f"{ask.label}{default}: ") or ask.default


def _agreed(action: Action, offer: Offer, terminal: Terminal) -> bool:
    return terminal.confirm(f"{action.title}?", offer.verb.split()[0].lower())


def _failed(reason: str, mend: str, terminal: Terminal) -> None:
    _wrapped(f"Not done: {reason}.", terminal, "  ")
    if mend:
        _wrapped(f"Next: {mend}.", terminal, "  ")
