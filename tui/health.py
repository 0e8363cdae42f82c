"""How every case and credential of a session stands, from the state folder and the policy."""

from __future__ import annotations

import time

from checks.files.state import StateError
from guides.case.file import read_all
from guides.monitor.memory import remembered
from guides.monitor.state import State, states
from guides.move import journal
from guides.rotation.policy import Policy, PolicyError, policy_file, read_policy
from tui.session import Session


def states_of(session: Session) -> tuple[State, ...]:
    """A policy that cannot be used counts as none: `monitor` and `rotate` say what is wrong with it."""
    try:
        policy = read_policy(policy_file(session.workstation.config_home))
    except PolicyError:
        policy = Policy()
    try:
        cases, moves = read_all(session.state).cases, journal.read_all(session.state).moves
        return tuple(states(cases, moves, remembered(session.state), policy, time.time()))
    except StateError:
        return ()
