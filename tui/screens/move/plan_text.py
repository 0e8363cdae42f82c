"""A plan in words: what moves, what is written, what stays and why, and what the next login does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.text import Text

from checks.formats.display import printable, shell_path
from guides.move.logins import Left
from guides.move.plan import Plan
from guides.wording import counted, registry_title
from tui.screens.move.request import MoveRequest
from tui.widgets.columns import chapter, columns, indented

_COLOURS = {"+": "green", "-": "red", "@": "dim"}


def preview_text(plan: Plan, request: MoveRequest) -> RenderableType:
    return Group(*_chapters(plan, request.session.workstation.home))


def _chapters(plan: Plan, home: Path) -> Iterator[RenderableType]:
    if plan.transfers:
        yield chapter("Moves", _moved(plan, home))
    for change in plan.changes:
        yield chapter(shell_path(change.file.path, home), _difference(change.preview))
    if plan.left:
        yield chapter("Stays where it is", columns(left_rows(plan.left, home)))
    if plan.notes:
        yield chapter("Good to know", *(indented(Text(printable(note, 400))) for note in plan.notes))
    if not plan.empty:
        yield chapter("The next docker login", indented(Text(f"{next_login(plan)} d changes this.")))
        yield chapter("Undo", indented(Text("u brings every file back, as long as the store holds these logins.")))
    elif not plan.left:
        yield chapter("Nothing to do", indented(Text("No login stands in plain text in these files.")))


def _moved(plan: Plan, home: Path) -> Text:
    """A line for each login that moves, in columns: registry, user, masked secret, where it is taken out."""
    table: list[tuple[list[str], list[str]]] = []
    for transfer in plan.transfers:
        first = transfer.logins[0]
        who = [registry_title(first.registry), printable(first.record.username, 40), first.record.secret.masked]
        table.append((who, [f"{shell_path(login.file.path, home)}:{login.line}" for login in transfer.logins]))
    widths = [max(cell_len(who[column]) for who, _ in table) for column in range(3)]
    text = Text()
    for who, places in table:
        padded = "  ".join(set_cell_size(cell, width) for cell, width in zip(who, widths, strict=True))
        for number, place in enumerate(places):
            text.append(f"  {padded if number == 0 else ' ' * cell_len(padded)}").append(f"  {place}\n", "dim")
    text.rstrip()
    return text


def left_rows(left: Sequence[Left], home: Path) -> Iterator[tuple[Text, Text]]:
    """What stays where it is: the one next action, why, and where."""
    for one in left:
        place = f"{shell_path(one.path, home)}:{one.line}, {one.secret.masked}"
        text = Text(f"{printable(one.action, 300)}\n").append(f"{printable(one.reason, 300)}\n{place}", "dim")
        yield Text(registry_title(one.registry), "bold"), text


def next_login(plan: Plan) -> str:
    """Where a login to a registry that is new here will land."""
    if plan.default_store:
        return f"It lands in {printable(plan.store.title)} too: config.json names it in credsStore."
    if any(change.file.auth.creds_store for change in plan.changes):
        return "It goes where config.json already says."
    return "To a registry that is new here it is plain text again: credsStore is not set."


def _difference(lines: Sequence[str]) -> Text:
    text = Text()
    for line in lines:
        text.append(f"  {printable(line, 300)}\n", _COLOURS.get(line[:1], ""))
    text.rstrip()
    return text


def effects_text(plan: Plan, request: MoveRequest) -> RenderableType:
    """What the one confirmation names: files, records, proof, and the way back."""
    rows = _effects(plan, request.session.workstation.home)
    return columns(((Text(label, "bold"), Text(text)) for label, text in rows), indent=0)


def _effects(plan: Plan, home: Path) -> Iterator[tuple[str, str]]:
    for change in plan.changes:
        taken = counted(len(change.rewrite.emptied), "login")
        yield "Changes", f"{shell_path(change.file.path, home)}: {taken} out, the store named"
    stored = dict.fromkeys(registry_title(one.logins[0].registry) for one in plan.transfers)
    replaced = dict.fromkeys(registry_title(one.logins[0].registry) for one in plan.transfers if one.replaced)
    if stored:
        yield "Stores", ", ".join(stored)
    if replaced:
        yield "Replaces", f"{', '.join(replaced)} in the store; undo cannot bring that back"
    yield "Proves", "each login is found again, or all is taken back"
    yield "Undo", "u, afterwards"
