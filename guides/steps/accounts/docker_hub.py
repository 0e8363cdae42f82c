"""Docker Hub: only a sign-in with the account's password manages tokens, so the browser is the ordinary way.

Which token is the leaked one? The API never lists values. Disabling one and asking the registry again tells, and can
be undone: a wrong guess is switched on again.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.case.model import Candidate, StepId
from guides.case.walk import Walk
from guides.registries.api import Call
from guides.registries.docker_hub import (
    HUB,
    PULL,
    AccessToken,
    DockerHub,
    Grant,
    NewToken,
    SecondFactorNeeded,
    Session,
)
from guides.registries.trouble import Forbidden, Missing
from guides.steps.accounts.account import asked
from guides.steps.checking import verify_secret
from guides.steps.evidence_store import save
from guides.steps.pages import DAY, label
from guides.steps.receiving import receive
from guides.steps.revoking import WORD, baseline, prove, stops
from guides.steps.step import Action, Answers, Ask, AskKind, Offer, StepFailed, action, secret_of, text_of

LOOK_BACK = 90 * DAY
"""Seconds of the audit log that are asked for."""
MOST_LINES = 40
SCOPE = "repo:read"
ORGANISATION = "docker-hub-oat"


class DockerHubAccount:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.organisation = walk.case.username if walk.case.old.kind == ORGANISATION else ""
        """An organisation's token logs in under the organisation's name; its owner signs in to manage it."""
        self.client = DockerHub(walk.around.network, walk.around.api_hosts.get("docker-hub", HUB))

    def evidence(self) -> Iterator[Action]:
        yield action(
            "hub",
            "Sign in to Docker Hub, and save what it shows (needs the account's password)",
            self._look,
            effects=(
                *self._sent(),
                "GET access tokens, audit log and tags: nothing is changed.",
                "Where an organisation enforces single sign-on no password is accepted: use the pages instead.",
            ),
            asks=self._sign_in_asks(),
            verb="Sign in",
        )

    def generate(self) -> Iterator[Action]:
        path = f"/v2/orgs/{self.organisation}/access-tokens" if self.organisation else "/v2/access-tokens"
        asks = self._sign_in_asks()
        if self.organisation:
            known = next((use.repository for use in self.walk.case.uses if use.repository), "")
            asks = (Ask("repository", AskKind.TEXT, "Repository that it may pull (acme/shop)", default=known), *asks)
        yield action(
            "hub",
            "Make an access token by the API (needs the account's password)",
            self._create,
            effects=(
                *self._sent(),
                f"POST {self.client.host}{path}: makes a new token `{label(self.walk)}` that may only pull; all others "
                "stay as they are.",
            ),
            asks=asks,
            verb="Make it",
        )

    def revoke(self) -> Iterator[Action]:
        if self.walk.case.candidates:
            yield Action("hub", "Switch it off at Docker Hub, and prove it", self._offer)

    def _sent(self) -> tuple[str, ...]:
        return (f"Sent to {self.client.host}: the account's password and code, asked now and not kept.",)

    def _sign_in_asks(self) -> tuple[Ask, ...]:
        return (
            Ask(
                "account",
                AskKind.TEXT,
                "Docker Hub user name",
                default="" if self.organisation else self.walk.case.username,
            ),
            Ask("password", AskKind.SECRET, "Password of the account"),
            Ask("code", AskKind.SECRET, "Six-digit code, where the account asks for one", optional=True),
        )

    def _session(self, answers: Answers) -> Session:
        code = answers.get("code")
        with asked("where single sign-on is enforced, use the web page"):
            try:
                return self.client.sign_in(
                    text_of(answers, "account"),
                    secret_of(answers, "password"),
                    code if isinstance(code, Secret) and code else None,
                )
            except SecondFactorNeeded as error:
                raise StepFailed(str(error), "enter the code together with the password") from None

    def _look(self, answers: Answers) -> Iterator[str]:
        session = self._session(answers)
        with asked():
            tokens = self._tokens(session)
        candidates = [
            Candidate(one.id, one.label, _about(one), one.owner if one.of_organisation else "") for one in tokens
        ]
        self.walk.log(StepId.EVIDENCE, f"{len(tokens)} tokens are listed", candidates=tuple(candidates))
        lines = [f"token {printable(one.label, 60)}: {one.about}" for one in candidates]
        lines += self._audit(session)
        lines += [line for use in self.walk.case.uses if use.repository for line in self._tags(session, use.repository)]
        save(self.walk, self.client.host, tuple(lines[:MOST_LINES]))
        yield from lines[:MOST_LINES]

    def _tokens(self, session: Session) -> tuple[AccessToken, ...]:
        if self.organisation:
            return self.client.organisation_tokens(session, self.organisation).items
        return self.client.tokens(session).items

    def _audit(self, session: Session) -> list[str]:
        """Nothing where the plan has no audit log."""
        since = datetime.datetime.fromtimestamp(self.walk.around.clock() - LOOK_BACK, datetime.UTC)
        with asked():
            try:
                events = self.client.audit_events(session, self.organisation or session.account, since).items
            except (Forbidden, Missing):
                return ["no audit log for this account (Team and Business only)"]
        return [f"{one.at:%Y-%m-%d %H:%M} {one.action} by {one.actor}: {one.name}" for one in events if one.at]

    def _tags(self, session: Session, repository: str) -> list[str]:
        with asked():
            try:
                tags = self.client.tags(repository, session).items
            except (Forbidden, Missing):
                return [f"{repository}: its tags are not shown to this account"]
        return [
            f"{repository}:{one.name} pushed {one.pushed:%Y-%m-%d %H:%M} by {one.last_updater}"
            for one in tags
            if one.pushed
        ]

    def _create(self, answers: Answers) -> Iterator[str]:
        self.walk.secrets.prove()
        session = self._session(answers)
        name = label(self.walk)
        days = self.walk.kind.expiry_days
        ends = datetime.datetime.fromtimestamp(self.walk.around.clock() + days * DAY, datetime.UTC) if days else None
        call = self._call_for(session, name, ends, text_of(answers, "repository"))
        lost = f"a token called {name} may exist at Docker Hub: delete it there, and make another"
        self.walk.begin(StepId.GENERATE, f"making {name} at {call.host}", lost)
        with asked(lost):
            new = call.perform()
        remote = new.token.id if new.token else ""
        expires = f"{ends:%Y-%m-%d}" if ends else ""
        user = self.organisation or session.account
        yield from receive(self.walk, new.value, user, label=name, remote_id=remote, expires=expires)

    def _call_for(self, session: Session, name: str, ends: datetime.datetime | None, repository: str) -> Call[NewToken]:
        if not self.organisation:
            return self.client.create_token(session, name, (SCOPE,), ends)
        if not repository:
            raise StepFailed("no repository was named", "an organisation's token is made for named repositories")
        return self.client.create_organisation_token(
            session, self.organisation, name, (Grant(repository, (PULL,)),), ends
        )

    def _offer(self) -> Offer:
        new = self.walk.case.new
        known = [one for one in self.walk.case.candidates if not new or one.id != new.remote_id]
        choices = tuple((one.id, f"{printable(one.label, 60)}: {one.about}") for one in known)
        if not choices:
            raise StepFailed("no token is known that could be the old one", "sign in again in the step Evidence")
        effects = (
            *stops(self.walk),
            *self._sent(),
            f"PATCH {self.client.host}/v2/.../access-tokens/ID: switches the chosen one off, not for good.",
            "Then the registry is asked: if it still accepts the old one, the chosen token was "
            "another, and is switched on again.",
        )
        asks = (Ask("token", AskKind.CHOICE, "Which one is it?", choices), *self._sign_in_asks(), WORD)
        return Offer(self._switch_off, effects, asks=asks, verb="Switch it off")

    def _switch_off(self, answers: Answers) -> Iterator[str]:
        yield from baseline(self.walk)
        session = self._session(answers)
        chosen = text_of(answers, "token")
        with asked():
            token = next((one for one in self._tokens(session) if one.id == chosen), None)
        if token is None:
            raise StepFailed("this token is not there any more", "sign in again in the step Evidence")
        call = self.client.deactivate(session, token)
        yield call.shown
        self.walk.begin(
            StepId.REVOKE, f"switching off {token.label} at {call.host}", f"look at {token.label} at Docker Hub"
        )
        with asked(f"look at {token.label} at Docker Hub"):
            call.perform()
        self.walk.settle(
            StepId.REVOKE, f"{token.label} was switched off", old=replace(self.walk.case.old, remote_id=token.id)
        )
        yield from self._proven_or_on_again(session, token)

    def _proven_or_on_again(self, session: Session, token: AccessToken) -> Iterator[str]:
        old = self.walk.old()
        found = verify_secret(self.walk, old, self.walk.case.old.username) if old else None
        if found and found.verdict.works:
            with asked(f"{token.label} is switched off, and was another one: switch it on at Docker Hub"):
                self.client.activate(session, token).perform()
            self.walk.settle(StepId.REVOKE, f"{token.label} was another one, and is on again")
            raise StepFailed(f"the registry still accepts the old one: {token.label} was another, and is on again")
        yield from prove(self.walk, found)
        yield f"{token.label} is switched off. Delete it on the page when nothing fails."


def _about(token: AccessToken) -> str:
    used = f"last used {token.last_used:%Y-%m-%d}" if token.last_used else "never used, as far as is told"
    made = f"made {token.created_at:%Y-%m-%d}" if token.created_at else ""
    by = f"from {token.creator_ip}" if token.creator_ip else ""
    kind = "automatic" if token.automatic else ""
    return ", ".join(filter(None, (made, by, used, "on" if token.active else "off", kind, *token.scopes)))
