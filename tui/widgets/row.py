"""One line of the list: a credential with all its places, or a weak setting that holds no secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.formats.display import printable
from checks.model.credential import Credential, group
from checks.model.finding import Confidence, Finding, Severity
from checks.model.secret import FingerprintKey, Secret
from guides.wording import place_text
from tui.wording import credential_title, is_movable


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
    """Its only place, or how many there are and the first of them."""
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
    def movable(self) -> bool:
        """Whether a move may take a login of this row out of a file."""
        return is_movable(self.findings)


class Rows:
    """Groups findings into rows as they arrive. A finding makes only its own row anew: the keys must not wait."""

    def __init__(self, key: FingerprintKey, home: Path) -> None:
        self.key = key
        self.home = home
        self._held: dict[Secret, list[Finding]] = {}
        self._made: dict[Secret, Row] = {}
        self._settings: list[Row] = []

    def add(self, finding: Finding) -> None:
        if finding.secret:
            self._held.setdefault(finding.secret, []).append(finding)
            self._made.pop(finding.secret, None)
        else:
            self._settings.append(_setting_row(finding, self.key, self.home))

    def all(self) -> list[Row]:
        """Credentials first, then what holds no secret; each in the order of appearance."""
        for secret, findings in self._held.items():
            if secret not in self._made:
                self._made[secret] = _credential_row(group(findings, self.key)[0], self.home)
        return [*(self._made[secret] for secret in self._held), *self._settings]


def _credential_row(credential: Credential, home: Path) -> Row:
    return Row(
        credential.id,
        credential.findings,
        credential_title(credential),
        printable(credential.username or "", 60),
        printable(credential.secret.masked, 60),
        _where(credential.findings, home),
        credential,
    )


def _where(findings: Sequence[Finding], home: Path) -> str:
    first = place_text(findings[0].place, home)
    places = len({finding.place for finding in findings})
    return first if places == 1 else f"{places} places: {first}, ..."


def _setting_row(finding: Finding, key: FingerprintKey, home: Path) -> Row:
    name = printable(Path(finding.place.path).name or finding.place.path, 60)
    return Row(finding.id(key), (finding,), name, "", printable(finding.title), place_text(finding.place, home), None)
