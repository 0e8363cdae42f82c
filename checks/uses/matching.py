"""Which uses belong to a credential, the most certain first.

The rule (registry-provider research, section 6): the same secret; the same registry and user; the same registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from checks.model.credential import Credential
from checks.model.use import Match, Use
from checks.uses.registries import canonical

_PROVIDER_REGISTRIES = {
    "docker-hub": "docker.io",
    "ghcr": "ghcr.io",
    "gitlab": "registry.gitlab.com",
    "quay": "quay.io",
    "digitalocean": "registry.digitalocean.com",
    "red-hat": "registry.redhat.io",
}
"""Where a token of this issuer opens images, for credentials that were found without a registry."""
_SOURCE_HOSTS = frozenset({"github.com", "api.github.com", "gitlab.com", "hub.docker.com"})
"""Hosts that are no registries, with which tokens of the same issuer are found."""
_CLUSTER_KINDS = frozenset(
    {
        "kubernetes",
        "helm",
        "flux",
        "argocd-image-updater",
        "argocd",
        "kaniko",
        "skaffold",
        "terraform",
        "terraform-state",
    }
)
"""Kinds whose `name` is that of a Secret of a cluster: who else names it uses the same login."""


def uses_of(credential: Credential, uses: Iterable[Use]) -> tuple[tuple[Use, Match], ...]:
    """The uses of this credential, each with how sure that is; the most certain first, then by path and line."""
    matched = []
    for use in resolved(tuple(uses)):
        match = match_of(credential, use)
        if match:
            matched.append((use, match))
    return tuple(sorted(matched, key=lambda pair: (-pair[1], pair[0].implied, pair[0].path, pair[0].line or 0)))


def match_of(credential: Credential, use: Use) -> Match | None:
    """How sure it is that the use belongs to the credential; None where nothing speaks for it."""
    if use.secret and use.secret == credential.secret:
        return Match.SECRET
    if use.registry not in registries_of(credential) and not _is_cloud_key_of(credential, use):
        return None
    same_user = credential.username and use.username and credential.username.lower() == use.username.lower()
    return Match.REGISTRY_AND_USER if same_user else Match.REGISTRY


def _is_cloud_key_of(credential: Credential, use: Use) -> bool:
    """An access key of Amazon's was found without a registry, and makes logins for any of its account's."""
    return credential.provider == "ecr" and not credential.registry and ".dkr.ecr." in (use.registry or "")


def registries_of(credential: Credential) -> frozenset[str]:
    """The registry that it was found with, and the one where tokens of its issuer are used: a GitHub token that was
    found with github.com opens ghcr.io."""
    named = canonical(credential.registry) if credential.registry else None
    issued = _PROVIDER_REGISTRIES.get(credential.provider or "")
    own = named if named not in _SOURCE_HOSTS else None
    return frozenset(registry for registry in (own or issued, named) if registry)


def resolved(uses: Sequence[Use]) -> tuple[Use, ...]:
    """The uses, those that only name a cluster's Secret completed by what other uses know of the Secret of that name.

    Of several that know it, the one that holds the login is believed before those that only name it beside an image.
    """
    known: dict[str, Use] = {}
    for use in uses:
        if use.kind in _CLUSTER_KINDS and use.name and use.registry:
            held = known.get(use.name)
            if not held or _knows(use) > _knows(held):
                known[use.name] = use
    return tuple(_completed(use, known) for use in uses)


def _knows(use: Use) -> int:
    return 2 * bool(use.secret) + bool(use.username)


def _completed(use: Use, known: dict[str, Use]) -> Use:
    other = known.get(use.name) if use.kind in _CLUSTER_KINDS else None
    if not other or other is use or (use.registry and (use.username or use.registry != other.registry)):
        return use
    return replace(use, registry=other.registry, username=use.username or other.username, implied=other.implied)
