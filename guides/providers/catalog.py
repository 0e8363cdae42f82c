"""The providers that this program knows, each read once a process, when it is first asked for."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

from guides.providers.beyond.catalog import beyond
from guides.providers.provider import CredentialKind, Provider
from guides.providers.reading import read_provider

UNKNOWN = "unknown"
DISTRIBUTION = "distribution"
PROVIDERS = (
    "docker-hub",
    "ghcr",
    "gitlab",
    "ecr",
    "google",
    "acr",
    "quay",
    "harbor",
    "ovh",
    "jfrog",
    "nexus",
    "digitalocean",
    "scaleway",
    "ibm",
    "red-hat",
    DISTRIBUTION,
    UNKNOWN,
)
"""Ids of the files, `unknown` last."""
REGISTRY_NAME = "{registry}"
"""As a user name: the first part of the registry's host."""


def provider(id: str | None) -> Provider:  # noqa: A002  what the file calls it
    """The provider of this id, or the unknown one.

    A self-hosted registry has no id of its own: whoever knows what it is asks for `distribution`.
    """
    return beyond(id) or _known(id if id in PROVIDERS else UNKNOWN)


def provider_for(id: str | None, registry: str | None) -> Provider:  # noqa: A002  what the file calls it
    """The provider that `provider_of` named, or else the one that has this registry among its hosts."""
    if id in PROVIDERS or not registry or beyond(id):
        return provider(id)
    return provider(next((name for name in PROVIDERS if registry in _known(name).hosts), UNKNOWN))


def kind_for(provider: Provider, secret_kind: str, username: str | None, registry: str | None = None) -> CredentialKind:
    """The kind of credential, by the secret's form and by user names that only one kind has.

    `secret_kind` is a finding's kind (`github-pat`, `password` ...) or `identity-token`. A form that is not this
    provider's is taken for what no form gives away.
    """
    form = secret_kind if any(secret_kind in kind.forms for kind in provider.kinds) else "password"
    fitting = [kind for kind in provider.kinds if form in kind.forms]
    named = (kind for kind in fitting if _has_name(kind, username or "", registry or ""))
    return next(named, next((kind for kind in fitting if not kind.usernames), fitting[0]))


def _has_name(kind: CredentialKind, username: str, registry: str) -> bool:
    own = registry.partition(".")[0]
    patterns = [own if pattern == REGISTRY_NAME else pattern for pattern in kind.usernames]
    return bool(username) and any(fnmatchcase(username, pattern) for pattern in patterns)


@cache
def _known(id: str) -> Provider:  # noqa: A002  what the file calls it
    file = f"{id}.yaml"
    return read_provider((resources.files("guides.providers") / file).read_bytes(), file)
