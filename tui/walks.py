"""From a session to an open case: what both the app and the commands start a walk with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from checks.model.credential import Credential
from checks.trees.trees import KNOWN_PLACES, Trees
from guides.case.model import Case
from guides.case.opening import look_for_uses, open_walk
from guides.case.walk import Surroundings, Walk
from guides.registries.insecure import network_of
from guides.steps.cleaning import recover_cleanings
from guides.steps.files import recover_edits
from tui.session import Session

USES_SECONDS = 8.0
"""How long opening a case looks for what uses it; the step Understand looks everywhere."""


def surroundings(session: Session, trees: Trees = KNOWN_PLACES) -> Surroundings:
    network = network_of(session.workstation, local_only=bool(session.banner))  # what the demo holds is made up
    return Surroundings(session.workstation, session.state, network, trees=trees)


@contextmanager
def walk_of(session: Session, start: Credential | Case, trees: Trees = KNOWN_PLACES) -> Iterator[Walk]:
    """The case of this credential, or a begun one, held until the end; an interrupted edit is settled first.

    `trees` is how the whole workstation is looked at when the case asks for it. Raises StateError.
    """
    with open_walk(surroundings(session, trees), start) as walk:
        recover_edits(walk)
        recover_cleanings(walk)
        if not walk.case.uses:
            look_for_uses(walk, USES_SECONDS)
        yield walk
