"""JFrog: a token says of itself what it is, makes one more for its user, and ends itself."""

from __future__ import annotations

from guides.registries.api import bearer
from guides.registries.jfrog import JFrog
from guides.registries.managed import Known
from guides.steps.accounts.managed import ManagedAccount
from guides.steps.step import Answers, Ask, AskKind


class JFrogAccount(ManagedAccount):
    client = "jfrog"
    title = "JFrog"
    noun = "token"
    asks = (
        Ask(
            "manager",
            AskKind.SECRET,
            "An administrator's token, or another of yours (nothing: the old one itself)",
            optional=True,
        ),
    )
    makes = "POST HOST/access/api/v1/tokens: makes one more token for the same user; all others stay as they are."
    deletes = "DELETE HOST/access/api/v1/tokens/ID: revokes the old token for good."
    by_itself = True

    def found(self, answers: Answers) -> tuple[JFrog, Known]:
        """The old one describes itself; what follows is done with the other login, where one is entered."""
        network = self.walk.around.network
        known = JFrog(network, self.base_url, bearer(self.old())).own()
        return JFrog(network, self.base_url, bearer(self.manager(answers))), known

    def _sent(self) -> tuple[str, ...]:
        return (
            f"Sent to {self.host}: {self.walk.case.old.masked}, and the login that you enter now, which is not kept.",
        )
