"""One look over all cases and credentials: one scan of the workstation, and what each of them makes of it.

Nothing is sent but a credential that should work, once a day at most, to hosts that the person approved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from checks import container_auth, docker_config
from checks.files.state import StateError
from checks.formats.display import printable, shell_path
from checks.formats.registry_names import registry_of
from checks.model.finding import Finding, Skipped
from checks.model.secret import Secret
from guides.case.due import DAY, has_ended, in_watch
from guides.case.file import CaseFile, read_all
from guides.case.looking import files_of, look
from guides.case.model import Case
from guides.case.opening import case_secrets, open_walk
from guides.case.secrets import CaseSecrets
from guides.case.walk import Surroundings, Walk
from guides.monitor.approved import limited
from guides.monitor.credentials import Tracked, is_it, tracked
from guides.monitor.memory import LOCK, Memories, Memory, remember, remembered
from guides.move import journal
from guides.providers.catalog import provider_for
from guides.registries.control import Control
from guides.registries.verification import RegistryLogin
from guides.registries.verify import destinations, verify
from guides.rotation.due import age_of
from guides.rotation.policy import Policy
from guides.steps.standing import standing
from guides.steps.watching import copies, look_once
from guides.stores.catalog import find_store
from guides.stores.store import StoreError
from guides.wording import place_text, registry_title

LOGINS = (docker_config.id, container_auth.id)
"""Checks of the files into which `docker login` writes where no store is asked."""
_UNREAD = ("malformed-file", "malformed-login")
_DEAD = "it does not work any more: "
"""Begins what stands as an alarm until the next verification."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look says of one credential. All texts may be shown."""

    id: str
    """Of its case, or of the credential; the path of a file."""
    title: str
    lines: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    due: str = ""
    """What has to be done soon, a clause."""
    failure: str = ""
    """Why it could not be looked at."""


def look_over(around: Surroundings, policy: Policy, hosts: Collection[str] | None = None) -> Iterator[Seen]:
    """Looks at everything, `around.trees` deep, and tells one after the other. Raises StateError.

    `hosts`: nobody watches, and only these may be contacted; None where the person is there, and what each watch
    was approved for counts.
    """
    if hosts is not None:
        around = replace(around, network=limited(around.network, hosts))
    with around.state.lock(LOCK):
        cases, moves = read_all(around.state).cases, journal.read_all(around.state).moves
        followed = tracked(cases, moves)
        registries = _stored(moves)
        found, unread = _scanned(around, cases)
        known, memories = remembered(around.state), {}
        watched = [case for case in cases if in_watch(case)]
        for case in watched:
            yield _of_watch(around, case, found, followed, registries, policy, hosts)
        ids = {case.id: case for case in cases}
        for one in followed:
            made_by = ids.get(one.case)
            if made_by in watched:
                continue
            seen, memories[one.fingerprint] = _of_credential(
                around, one, made_by, found, registries, policy, hosts, known.of.get(one.fingerprint)
            )
            yield seen
        remember(around.state, Memories(1, around.clock(), memories))
    home = around.workstation.home
    for path, reason in sorted(unread.items()):
        yield Seen(path, shell_path(path, home), failure=f"{printable(reason, 200)}: what stands in it is not seen")


def _scanned(around: Surroundings, cases: Sequence[Case]) -> tuple[tuple[Finding, ...], dict[str, str]]:
    """Every secret that stands anywhere in plain text; and the files that could not be read, with the reason."""
    unread: dict[str, str] = {}

    def weak(one: Finding) -> None:
        if one.check in LOGINS and one.rule in _UNREAD:
            unread[one.place.path] = one.title

    def missed(one: Skipped) -> None:
        unread[one.path] = one.reason

    places = files_of([(place.kind, place.path) for case in cases for place in case.places])
    logins = str(around.workstation.docker_folder / "config.json")
    found = look(around.workstation, lambda _: True, {*places, logins}, around.trees, missed, weak)
    return found, unread


def _stored(moves: Sequence[journal.Move]) -> dict[str, journal.Move]:
    """Registries whose login was moved into a store, with the move."""
    done = [move for move in moves if move.state is journal.MoveState.DONE]
    return {registry_of(record.server): move for move in done for record in move.records}


def _of_watch(
    around: Surroundings,
    case: Case,
    found: Sequence[Finding],
    followed: Sequence[Tracked],
    stored: Collection[str],
    policy: Policy,
    hosts: Collection[str] | None,
) -> Seen:
    title = title_of(case.registry, case.username, case.old.masked, f"case {case.id}")
    new = next((one for one in followed if one.case == case.id), None)
    try:
        with open_walk(around, case) as walk:
            lines = tuple(look_once(walk, found, hosts, tuple(_bypassed(around, case.registry, case, found, stored))))
            alarms = walk.case.watch.alarms if walk.case.watch else ()
    except StateError as error:
        return Seen(case.id, title, failure=str(error))
    due = age_of(new, policy, around.clock()).reason if new else ""
    if has_ended(case, around.clock()):
        due = "; ".join(filter(None, (due, "the watch is over: close the case")))
    return Seen(case.id, title, lines, alarms, due)


def _of_credential(
    around: Surroundings,
    one: Tracked,
    case: Case | None,
    found: Sequence[Finding],
    stored: Collection[str],
    policy: Policy,
    hosts: Collection[str] | None,
    known: Memory | None,
) -> tuple[Seen, Memory]:
    """A credential that no watch follows. Its first look learns where it stands in plain text; later ones compare."""
    key, now = around.workstation.key, around.clock()
    here = [finding for finding in found if finding.secret and is_it(one, finding.secret, key)]
    ids = tuple(finding.id(key) for finding in here)
    alarms = list(copies(around, case, found)) if case else []
    alarms += _bypassed(around, one.registry, case, found, stored)
    if known and not case:
        alarms += _new_copies(around, here, known.seen)
    memory = replace(known or Memory(seen=ids), looked=now)
    memory = replace(memory, seen=tuple(one for one in memory.seen if one in ids))
    lines = list(alarms)
    if hosts is not None and not 0 <= now - memory.verified < DAY:
        said = _verified(around, one, case, hosts)
        lines += [said] if said else []
        memory = replace(memory, verified=now, said=said) if said else memory
    if memory.said.startswith(_DEAD):
        alarms.append(memory.said)
    if case:
        held = standing(Walk(around, CaseFile(around.state, case), CaseSecrets(case.id, None)))
        lines.append(held.says)
        alarms += [held.says] if held.dead is False else []
    memory = replace(memory, alarms=tuple(alarms))
    due = age_of(one, policy, now).reason
    shown = one.masked or f"moved into {one.store}"
    where = f"case {one.case}" if one.case else one.id
    return Seen(
        one.case or one.id, title_of(one.registry, one.username, shown, where), tuple(lines), tuple(alarms), due
    ), memory


def _bypassed(
    around: Surroundings, registry: str | None, case: Case | None, found: Sequence[Finding], stored: Collection[str]
) -> Iterator[str]:
    """A login for a registry whose login is in a store stands in docker's file again, whatever its secret is."""
    if registry not in stored:
        return
    key = around.workstation.key
    told = {one.fingerprint for one in (case.old, case.new) if one} if case else set()
    for finding in found:
        if finding.check in LOGINS and finding.registry == registry and finding.secret:
            if key.of("secret", finding.secret) in told:
                continue  # told as a copy of the case's own
            where = place_text(finding.place, around.workstation.home)
            yield f"a login for {registry_title(registry)} stands in plain text in {where}: it went past the store"


def _new_copies(around: Surroundings, here: Sequence[Finding], seen: Collection[str]) -> Iterator[str]:
    for finding in here:
        if finding.id(around.workstation.key) not in seen and finding.check not in LOGINS:
            where = place_text(finding.place, around.workstation.home)
            yield f"it stands in plain text in {where}, where it did not before"


def _verified(around: Surroundings, one: Tracked, case: Case | None, hosts: Collection[str]) -> str:
    """What the registry said. Empty where it may not be asked."""
    try:
        wanted = destinations(one.registry)
    except ValueError:
        return ""
    if not set(wanted) <= set(hosts):
        return ""
    try:
        value = value_of(around, one, case)
    except StoreError as error:
        return f"not verified: {printable(error.reason, 160)}"
    if value is None:
        return "not verified: no store here holds it any more"
    found = verify(
        RegistryLogin(one.registry, one.username, value),
        around.network,
        realms=provider_for(one.provider, one.registry).realms,
        control=Control(around.state, around.clock),
        clock=around.clock,
    )
    return f"{_DEAD if found.verdict.dead else ''}{found.verdict} ({printable(found.reason, 160)})"


def value_of(around: Surroundings, one: Tracked, case: Case | None) -> Secret | None:
    """The value, from the case's store or from the store that docker asks; None where neither holds it.

    Raises StoreError where a store is locked, or is not here.
    """
    if case:
        return case_secrets(around, case).get("new") if case.new and case.new.saved else None
    record = find_store(one.store, around.environment).get(one.server)
    return record.secret if record and is_it(one, record.secret, around.workstation.key) else None


def title_of(registry: str | None, username: str, shown: str, where: str) -> str:
    user = f"  {printable(username, 40)}" if username else ""
    return f"{registry_title(registry)}{user}  {printable(shown, 60)}  {where}"
