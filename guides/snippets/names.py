"""The names that a snippet holds: of the variable, of the place in a manager, of the registry and its user.

They come from a finding, and so from files of other people. Each is held against what it may be, and quoted for the
language besides: a name never becomes code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from checks.formats.registry_names import provider_of
from checks.model.finding import Finding, PlaceKind
from guides.edits.variables import NAME

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[0-9]{1,5})?")
_DOCKER_HUB = "docker.io"
_LONGEST = 256


class NameNotUsable(ValueError):
    """A name that cannot stand in a snippet. The text says which, and what it may be."""


@dataclass(frozen=True, slots=True)
class Names:
    """What stands in the snippets where nothing is known: names that say what they are for."""

    variable: str = "REGISTRY_TOKEN"
    path: str = "docker/registry"
    """Of the secret in the manager: below Vault's mount `secret`, or the name in AWS, which may begin with a slash."""
    field: str = "password"
    """Of the value within that secret. Empty where the path alone names the value, as in Conjur."""
    registry: str = "registry.example.com"
    user: str = "ci"

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.variable):
            raise NameNotUsable("the variable's name must be letters, digits and _, and begin with no digit")
        _check("path", self.path)
        if self.field:
            _check("field", self.field)
        _check("user", self.user)
        if any(part in ("", ".", "..") for part in self.path.removeprefix("/").split("/")):
            raise NameNotUsable("the path has parts between single slashes; none of them is empty, `.` or `..`")
        if not _HOST.fullmatch(self.registry):
            raise NameNotUsable("the registry must be a host name, with a port where it has one")

    @property
    def id(self) -> str:
        """The same place in Conjur, where every value has a name of its own."""
        return f"{self.path}/{self.field}" if self.field else self.path

    @property
    def alias(self) -> str:
        """The variable as AWS's action for GitHub writes it, in capitals only."""
        return self.variable.upper()

    @property
    def alias_of_field(self) -> str:
        """What that action calls the one field."""
        return f"{self.alias}_{re.sub('[^A-Z0-9]', '_', self.field.upper())}"

    @property
    def server(self) -> str:
        """What Docker's configuration calls the registry: Docker Hub has an address of its own there."""
        return "https://index.docker.io/v1/" if self.registry == _DOCKER_HUB else self.registry


def _check(what: str, text: str) -> None:
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise NameNotUsable(f"the {what} must be 1 to {_LONGEST} printable characters")


def names_of(findings: Sequence[Finding], variable: str = "") -> Names:
    """Names for what was found. `variable` is what its users call it already, where they do.

    What is unknown, or could not stand in a snippet, is left as it is in `Names`.
    """
    registry = next((one.registry for one in findings if one.registry), "")
    kind = next((one.secret.kind for one in findings if one.secret), "")
    user = next((one.username for one in findings if one.username), "")
    provider = provider_of(registry or None, kind)
    names = Names()
    if registry and _HOST.fullmatch(registry):
        names = replace(names, registry=registry, path=f"docker/{registry.partition(':')[0]}")
    named = variable or next((name for one in findings if (name := _variable(one))), "")
    if not NAME.fullmatch(named):
        named = _made(registry if names.registry == registry else provider or "")
    names = replace(names, variable=named)
    try:
        return replace(names, user=user) if user else names
    except NameNotUsable:
        return names


def _variable(finding: Finding) -> str:
    """The variable that holds it now: what a check tells findings of one place apart by, or the place itself."""
    last = re.split(r"[\s/.:\[\]]+", finding.locator.partition("#")[0])[-1]
    place = finding.place.path if finding.place.kind is PlaceKind.ENVIRONMENT else ""
    return next((name for name in (last, place) if re.fullmatch(r"[A-Z][A-Z0-9_]{2,127}", name)), "")


def _made(host: str) -> str:
    made = re.sub(r"[^A-Za-z0-9]+", "_", host.partition(":")[0]).strip("_").upper()
    if not made:
        return Names().variable
    return f"{'' if made[0].isalpha() else 'REGISTRY_'}{made}_TOKEN"[:128]
