"""Registry logins in the environment of this process: every child inherits them, and /proc shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from checks.detect.logins import Source, login_findings
from checks.detect.registry_variables import RegistryVariable, registry_variable
from checks.formats.display import printable
from checks.formats.docker_auth import AuthFile, decode_auth, read_auth_file
from checks.formats.json_positions import Member, fold, members
from checks.formats.registry_names import registry_of
from checks.formats.url_logins import login_in_url
from checks.model.finding import Confidence, Finding, Looked, Observation, Place, PlaceKind, Severity, Skipped
from checks.model.secret import Secret
from checks.model.token_kinds import kind_of
from checks.model.workstation import Workstation

id = "docker-environment"  # noqa: A001  the protocol's name
title = "registry logins in the environment"

AUTH_VARIABLE = "DOCKER_AUTH_CONFIG"
_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY"})
_ADVICE = "Take {name} out of the environment (unset {name}, and where it is set), then rotate the secret."
_REGISTRY_OF_PROVIDER = {"docker-hub": "docker.io", "ghcr": "ghcr.io", "digitalocean": "registry.digitalocean.com"}


def survey(workstation: Workstation) -> Iterator[Observation]:
    size = 0
    for name, value in sorted(workstation.environment.items()):
        size += len(value)
        if len(value) > workstation.limits.config_bytes:
            yield Skipped(id, name, "too large for a login", size=len(value))
        elif name == AUTH_VARIABLE:
            yield from _auth_config(name, value)
        elif finding := _finding(workstation, name, value):
            yield finding
    yield Looked("environment", size)


def may_claim(_: str, __: str) -> bool:
    return False


def claims(path: Path) -> bool:
    """No file is an environment."""
    return False


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return iter(())


def _auth_config(name: str, value: str) -> Iterator[Finding]:
    auth_file = read_auth_file(value.encode("utf-8", "surrogateescape"))
    ignored = _why_docker_ignores(auth_file)
    remark = f", in a variable that docker ignores: {printable(ignored)}" if ignored else ""
    for finding in login_findings(auth_file, Source(id, name, PlaceKind.ENVIRONMENT, _ADVICE.format(name=name))):
        yield replace(finding, title=finding.title + remark) if finding.secret else finding
    if ignored and not auth_file.problem and not any(entry.problem for entry in auth_file.entries):
        yield Finding(
            check=id,
            rule="ignored-variable",
            title=f"docker ignores this variable: {printable(ignored)}",
            severity=Severity.LOW,
            confidence=Confidence.CERTAIN,
            place=Place(name, PlaceKind.ENVIRONMENT),
            advice=f'Give {name} the form {{"auths": {{HOST: {{"auth": ...}}}}}} and nothing else, or unset it.',
            locator="variable",
        )


def _why_docker_ignores(auth_file: AuthFile) -> str:
    """docker 28.3 and later take `auths` with `auth` in each entry, and nothing else. Empty where they are content."""
    if auth_file.problem:
        return auth_file.problem.reason
    root = auth_file.root
    if not root:
        return ""
    if auth_file.text[root.end :].strip():
        return "something follows the JSON object"
    strangers = [held for held in root.members if fold(held.name) != "auths"]
    for entry in auth_file.entries:
        strangers += [held for held in entry.node.members if fold(held.name) != "auth"]
    if strangers:
        return f"unknown field `{strangers[0].name}`"
    for entry in auth_file.entries:
        if entry.problem:
            return entry.problem
        if not entry.replaced and not _text_of(list(members(entry.node, "auth"))):
            return f"no `auth` for {entry.key}"
    return ""


def _text_of(held: list[Member]) -> str:
    return held[-1].value.text if held else ""


def _finding(workstation: Workstation, name: str, value: str) -> Finding | None:
    if name.upper() in _PROXIES:
        return _proxy_login(name, value)
    found = registry_variable(name, value, workstation.environment)
    if found:
        return _encoded_login(name, value, found) if found.encoded else _password(name, value, found)
    kind = kind_of(value)
    if kind is None or kind.id == "jwt":
        return None
    registry = _REGISTRY_OF_PROVIDER.get(kind.provider)
    return _secret_finding(name, Secret(value), f"{kind.title} in the environment", registry, None)


def _password(name: str, value: str, found: RegistryVariable) -> Finding:
    kind = kind_of(value)
    if "PASSPHRASE" in name.upper():
        return _secret_finding(name, Secret(value), "passphrase of a signing key in the environment", None, None)
    title = f"{kind.title if kind else 'registry password'} in the environment"
    return _secret_finding(name, Secret(value), title, found.registry, found.username, found.confidence)


def _encoded_login(name: str, value: str, found: RegistryVariable) -> Finding | None:
    username, secret, problem = decode_auth(value)
    if problem or not secret:
        return None
    return _secret_finding(name, secret, "encoded registry login in the environment", found.registry, username)


def _proxy_login(name: str, value: str) -> Finding | None:
    login = login_in_url(value)
    if not login:
        return None
    title = f"password of the proxy {printable(login.host, 80)} in the environment"
    finding = _secret_finding(name, login.secret, title, None, login.username)
    return replace(finding, rule="proxy-password", severity=Severity.MEDIUM)


def _secret_finding(
    name: str,
    secret: Secret,
    title: str,
    registry: str | None,
    username: str | None,
    confidence: Confidence = Confidence.CERTAIN,
) -> Finding:
    token = secret.kind not in ("password", "jwt")
    return Finding(
        check=id,
        rule="secret-in-environment",
        title=title,
        severity=Severity.CRITICAL if token else Severity.HIGH,
        confidence=Confidence.CERTAIN if token else confidence,
        place=Place(name, PlaceKind.ENVIRONMENT),
        secret=secret,
        registry=registry_of(registry) if registry else None,
        username=username or None,
        advice=_ADVICE.format(name=printable(name, 80)),
        locator="value",
    )
