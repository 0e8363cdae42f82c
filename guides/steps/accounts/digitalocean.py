"""DigitalOcean: a personal token makes one more login that may only pull. The old one is ended on the web page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from checks.model.token_kinds import kind_of
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.registries.digitalocean import DIGITALOCEAN, DigitalOcean
from guides.steps.accounts.account import asked
from guides.steps.checking import destination, remember_accepted
from guides.steps.evidence_store import save
from guides.steps.pages import expiry_date, label, page
from guides.steps.receiving import receive
from guides.steps.revoking import WORD, bury, stops
from guides.steps.step import Action, Answers, Ask, AskKind, StepFailed, action, secret_of, text_of

MANAGER = Ask("manager", AskKind.SECRET, "A personal token of this account, with registry:read")


class DigitalOceanAccount:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.base_url = walk.around.api_hosts.get("digitalocean", DIGITALOCEAN)
        self.host = urlsplit(self.base_url).netloc

    def evidence(self) -> Iterator[Action]:
        if self.walk.case.old.kind == "digitalocean-pat":
            yield action(
                "digitalocean",
                "Ask DigitalOcean whose token it is",
                lambda _: self._whose(),
                effects=(f"{self.walk.case.old.masked} is sent to {self.host}, over TLS.",),
                verb="Ask",
                recommended=not self.walk.case.evidence,
            )

    def generate(self) -> Iterator[Action]:
        username = self.walk.case.username
        yield action(
            "digitalocean",
            "Make a login that may only pull",
            self._create,
            effects=(
                f"GET {self.host}/v2/registry/docker-credentials: makes one more login that may only pull; all others "
                "stay as they are.",
                f"Sent to {self.host}: the token that you enter now, which is not kept.",
                *destination(self.walk, "the new one"),
            ),
            asks=(
                MANAGER,
                Ask(
                    "username",
                    AskKind.TEXT,
                    "User name for it (your mail address)",
                    default="" if kind_of(username) else username,
                ),
            ),
            verb="Make it",
        )

    def revoke(self) -> Iterator[Action]:
        """Only the proof: the token is ended on the web page. As a login it may be without a user name to ask with."""
        if self.walk.case.old.kind == "digitalocean-pat":
            yield action(
                "digitalocean",
                "Revoke it on the web page, then prove it at the API",
                lambda _: self._prove(),
                effects=(
                    *stops(self.walk),
                    f"Open {page(self.walk, 'manage')}",
                    f"{self.walk.case.old.masked} is sent to {self.host}, once, over TLS.",
                ),
                asks=(WORD,),
                verb="It is revoked: prove it",
                recommended=True,
            )

    def _whose(self) -> Iterator[str]:
        old = self.walk.old()
        if not old:
            raise StepFailed("the old token is not at hand any more", "look at the list of tokens on the web page")
        with asked():
            line = f"token of {DigitalOcean(self.walk.around.network, old, self.base_url).account()}"
        remember_accepted(self.walk, old)
        save(self.walk, self.host, (line, "DigitalOcean does not tell here what it may, or when it was last used"))
        yield line

    def _prove(self) -> Iterator[str]:
        old = self.walk.old()
        if not old or self.walk.case.old.accepted is None:
            raise StepFailed("it was never seen to be accepted, so a refusal would prove nothing", "write down how")
        with asked("prove it again when DigitalOcean answers"):
            dead = DigitalOcean(self.walk.around.network, old, self.base_url).is_dead()
        if not dead:
            raise StepFailed(f"{self.host} still accepts it", "look whether the right one was deleted")
        yield from bury(self.walk, f"refused by {self.host}, which accepted it before")

    def _create(self, answers: Answers) -> Iterator[str]:
        """The user name is asked for: in the login that comes back it is the token once more, and must not be shown."""
        username = text_of(answers, "username")
        if not username or kind_of(username):
            raise StepFailed("a user name is needed that is no token", "enter your mail address")
        self.walk.secrets.prove()
        client = DigitalOcean(self.walk.around.network, secret_of(answers, "manager"), self.base_url)
        call = client.create(self.walk.kind.expiry_days)
        lost = "a login may have been made that nobody has: it ends by itself, or when the account's logins are reset"
        self.walk.begin(StepId.GENERATE, f"making a login at {call.host}", lost)
        yield call.shown
        with asked(lost):
            new = call.perform()
        yield from receive(self.walk, new.value, username, label=label(self.walk), expires=expiry_date(self.walk))
