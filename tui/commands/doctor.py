"""`dockhygiene doctor`: what works here, and how to mend what does not."""

from __future__ import annotations

import argparse
import shutil

from checks.files.state import StateError
from checks.formats.display import shell_path
from guides.guards.asking import GuardError
from guides.guards.everywhere import own_folder
from guides.guards.status import look_everywhere
from guides.move.logins import CredentialFile, Flavour, read_credential_files
from guides.stores.catalog import find_store, probes
from guides.stores.native import missing_helpers
from guides.stores.own.install import plan_install
from guides.stores.store import Probe, Store, StoreError, StoreMissing
from tui.commands.doctor_engines import engine_health
from tui.commands.doctor_managers import manager_health
from tui.commands.monitor_timer import timer_health
from tui.exit_codes import ExitCode
from tui.plain.notices import show_notices
from tui.plain.stores import explain
from tui.plain.terminal import Terminal, complain
from tui.session import Session, open_session

_PROGRAMS = ("docker", "podman", "skopeo", "git", "gpg", "pass")


def run(_: argparse.Namespace, session: Session | None = None) -> int:
    terminal = Terminal()
    try:
        session = session or open_session()
        show_notices(session.notices(), terminal)
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE
    works = _stores(session, terminal)
    _configured(session, terminal)
    manager_health(session, terminal)
    terminal.line("Programs")
    for name in _PROGRAMS:
        found = shutil.which(name, path=session.environment.get("PATH", ""))
        terminal.line(f"  {name:<16}{found or 'not here'}")
    engine_health(session, terminal)
    guarded = _guards(session, terminal)
    timed = timer_health(session, terminal)
    terminal.line("Own files")
    terminal.line(f"  {'state':<16}{shell_path(session.state.path, session.workstation.home)}, for you alone")
    return ExitCode.OK if works and guarded and timed else ExitCode.FINDINGS


def _guards(session: Session, terminal: Terminal) -> bool:
    """The hooks of all repositories, where they were installed; False where one of them does not work."""
    folder = own_folder(session.environment, session.workstation.home)
    try:
        told = look_everywhere(session.environment, folder) if folder.exists() else []
    except GuardError as error:
        terminal.line(f"Guard of all repositories: {error}")
        return False
    if told:
        terminal.line("Guard of all repositories")
    for one in told:
        terminal.line(f"  {one.subject:<16}{one.text}")
        if one.mend:
            terminal.line(f"{'':<18}{one.mend}")
    return all(one.good for one in told)


def _stores(session: Session, terminal: Terminal) -> bool:
    terminal.line("Credential stores")
    found: list[tuple[Store, Probe]] = []
    for store, probe in probes(session.environment):
        explain(store, probe, terminal)
        found.append((store, probe))
    for known, missing in missing_helpers(session.environment, session.workstation.platform):
        if missing.mend:
            terminal.line(f"  {known.suffix:<16}{missing.reason}")
            terminal.line(f"{'':<18}{missing.mend}")
    works = any(probe.works for _, probe in found)
    if not works:
        _offer_own(session, terminal)
    return works


def _offer_own(session: Session, terminal: Terminal) -> None:
    try:
        plan = plan_install(session.environment)
        terminal.line(f"  {'dockhygiene':<16}our own helper can be installed as {plan.target}")
        terminal.line(f"{'':<18}dockhygiene move --to dockhygiene")
    except StoreError as error:
        terminal.line(f"  {'dockhygiene':<16}{error.reason}")
        terminal.line(f"{'':<18}{error.mend}")


def _configured(session: Session, terminal: Terminal) -> None:
    """The helpers that the person's own files name: docker will run these, so whether they work matters."""
    for file in read_credential_files(session.workstation):
        terminal.line(shell_path(file.path, session.workstation.home))
        if file.refusal:
            terminal.line(f"  {file.refusal}")
        for suffix in _suffixes(file):
            _one(suffix, session, terminal)
        held = sum(bool(entry.secrets) for entry in file.auth.entries)
        terminal.line(f"  {held} in plain text" if held else "  nothing in plain text")


def _suffixes(file: CredentialFile) -> list[str]:
    named = [*file.auth.cred_helpers.values()]
    if file.flavour is Flavour.DOCKER:
        named.insert(0, file.auth.creds_store)
    return [suffix for suffix in dict.fromkeys(named) if suffix]


def _one(suffix: str, session: Session, terminal: Terminal) -> None:
    try:
        store = find_store(suffix, session.environment)
        explain(store, store.probe(), terminal)
    except StoreMissing as error:
        terminal.line(f"  {suffix:<16}{error.reason}: docker falls back to plain text, and docker login fails")
        terminal.line(f"{'':<18}install it, or dockhygiene move --all to name another store")
