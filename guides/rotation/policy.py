"""The rotation policy: how old a credential may become. A plain file of the person's, and defaults of the providers.

`dockhygiene/rotation.yaml` in the folder of configuration; docs/monitor.md has the format. Checked strictly: what is
misspelt must not silently mean "never".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.encodings import text_of
from checks.formats.registry_names import registry_of
from checks.formats.yaml_positions import Node, parse
from guides.providers.catalog import kind_for, provider_for

LARGEST = 1 << 18
WARN_DAYS = 14
USES_DAYS = 180
_DAYS = re.compile(r"\d{1,4}", re.ASCII)
_SAYABLE = re.compile(r"[A-Za-z_-]{1,30}")


class PolicyError(Exception):
    """The file is not as it should be; the message names file, line and what to mend."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Days for one credential. An empty `username` stands for every user of the registry."""

    registry: str
    username: str
    days: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Days of life; 0 means that age alone asks for nothing."""

    default: int | None = None
    warn: int = WARN_DAYS
    """Days before the end from which on a rotation is due."""
    uses: int = USES_DAYS
    """Days for which the confirmation of a use written by hand is good."""
    providers: Mapping[str, int] = field(default_factory=dict)
    credentials: tuple[Rule, ...] = ()

    def days_for(self, provider: str, registry: str, username: str, form: str) -> int:
        """By credential, by provider, by what the provider's file recommends, and at last `default`.

        `form` is a secret's kind, as the provider's file lists it. A `default` in the file goes before the
        recommendation, since somebody wrote it.
        """
        rules = [rule for rule in self.credentials if rule.registry == registry and rule.username in ("", username)]
        if rules:
            return max(rules, key=lambda rule: bool(rule.username)).days
        if provider in self.providers:
            return self.providers[provider]
        if self.default is not None:
            return self.default
        return kind_for(provider_for(provider, registry), form, username).expiry_days


def policy_file(config_home: Path) -> Path:
    return config_home / "dockhygiene" / "rotation.yaml"


def read_policy(path: Path) -> Policy:
    """The policy of this file, the defaults where there is none. Raises PolicyError."""
    try:
        text = text_of(read_file(path, LARGEST).data)
    except NotRead as error:
        if error.missing:
            return Policy()
        raise PolicyError(f"{path}: {error.reason}") from None
    return _Reader(path).read(text)


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, text: str) -> Policy:
        parsed = parse(text)
        if parsed.problem:
            raise self._error(parsed.problem.line, parsed.problem.reason)
        if len(parsed.documents) != 1 or parsed.documents[0].kind != "mapping":
            raise self._error(1, "it must hold one mapping with `version: 1`")
        held = self._members(parsed.documents[0], ("version", "default", "warn", "uses", "providers", "credentials"))
        if "version" not in held or held["version"].text != "1":
            raise self._error(1, "`version: 1` is needed")
        return Policy(
            self._days(held["default"]) if "default" in held else None,
            self._days(held["warn"]) if "warn" in held else WARN_DAYS,
            self._days(held["uses"]) if "uses" in held else USES_DAYS,
            dict(self._providers(held.get("providers"))),
            tuple(self._rules(held.get("credentials"))),
        )

    def _providers(self, node: Node | None) -> Iterator[tuple[str, int]]:
        if node is None:
            return
        if node.kind != "mapping":
            raise self._error(node.line, "`providers` names providers, each with its days")
        for member in node.members:
            if provider_for(member.name, None).id != member.name:
                raise self._error(member.key.line, "no provider of that name is known; see docs/monitor.md")
            yield member.name, self._days(member.value)

    def _rules(self, node: Node | None) -> Iterator[Rule]:
        if node is None:
            return
        if node.kind != "sequence":
            raise self._error(node.line, "`credentials` is a list")
        for item in node.items:
            held = self._members(item, ("registry", "username", "days"))
            if "registry" not in held or "days" not in held:
                raise self._error(item.line, "a credential needs `registry` and `days`")
            user = held["username"].text if "username" in held else ""
            yield Rule(registry_of(held["registry"].text), user, self._days(held["days"]))

    def _days(self, node: Node) -> int:
        if node.kind == "scalar" and node.text == "never":
            return 0
        if node.kind != "scalar" or not _DAYS.fullmatch(node.text):
            raise self._error(node.line, "a number of days from 0 to 9999, or `never`, belongs here")
        return int(node.text)

    def _members(self, node: Node, known: tuple[str, ...]) -> dict[str, Node]:
        held: dict[str, Node] = {}
        for member in node.members:
            shown = f"`{member.name}`" if _SAYABLE.fullmatch(member.name) else "a key"
            if member.name not in known:
                raise self._error(member.key.line, f"{shown} is not known here; known are {', '.join(known)}")
            if member.name in held:
                raise self._error(member.key.line, f"{shown} stands there twice")
            held[member.name] = member.value
        return held

    def _error(self, line: int, reason: str) -> PolicyError:
        return PolicyError(f"{self.path}:{line}: {reason}")
