"""Asking a registry that nobody knows which software it is, so that the right guide is shown."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.providers.catalog import DISTRIBUTION, UNKNOWN, provider
from guides.registries.failures import NetworkFailure
from guides.registries.issuer import recognise
from guides.registries.realm import registry_host
from guides.steps.step import Action, StepFailed, action


def recognising(walk: Walk) -> Iterator[Action]:
    """Only where neither host, user name nor the token's form said whose it is."""
    if walk.provider.id not in (UNKNOWN, DISTRIBUTION) or not walk.case.registry:
        return
    try:
        host = registry_host(walk.case.registry)
    except ValueError:
        return
    yield action(
        "recognise",
        "Ask the registry which software it is",
        lambda _: _ask(walk),
        effects=(f"GET https://{printable(host, 80)}/v2/, once and without any login: no secret is sent.",),
        verb="Ask",
    )


def _ask(walk: Walk) -> Iterator[str]:
    registry = walk.case.registry or ""
    try:
        found = recognise(registry, walk.around.network)
    except NetworkFailure as error:
        raise StepFailed(str(error), "try again when the network is back") from None
    if found is None:
        walk.log(StepId.UNDERSTAND, "the registry was asked which software it is, and did not say")
        yield "It does not say in a way that is known here. The general guide holds."
        return
    title = provider(found.provider).title
    walk.log(StepId.UNDERSTAND, f"the registry is {title}, by {found.sign}", provider=found.provider)
    yield f"It is {title}, by {found.sign}. The guide follows it from here on."
