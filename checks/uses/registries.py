"""Which registry a text means: an address, an image, or the name that somebody gave to a secret."""

from __future__ import annotations

import re

from checks import late
from checks.detect.assignments import words_of
from checks.formats.registry_names import HUB_CONTAINERS_NAME, registry_of
from checks.uses.references import has_reference

_ALSO_HUB = frozenset({"registry.hub.docker.com", "hub.docker.com", "auth.docker.io", "cloud.docker.com"})
PUBLIC = frozenset(
    {
        "mcr.microsoft.com",
        "registry.k8s.io",
        "k8s.gcr.io",
        "public.ecr.aws",
        "docker.elastic.co",
        "lscr.io",
        "cgr.dev",
        "registry.access.redhat.com",
        "registry.fedoraproject.org",
        "registry.opensuse.org",
    }
)
"""Hosts from which everybody pulls without a login."""
_HOST = late.compile(r"(?:[a-z0-9_](?:[a-z0-9_.-]{0,250}[a-z0-9])?|\[[0-9a-f:.]{2,60}\])(?::\d{1,5})?")
_ACTION = late.compile(r"\{\{[^{}\n]{0,300}+\}\}")
_REPOSITORY = late.compile(r"[a-z0-9][a-z0-9._/-]{0,250}")
_TAG = late.compile(r"(?:@sha256:|:)[^/]*\Z")
_WORD = r"(?:\A|_)(?:{})(?:_|\Z)"
_IMPLIED = tuple(
    (re.compile(_WORD.format(words)), registry)
    for words, registry in (
        ("DOCKER_?HUB|HUB_DOCKER|DOCKER_IO", HUB_CONTAINERS_NAME),
        ("GHCR|GHCR_IO|CR_PAT|GITHUB_REGISTRY|GITHUB_CONTAINER_REGISTRY", "ghcr.io"),
        ("CI_REGISTRY|CI_DEPLOY|CI_JOB|CI_DEPENDENCY_PROXY|GITLAB_REGISTRY", "registry.gitlab.com"),
        ("QUAY|QUAYIO|QUAY_IO", "quay.io"),
        ("GCR|GCR_IO", "gcr.io"),
        ("DOCR", "registry.digitalocean.com"),
        ("ICR", "icr.io"),
        (
            "DOCKER_(?:[A-Z]{1,12}_)?(?:PASSWORD|PASS|PASSWD|PWD|TOKEN|PAT|SECRET|CREDENTIALS?|CREDS|API_KEY|KEY|LOGIN)",
            HUB_CONTAINERS_NAME,
        ),
    )
)
_NO_SECRET = late.compile(
    r"(?:\A|_)(?:USER|USERNAME|USER_NAME|ORG|ORGANI[SZ]ATION|NAMESPACE|EMAIL|REGISTRY|HOST|URL|SERVER|REPO|REPOSITORY"
    r"|IMAGE|IMAGE_NAME|NAME|OWNER|TAG|VERSION|PROJECT|PROJECT_PATH|REF|BRANCH|PREFIX|MIRROR|BUILD|FILE|PATH)\Z"
)


def canonical(text: str) -> str | None:
    """The registry's name as the rest of the program has it; None for what names no host, or only a variable."""
    text = text.strip().strip("\"'")
    if not text or len(text) > 500 or has_reference(text):
        return None
    host = registry_of(text).lower().removesuffix(":443")
    if host in _ALSO_HUB:
        return HUB_CONTAINERS_NAME
    return host if _is_host(host) else None


def split_image(text: str) -> tuple[str | None, str | None]:
    """Registry and repository of `ghcr.io/acme/api:1`, either None where a variable stands there or nothing does."""
    text = _ACTION.sub("{{x}}", text.strip().strip("\"'")).removeprefix("docker://").removeprefix("oci://")
    if not text or len(text) > 500 or " " in text or text.startswith((".", "/")):
        return None, None
    host, slash, rest = text.partition("/")
    if slash and _is_host(host.lower()):
        return canonical(host), _repository(rest)
    if has_reference(host):
        return None, None
    repository = _repository(text)
    return (HUB_CONTAINERS_NAME, repository) if repository or has_reference(text) else (None, None)


def needs_login(registry: str | None) -> bool:
    """Whether an image of this registry may need a login: not where everybody pulls, and not Docker Hub by itself."""
    return registry is not None and registry != HUB_CONTAINERS_NAME and registry not in PUBLIC


def implied_registry(name: str) -> str | None:
    """The registry of which a secret's name speaks: DOCKERHUB_TOKEN, ghcr-pull-secret, CI_REGISTRY_PASSWORD."""
    upper = "_".join(words_of(re.sub(r"[^A-Za-z0-9]+", "_", name[:120]))).upper()
    if not upper or _NO_SECRET.search(upper):
        return None
    return next((registry for pattern, registry in _IMPLIED if pattern.search(upper)), None)


def _is_host(host: str) -> bool:
    if "." not in host and ":" not in host and host != "localhost":
        return False
    return bool(_HOST.fullmatch(host))


def _repository(text: str) -> str | None:
    path = _TAG.sub("", text).strip("/").lower()
    return path if _REPOSITORY.fullmatch(path) and not has_reference(path) else None
