"""Kinds of machine token that their form gives away.

Formats: registry-provider research, section "Token formats" of docs/sources.md. Only tokens that open a registry
stand here; a prefix followed by fewer characters than `shortest` is somebody's word, not a token.
"""

from __future__ import annotations

from typing import NamedTuple


class TokenKind(NamedTuple):
    """A token's issuer in one line: `id` for reports, `title` for people, `provider` where it is revoked."""

    id: str
    title: str
    provider: str
    prefix: str
    shortest: int


TOKEN_KINDS = (
    TokenKind("docker-hub-pat", "Docker Hub personal access token", "docker-hub", "dckr_pat_", 36),
    TokenKind("docker-hub-oat", "Docker Hub organisation access token", "docker-hub", "dckr_oat_", 36),
    TokenKind("github-fine-grained-pat", "GitHub fine-grained token", "ghcr", "github_pat_", 93),
    TokenKind("github-pat", "GitHub classic token", "ghcr", "ghp_", 40),
    TokenKind("github-oauth", "GitHub OAuth token", "ghcr", "gho_", 40),
    TokenKind("github-user-to-server", "GitHub app user token", "ghcr", "ghu_", 40),
    TokenKind("github-server-to-server", "GitHub app installation token", "ghcr", "ghs_", 40),
    TokenKind("github-refresh", "GitHub refresh token", "ghcr", "ghr_", 40),
    TokenKind("gitlab-pat", "GitLab access token", "gitlab", "glpat-", 26),
    TokenKind("gitlab-deploy", "GitLab deploy token", "gitlab", "gldt-", 25),
    TokenKind("gitlab-job", "GitLab job token", "gitlab", "glcbt-", 26),
    TokenKind("digitalocean-pat", "DigitalOcean token", "digitalocean", "dop_v1_", 71),
    TokenKind("jfrog-api-key", "JFrog API key", "jfrog", "AKCp", 73),
    TokenKind("jfrog-reference", "JFrog reference token", "jfrog", "cmVmdGtu", 64),
    TokenKind("jwt", "signed web token", "", "eyJ", 60),
)


def kind_of(value: str) -> TokenKind | None:
    """The kind that this value's form gives away, or None for an ordinary password."""
    for kind in TOKEN_KINDS:
        if value.startswith(kind.prefix) and len(value) >= kind.shortest:
            return kind
    return None
