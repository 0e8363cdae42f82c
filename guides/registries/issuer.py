"""Which software a registry is, by what it asks for: challenge and headers of its 401 to a request without login.

Sources: goharbor/harbor (service harbor-registry), quay/quay (the token service /v2/auth), gitlabhq (the token service
/jwt/auth), JFrog's and Sonatype's documentation (headers and realms); the providers with one host are known by that.
A registry can claim to be another: what is recognised chooses a guide, and never a host that a secret goes to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from guides.registries.challenge import Challenge, read_challenges
from guides.registries.network import Answer, Network
from guides.registries.realm import registry_host
from guides.registries.verify import probe


@dataclass(frozen=True, slots=True)
class Issuer:
    """The provider's id (guides/providers), and the sign that it was known by. Both are words of ours."""

    provider: str
    sign: str


@dataclass(frozen=True, slots=True)
class _Sign:
    provider: str
    says: str
    fits: Callable[[Answer, Challenge], bool]


def _service(pattern: str) -> Callable[[Answer, Challenge], bool]:
    return lambda answer, challenge: bool(re.fullmatch(pattern, challenge.get("service")))


def _realm_path(pattern: str) -> Callable[[Answer, Challenge], bool]:
    return lambda answer, challenge: bool(re.fullmatch(pattern, _path(challenge.get("realm"))))


def _realm(pattern: str) -> Callable[[Answer, Challenge], bool]:
    return lambda answer, challenge: bool(re.fullmatch(pattern, challenge.get("realm")))


def _header(name: str, pattern: str = ".+") -> Callable[[Answer, Challenge], bool]:
    return lambda answer, challenge: bool(re.fullmatch(pattern, answer.header(name)))


_SIGNS = (
    _Sign("harbor", "the service harbor-registry", _service("harbor-registry")),
    _Sign("gitlab", "the token service /jwt/auth", _realm_path(".*/jwt/auth")),
    _Sign("jfrog", "a header that Artifactory sends", _header("X-JFrog-Version")),
    _Sign("jfrog", "a header that Artifactory sends", _header("X-Artifactory-Id")),
    _Sign("jfrog", "the realm Artifactory Realm", _realm("Artifactory Realm")),
    _Sign("jfrog", "Artifactory's token service", _realm_path("/(?:artifactory/)?(?:api/docker/[^/]+/)?v2/token")),
    _Sign("nexus", "the realm Sonatype Nexus Repository Manager", _realm("Sonatype Nexus Repository.*")),
    _Sign("nexus", "a header that Nexus sends", _header("Server", "Nexus/.*")),
    _Sign("quay", "the token service /v2/auth", _realm_path("/v2/auth")),
)
"""From the surest to the weakest."""


def recognise(registry: str, network: Network) -> Issuer | None:
    """Asks the registry once, without any login; None where nothing that it says is known.

    Raises NetworkFailure, and ValueError for what is no registry's name.
    """
    _, answer = probe(registry_host(registry), network)
    if answer.status != 401:
        return None
    offers = read_challenges(answer.headers_named("WWW-Authenticate")) or (Challenge(""),)
    for sign in _SIGNS:
        if any(sign.fits(answer, offer) for offer in offers):
            return Issuer(sign.provider, sign.says)
    return None


def _path(realm: str) -> str:
    try:
        return urlsplit(realm).path.rstrip("/")
    except ValueError:
        return ""
