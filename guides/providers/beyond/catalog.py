"""The issuers beyond registries, and whose a secret is: by its form, else by the name of what holds it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

from checks.model.credential import Credential
from checks.model.finding import Finding
from guides.providers.beyond.short import Issuer, read_issuer
from guides.providers.provider import Provider

OTHER = "other"
DATABASE = "database"
BEYOND = (
    "github",
    "gitlab-code",
    "aws",
    "npm",
    "pypi",
    "slack",
    "stripe",
    "openai",
    "anthropic",
    "hugging-face",
    "google-api",
    "azure",
    "sendgrid",
    "twilio",
    "mailgun",
    "heroku",
    "cloudflare",
    "datadog",
    "terraform-cloud",
    "discord",
    "telegram",
    "shopify",
    "square",
    "atlassian",
    "linear",
    "notion",
    "sentry",
    "pagerduty",
    "new-relic",
    "grafana",
    "postman",
    "vault",
    "databricks",
    "private-key",
    DATABASE,
    "signing-secret",
    OTHER,
)
"""Ids of the files. The first whose names fit is taken, so what is general stands last; `other` knows nothing."""
_UNNAMED = {"private-key", DATABASE, "signing-secret", OTHER}
"""Nobody in particular issued these: such a secret is called by what it is."""
_REGISTRY_NAMES = ("*REGISTRY*", "*DOCKER*", "*CONTAINER*", "*GHCR*", "*HARBOR*", "*QUAY*", "*IMAGE_PULL*")
"""Variables that hold a registry's login, whichever registry it is."""
_REGISTRY_FORMS = {"docker-hub-uuid", "docker-config-auth", "docker-identity-token", "identity-token"}
_OF_REGISTRIES = {"ghcr", "gitlab"}
"""Providers whose tokens open much more than images: without a registry beside them they are that issuer's."""


def beyond(id: str | None) -> Provider | None:  # noqa: A002  what the file calls it
    """The issuer of this id, or None where there is none."""
    return _known(id).provider if id in BEYOND else None


def name_of(provider: Provider) -> str:
    """How a list calls what this provider's secret belongs to."""
    return provider.kinds[0].title if provider.id in _UNNAMED else provider.title


def issuer_of(credential: Credential) -> str | None:
    """Whose this secret is, if it is no registry's login: an id of `BEYOND`, or None for a registry's."""
    names = tuple(holder_of(finding).upper() for finding in credential.findings)
    if credential.registry or _fit(names, _REGISTRY_NAMES):
        return DATABASE if _is_database(credential, names) else None
    if credential.provider and credential.provider not in _OF_REGISTRIES:
        return None
    forms = {credential.kind, *(finding.rule for finding in credential.findings)}
    if forms & _REGISTRY_FORMS:
        return None
    by_form = next((one for one in BEYOND if forms & _known(one).forms), None)
    return by_form or next((one for one in BEYOND if _fit(names, _known(one).names)), OTHER)


def _is_database(credential: Credential, names: tuple[str, ...]) -> bool:
    """The host in a database's address looks like a registry's."""
    own = _known(DATABASE)
    rules = {finding.rule for finding in credential.findings}
    return not credential.provider and bool(rules & own.forms or _fit(names, own.names))


def holder_of(finding: Finding) -> str:
    """The variable or the field that holds it, which stands last in the locator."""
    return finding.locator.partition("#")[0].replace("/", " ").replace(":", " ").rpartition(" ")[2]


def _fit(names: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


@cache
def _known(id: str) -> Issuer:  # noqa: A002  what the file calls it
    file = f"{id}.yaml"
    return read_issuer((resources.files("guides.providers.beyond") / file).read_bytes(), file)
