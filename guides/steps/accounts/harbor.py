"""Harbor, and OVHcloud's registry, which is one: robots are made, switched off and deleted."""

from __future__ import annotations

from guides.registries.api import basic
from guides.registries.harbor import Harbor
from guides.registries.managed import Known
from guides.steps.accounts.managed import ManagedAccount
from guides.steps.step import Answers, Ask, AskKind, secret_of, text_of


class HarborAccount(ManagedAccount):
    client = "harbor"
    title = "Harbor"
    noun = "robot"
    asks = (
        Ask("user", AskKind.TEXT, "User who administers the project (nothing: the robot itself)", optional=True),
        Ask("manager", AskKind.SECRET, "Password or CLI secret of this user", optional=True),
    )
    makes = (
        "POST HOST/api/v2.0/robots: makes one more robot with the rights of the old one; all others stay as they are."
    )
    disables = "PUT HOST/api/v2.0/robots/ID: switches the old robot off; it can be switched on again."
    deletes = "DELETE HOST/api/v2.0/robots/ID: deletes the old robot for good."
    by_itself = True

    def found(self, answers: Answers) -> tuple[Harbor, Known]:
        user, username = text_of(answers, "user"), self.walk.case.username
        login = basic(user, secret_of(answers, "manager")) if user else basic(username, self.old())
        client = Harbor(self.walk.around.network, self.base_url, login)
        return client, client.find(username)
