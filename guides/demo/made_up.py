"""Secrets nobody ever issued, made anew for every demo, in the forms that recognisers know."""

from __future__ import annotations

import secrets
import string
import zlib

from checks.model.secret import Secret

LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def password() -> Secret:
    return Secret(secrets.token_urlsafe(12))


def bearer() -> Secret:
    return Secret(secrets.token_hex(24))


def docker_hub_token() -> Secret:
    """A personal access token of Docker Hub in everything but being issued."""
    return Secret("dckr_pat_" + "".join(secrets.choice(LETTERS) for _ in range(27)))


def github_classic_token() -> Secret:
    """Its last six characters are the CRC32 of the thirty before them, as GitHub's are."""
    body = "".join(secrets.choice(LETTERS) for _ in range(30))
    return Secret(f"ghp_{body}{_base62(zlib.crc32(body.encode())):0>6}")


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(LETTERS))
        digits = LETTERS[digit] + digits
    return digits
