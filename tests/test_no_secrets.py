"""No file of this repository holds what a scanner would take for a secret: tests make theirs when they run."""

from __future__ import annotations

import re
import secrets
import string
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.token_kinds import TOKEN_KINDS, TokenKind

ROOT = Path(__file__).parents[1]
NOT_OURS = {".git", ".venv", "__pycache__", "node_modules", "dist", "build", ".hypothesis"}
LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]*" + "PRIVATE KEY-----")
CHECKED = ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
"""GitHub's tokens end with a checksum: only one that is right can be real."""
FEWEST_SIGNS = 8
"""Different characters. A row of x is an example, and says so."""


def files() -> Iterator[Path]:
    """What git tracks or would track; without git, all that is not made by a tool."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(listing, cwd=ROOT, capture_output=True, check=False)
        names = done.stdout.decode().split("\0") if done.returncode == 0 else []
    except OSError:
        names = []
    paths = [ROOT / name for name in names if name] or [
        path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts) and path.is_file()
    ]
    yield from (path for path in paths if path.is_file() and not path.is_symlink())


def tokens(text: str) -> Iterator[str]:
    for kind in TOKEN_KINDS:
        body = kind.shortest - len(kind.prefix)
        for found in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(kind.prefix)}[A-Za-z0-9_-]{{{body},}}", text):
            token = found.group()
            if len(set(token[len(kind.prefix) :])) >= FEWEST_SIGNS and (kind.prefix not in CHECKED or is_valid(token)):
                yield token


def is_valid(token: str) -> bool:
    return token[-6:] == checksum(token[4:-6])


def checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, len(LETTERS))
        digits = LETTERS[digit] + digits
    return digits.rjust(6, "0")


def test_no_token_and_no_private_key() -> None:
    looked = 0
    for path in files():
        text = path.read_bytes().decode("utf-8", "replace")
        looked += 1
        assert not PRIVATE_KEY.search(text), path
        found = [token[:8] for token in tokens(text)]
        assert not found, (path, found)
    assert looked > 100


@pytest.mark.parametrize("kind", TOKEN_KINDS, ids=lambda kind: kind.id)
def test_what_this_test_would_find(kind: TokenKind) -> None:
    body = "".join(secrets.choice(LETTERS) for _ in range(kind.shortest - len(kind.prefix)))
    if kind.prefix in CHECKED:
        body = body[:30] + checksum(body[:30])
    token = kind.prefix + body
    assert list(tokens(f'"password": "{token}",')) == [token]
    assert not list(tokens(kind.prefix + "x" * len(body)))
