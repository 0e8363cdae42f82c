"""Keeping the new secret in a manager too, under a name that files and the team may know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.references.known import remember
from guides.steps.files import variable_name
from guides.steps.step import Action, Answers, Ask, AskKind, Chapter, Offer, StepFailed, text_of
from guides.steps.taught import opens_no_registry, paragraphs, titled
from guides.stores.managers.catalog import find_manager, managers
from guides.stores.managers.manager import Manager, Setting
from guides.stores.managers.reference import BadReference, Reference, parse
from guides.stores.store import StoreError

_NAMES = "Name there (Vault: MOUNT/PATH; KeePass: ~/FILE.kdbx/GROUP/TITLE; 1Password: VAULT/ITEM)"
_MASTER = "Master password, for a KeePass file"


def why(walk: Walk) -> Chapter:
    return titled(walk, "Why a manager", "managers", "enough", "adds", "price", "team")


def keep(walk: Walk) -> Action:
    return Action("manager", "Keep the new one in a manager too", lambda: _offer(walk))


def _offer(walk: Walk) -> Offer:
    """Every manager that is set up here, where it would send the secret, and what is good to know of it."""
    here: list[Manager] = []
    effects: list[str] = []
    for manager in managers(Setting(walk.around.environment)):
        if not manager.probe().works:
            continue
        try:
            hosts = manager.destinations()
        except StoreError as error:
            effects.append(f"{manager.title}: {error.reason} ({error.mend})")
            continue
        here.append(manager)
        goes = f"the new one is sent to {' and '.join(hosts)}" if hosts else "it stays on this machine"
        effects.append(f"{manager.title}: {goes}. {' '.join(paragraphs(walk, 'managers', manager.id))}")
    if not here:
        raise StepFailed("no manager is set up here", "dockhygiene doctor lists them, and how to set each up")
    asks = [
        Ask("manager", AskKind.CHOICE, "Which one?", tuple((one.id, one.title) for one in here)),
        Ask("name", AskKind.TEXT, _NAMES, default=_name(walk)),
        Ask("field", AskKind.TEXT, "Field there", optional=True),
    ]
    if any(one.id == "keepass" for one in here):
        asks.append(Ask("master", AskKind.SECRET, _MASTER, optional=True))
    return Offer(lambda answers: _keep(walk, answers), tuple(effects), asks=tuple(asks), verb="Keep it there")


def _keep(walk: Walk, answers: Answers) -> Iterator[str]:
    new, typed = walk.new(), answers.get("master")
    if not new:
        raise StepFailed("the new secret is not in the case's store any more", "make another one")
    setting = Setting(walk.around.environment, lambda _: typed if isinstance(typed, Secret) and typed else None)
    name, field = text_of(answers, "name"), text_of(answers, "field")
    try:
        reference = str(Reference(text_of(answers, "manager"), name, field))
        manager = find_manager(text_of(answers, "manager"), setting)
        held = manager.get(name, field)
        if held is not None and held != new and not walk.is_old(held):
            raise StepFailed(f"{manager.title} holds something else under this name", "choose another name or field")
        # the case's own store holds it too, and closing the case does not count a manager as another place
        manager.put(name, field, new, elsewhere=True)
        where = manager.where(name, field)
    except BadReference as error:
        raise StepFailed(f"{error}", "choose another name") from None
    except StoreError as error:
        raise StepFailed(f"it was not kept there: {error.reason}", error.mend) from None
    text = f"the new one is kept in {manager.title} as {printable(reference, 300)}"
    held_new = replace(walk.case.new, reference=reference) if walk.case.new else None
    walk.log(StepId.UPDATE, text, new=held_new)
    remember(walk.around.state, parse(reference))
    yield f"{manager.title} keeps it, and gave it back equal."
    yield f"Where: {where}"
    yield f"Its reference, for files that are read through dockhygiene run: {printable(reference, 300)}"


def _name(walk: Walk) -> str:
    """`docker/HOST` without what only some managers take; `ISSUER/HOLDER` for what opens no registry."""
    if opens_no_registry(walk):
        return f"{walk.provider.id}/{variable_name(walk).lower()}"
    host = (walk.case.registry or "registry").partition(":")[0]
    return f"docker/{''.join(char if char.isascii() and (char.isalnum() or char in '.-') else '-' for char in host)}"
