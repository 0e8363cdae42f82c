"""How clients name a registry: keys of `auths`, server addresses, host names."""

from __future__ import annotations

import re

from checks import late
from checks.model.token_kinds import TOKEN_KINDS

HUB_SERVER = "https://index.docker.io/v1/"
"""The only name under which the docker CLI looks up Docker Hub."""
HUB_CONTAINERS_NAME = "docker.io"
"""The name under which podman, buildah and skopeo look it up."""
HUB_SHADOWS = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io"})
"""Hosts that mean Docker Hub to some client, and nothing to the docker CLI."""
HUB_WEB_LOGIN = ("access-token", "refresh-token")
"""Last parts of the two extra records that a device-code login writes; never to be taken for the login itself."""

_URL = late.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?P<authority>[^/?#]*)(?P<path>[^?#]*).*", re.DOTALL)
_PORT = late.compile(r"(?::[0-9]*)?")
_CONTROL = late.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = late.compile(r"%(?![0-9A-Fa-f]{2})")
_NOT_HOST = late.compile(r"[ %\\^`{|}]")

_PROVIDER_HOSTS = {
    "ghcr.io": "ghcr",
    "docker.pkg.github.com": "ghcr",
    "registry.gitlab.com": "gitlab",
    "quay.io": "quay",
    "public.ecr.aws": "ecr",
    "registry.redhat.io": "red-hat",
    "registry.connect.redhat.com": "red-hat",
    "registry.digitalocean.com": "digitalocean",
    "rg.fr-par.scw.cloud": "scaleway",
    "icr.io": "ibm",
    "gcr.io": "google",
}
_PROVIDER_SUFFIXES = {
    ".azurecr.io": "acr",
    ".pkg.dev": "google",
    ".gcr.io": "google",
    ".icr.io": "ibm",
    ".jfrog.io": "jfrog",
    ".container-registry.ovh.net": "ovh",
    ".container-registry.ovh.us": "ovh",
    ".scw.cloud": "scaleway",
    ".ocir.io": "ocir",
}

_KIND_PROVIDERS = {
    "aws-secret-access-key": "ecr",
    "aws-key-pair": "ecr",
    "aws-ecr-password": "ecr",
    "gcp-service-account-key": "google",
    "google-key-file-base64": "google",
    "gcp-access-token": "google",
    "azure-registry-key": "acr",
}
"""Kinds of the rules of `checks/detect/rules` that open a registry, and who issues them."""
_SOFTWARE_KINDS = {
    "harbor-robot-secret": "harbor",
    "harbor-robot-login": "harbor",
    "jfrog-access-token": "jfrog",
    "nexus-token": "nexus",
    "quay-robot-token": "quay",
    "quay-robot-login": "quay",
    "quay-encrypted-password": "quay",
    "digitalocean-oauth": "digitalocean",
    "scaleway-secret-key": "scaleway",
    "ibm-cloud-key": "ibm",
}
"""The same, for forms that a known host overrules: OVHcloud's registry is a Harbor."""
_USER_FORMS = {
    "harbor": r"robot\$.+",
    "quay": r"\$(?:app|oauthtoken)|(?!gitlab\+)[a-z0-9][a-z0-9_.-]*\+[a-z0-9][a-z0-9_.-]*",
    "ibm": r"iamapikey|iambearer",
    "scaleway": r"nologin",
    "red-hat": r"[0-9]{4,}\|.+",
}
_USERS = {provider: re.compile(form, re.DOTALL) for provider, form in _USER_FORMS.items()}
"""User names that one provider's registries alone have."""


def hostname_of(key: str) -> str:
    """The host and port that the docker CLI makes of a key (its ConvertToHostname)."""
    if "://" in key:
        host, port = _host_and_port(key)
        if host:
            if not port:
                return host
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return key.split("/", 1)[0]


def _host_and_port(url: str) -> tuple[str, str]:
    """Host and port as Go's net/url reads them, both empty for what it refuses. Python's urlsplit drops characters."""
    match = _URL.fullmatch(url)
    if not match or _CONTROL.search(url) or _BAD_ESCAPE.search(match["path"]):
        return "", ""
    authority = match["authority"].rpartition("@")[2]
    host, separator, port = authority.rpartition(":")
    if authority.startswith("["):
        host, bracket, rest = authority.rpartition("]")
        if not bracket or not _PORT.fullmatch(rest):
            return "", ""
        host, port = host[1:], rest[1:]
    elif not separator:
        host, port = authority, ""
    elif not _PORT.fullmatch(":" + port):
        return "", ""
    return ("", "") if _NOT_HOST.search(host) else (host, port)


def is_web_login_record(key: str) -> bool:
    """Whether this key is one of the two extra records of docker's web login."""
    return hostname_of(key) == "index.docker.io" and key.rstrip("/").rsplit("/", 1)[-1] in HUB_WEB_LOGIN


def server_of(key: str) -> str:
    """The server address under which docker asks a helper for this key's registry."""
    if is_web_login_record(key):
        return key
    host = hostname_of(key)
    return HUB_SERVER if host in HUB_SHADOWS else host


def registry_of(key: str) -> str:
    """The registry's name for people and reports: `docker.io` for every spelling of Docker Hub."""
    host = hostname_of(key)
    return HUB_CONTAINERS_NAME if host in HUB_SHADOWS else host


def is_hub_shadow(key: str) -> bool:
    """Whether the docker CLI never uses this entry although other clients take it for Docker Hub."""
    return key != HUB_SERVER and hostname_of(key) in HUB_SHADOWS and not is_web_login_record(key)


def is_namespaced(key: str) -> bool:
    """Whether a containers key names a repository below the registry (`quay.io/acme`): no helper can serve it."""
    bare = key.rstrip("/")
    return "://" not in key and "/" in bare and not bare.endswith(("/v1", "/v2"))


def is_loopback(host: str) -> bool:
    """Whether this host, with or without a port, or this network, never leaves the machine."""
    import ipaddress  # a hook seldom asks

    name = host.lower()
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    name = name.rstrip(".")
    try:
        return ipaddress.ip_network(name, strict=False).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def provider_of(registry: str | None, token_kind: str, username: str | None = None) -> str | None:
    """Id of who issued the credential, from the token's form first (it cannot lie), then from the host, then from what
    only the software says: a weaker form, or the user name."""
    for kind in TOKEN_KINDS:
        if kind.id == token_kind and kind.provider:
            return kind.provider
    if token_kind in _KIND_PROVIDERS:
        return _KIND_PROVIDERS[token_kind]
    return _provider_of_host(registry or "") or _SOFTWARE_KINDS.get(token_kind) or _provider_of_user(username or "")


def _provider_of_host(registry: str) -> str | None:
    if registry == HUB_CONTAINERS_NAME:
        return "docker-hub"
    if registry in _PROVIDER_HOSTS:
        return _PROVIDER_HOSTS[registry]
    if ".dkr.ecr." in registry:
        return "ecr"
    return next((name for suffix, name in _PROVIDER_SUFFIXES.items() if registry.endswith(suffix)), None)


def _provider_of_user(username: str) -> str | None:
    return next((name for name, form in _USERS.items() if form.fullmatch(username)), None)
