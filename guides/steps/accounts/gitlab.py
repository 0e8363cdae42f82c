"""GitLab: a token says of itself when it was last used, and ends itself. Nothing here ever rotates."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.registries.gitlab import GITLAB, AccessToken, GitLab, Source
from guides.registries.trouble import Unauthorised
from guides.steps.accounts.account import asked
from guides.steps.checking import remember_accepted
from guides.steps.evidence_store import save
from guides.steps.pages import DAY, label
from guides.steps.receiving import receive
from guides.steps.revoking import WORD, baseline, bury, prove, stops
from guides.steps.step import Action, Answers, Ask, AskKind, Offer, StepFailed, action, secret_of, text_of

DEPLOY = "gitlab-deploy"


class GitLabAccount:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.client = GitLab(walk.around.network, walk.around.api_hosts.get("gitlab", _instance(walk.case.registry)))

    @property
    def personal(self) -> bool:
        """Whether it can ask about itself: deploy and job tokens cannot."""
        return self.walk.case.old.kind == "gitlab-pat"

    def evidence(self) -> Iterator[Action]:
        if self.personal:
            yield action(
                "gitlab",
                "Ask GitLab what it says of this token",
                lambda _: self._own(),
                effects=(f"{self.walk.case.old.masked} is sent to {self.client.host}, over TLS.",),
                verb="Ask",
                recommended=not self.walk.case.evidence,
            )

    def generate(self) -> Iterator[Action]:
        if self.walk.provider.id != "gitlab":
            return  # a deploy token opens a registry, and does nothing else that this one did
        default = next((use.repository for use in self.walk.case.uses if use.repository), "")
        yield action(
            "gitlab",
            "Make a deploy token that may only pull",
            self._create,
            effects=(
                f"POST {self.client.host}/api/v4/projects/PROJECT/deploy_tokens: makes one more deploy token with "
                "read_registry; all others stay as they are.",
                f"Sent to {self.client.host}: the token that you enter now, which is not kept.",
            ),
            asks=(
                Ask("project", AskKind.TEXT, "Project (acme/shop)", default=default),
                Ask("manager", AskKind.SECRET, "A personal token with the scope api, of a Maintainer"),
            ),
            verb="Make it",
        )

    def revoke(self) -> Iterator[Action]:
        if self.personal:
            yield Action("gitlab", "Revoke it at GitLab, by itself", self._offer, recommended=True)
        elif self.walk.case.old.kind == DEPLOY and self.walk.case.username:
            yield self._end_deploy_token()

    def _own(self) -> Iterator[str]:
        old = self._old()
        with asked():
            token = self.client.own(old)
        remember_accepted(self.walk, old)
        used = f"{token.last_used_at:%Y-%m-%d %H:%M} UTC" if token.last_used_at else "not told"
        lines = (
            f"token {token.name} ({token.id})",
            f"scopes: {', '.join(token.scopes)}",
            f"last used: {used}; it is late by minutes, and pulls may not count",
            f"expires: {token.expires_at:%Y-%m-%d}" if token.expires_at else "no end",
        )
        save(self.walk, self.client.host, lines)
        yield from lines

    def _create(self, answers: Answers) -> Iterator[str]:
        project, manager = text_of(answers, "project"), secret_of(answers, "manager")
        if not project:
            raise StepFailed("no project was named")
        self.walk.secrets.prove()
        name = label(self.walk)
        days = self.walk.kind.expiry_days
        ends = datetime.datetime.fromtimestamp(self.walk.around.clock() + days * DAY, datetime.UTC) if days else None
        call = self.client.create_deploy_token(manager, Source("project", project), name, expires_at=ends)
        lost = f"a deploy token called {name} may exist in {printable(project)}: delete it there, and make another"
        self.walk.begin(StepId.GENERATE, f"making {name} at {call.host}", lost)
        with asked(lost):
            new = call.perform()
        username = new.token.username if new.token else self.walk.case.username
        remote = str(new.token.id) if new.token else ""
        expires = f"{ends:%Y-%m-%d}" if ends else ""
        yield from receive(self.walk, new.value, username, label=name, remote_id=remote, expires=expires)

    def _offer(self) -> Offer:
        old = self._old()
        effects = (
            *stops(self.walk),
            f"DELETE {self.client.host}/api/v4/personal_access_tokens/self: revokes this token for good, by itself.",
            f"Sent to {self.client.host}: {old.masked}",
        )
        return Offer(lambda _: self._revoke(), effects, asks=(WORD,), verb="Revoke")

    def _revoke(self) -> Iterator[str]:
        old = self._old()
        known = self._known(old)
        if known is None:
            yield from bury(self.walk, f"refused by {self.client.host}, which accepted it before")
            return
        remember_accepted(self.walk, old)
        call = self.client.revoke_own(old, known)
        yield call.shown
        self.walk.begin(StepId.REVOKE, f"revoking at {call.host}", "prove it again: it may be done already")
        with asked("look whether it is revoked: prove it"):
            call.perform()
        self.walk.settle(StepId.REVOKE, f"{call.host} revoked it")
        with asked("prove it again in some minutes"):
            dead = self.client.is_dead(old)
        if not dead:
            raise StepFailed(f"{self.client.host} still accepts it", "prove it again in some minutes")
        yield from bury(self.walk, f"refused by {self.client.host}, which accepted it before")

    def _end_deploy_token(self) -> Action:
        """It cannot ask about itself; its user name is its own, and so tells which one of the project it is."""
        default = next((use.repository for use in self.walk.case.uses if use.repository), "")
        return action(
            "gitlab",
            "Revoke the deploy token at GitLab, and prove it",
            self._delete_deploy_token,
            effects=(
                *stops(self.walk),
                f"DELETE {self.client.host}/api/v4/projects/PROJECT/deploy_tokens/ID: revokes the token of the user "
                f"{printable(self.walk.case.username, 60)} for good.",
                f"Sent to {self.client.host}: the token that you enter now, which is not kept.",
            ),
            asks=(
                Ask("project", AskKind.TEXT, "Project (acme/shop)", default=default),
                Ask("manager", AskKind.SECRET, "A personal token with the scope api, of a Maintainer"),
                WORD,
            ),
            verb="Revoke",
        )

    def _delete_deploy_token(self, answers: Answers) -> Iterator[str]:
        project, manager = text_of(answers, "project"), secret_of(answers, "manager")
        source, username = Source("project", project), self.walk.case.username
        yield from baseline(self.walk)
        with asked():
            tokens = self.client.deploy_tokens(manager, source).items
        token = next((one for one in tokens if one.username == username and not one.revoked), None)
        if token is None:
            raise StepFailed(
                f"no deploy token of {printable(project)} has the user {printable(username)}", "name its project"
            )
        call = self.client.delete_deploy_token(manager, source, token)
        yield call.shown
        self.walk.begin(StepId.REVOKE, f"revoking at {call.host}", "prove it: it may be done already")
        with asked("look whether it is revoked: prove it"):
            call.perform()
        self.walk.settle(StepId.REVOKE, f"{call.host} revoked it")
        yield from prove(self.walk)

    def _known(self, old: Secret) -> AccessToken | None:
        """What it says of itself; None where it is gone, and was accepted before."""
        with asked():
            try:
                return self.client.own(old)
            except Unauthorised:
                if self.walk.case.old.accepted is None:
                    raise
                return None

    def _old(self) -> Secret:
        old = self.walk.old()
        if not old:
            raise StepFailed("the old token is not at hand any more", "revoke it on the web page")
        return old


def _instance(registry: str | None) -> str:
    """`registry.gitlab.com` belongs to gitlab.com; of another host the part behind `registry.` is tried."""
    if not registry or registry == "registry.gitlab.com":
        return GITLAB
    return f"https://{registry.removeprefix('registry.')}"
