"""What the hosting platforms themselves do against a pushed secret, and where that is switched on.

Read in the platforms' own pages; the plans change, so each says where to look.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PushProtection:
    """One platform's own guard."""

    id: str
    title: str
    what: str
    where: str
    page: str


PLATFORMS = (
    PushProtection(
        id="github",
        title="GitHub",
        what="push protection refuses a push with a token it knows. Free for public repositories; others need GitHub "
        "Secret Protection.",
        where="Settings, Advanced Security, Secret Protection, Push protection; for your own pushes to public "
        "repositories also in your account's settings, Code security",
        page="https://docs.github.com/en/code-security/secret-scanning/introduction/about-push-protection",
    ),
    PushProtection(
        id="gitlab",
        title="GitLab",
        what="secret push protection refuses a push with a token it knows. Ultimate only; on your own server an "
        "administrator allows it first.",
        where="Secure, Security configuration, Secret push protection",
        page="https://docs.gitlab.com/user/application_security/secret_detection/secret_push_protection/",
    ),
    PushProtection(
        id="bitbucket",
        title="Bitbucket",
        what="Data Center looks at new commits and writes an e-mail: it tells, it does not refuse. For Cloud we found "
        "no page that promises either.",
        where="Administration, System, Secret scanning (Data Center; on unless it was switched off)",
        page="https://confluence.atlassian.com/bitbucketserver/secret-scanning-1157471613.html",
    ),
)


def push_protection(ids: tuple[str, ...]) -> tuple[PushProtection, ...]:
    """The platforms of these ids, in the catalog's order."""
    return tuple(platform for platform in PLATFORMS if platform.id in ids)
