"""How findings and credentials are put into words: the same in the app and on a plain terminal."""

from __future__ import annotations

from collections.abc import Iterable

from checks.files.reading import size_text
from checks.formats.display import printable
from checks.model.credential import Credential
from checks.model.finding import Finding, Skipped
from guides.wording import counted, registry_title


def credential_title(credential: Credential) -> str:
    """What it opens: its registry, else the kind of token, else what its first place says of it."""
    if credential.registry:
        return registry_title(credential.registry)
    form = credential.secret.form
    return printable(form.title if form else credential.findings[0].title, 60)


def is_movable(findings: Iterable[Finding]) -> bool:
    """Whether one of them lies in a client's credential file, where a move can take it out."""
    return any(finding.rule.startswith("plain-text-") for finding in findings)


def reason_text(skipped: Skipped) -> str:
    """Why something was not looked at, and how much it is."""
    files = counted(skipped.files, "file") if skipped.files is not None else ""
    size = size_text(skipped.size) if skipped.size is not None else ""
    amount = ", ".join(filter(None, (files, size)))
    return f"{printable(skipped.reason, 400)}{f' ({amount})' if amount else ''}"
