"""Logins of config.json that nobody uses, or that travel in the clear."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks.formats.display import printable
from checks.formats.docker_auth import AuthEntry, AuthFile
from checks.formats.registry_names import (
    HUB_CONTAINERS_NAME,
    HUB_SERVER,
    hostname_of,
    is_hub_shadow,
    is_loopback,
    is_web_login_record,
    registry_of,
    server_of,
)
from checks.model.finding import Finding, Severity
from checks.posture.weakness import in_file, weakness


def entry_findings(auth_file: AuthFile, path: Path) -> Iterator[Finding]:
    """At most one finding of each rule for each key."""
    for entry in auth_file.entries:
        if entry.replaced:
            continue
        if entry.secrets and is_hub_shadow(entry.key):
            yield _shadow(auth_file, entry, path)
        elif helper := _helper_that_hides(auth_file, entry):
            yield _stale(auth_file, entry, path, helper)
        if is_plain_http(entry.key):
            yield _plain_http(auth_file, entry, path)


def is_plain_http(address: str) -> bool:
    return address[:7].lower() == "http://" and not is_loopback(hostname_of(address))


def _helper_that_hides(auth_file: AuthFile, entry: AuthEntry) -> str:
    """The helper that docker asks instead of this entry. It holds no registry token: such an entry is not stale."""
    if not any(held.field != "registrytoken" for held in entry.secrets):
        return ""
    return auth_file.cred_helpers.get(server_of(entry.key), auth_file.creds_store)


def _shadow(auth_file: AuthFile, entry: AuthEntry, path: Path) -> Finding:
    return weakness(
        "docker-hub-shadow",
        f"a Docker Hub login under {printable(entry.key, 60)}: docker never uses it, podman and docker-py do",
        Severity.MEDIUM,
        in_file(path, auth_file, entry.name_start, f"auths/{entry.key}"),
        f"Keep the login under {HUB_SERVER} alone and delete this entry, or rotate both together.",
        locator=f"auths/{entry.key}",
        registry=HUB_CONTAINERS_NAME,
    )


def _stale(auth_file: AuthFile, entry: AuthEntry, path: Path, helper: str) -> Finding:
    key = printable(entry.key, 60)
    what = "a web login record" if is_web_login_record(entry.key) else "a plain-text login"
    return weakness(
        "stale-plain-text",
        f"{what} for {key} beside the helper {printable(helper, 40)}: docker uses it only when the helper breaks",
        Severity.MEDIUM,
        in_file(path, auth_file, entry.name_start, f"auths/{entry.key}"),
        "See that the helper holds the login, then take the secret out of the file: dockhygiene move.",
        locator=f"auths/{entry.key}",
        registry=registry_of(entry.key),
    )


def _plain_http(auth_file: AuthFile, entry: AuthEntry, path: Path) -> Finding:
    return weakness(
        "plain-http-registry",
        f"the login for {printable(entry.key, 60)} was made over plain http: everybody on the way could read it",
        Severity.MEDIUM,
        in_file(path, auth_file, entry.name_start, f"auths/{entry.key}"),
        "Give the registry a certificate, log in over https, then rotate the password.",
        locator=f"auths/{entry.key}/http",
        registry=registry_of(entry.key),
    )
