"""Secrets of config.json outside `auths`: headers sent to the daemon, and proxies handed to every container."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checks import late
from checks.formats.display import printable
from checks.formats.docker_auth import AuthFile, NamedNode, decode_auth
from checks.formats.json_positions import Node, fold, parse
from checks.formats.registry_names import registry_of
from checks.formats.url_logins import login_in_url
from checks.model.finding import Confidence, Finding, Severity
from checks.model.secret import Secret
from checks.model.token_kinds import kind_of
from checks.posture.weakness import CHECK, in_file

_TELLING = late.compile(r"auth|token|secret|passw|api-?key|cookie", re.IGNORECASE)
_SCHEME = late.compile(r"(?P<scheme>Basic|Bearer|Token)[ \t]+(?P<value>\S.*)", re.IGNORECASE)
_HEADER_ADVICE = "Take the header out of HttpHeaders and rotate what it holds: docker sends it to every daemon."
_PROXY_ADVICE = "Take user and password out of the URL, have the proxy trust this machine, then rotate the password."


class _Login(NamedTuple):
    secret: Secret
    username: str = ""
    registry: str = ""
    part: str = ""


def header_findings(auth_file: AuthFile, path: Path) -> Iterator[Finding]:
    for header in auth_file.strings_below("HttpHeaders"):
        name = header.path.partition("/")[2]
        for login in _logins_in_header(name, header.node.text):
            title = f"a secret in the header {printable(name, 60)}, sent to every docker daemon"
            confidence = Confidence.CERTAIN if login.username or _known(login) else Confidence.LIKELY
            yield _finding(auth_file, path, header, login, ("secret-in-header", title, _HEADER_ADVICE), confidence)


def proxy_findings(auth_file: AuthFile, path: Path) -> Iterator[Finding]:
    for proxy in auth_file.strings_below("proxies"):
        found = None if fold(proxy.path).endswith("/noproxy") else login_in_url(proxy.node.text)
        if found:
            title = f"the password of the proxy {printable(found.host, 60)}, copied into every container and build"
            login = _Login(found.secret, found.username)
            yield _finding(auth_file, path, proxy, login, ("secret-in-proxy", title, _PROXY_ADVICE), Confidence.CERTAIN)


def _known(login: _Login) -> bool:
    return login.secret.kind != "password"


def _finding(
    auth_file: AuthFile,
    path: Path,
    held: NamedNode,
    login: _Login,
    words: tuple[str, str, str],
    confidence: Confidence,
) -> Finding:
    rule, title, advice = words
    locator = f"{held.path}/{login.part}" if login.part else held.path
    return Finding(
        check=CHECK,
        rule=rule,
        title=title,
        severity=Severity.CRITICAL if login.secret.kind not in ("password", "jwt") else Severity.HIGH,
        confidence=confidence,
        place=in_file(path, auth_file, held.node.start + 1, locator),
        secret=login.secret,
        registry=registry_of(login.registry) if login.registry else None,
        username=login.username or None,
        advice=advice,
        locator=locator,
    )


def _logins_in_header(name: str, value: str) -> Iterator[_Login]:
    lower = name.lower()
    if lower in ("x-registry-auth", "x-registry-config") and (root := _decoded_json(value)):
        yield from _registry_login(root)
        for held in root.members:  # X-Registry-Config: a login for each registry
            for login in _registry_login(held.value):
                yield login._replace(registry=login.registry or held.name, part=f"{held.name}/{login.part}")
        return
    scheme = _SCHEME.fullmatch(value.strip())
    if scheme and scheme["scheme"].lower() == "basic":
        username, secret, _ = decode_auth(scheme["value"].strip())
        if secret:
            yield _Login(secret, username)
    elif scheme:
        yield _Login(Secret(scheme["value"].strip()))
    elif value.strip() and (_TELLING.search(lower) or kind_of(value.strip())):
        yield _Login(Secret(value.strip()))


def _registry_login(node: Node) -> Iterator[_Login]:
    fields = {fold(held.name): held.value.text for held in node.members if held.value.kind == "string"}
    address, username = fields.get("serveraddress", ""), fields.get("username", "")
    for field in ("password", "identitytoken", "registrytoken"):
        if fields.get(field):
            yield _Login(Secret(fields[field]), username, address, field)
    if fields.get("auth"):
        username, secret, _ = decode_auth(fields["auth"])
        if secret and secret != Secret(fields.get("password", "")):
            yield _Login(secret, username, address, "auth")


def _decoded_json(value: str) -> Node | None:
    """The object in this base64, of either alphabet, padded or not."""
    text = "".join(value.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    root = parse(data.decode("utf-8", "surrogateescape")).root
    return root if root and root.kind == "object" else None
