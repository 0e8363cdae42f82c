"""Which account serves which kind of credential."""

from __future__ import annotations

from collections.abc import Callable

from guides.case.walk import Walk
from guides.steps.accounts.account import Account
from guides.steps.accounts.docker_hub import DockerHubAccount
from guides.steps.accounts.github import GitHubAccount
from guides.steps.accounts.gitlab import GitLabAccount
from guides.steps.accounts.htpasswd import HtpasswdAccount

ACCOUNTS: dict[str, Callable[[Walk], Account]] = {
    "docker-hub": DockerHubAccount,
    "github": GitHubAccount,
    "gitlab": GitLabAccount,
    "htpasswd": HtpasswdAccount,
}
"""By the `client` of the kind of credential (guides/providers)."""


def account_for(walk: Walk) -> Account | None:
    made = ACCOUNTS.get(walk.kind.client)
    return made(walk) if made else None
