"""What a login that was accepted may do with one repository, asked without changing anything there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.authorization import basic, bearer, granted, token_of
from guides.registries.judging import is_page, judge
from guides.registries.network import Network, NetworkFailure
from guides.registries.sign_in import Attempt, Door, ask_for_token
from guides.registries.verification import RegistryLogin, Verdict

_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*")
_LONGEST = 255
_ACTIONS = frozenset({"pull", "push", "delete", "*"})


@dataclass(frozen=True, slots=True)
class Rights:
    """`granted`: what the registry grants; None where it did not say. `reason`: a clause about it."""

    granted: tuple[str, ...] | None
    reason: str
    complete: bool = True
    """Whether what is not in `granted` is not granted; without a token that says so, only pulling can be told."""


def check_question(repository: str, actions: Sequence[str]) -> None:
    """Raises ValueError for a repository or an action that no registry knows: they become part of an address."""
    if len(repository) > _LONGEST or not _REPOSITORY.fullmatch(repository):
        raise ValueError(f"{printable(repository, 80)} is no name of a repository")
    if not actions or not _ACTIONS.issuperset(actions):
        raise ValueError(f"{printable(', '.join(actions), 80)}: actions are pull, push, delete")


def rights(door: Door, login: RegistryLogin, network: Network, repository: str, actions: Sequence[str]) -> Rights:
    """Asks for these actions. A token that names what it allows is believed; else pulling is tried, and pushing never.

    Without such a token only `pull` can be told: every way of trying to push leaves something behind.
    """
    if door.realm is None:
        return _tried(door, basic(login.username, login.secret), network, repository)
    answer = ask_for_token(door, login, network, f"repository:{repository}:{','.join(actions)}")
    if isinstance(answer, Attempt):
        return Rights(None, answer.judgement.reason)
    token = token_of(answer.answer)
    if token is None:
        judgement = judge(answer.answer, door.realm.host, door.clock())
        refused = judgement.verdict.dead or judgement.verdict is Verdict.LIMITED
        return Rights(() if refused else None, f"asked about {repository}, {judgement.reason}")
    return _named(door, token, network, repository)


def _named(door: Door, token: Secret, network: Network, repository: str) -> Rights:
    named = granted(token, repository)
    if named is None:
        return _tried(door, bearer(token), network, repository)
    return Rights(named, f"its token for {repository} allows {', '.join(named) or 'nothing'}")


def _tried(door: Door, headers: dict[str, str], network: Network, repository: str) -> Rights:
    """Lists one tag: a right to pull is needed for that, and a repository without images answers 404."""
    host = printable(door.host, 80)
    try:
        answer = network.send("GET", f"{door.base}/v2/{repository}/tags/list?n=1", headers=headers)
    except NetworkFailure as failure:
        return Rights(None, str(failure))
    if answer.status in (200, 404) and not is_page(answer):
        return Rights(("pull",), f"{host} lets it read {repository}", complete=False)
    if answer.status in (401, 403) and not is_page(answer):
        return Rights((), f"{host} does not let it read {repository}")
    return Rights(None, f"{host} does not say whether it may read {repository} (status {answer.status})")
