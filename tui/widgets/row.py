"""One line of the list: a credential with all its places, or a weak setting that holds no secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from checks.formats.display import printable, shell_path
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.model.credential import Credential, group
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity
from checks.model.secret import FingerprintKey

_MOVABLE = "plain-text-"
"""Rules whose secret stands in a credential file, where a move can take it out."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one line says. Foreign text in it is printable already."""

    id: str
    findings: tuple[Finding, ...]
    name: str
    user: str
    held: str
    """The masked secret, or the title of a finding without one."""
    where: str
    credential: Credential | None

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def severity(self) -> Severity:
        return max(finding.severity for finding in self.findings)

    @property
    def confidence(self) -> Confidence:
        return max(finding.confidence for finding in self.findings)

    @property
    def registry(self) -> str | None:
        return self.credential.registry if self.credential else self.first.registry

    @property
    def title(self) -> str:
        return f"{self.name} / {self.user}" if self.user else self.name

    @property
    def places(self) -> str:
        return counted(len({finding.place for finding in self.findings}), "place")

    @property
    def movable(self) -> bool:
        """Whether a move may take a login of this row out of a file."""
        return any(finding.rule.startswith(_MOVABLE) for finding in self.findings)


def rows_of(findings: Iterable[Finding], key: FingerprintKey, home: Path) -> list[Row]:
    """Credentials first, then what holds no secret; each in the order of appearance."""
    findings = tuple(findings)
    rows = [_credential_row(credential, home) for credential in group(findings, key)]
    rows += [_setting_row(finding, key, home) for finding in findings if not finding.secret]
    return rows


def registry_title(registry: str | None) -> str:
    """The registry's name for people."""
    if registry == HUB_CONTAINERS_NAME:
        return "Docker Hub"
    return printable(registry or "no registry known", 60)


def place_text(place: Place, home: Path) -> str:
    """Where it lies, in one short line that can be shown safely."""
    line = f":{place.line}" if place.line else ""
    if place.kind is PlaceKind.ENVIRONMENT:
        return f"variable {printable(place.path)}"
    if place.kind in (PlaceKind.IMAGE, PlaceKind.CONTAINER):
        layer = f", layer {printable(place.layer, 20)}" if place.layer else ""
        return f"{place.kind} {printable(place.image or place.path)}{layer}, {printable(place.path)}{line}"
    path = shell_path(place.path, home)
    if place.kind is PlaceKind.GIT:
        return f"{path}{line} in {printable(place.commit or 'git', 8)}"
    return f"{path}{line}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _credential_row(credential: Credential, home: Path) -> Row:
    return Row(
        credential.id,
        credential.findings,
        registry_title(credential.registry),
        printable(credential.username or "", 60),
        printable(credential.secret.masked, 60),
        place_text(credential.findings[0].place, home),
        credential,
    )


def _setting_row(finding: Finding, key: FingerprintKey, home: Path) -> Row:
    name = printable(Path(finding.place.path).name or finding.place.path, 60)
    return Row(finding.id(key), (finding,), name, "", printable(finding.title), place_text(finding.place, home), None)
