"""Names of docker credential helpers: `docker-credential-<suffix>`."""

from __future__ import annotations

from checks import late

PREFIX = "docker-credential-"

PLAIN_TEXT = frozenset(
    {
        "plaintext",
        "plain",
        "flatfile",
        "file",
        "files",
        "text",
        "json",
        "env",
        "envvars",
        "environment",
        "dotenv",
        "magic",
    }
)
"""Helpers that keep or read secrets in a file or the environment, as plain as config.json."""

_SUFFIX = late.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


def is_suffix(suffix: str) -> bool:
    """Whether `docker-credential-<suffix>` is the name of a program and not a path or an option."""
    return _SUFFIX.fullmatch(suffix) is not None
