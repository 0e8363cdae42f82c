"""What a reference stands for, asked of its manager once; or why not, and how to mend that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.catalog import MANAGERS, find_manager
from guides.stores.managers.manager import Ask, Manager, Setting, nobody
from guides.stores.managers.reference import BadReference, Reference, is_reference, parse
from guides.stores.store import StoreError

OURS = frozenset({"keyring"})
"""Managers that show only what dockhygiene put there: a schema of its own keeps other programs' items apart."""


class Unresolved(Exception):
    """A reference has no value now. `wrong`: the reference itself has to be changed."""

    def __init__(self, reason: str, mend: str = "", *, wrong: bool = False) -> None:
        super().__init__(reason if not mend else f"{reason} ({mend})")
        self.reason = reason
        self.mend = mend
        self.wrong = wrong


def read_reference(text: str) -> Reference:
    """Raises Unresolved for what is none, or names a manager that is not known."""
    try:
        found = parse(text)
    except BadReference as error:
        raise Unresolved(str(error), wrong=True) from None
    if found.store not in MANAGERS:
        reason = f"{found.store} is no manager that this version knows"
        raise Unresolved(reason, f"these are known: {', '.join(MANAGERS)}", wrong=True)
    return found


@dataclass(slots=True)
class Resolver:
    """Asks each manager once for each reference, and the person once for each password.

    `environ` is where a manager finds its own address and login: the person's, never that of a file with references.
    """

    environ: Mapping[str, str] = field(repr=False)
    ask: Ask = nobody
    _managers: dict[str, Manager] = field(default_factory=dict)
    _answers: dict[Reference, Secret | Unresolved] = field(default_factory=dict, repr=False)
    _typed: dict[str, Secret | None] = field(default_factory=dict, repr=False)

    def destinations(self, reference: Reference) -> tuple[str, ...]:
        """The hosts that will be asked. Raises Unresolved."""
        try:
            return self._manager(reference.store).destinations(reference.name)
        except StoreError as error:
            raise Unresolved(error.reason, error.mend) from None

    def where(self, reference: Reference) -> str:
        """How a person looks at it. Raises Unresolved."""
        try:
            return self._manager(reference.store).where(reference.name, reference.field)
        except StoreError as error:
            raise Unresolved(error.reason, error.mend) from None

    def value(self, reference: Reference) -> Secret:
        """Raises Unresolved."""
        if reference not in self._answers:
            try:
                self._answers[reference] = self._asked(reference)
            except Unresolved as error:
                self._answers[reference] = error
        answer = self._answers[reference]
        if isinstance(answer, Unresolved):
            raise answer
        return answer

    def _asked(self, reference: Reference) -> Secret:
        try:
            manager = self._manager(reference.store)
            held = manager.get(reference.name, reference.field)
            if held is None:
                where = printable(manager.where(reference.name, reference.field), 300)
                raise Unresolved(f"{manager.title} holds no such secret", f"look there: {where}")
        except StoreError as error:
            raise Unresolved(error.reason, error.mend) from None
        return held

    def _manager(self, store: str) -> Manager:
        """Raises StoreError where this is the demo."""
        if store not in self._managers:
            # a login that is itself a reference would be sent to the server as it is
            environ = {name: value for name, value in self.environ.items() if not is_reference(value)}
            self._managers[store] = find_manager(store, Setting(environ, self._once))
        return self._managers[store]

    def _once(self, question: str) -> Secret | None:
        if question not in self._typed:
            self._typed[question] = self.ask(question)
        return self._typed[question]
