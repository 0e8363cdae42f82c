"""`dockhygiene verify`: does the registry accept the login that docker would take?"""

from __future__ import annotations

import argparse

from checks.files.state import StateError
from checks.formats.display import printable
from checks.formats.registry_names import is_loopback, registry_of
from guides.registries.control import Control
from guides.registries.docker_logins import Held, LoginsUnreadable, docker_logins
from guides.registries.insecure import network_of
from guides.registries.network import Network
from guides.registries.verification import RegistryLogin, Verdict, Verification
from guides.registries.verify import verify
from guides.wording import registry_title
from tui.exit_codes import ExitCode
from tui.plain.notices import show_notices
from tui.plain.terminal import Terminal, complain
from tui.plain.verify import show_left_out, show_request, show_trouble, show_verdict
from tui.session import Session, open_session

ACCEPTED, REFUSED, NOT_KNOWN = 0, 1, 3
"""Exit codes; of several logins the highest."""


def run(arguments: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    if not arguments.yes and not terminal.can_ask:
        complain("verify sends a secret to a registry, and there is no terminal to confirm on; --yes goes on without")
        return ExitCode.USAGE
    try:
        session = session or open_session()
        show_notices(session.notices(), terminal)
        return _verify(arguments, session, terminal)
    except (StateError, LoginsUnreadable) as error:
        complain(str(error))
        return ExitCode.USAGE


def _verify(arguments: argparse.Namespace, session: Session, terminal: Terminal) -> int:
    wanted = (arguments.registry,) if arguments.registry else ()
    held = [one for one in docker_logins(session.workstation, wanted) if one.login or one.trouble]
    if wanted and not held:
        complain(f"docker has no login for {printable(registry_of(arguments.registry), 80)}")
        return ExitCode.USAGE
    logins = [one for one in held if one.login and not _made_up(one, session)]
    troubled = [one for one in held if one.trouble]
    show_left_out((one for one in held if _made_up(one, session)), terminal)
    show_trouble(troubled, terminal)
    if not logins:
        terminal.line("There is no login that can be verified.")
        return NOT_KNOWN
    show_request(logins, terminal)
    if not arguments.yes and not terminal.confirm("Send them?", "verify"):
        terminal.line("Nothing was sent.")
        return NOT_KNOWN
    codes = [_one(one, session, terminal, ask=not arguments.yes) for one in logins]
    return max([*codes, *(NOT_KNOWN for _ in troubled)])


def _made_up(held: Held, session: Session) -> bool:
    """In the demo only its own registries are asked: its other logins are invented, and their users may exist."""
    return bool(session.banner and held.login) and not is_loopback(held.registry)


def _one(held: Held, session: Session, terminal: Terminal, *, ask: bool) -> int:
    assert held.login is not None
    network, control = network_of(session.workstation, local_only=bool(session.banner)), Control(session.state)
    found = verify(held.login, network, control=control)
    if found.verdict is Verdict.REFUSED_REALM and found.realm and ask:
        found = _at_foreign_realm(held.login, found, network, control, terminal)
    show_verdict(found, terminal)
    if found.accepted:
        return ACCEPTED
    return REFUSED if found.refused else NOT_KNOWN


def _at_foreign_realm(
    login: RegistryLogin, found: Verification, network: Network, control: Control, terminal: Terminal
) -> Verification:
    """Asks about the token service that the registry names, and goes there only then."""
    question = (
        f"{registry_title(login.registry)} names {printable(found.realm, 80)} as its token service, which is not known "
        f"to belong to it. Send {login.secret.masked} there?"
    )
    if not terminal.confirm(question, "send"):
        return found
    return verify(login, network, realms=(found.realm,), control=control)
