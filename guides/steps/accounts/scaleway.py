"""Scaleway: API keys are made beside the old one, and deleted."""

from __future__ import annotations

from guides.registries.managed import Known
from guides.registries.scaleway import SCALEWAY, Scaleway, token
from guides.steps.accounts.managed import ManagedAccount
from guides.steps.step import Answers, Ask, AskKind, StepFailed, text_of


class ScalewayAccount(ManagedAccount):
    client = "scaleway"
    title = "Scaleway"
    noun = "API key"
    asks = (
        Ask("access_key", AskKind.TEXT, "Access key of the old one (SCW..., in the list of API keys)"),
        Ask("organisation", AskKind.TEXT, "Organisation id, for the log (nothing: no log)", optional=True),
        Ask(
            "manager",
            AskKind.SECRET,
            "Secret key of an API key that manages IAM (nothing: the old one itself)",
            optional=True,
        ),
    )
    makes = "POST HOST/iam/v1alpha1/api-keys: makes one more API key of the same bearer; all others stay as they are."
    deletes = "DELETE HOST/iam/v1alpha1/api-keys/ACCESS-KEY: deletes the old API key for good, everywhere it is used."
    by_itself = True

    def address(self) -> str:
        return SCALEWAY

    def found(self, answers: Answers) -> tuple[Scaleway, Known]:
        access_key, organisation = text_of(answers, "access_key"), text_of(answers, "organisation")
        if not access_key:
            raise StepFailed("no access key was named", "look for it in the list of API keys")
        around, login = self.walk.around, token(self.manager(answers))
        client = Scaleway(around.network, login, self.base_url, organisation=organisation, clock=around.clock)
        return client, client.find(access_key)
