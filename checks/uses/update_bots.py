"""Renovate and Dependabot. Fields: docs.renovatebot.com hostRules; GitHub's dependabot.yml options, `registries`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.registry_names import HUB_CONTAINERS_NAME, provider_of
from checks.formats.yaml_positions import Node
from checks.model.use import Use
from checks.uses.references import Held, held
from checks.uses.registries import canonical
from checks.uses.source import Source, first_text, member, text_at, walk
from checks.uses.updating import github_secrets
from checks.uses.yaml_logins import login_mapping

RENOVATE, DEPENDABOT = "renovate", "dependabot"
_ENCRYPTED = ("password", "token")
_LOOSE_RULE = late.compile(r"\{(?P<body>[^{}]{0,2000}matchHost[^{}]{0,2000})\}")
_LOOSE_FIELD = late.compile(
    r"""\b(?P<name>hostType|matchHost|username|password|token)["']?\s{0,10}:\s{0,10}
        (?:["'`](?P<text>[^"'`\n]{0,500})["'`]|process\.env\.(?P<variable>\w{1,100}))""",
    re.VERBOSE,
)


def read_renovate(source: Source) -> Iterator[Use]:
    """`hostRules` for docker: in clear, encrypted, or by the name of an environment variable."""
    told: set[int] = set()
    for root in source.json:
        for path, node in walk(root):
            if path and path[-1] == "hostRules" and node.kind == "sequence":
                for rule in node.items:
                    for use in _rule(source, rule):
                        told.add(use.line or 0)
                        yield use
    yield from (use for use in _loose_rules(source) if use.line not in told)


def _is_registry(host_type: str, host: str) -> bool:
    """A rule for docker, or one for any kind of host whose host is a registry's."""
    registry = canonical(host)
    if host_type:
        return host_type in ("docker", "helm", "github-packages")
    return registry is not None and (registry == HUB_CONTAINERS_NAME or provider_of(registry, "") is not None)


def _rule(source: Source, rule: Node) -> Iterator[Use]:
    host = text_at(rule, "matchHost") or text_at(rule, "hostName") or text_at(rule, "baseUrl")
    if not _is_registry(text_at(rule, "hostType"), host):
        return
    title = "hostRules of Renovate"
    if found := login_mapping(source, RENOVATE, title, rule, _WHERE, registry=host):
        yield found
        return
    encrypted = member(rule, "encrypted")
    place = next((held_node for name in _ENCRYPTED if (held_node := member(encrypted, name))), None)
    if place:
        update = "in this file, encrypted anew on the page of Renovate's documentation for encrypted secrets"
        user = first_text(rule, "username")
        yield source.use(RENOVATE, f"encrypted {title}", place, registry=host, username=user, update=update)


_WHERE = "the secrets of the Renovate app or of the workflow that runs it"


def _loose_rules(source: Source) -> Iterator[Use]:
    """Rules of a `config.js`, which is a program: read by its form alone."""
    if not source.path.endswith((".js", ".cjs", ".mjs", ".ts", ".json5")):
        return
    for match in _LOOSE_RULE.finditer(source.text):
        fields = {found["name"]: found for found in _LOOSE_FIELD.finditer(match["body"])}
        host = fields["matchHost"]["text"] or "" if "matchHost" in fields else ""
        secret = fields.get("password") or fields.get("token")
        kind = fields["hostType"]["text"] or "" if "hostType" in fields else ""
        if not secret or not _is_registry(kind, host):
            continue
        value = Held(secret["variable"]) if secret["variable"] else held(secret["text"] or "")
        user = fields["username"]["text"] or "" if "username" in fields else ""
        line = source.lines.at(match.start("body") + secret.start())[0]
        yield source.use(
            RENOVATE, "hostRules of Renovate", line, registry=host, username=user, value=value, update=_WHERE
        )


def read_dependabot(source: Source) -> Iterator[Use]:
    for root in source.yaml:
        registries = member(root, "registries")
        for one in registries.members if registries else ():
            kind = text_at(one.value, "type")
            if kind in ("docker-registry", "helm-registry"):
                update = github_secrets(source.remote, "dependabot")
                title = f"registry {one.name} of Dependabot"
                found = login_mapping(source, DEPENDABOT, title, one.value, update, registry=text_at(one.value, "url"))
                if found:
                    yield found
