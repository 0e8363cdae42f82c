"""Which account serves which kind of credential."""

from __future__ import annotations

from collections.abc import Callable

from guides.case.walk import Walk
from guides.steps.accounts.account import Account
from guides.steps.accounts.aws import AwsAccount
from guides.steps.accounts.azure import AzureAccount
from guides.steps.accounts.digitalocean import DigitalOceanAccount
from guides.steps.accounts.docker_hub import DockerHubAccount
from guides.steps.accounts.github import GitHubAccount
from guides.steps.accounts.gitlab import GitLabAccount
from guides.steps.accounts.google import GoogleAccount
from guides.steps.accounts.harbor import HarborAccount
from guides.steps.accounts.htpasswd import HtpasswdAccount
from guides.steps.accounts.ibm import IbmAccount
from guides.steps.accounts.jfrog import JFrogAccount
from guides.steps.accounts.quay import QuayAccount
from guides.steps.accounts.scaleway import ScalewayAccount

ACCOUNTS: dict[str, Callable[[Walk], Account]] = {
    "aws": AwsAccount,
    "azure": AzureAccount,
    "digitalocean": DigitalOceanAccount,
    "docker-hub": DockerHubAccount,
    "github": GitHubAccount,
    "gitlab": GitLabAccount,
    "google": GoogleAccount,
    "harbor": HarborAccount,
    "htpasswd": HtpasswdAccount,
    "ibm": IbmAccount,
    "jfrog": JFrogAccount,
    "quay": QuayAccount,
    "scaleway": ScalewayAccount,
}
"""By the `client` of the kind of credential (guides/providers)."""


def account_for(walk: Walk) -> Account | None:
    made = ACCOUNTS.get(walk.kind.client)
    return made(walk) if made else None
