"""Variables whose name says that they hold a registry's password: DOCKER_PASSWORD, CR_PAT, ACME_REGISTRY_TOKEN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from checks import late
from checks.detect.values import is_placeholder
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.model.finding import Confidence
from checks.model.token_kinds import kind_of

_ISSUERS = {
    "DOCKER_HUB": HUB_CONTAINERS_NAME,
    "DOCKERHUB": HUB_CONTAINERS_NAME,
    "DOCKER_IO": HUB_CONTAINERS_NAME,
    "DOCKER_REGISTRY": None,
    "DOCKER": None,
    "GHCR": "ghcr.io",
    "GHCR_IO": "ghcr.io",
    "CR": "ghcr.io",
    "QUAY": "quay.io",
    "QUAY_IO": "quay.io",
    "CI_REGISTRY": None,
    "CI_JOB": None,
    "CI_DEPLOY": None,
    "CI_DEPENDENCY_PROXY": None,
    "HARBOR": None,
    "ARTIFACTORY": None,
    "JFROG": None,
    "NEXUS": None,
    "ACR": None,
    "ECR": None,
    "GCR": "gcr.io",
    "GAR": None,
    "OCIR": None,
    "DOCR": "registry.digitalocean.com",
    "ICR": "icr.io",
    "PODMAN": None,
    "BUILDAH": None,
    "SKOPEO": None,
    "HELM_REGISTRY": None,
    "CONTAINER_REGISTRY": None,
    "IMAGE_REGISTRY": None,
    "REGISTRY": None,
}
"""What the name of a variable says of the registry; None where a sibling must tell its host."""
_LESS_SURE = frozenset({"CR", "NEXUS", "ECR", "GAR", "JFROG", "ARTIFACTORY"})
"""Names of services that hold more than images, or that mean something else elsewhere."""
_WORDS = "PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|TOKEN|PAT|SECRET|API_?KEY|ACCESS_?KEY|CREDENTIALS?|AUTH"
_NAME = late.compile(
    rf"(?P<owner>(?:[A-Z0-9]+_)*?)(?P<issuer>{'|'.join(sorted(_ISSUERS, key=len, reverse=True))})"
    rf"_(?P<middle>(?:[A-Z0-9]+_)*?)(?P<word>{_WORDS})(?:_?[0-9])?"
)
_LONGEST_NAME = 100
_NOT_PASSWORDS = frozenset({"REGISTRY_HTTP_SECRET", "DOCKER_CLI_HINTS_TOKEN"})
_OTHER_REGISTRIES = ("NPM", "CARGO", "PYPI", "NUGET", "MAVEN", "GEM", "TERRAFORM", "SCHEMA", "MODEL", "SERVICE")
"""Owners whose REGISTRY holds no images: NPM_REGISTRY_TOKEN."""
_USER_WORDS = ("USERNAME", "USER", "LOGIN", "USER_NAME")
_HOST_WORDS = ("REGISTRY", "REGISTRY_URL", "REGISTRY_HOST", "LOGIN_SERVER", "SERVER", "HOST", "URL", "HOSTNAME")
_OTHER_HOSTS = ("DOCKER_REGISTRY", "DOCKER_REGISTRY_URL", "REGISTRY", "REGISTRY_URL")
_HOLDS_HOST = frozenset(name for name in _ISSUERS if name.endswith("REGISTRY"))
"""Issuers whose bare name is itself a host's variable: CI_REGISTRY=registry.example.com."""


class RegistryVariable(NamedTuple):
    """What the variable's name and its siblings say of the secret in it."""

    registry: str | None
    username: str | None
    confidence: Confidence
    encoded: bool
    """The value is base64 of `user:password`, not the password."""


def registry_variable(name: str, value: str, environment: Mapping[str, str]) -> RegistryVariable | None:
    """None where the name does not speak of a registry's secret, or the value is no secret."""
    upper = name.upper()
    match = _NAME.fullmatch(upper) if len(upper) <= _LONGEST_NAME else None
    if not match or upper in _NOT_PASSWORDS or is_placeholder(value):
        return None
    issuer, base = match["issuer"], f"{match['owner']}{match['issuer']}"
    if issuer == "REGISTRY" and match["owner"].startswith(_OTHER_REGISTRIES):
        return None
    stems = (f"{base}_{match['middle']}".rstrip("_"), base)
    values = {key.upper(): text for key, text in environment.items() if key != name}
    registry = _sibling(values, stems, _HOST_WORDS) or (values.get(base) if issuer in _HOLDS_HOST else None)
    registry = registry or _ISSUERS[issuer] or _elsewhere(values, issuer)
    username = _sibling(values, stems, _USER_WORDS)
    return RegistryVariable(registry, username, _confidence(value, issuer), match["word"] == "AUTH")


def _sibling(values: Mapping[str, str], stems: tuple[str, ...], words: tuple[str, ...]) -> str | None:
    names = (f"{stem}_{word}" for stem in stems for word in words)
    found = (values.get(name, "").strip() for name in names if name != "DOCKER_HOST")  # that one names a daemon
    return next((text for text in found if text and not is_placeholder(text) and not kind_of(text)), None)


def _elsewhere(values: Mapping[str, str], issuer: str) -> str | None:
    if issuer == "ACR" and (name := values.get("ACR_NAME")):
        return f"{name}.azurecr.io".lower()
    names = ("CI_REGISTRY", *_OTHER_HOSTS) if issuer != "DOCKER" else _OTHER_HOSTS
    found = next((values[name] for name in names if values.get(name)), None)
    return found or (HUB_CONTAINERS_NAME if issuer == "DOCKER" else None)


def _confidence(value: str, issuer: str) -> Confidence:
    if value.startswith("/") and value.count("/") > 1:
        return Confidence.POSSIBLE  # the path of a file that holds it
    return Confidence.POSSIBLE if issuer in _LESS_SURE and len(value) < 8 else Confidence.LIKELY
