"""A verification on a plain terminal: who will see what, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from guides.registries.docker_logins import Held
from guides.registries.verification import Verdict, Verification
from guides.registries.verify import destinations
from guides.wording import counted, registry_title
from tui.plain.terminal import Terminal

_STYLES = {Verdict.VALID: "good", Verdict.LIMITED: "good", Verdict.REFUSED: "high", Verdict.EXPIRED: "high"}


def show_request(logins: Sequence[Held], terminal: Terminal) -> None:
    """Which host will see which secret. Tells only; asks nothing."""
    terminal.line("These hosts will be asked, and will see:")
    for held in logins:
        if held.login is None:
            continue
        kind = "identity token" if held.login.identity else "secret"
        hosts = " or ".join(destinations(held.registry))
        terminal.line(f"  {hosts}: the {kind} {held.login.secret.masked}, from {held.source}")
    terminal.line("Each once, and over TLS unless it is on this machine or the daemon declares it insecure.")
    terminal.line("You are asked again before a token service sees anything that is not known to belong to a registry.")
    terminal.line("A host that accepts a login is tried with a made-up one too, once a day, which it must refuse.")


def show_verdict(found: Verification, terminal: Terminal) -> None:
    """One line for one registry."""
    saw = f" Seen by {' and '.join(found.hosts)}." if found.hosts else " No host saw the secret."
    wait = f" Wait {counted(round(found.retry_after), 'second')}." if found.retry_after is not None else ""
    unproven = ", not proven" if found.verdict.works and not found.accepted else ""
    title = registry_title(found.registry)
    about = found.reason if found.reason.startswith(title) else f"{title}: {found.reason}"
    terminal.row(_STYLES.get(found.verdict, "medium"), f"{found.verdict}{unproven}: ", f"{about}.{wait}{saw}")


def show_left_out(held: Iterable[Held], terminal: Terminal) -> None:
    """Registries that the demo does not ask."""
    for one in held:
        terminal.line(f"{registry_title(one.registry)} is left out: its login is made up, as all of the demo's are.")


def show_trouble(held: Iterable[Held], terminal: Terminal) -> None:
    """Registries whose login could not be read."""
    for one in held:
        terminal.row("medium", f"{Verdict.UNKNOWN}: ", f"{registry_title(one.registry)}: {one.trouble}")
