"""Quay: robots are made, given their rights, and deleted, with an application's OAuth token."""

from __future__ import annotations

from guides.registries.api import bearer
from guides.registries.managed import Known
from guides.registries.quay import Quay
from guides.steps.accounts.managed import ManagedAccount
from guides.steps.step import Answers, Ask, AskKind, text_of


class QuayAccount(ManagedAccount):
    client = "quay"
    title = "Quay"
    noun = "robot"
    asks = (
        Ask(
            "owner",
            AskKind.CHOICE,
            "Whose is the robot?",
            (("organization", "an organisation's"), ("user", "a person's")),
        ),
        Ask("manager", AskKind.SECRET, "OAuth token of an application, with org:admin, user:admin and repo:admin"),
    )
    makes = (
        "PUT HOST/api/v1/organization/NAME/robots/NEW: makes one more robot, then gives it the old one's role on each "
        "repository; all others stay as they are."
    )
    deletes = "DELETE HOST/api/v1/organization/NAME/robots/OLD: deletes the old robot for good."

    def found(self, answers: Answers) -> tuple[Quay, Known]:
        around = self.walk.around
        login, owner = bearer(self.manager(answers)), text_of(answers, "owner")
        client = Quay(around.network, self.base_url, login, owner=owner, clock=around.clock)
        return client, client.find(self.walk.case.username)
