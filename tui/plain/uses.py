"""The uses of each credential as text for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checks.formats.display import printable, shell_path
from checks.model.credential import Credential
from checks.model.finding import Confidence
from checks.model.use import Match, Use
from checks.uses.by_hand import KIND
from checks.uses.matching import uses_of
from checks.uses.updating import IN_THIS_FILE
from guides.wording import counted, registry_title
from tui.plain.terminal import Terminal
from tui.reports.gathered import Gathered
from tui.wording import credential_title, reason_text

_NOT_PROOF = (
    "Nothing found is not proof: files of this machine were read; no server, cluster or service was asked. "
    "Ask whoever else has been given the credential."
)


def show(gathered: Gathered, terminal: Terminal, *, wanted: str = "", list_skipped: bool = False) -> None:
    """Each credential with its uses, the most certain first; then what may belong to any, then what was not read."""
    home = gathered.workstation.home
    shown = [one for one in gathered.credentials if wanted or one.confidence > Confidence.POSSIBLE]
    told: set[Use] = set()
    for credential in shown:
        found = uses_of(credential, gathered.uses)
        told.update(use for use, _ in found)
        _credential(credential, found, terminal, home)
    if wanted and not shown:
        terminal.line(f"No credential of {printable(wanted)} was found here. It is used in:")
        for use in gathered.uses:
            _use(use, None, terminal, home)
            told.add(use)
    elif not shown:
        terminal.line("No credential was found here.")
    _left(gathered, told, terminal, home)
    _summary(gathered, terminal, list_skipped=list_skipped)


def _credential(credential: Credential, found: Iterable[tuple[Use, Match]], terminal: Terminal, home: Path) -> None:
    who = f"  {credential.username}" if credential.username else ""
    terminal.row("strong", credential_title(credential), f"{who}  {credential.secret.masked}  ({credential.id})")
    empty = True
    for use, match in found:
        _use(use, match, terminal, home)
        empty = False
    if empty:
        terminal.line("  No use was found.")


def _use(use: Use, match: Match | None, terminal: Terminal, home: Path) -> None:
    line = f":{use.line}" if use.line else ""
    terminal.line(f"  {shell_path(use.path, home)}{line}  {use.title}", limit=700)
    sure = _certainty(use, match)
    facts = [sure] if sure else []
    if use.name and use.name not in use.title:
        facts.append(f"named {use.name}")
    if use.repository or use.pushes:
        facts.append(f"{'pushes' if use.pushes else 'pulls'} {use.repository or 'images'}")
    if facts:
        terminal.line(f"      {'; '.join(facts)}")
    if use.update and use.update != IN_THIS_FILE:
        terminal.line(f"      update: {use.update}", limit=700)
    else:
        terminal.line("      update: the value in this file" if use.secret else "      update: this file")


def _certainty(use: Use, match: Match | None) -> str:
    if match is Match.REGISTRY and use.implied:
        return f"the registry by the name alone: possible ({registry_title(use.registry)})"
    return match.says if match else ""


def _left(gathered: Gathered, told: set[Use], terminal: Terminal, home: Path) -> None:
    """Uses of which no file says the registry: each may belong to any credential."""
    left = [use for use in gathered.uses if not use.registry and use not in told]
    if left:
        terminal.line()
        terminal.line("Whose registry no file says, so look yourself:")
        for use in left:
            _use(use, None, terminal, home)
    written = [use for use in gathered.uses if use.kind == KIND and use.registry and use not in told]
    if written:
        terminal.line()
        terminal.line("Written down by hand, for registries of which no credential lies here in plain text:")
        for use in sorted(written, key=lambda use: use.registry or ""):
            terminal.line(f"  {registry_title(use.registry)}{f'  {use.username}' if use.username else ''}")
            _use(use, None, terminal, home)


def _summary(gathered: Gathered, terminal: Terminal, *, list_skipped: bool) -> None:
    terminal.line()
    if list_skipped and gathered.places_skipped:
        terminal.line("Not looked at:")
        for skipped in gathered.places_skipped:
            terminal.line(f"    {shell_path(skipped.path, gathered.workstation.home)}: {reason_text(skipped)}")
    text = f"{counted(len(gathered.uses), 'place')} where a registry's login is used."
    if gathered.places_skipped:
        verb = "was" if len(gathered.places_skipped) == 1 else "were"
        how = "" if list_skipped else " (dockhygiene uses --skipped)"
        text += f" {counted(len(gathered.places_skipped), 'place')} {verb} not looked at{how}."
    terminal.line(text)
    terminal.line(_NOT_PROOF)
