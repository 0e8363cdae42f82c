"""GitHub: the token itself says whose it is, and can be revoked by whoever has it. No API makes a new one."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.registries.github import GITHUB, GitHub, NotRevocable, audit_search
from guides.steps.accounts.account import asked
from guides.steps.checking import remember_accepted
from guides.steps.evidence_store import save
from guides.steps.revoking import WORD, bury, stops
from guides.steps.step import Action, Offer, StepFailed, action

TRIES = 6
"""A revocation is answered 202 and done a little later."""
SECONDS = 2.0


class GitHubAccount:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.client = GitHub(walk.around.network, walk.around.api_hosts.get("github", GITHUB))

    def evidence(self) -> Iterator[Action]:
        yield action(
            "github",
            "Ask GitHub whose token it is, and what it may",
            lambda _: self._whose(),
            effects=(f"{self.walk.case.old.masked} is sent to {self.client.host}, over TLS.",),
            verb="Ask",
            recommended=not self.walk.case.evidence,
        )

    def generate(self) -> Iterator[Action]:
        return iter(())

    def revoke(self) -> Iterator[Action]:
        yield Action("github", "Revoke it at GitHub, now and for good", self._offer, recommended=True)

    def _whose(self) -> Iterator[str]:
        old = self._old()
        with asked():
            identity = self.client.whoami(old)
            packages = self.client.packages_readable(old)
        remember_accepted(self.walk, old)
        scopes = "scopes are not told" if identity.scopes is None else f"scopes: {', '.join(identity.scopes) or 'none'}"
        ends = f"expires {identity.expires_at:%Y-%m-%d}" if identity.expires_at else "never expires, as far as is told"
        lines = [f"token of {identity.login}", scopes, ends, f"packages can {'' if packages else 'not '}be listed"]
        try:
            lines.append(f"search an organisation's audit log for {audit_search(old)}")
        except NotRevocable:
            pass  # not one of GitHub's long random tokens: its hash is not made
        save(self.walk, self.client.host, tuple(lines))
        yield from lines

    def _offer(self) -> Offer:
        with asked():
            call = self.client.revoke([self._old()])
        effects = (*stops(self.walk), call.shown, f"Sent to {call.host}: {', '.join(call.sends)}")
        return Offer(lambda _: self._revoke(), effects, asks=(WORD,), verb="Revoke")

    def _revoke(self) -> Iterator[str]:
        old = self._old()
        with asked("the token may have been revoked already: prove it"):
            if self.walk.case.old.accepted is None:
                self.client.whoami(old)
                remember_accepted(self.walk, old)
            call = self.client.revoke([old])
        self.walk.begin(StepId.REVOKE, f"revoking at {call.host}", "prove it again: it may be done already")
        with asked("look whether it is revoked: prove it"):
            call.perform()
        self.walk.settle(StepId.REVOKE, f"{call.host} took the revocation")
        yield f"{call.host} took it. It is done a moment later."
        yield from self._until_dead(old)

    def _until_dead(self, old: Secret) -> Iterator[str]:
        for _ in range(TRIES):
            with asked("prove it again in some minutes"):
                dead = self.client.is_dead(old)
            if dead:
                yield from bury(self.walk, f"refused by {self.client.host}, which accepted it before")
                return
            self.walk.around.pause(SECONDS)
        raise StepFailed(f"{self.client.host} still accepts it", "prove it again in some minutes")

    def _old(self) -> Secret:
        old = self.walk.old()
        if not old:
            raise StepFailed("the old token is not at hand any more", "revoke it on the web page")
        return old
