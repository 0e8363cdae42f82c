"""An account in which somebody's login finds, makes and ends credentials: Harbor, Quay, JFrog, Scaleway, IBM Cloud.

The steps are the same everywhere: the old one is found and described, one more like it is made, and the old one is
switched off or deleted, and proven to be refused by the registry. A subclass says who signs in, and how the old one is
found. The login is asked for each time, and not kept.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.registries.api import Call
from guides.registries.managed import Known, Manager
from guides.registries.trouble import ApiError
from guides.steps.accounts.account import asked
from guides.steps.checking import destination
from guides.steps.evidence_store import save
from guides.steps.pages import expiry_date, label
from guides.steps.receiving import receive
from guides.steps.revoking import WORD, baseline, prove, stops
from guides.steps.step import Action, Answers, Ask, StepFailed, action

MOST_LOG = 40
"""Lines of the provider's log that a case keeps."""


class ManagedAccount(ABC):
    """`client` is its id in guides/providers; the other class variables are words for people."""

    client: ClassVar[str]
    title: ClassVar[str]
    noun: ClassVar[str]
    asks: ClassVar[tuple[Ask, ...]]
    """Who signs in."""
    makes: ClassVar[str]
    """The call that makes one, as it is shown before the answers are known. `HOST` stands for the host."""
    disables: ClassVar[str] = ""
    deletes: ClassVar[str]
    by_itself: ClassVar[bool] = False
    """Whether the old one may be the login, where nothing else is entered."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.base_url = walk.around.api_hosts.get(self.client) or self.address()
        self.host = urlsplit(self.base_url).netloc

    def address(self) -> str:
        """The API's address: on the registry's own host, unless a subclass knows better."""
        return f"https://{self.walk.case.registry or 'unknown.invalid'}"

    @abstractmethod
    def found(self, answers: Answers) -> tuple[Manager, Known]:
        """Signs in, and finds the old one. Raises ApiError, NetworkFailure and StepFailed."""

    def evidence(self) -> Iterator[Action]:
        yield action(
            self.client,
            f"Ask {self.title} what it knows of this {self.noun}",
            self._look,
            effects=self._sent(),
            asks=self.asks,
            verb="Ask",
            recommended=not self.walk.case.evidence,
        )

    def generate(self) -> Iterator[Action]:
        yield action(
            self.client,
            f"Make one more {self.noun} with the same rights",
            self._create,
            effects=(self._shown(self.makes), *self._sent(), *destination(self.walk, "the new one")),
            asks=self.asks,
            verb="Make it",
        )

    def revoke(self) -> Iterator[Action]:
        if self.disables:
            yield self._ending("disable", f"Switch the {self.noun} off at {self.title}, and prove it", self.disables)
        yield self._ending("delete", f"Delete the {self.noun} at {self.title} for good, and prove it", self.deletes)

    def old(self) -> Secret:
        old = self.walk.old()
        if not old:
            raise StepFailed("the old secret is not at hand any more", "enter another login, or use the web page")
        return old

    def manager(self, answers: Answers, name: str = "manager") -> Secret:
        """What was entered, or the old one itself where it may be the login."""
        given = answers.get(name)
        if isinstance(given, Secret) and given:
            return given
        if not self.by_itself:
            raise StepFailed("nothing was entered")
        return self.old()

    def _look(self, answers: Answers) -> Iterator[str]:
        with asked():
            client, known = self.found(answers)
        lines = (*known.about, *_log(client, known))
        save(self.walk, client.host, lines)
        yield from lines

    def _create(self, answers: Answers) -> Iterator[str]:
        self.walk.secrets.prove()
        name, days = label(self.walk), self.walk.kind.expiry_days
        with asked():
            client, known = self.found(answers)
            call = client.create(known, name, days)
        yield call.shown
        lost = f"a {self.noun} called {name} may exist at {client.host}: delete it there, and make another"
        self.walk.begin(StepId.GENERATE, f"making {name} at {call.host}", lost)
        with asked(lost):
            new = call.perform()
        told = receive(
            self.walk, new.value, new.username or self.walk.case.username, label=name, remote_id=new.id,
            expires=new.expires or expiry_date(self.walk),
        )  # fmt: skip
        yield next(told)  # it is kept: from here on nothing can lose it
        with asked("give it its rights on the web page, then verify it again"):
            for right in client.rights(known, new):
                yield right.shown
                right.perform()
        yield from told

    def _ending(self, way: str, title: str, call: str) -> Action:
        return action(
            f"{self.client}-{way}",
            title,
            lambda answers: self._end(answers, way),
            effects=(
                *stops(self.walk),
                self._shown(call),
                *self._sent(),
                *destination(self.walk, self.walk.case.old.masked),
            ),
            asks=(*self.asks, WORD),
            verb="Revoke",
            recommended=way == "disable" or not self.disables,
        )

    def _end(self, answers: Answers, way: str) -> Iterator[str]:
        yield from baseline(self.walk)
        with asked():
            client, known = self.found(answers)
            call = self._call(client, known, way)
        yield call.shown
        self.walk.begin(StepId.REVOKE, f"{way} at {call.host}", "prove it: it may be done already")
        with asked("look whether it is done: prove it"):
            call.perform()
        self.walk.settle(StepId.REVOKE, f"{call.host}: {call.effect}")
        yield from prove(self.walk)

    def _call(self, client: Manager, known: Known, way: str) -> Call[None]:
        held = self.walk.case.new
        if held and known.id and known.id == held.remote_id:
            raise StepFailed(f"{known.shown} is the new one", "name the old one")
        call = client.disable(known) if way == "disable" else client.delete(known)
        assert call
        return call

    def _shown(self, call: str) -> str:
        return call.replace("HOST", printable(self.host, 80))

    def _sent(self) -> tuple[str, ...]:
        itself = f", or {self.walk.case.old.masked} where you enter none" if self.by_itself else ""
        return (f"Sent to {printable(self.host, 80)}: the login that you enter now, which is not kept{itself}.",)


def _log(client: Manager, known: Known) -> tuple[str, ...]:
    """The log, or why it cannot be read: what else was seen stands all the same."""
    try:
        entries = client.log(known)
    except ApiError as error:
        return (f"its log could not be read: {printable(str(error), 200)}",)
    more = (f"and {len(entries) - MOST_LOG} older entries",) if len(entries) > MOST_LOG else ()
    return (*(f"log: {entry}" for entry in entries[:MOST_LOG]), *more)
