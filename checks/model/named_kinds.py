"""Kinds that only the name beside a value gives away: the form of these is that of any random text."""

from __future__ import annotations

from checks import late
from checks.model.finding import Finding
from checks.model.token_kinds import TokenKind

AWS_SECRET = TokenKind("aws-secret-access-key", "AWS secret access key", "ecr", "", 40)
GOOGLE_KEY = TokenKind("gcp-service-account-key", "Google service account key", "google", "", 200)
_SPLIT = late.compile(r"[/ .:]")


def named_kind(finding: Finding) -> TokenKind | None:
    """By the variable or the field that holds it, which stands last in the locator."""
    name = _SPLIT.split(finding.locator.partition("#")[0])[-1].lower()
    length = len(finding.secret or "")
    if name == "aws_secret_access_key" and length == AWS_SECRET.shortest:
        return AWS_SECRET
    is_service = (finding.username or "").endswith(".gserviceaccount.com")
    return GOOGLE_KEY if name == "private_key" and is_service and length >= GOOGLE_KEY.shortest else None
