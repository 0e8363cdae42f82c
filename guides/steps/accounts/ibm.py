"""IBM Cloud: API keys are found by their value, made beside the old one, switched off and deleted."""

from __future__ import annotations

from guides.registries.ibm import IBM, Ibm
from guides.registries.managed import Known
from guides.steps.accounts.managed import ManagedAccount
from guides.steps.step import Answers, Ask, AskKind


class IbmAccount(ManagedAccount):
    client = "ibm"
    title = "IBM Cloud"
    noun = "API key"
    asks = (
        Ask(
            "manager", AskKind.SECRET, "Another API key that may manage it (nothing: the old one itself)", optional=True
        ),
    )
    makes = "POST HOST/v1/apikeys: makes one more API key of the same user or service ID; all others stay as they are."
    disables = "POST HOST/v1/apikeys/ID/disable: switches the old API key off; it can be switched on again."
    deletes = "DELETE HOST/v1/apikeys/ID: deletes the old API key for good."
    by_itself = True

    def address(self) -> str:
        return IBM

    def found(self, answers: Answers) -> tuple[Ibm, Known]:
        around = self.walk.around
        client = Ibm(around.network, self.manager(answers), self.base_url, around.clock)
        return client, client.find(self.old())

    def _sent(self) -> tuple[str, ...]:
        return (
            f"Sent to {self.host}: {self.walk.case.old.masked}, and the login that you enter now, which is not kept.",
        )
