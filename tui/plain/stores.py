"""Choosing a store on a plain terminal, and setting one up where none works."""

from __future__ import annotations

import getpass
from collections.abc import Mapping

from checks.model.secret import Secret
from guides.stores import pass_setup
from guides.stores.catalog import probes
from guides.stores.own.install import install, plan_install
from guides.stores.own.store import own_store
from guides.stores.store import Probe, Store, StoreError
from tui.plain.terminal import Terminal


def pick(environment: Mapping[str, str], terminal: Terminal, wanted: str | None, *, ask: bool) -> Store | None:
    """The wanted store, or the first that passes the probe, or one set up with the person; None where there is none."""
    tried: list[tuple[Store, Probe]] = []
    for store, probe in probes(environment):
        tried.append((store, probe))
        if probe.works and wanted in (None, store.id):
            terminal.line(f"Store: {store.title} ({store.id}); a round trip worked.")
            return store
    if wanted == "dockhygiene":
        return _install_own(environment, terminal, ask=ask)
    terminal.line(f"The store {wanted} cannot be used." if wanted else "No credential store works here:")
    for store, probe in tried:
        if wanted in (None, store.id):
            explain(store, probe, terminal)
    if wanted and all(store.id != wanted for store, _ in tried):
        terminal.line(f"  docker-credential-{wanted} is not on PATH")
    return None if wanted or not ask else _set_up(environment, terminal)


def explain(store: Store, probe: Probe, terminal: Terminal) -> None:
    terminal.line(f"  {store.id:<16}{'works' if probe.works else probe.reason}")
    if probe.mend:
        terminal.line(f"{'':<18}{probe.mend}")


def _set_up(environment: Mapping[str, str], terminal: Terminal) -> Store | None:
    choices = [
        ("pass", "set up `pass`: a password store encrypted with a gpg key, for machines without a desktop"),
        ("own", "install dockhygiene's own helper: keeps logins in this desktop's keyring"),
        ("stop", "stop here; nothing was changed"),
    ]
    answer = terminal.choose("What shall be set up?", choices, default="stop")
    if answer == "pass":
        return _set_up_pass(environment, terminal)
    return _install_own(environment, terminal, ask=True) if answer == "own" else None


def _set_up_pass(environment: Mapping[str, str], terminal: Terminal) -> Store | None:
    try:
        choices = [("no", pass_setup.WITHOUT_PASSPHRASE), ("yes", pass_setup.WITH_PASSPHRASE)]
        plan = pass_setup.plan_pass_setup(environment)
        protected = False
        if not plan.key and not plan.missing_packages:
            protected = terminal.choose("A gpg key will be created.", choices, default="yes") == "yes"
            plan = pass_setup.plan_pass_setup(environment, with_passphrase=protected)
        for step in plan.steps:
            terminal.line(f"  {step.title}:  {step.command}")
        for note in plan.notes:
            terminal.line(f"  {note}", limit=1000)
        if plan.missing_packages:
            terminal.line("Run that first, then dockhygiene move again.")
            return None
        if not terminal.confirm("Do this?", "setup"):
            return None
        passphrase = _new_passphrase(terminal) if protected else None
        probe = pass_setup.apply(plan, passphrase)
    except StoreError as error:
        terminal.line(f"It did not work: {error}")
        return None
    terminal.line(f"  pass: {'works, shown by a round trip' if probe.works else probe.reason}")
    return next((store for store, found in probes(environment) if store.id == "pass" and found.works), None)


def _new_passphrase(terminal: Terminal) -> Secret:
    while True:
        typed = Secret(getpass.getpass("Passphrase for the new key (not shown): "))
        if typed and typed == Secret(getpass.getpass("The same once more: ")):
            return typed
        terminal.line("They were empty or different; once more, please.")


def _install_own(environment: Mapping[str, str], terminal: Terminal, *, ask: bool) -> Store | None:
    try:
        plan = plan_install(environment)
        terminal.line(f"{plan.target} will be written ({plan.size // 1000} kB, run by {plan.interpreter}).")
        terminal.line("It stays when dockhygiene's own environment goes; dockhygiene uninstall takes it away.")
        if plan.warning:
            terminal.line(plan.warning)
        if ask and not terminal.confirm("Install it?", "install"):
            return None
        install(plan)
        store = own_store(environment)
        probe = store.probe()
    except StoreError as error:
        terminal.line(f"It did not work: {error}")
        return None
    if not probe.works:
        explain(store, probe, terminal)
        plan.target.unlink(missing_ok=True)
        terminal.line(f"{plan.target} was removed again.")
        return None
    return store
