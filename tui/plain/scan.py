"""The scan as text for people."""

from __future__ import annotations

from checks import source_text
from checks.formats.display import shell_path
from checks.model.credential import Credential
from checks.model.finding import Confidence
from guides.wording import counted, history_text, place_text
from tui.plain.terminal import Terminal
from tui.reports.gathered import Gathered
from tui.wording import credential_title, is_movable, reason_text


def show(gathered: Gathered, terminal: Terminal, *, list_skipped: bool, possible: bool = False) -> None:
    """Credentials first, then weak settings, then what was not looked at, then the next act.

    What is only `possible` is counted, and listed where that is asked for.
    """
    home = gathered.workstation.home
    credentials = _shown(gathered, possible)
    for credential in credentials:
        who = f"  {credential.username}" if credential.username else ""
        head = f"{credential_title(credential)}{who}  {credential.secret.masked}"
        label, where = credential.severity.label, counted(len(credential.findings), "place")
        terminal.row(label, f"{label:<9}", f" {head:<62}  {where}")
        for finding in credential.findings:
            terminal.line(f"    {place_text(finding.place, home):<44}  {finding.title}")
            if finding.history:
                terminal.line(f"    {'':<44}  {history_text(finding)}")
    for finding in gathered.settings:
        label = finding.severity.label
        terminal.row(label, f"{label:<9}", f" {place_text(finding.place, home)}: {finding.title}")
        if finding.advice:
            terminal.line(f"    {finding.advice}")
    for failure in gathered.failures:
        terminal.line(f"The check {failure.check} failed ({failure.failure}); the others ran. Please report this.")
    for note in gathered.notes:
        terminal.line(note)
    _summary(gathered, credentials, terminal, list_skipped)


def _shown(gathered: Gathered, possible: bool) -> list[Credential]:
    return [one for one in gathered.credentials if possible or one.confidence > Confidence.POSSIBLE]


def _summary(gathered: Gathered, credentials: list[Credential], terminal: Terminal, list_skipped: bool) -> None:
    if list_skipped and gathered.places_skipped:
        terminal.line("Not looked at:")
        for skipped in gathered.places_skipped:
            terminal.line(f"    {shell_path(skipped.path, gathered.workstation.home)}: {reason_text(skipped)}")
    held = sum(len(credential.findings) for credential in credentials)
    if not credentials and not gathered.settings:
        text = "Nothing exposed was found."
    else:
        text = f"{counted(len(credentials), 'credential')} in {counted(held, 'place')}"
        text += f", {counted(len(gathered.settings), 'weak setting')}." if gathered.settings else "."
    hidden = len(gathered.credentials) - len(credentials)
    if hidden:
        text += f" {hidden:,} more {'is' if hidden == 1 else 'are'} only possible (dockhygiene scan --possible)."
    if gathered.ignored:
        text += f" {counted(len(gathered.ignored), 'finding')} ignored."
    if gathered.places_skipped:
        how = "" if list_skipped else " (dockhygiene scan --skipped)"
        verb = "was" if len(gathered.places_skipped) == 1 else "were"
        text += f" {counted(len(gathered.places_skipped), 'place')} {verb} not looked at{how}."
    terminal.line(text)
    if not gathered.workstation.named and source_text.id not in gathered.left_out:
        terminal.line(
            "Of the home folder, git repositories and known places were read: dockhygiene scan ~ reads all of it."
        )
    if credentials:
        move = "dockhygiene move --all, or " if is_movable(gathered.told) else ""
        terminal.line(f"Next: {move}dockhygiene for the guide.")
