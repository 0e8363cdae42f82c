"""Azure's container registry: the other of two passwords first, then the old one; never the one that is in use."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.registries.azure import ADMIN_SLOTS, MANAGEMENT, TOKEN_SLOTS, AcrRegistry, Azure, RegistryToken
from guides.steps.accounts.account import asked
from guides.steps.evidence_store import save
from guides.steps.pages import DAY
from guides.steps.receiving import receive
from guides.steps.revoking import WORD, baseline, prove, stops
from guides.steps.step import Action, Answers, Ask, AskKind, StepFailed, action, secret_of, text_of

ADMIN = "acr-admin"


class AzureAccount:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        base = walk.around.api_hosts.get("azure", MANAGEMENT)
        self.client = Azure(walk.around.network, walk.around.pause, base)
        self.is_admin = walk.kind.id == ADMIN

    def evidence(self) -> Iterator[Action]:
        if not self.is_admin and self.walk.case.username:
            yield action(
                "azure",
                "Ask Azure which passwords the token has, and when they were made",
                self._look,
                effects=self._effects("GET .../tokens/NAME"),
                asks=self._login(),
                verb="Ask",
            )

    def generate(self) -> Iterator[Action]:
        if self.is_admin:
            yield action(
                "azure",
                "Make the other password of the admin user anew",
                self._regenerate,
                effects=(
                    *self._effects("POST .../listCredentials, then .../regenerateCredential"),
                    "Whoever uses the OTHER password stops. The old one goes on working until the step Revoke.",
                ),
                asks=(*self._login(), Ask("word", AskKind.WORD, "Nobody uses the other one: type other", word="other")),
                verb="Make it",
            )
        elif self.walk.case.username:
            yield action(
                "azure",
                "Make the token's other password",
                self._generate,
                effects=(
                    *self._effects("POST .../generateCredentials"),
                    "Only a password that is not there yet is made: the old one stays as it is.",
                ),
                asks=self._login(),
                verb="Make it",
            )

    def revoke(self) -> Iterator[Action]:
        new = self.walk.case.new
        if not new or not new.remote_id:
            return
        call = "POST .../regenerateCredential" if self.is_admin else "PATCH .../tokens/NAME"
        yield action(
            "azure",
            "End the old one of the two passwords, and prove it",
            self._end_admin if self.is_admin else self._end_token,
            effects=(*stops(self.walk), *self._effects(call), "The new one stays. This cannot be undone."),
            asks=(*self._login(), WORD),
            verb="End it",
            recommended=True,
        )

    def _effects(self, call: str) -> tuple[str, ...]:
        return (
            f"{call} at {self.client.host}.",
            f"Sent to {self.client.host}: the token that you enter, which is not kept.",
        )

    def _login(self) -> tuple[Ask, ...]:
        name = (self.walk.case.registry or "").partition(".")[0] or "NAME"
        return (
            Ask("resource", AskKind.TEXT, f"Output of: az acr show --name {printable(name, 60)} --query id -o tsv"),
            Ask("token", AskKind.SECRET, "Output of: az account get-access-token --query accessToken -o tsv"),
        )

    def _asked(self, answers: Answers) -> tuple[Secret, AcrRegistry]:
        with asked():
            return secret_of(answers, "token"), AcrRegistry.of(text_of(answers, "resource"))

    def _look(self, answers: Answers) -> Iterator[str]:
        token = self._token(*self._asked(answers))
        lines = [f"token {token.name}, {'enabled' if token.enabled else 'disabled'}"]
        for slot in token.slots:
            made = f"made {slot.created:%Y-%m-%d %H:%M} UTC" if slot.created else "of unknown age"
            lines.append(f"{slot.name}: {made}, {f'ends {slot.ends:%Y-%m-%d}' if slot.ends else 'no end'}")
        save(self.walk, self.client.host, tuple(lines))
        yield from (printable(line, 200) for line in lines)

    def _generate(self, answers: Answers) -> Iterator[str]:
        login, registry = self._asked(answers)
        token = self._token(login, registry)
        free = [name for name in TOKEN_SLOTS if name not in {slot.name for slot in token.slots}]
        if not free:
            raise StepFailed(
                "the token has two passwords already, and Azure does not say which of them is the old one",
                "make a second token with the same scope map in the portal, and paste it here",
            )
        days = self.walk.kind.expiry_days
        ends = datetime.datetime.fromtimestamp(self.walk.around.clock() + days * DAY, datetime.UTC)
        with asked():
            call = self.client.generate(login, registry, token, free[0], ends)
        yield from self._made(call.shown, call.perform, free[0], f"{ends:%Y-%m-%d}")

    def _regenerate(self, answers: Answers) -> Iterator[str]:
        login, registry = self._asked(answers)
        other = next(name for name in ADMIN_SLOTS if name != self._old_slot(login, registry))
        with asked():
            call = self.client.regenerate(login, registry, other, final=False)
        yield from self._made(call.shown, call.perform, other, "")

    def _made(self, shown: str, perform: Callable[[], Secret], slot: str, ends: str) -> Iterator[str]:
        self.walk.secrets.prove()
        lost = f"{slot} may have been made, and nobody knows it: look in the portal"
        self.walk.begin(StepId.GENERATE, f"making {slot} at {self.client.host}", lost)
        yield shown
        with asked(lost):
            value = perform()
        yield from receive(self.walk, value, self.walk.case.username, label=slot, remote_id=slot, expires=ends)

    def _end_admin(self, answers: Answers) -> Iterator[str]:
        login, registry = self._asked(answers)
        slot = self._old_slot(login, registry)
        yield from baseline(self.walk)
        with asked():
            call = self.client.regenerate(login, registry, slot, final=True)
        yield from self._ended(call.shown, call.perform, slot)

    def _end_token(self, answers: Answers) -> Iterator[str]:
        login, registry = self._asked(answers)
        token, new = self._token(login, registry), self.walk.case.new
        assert new
        old = next((slot.name for slot in token.slots if slot.name != new.remote_id), "")
        yield from baseline(self.walk)
        with asked():
            call = self.client.drop(login, registry, token, old)
        yield from self._ended(call.shown, call.perform, old)

    def _ended(self, shown: str, perform: Callable[[], object], slot: str) -> Iterator[str]:
        yield shown
        self.walk.begin(StepId.REVOKE, f"ending {slot} at {self.client.host}", "prove it: it may be done already")
        with asked("look whether it was done: prove it"):
            perform()
        self.walk.settle(StepId.REVOKE, f"{self.client.host} ended {slot}")
        yield from prove(self.walk)

    def _token(self, login: Secret, registry: AcrRegistry) -> RegistryToken:
        with asked():
            return self.client.token(login, registry, self.walk.case.username)

    def _old_slot(self, login: Secret, registry: AcrRegistry) -> str:
        """Which of the admin user's passwords is the case's: they are shown by Azure, and compared here."""
        with asked():
            held = self.client.passwords(login, registry).perform()
        found = [name for name, value in held.items() if self.walk.is_old(value)]
        if len(found) != 1:
            raise StepFailed("neither password of the admin user is the old one", "it may be dead already: prove it")
        return found[0]
