"""The steps by their id, and what every step has in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checks.formats.display import printable
from guides.case.model import StepId, StepState
from guides.case.walk import Walk
from guides.steps import clean, close, evidence, generate, monitor, revoke, test, understand, update
from guides.steps.step import Action, Answers, Ask, AskKind, Step, StepFailed, action, text_of

STEPS: Mapping[StepId, Step] = {
    step.id: step for step in (understand, evidence, generate, update, test, revoke, clean, monitor, close)
}
NEVER_SKIPPED = (StepId.UNDERSTAND, StepId.CLOSE)


def actions_of(walk: Walk, step: Step) -> Iterator[Action]:
    """What can be done in this step: its own actions, then skipping it, or opening it again."""
    state = walk.case.step(step.id).state
    if walk.case.pending:
        yield _pending(walk, step)
    if walk.case.asked_realm:
        yield _realm(walk, step)
    yield from step.actions(walk)
    if state is StepState.OPEN and step.id not in NEVER_SKIPPED:
        yield action(
            "skip",
            "Skip this step, with a reason",
            lambda answers: _skip(walk, step, answers),
            asks=(Ask("why", AskKind.TEXT, "Why?"),),
            confirm=False,
        )
    elif state is not StepState.OPEN and not walk.case.closed:
        yield action("reopen", "Do this step again", lambda _: _reopen(walk, step), confirm=False)


def _pending(walk: Walk, step: Step) -> Action:
    pending = walk.case.pending
    assert pending
    return action(
        "pending",
        "What was interrupted is settled",
        lambda _: _settled(walk, step),
        effects=(f"{printable(pending.text, 200)} was interrupted: {printable(pending.mend, 200)}.",),
        verb="Settled",
    )


def _settled(walk: Walk, step: Step) -> Iterator[str]:
    walk.settle(step.id, "what was interrupted was looked at")
    yield "Noted."


def _realm(walk: Walk, step: Step) -> Action:
    """The registry sends its logins to another host, which is normal; the person says whether this one may see them."""
    host = printable(walk.case.asked_realm, 80)
    return action(
        "realm",
        f"Let {host} see this case's logins",
        lambda _: _allow(walk, step, host),
        effects=(
            f"{walk.registry} names {host} as its token service. If that is right, the secrets of this case "
            "may be sent there too, over TLS. Ask whoever runs the registry if you are not sure.",
        ),
        verb="Allow",
        recommended=True,
    )


def _allow(walk: Walk, step: Step, host: str) -> Iterator[str]:
    case = walk.case
    walk.log(step.id, f"{host} may see this case's logins", realms=(*case.realms, case.asked_realm), asked_realm="")
    yield f"{host} is allowed for this case. Now ask the registry again."


def _skip(walk: Walk, step: Step, answers: Answers) -> Iterator[str]:
    why = text_of(answers, "why")
    if not why:
        raise StepFailed("a step is skipped with a reason only", "say why")
    walk.record(step.id, printable(why, 200), state=StepState.SKIPPED)
    yield f"{step.title} was skipped: {printable(why, 200)}."


def _reopen(walk: Walk, step: Step) -> Iterator[str]:
    walk.reopen(step.id, "by choice")
    yield f"{step.title} is open again."
