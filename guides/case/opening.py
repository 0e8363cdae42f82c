"""Opening a case: from a credential that was found, or from the file of one that was begun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from checks.formats.registry_names import HUB_CONTAINERS_NAME, is_loopback
from checks.model.credential import Credential
from checks.model.finding import Finding, PlaceKind
from checks.model.secret import Secret
from checks.model.use import Match, Use
from checks.uses.find import find_uses
from checks.uses.matching import uses_of
from guides.case import file
from guides.case.exposure import exposures_of, recommended, tracking_repository
from guides.case.looking import files_of, look
from guides.case.model import Case, CasePlace, CaseUse, Held, Settled, StepId
from guides.case.secrets import CaseSecrets
from guides.case.walk import Surroundings, Walk, still_lies
from guides.providers.beyond.catalog import issuer_of
from guides.stores.case.catalog import find_case_store, first_working
from guides.stores.store import StoreError

_HISTORY = "git's history is not edited: whether to clean it is a step of its own"
ONLY_REGISTRY = {"docker-hub": HUB_CONTAINERS_NAME, "ghcr": "ghcr.io"}
"""Where a token of this issuer opens images, wherever it was found. GitLab's may belong to any instance."""


@contextmanager
def open_walk(around: Surroundings, start: Credential | Case) -> Iterator[Walk]:
    """The case of this credential, or this begun one, held until the end. Raises StateError (CaseBusy and others)."""
    fresh = start if isinstance(start, Case) else _new_case(around, start)
    with file.opened(around.state, fresh) as held:
        walk = Walk(around, held, case_secrets(around, held.case))
        findings = start.findings if isinstance(start, Credential) else ()
        if not held.case.journal:
            walk.log(StepId.UNDERSTAND, "the case was opened")
        take_in(walk, still_lies(walk, findings))
        yield walk


def case_secrets(around: Surroundings, case: Case) -> CaseSecrets:
    """The store that this case began with, else the first that works."""
    try:
        if case.store:
            return CaseSecrets(case.id, find_case_store(case.store, around.environment))
    except StoreError as error:
        return CaseSecrets(case.id, None, error.reason, error.mend)
    store, tried = first_working(around.environment)
    reasons = (f"{title}: {probe.reason}" if title else probe.reason for title, probe in tried)
    refusal = "; ".join(reasons) or "no store is installed here"
    mend = next((probe.mend for _, probe in tried if probe.mend), "dockhygiene doctor shows how to set one up")
    return CaseSecrets(case.id, store, "" if store else refusal, "" if store else mend)


def take_in(walk: Walk, findings: Sequence[Finding]) -> None:
    """Adds places that the case did not know; one that was settled and holds the secret again is open again."""
    walk.findings = tuple(findings)
    known = {place.id: place for place in walk.case.places}
    for finding in findings:
        place = _place(finding, finding.id(walk.around.workstation.key))
        before = known.get(place.id)
        back = before is not None and before.state in (Settled.CHANGED, Settled.BY_HAND)
        if before is None:
            known[place.id] = place
        elif back:
            known[place.id] = replace(place, note="it came back")
        else:
            known[place.id] = replace(before, line=place.line)
    places = tuple(known.values())
    if places != walk.case.places:
        added = len(places) - len(walk.case.places)
        walk.log(StepId.UNDERSTAND, f"{added} new places" if added else "places were looked at again", places=places)


def take_in_uses(walk: Walk, uses: Sequence[tuple[Use, Match]]) -> None:
    """Keeps what was already said of a use; the others are added as open. A place of the case is none."""
    known = {use.id: use for use in walk.case.uses}
    places = {place.path for place in walk.case.places}
    for use, match in uses:
        if match is Match.SECRET and use.path in places:
            continue
        found = CaseUse(
            use.kind, use.title, use.path, int(match), use.line, use.registry, use.name, use.repository, use.pushes,
            use.update,
        )  # fmt: skip
        known.setdefault(found.id, found)
    if len(known) != len(walk.case.uses):
        walk.log(StepId.UNDERSTAND, f"{len(known)} uses are known", uses=tuple(known.values()))


def look_everywhere(walk: Walk) -> tuple[tuple[Finding, ...], list[str]]:
    """Where the old secret lies on this whole workstation, and what of its files could not be read."""
    missed: list[str] = []
    around = walk.around
    files = files_of([(place.kind, place.path) for place in walk.case.places])
    found = look(
        around.workstation, walk.is_old, files, around.trees, lambda one: missed.append(f"{one.path}: {one.reason}")
    )
    return found, missed


def look_for(walk: Walk, fingerprint: str) -> tuple[Finding, ...]:
    """Where the secret of this fingerprint lies now, in the known places and in the case's files."""
    files = files_of([(place.kind, place.path) for place in walk.case.places])
    return look(walk.around.workstation, lambda secret: walk.fingerprint(secret) == fingerprint, files)


def look_again(walk: Walk) -> None:
    """Takes in where the old secret lies now, in the known places and in the case's files."""
    take_in(walk, look_for(walk, walk.case.old.fingerprint))


def look_for_uses(walk: Walk, budget: float | None) -> None:
    """Takes in what uses the old credential, by its secret, its registry and user, or its registry alone."""
    case = walk.case
    secret = walk.old_value() or Secret("")
    credential = Credential(case.id, secret, walk.findings, case.registry, case.username or None, case.provider)
    found = [one for one in find_uses(walk.around.workstation, budget=budget) if isinstance(one, Use)]
    take_in_uses(walk, uses_of(credential, found))


def _new_case(around: Surroundings, credential: Credential) -> Case:
    found = exposures_of(credential.findings)
    elsewhere = issuer_of(credential)
    here = credential.provider or ("distribution" if is_self_hosted(credential.registry) else "unknown")
    issuer = elsewhere or here
    username = credential.username or ""
    fingerprint = around.workstation.key.of("secret", credential.secret)
    identity = any(finding.locator.endswith("/identitytoken") for finding in credential.findings)
    old = Held(credential.secret.masked, credential.kind, fingerprint, username, identity)
    return Case(
        credential.id,
        around.clock(),
        None if elsewhere else credential.registry or ONLY_REGISTRY.get(issuer),
        username,
        issuer,
        old,
        tuple(one.says for one in found),
        recommended(found),
        places=tuple(_place(one, one.id(around.workstation.key)) for one in credential.findings),
    )


def _place(finding: Finding, finding_id: str) -> CasePlace:
    place = finding.place
    tracked = tracking_repository(place.path) if place.kind is PlaceKind.FILE else ""
    made = CasePlace(
        finding_id, finding.check, finding.rule, finding.title, place.kind.value, place.path, place.line, place.field,
        place.image, place.repository or tracked or None, place.blob,
    )  # fmt: skip
    return replace(made, state=Settled.LEFT, note=_HISTORY) if place.kind is PlaceKind.GIT else made


def is_self_hosted(registry: str | None) -> bool:
    """Whether the name looks like a registry that somebody here runs: a port, this machine, a name of a local net."""
    if not registry:
        return False
    host, colon, _ = registry.partition(":")
    return bool(colon) or is_loopback(registry) or "." not in host or host.endswith((".local", ".lan", ".internal"))
