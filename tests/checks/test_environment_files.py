"""Secrets in `.env` files, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import environment_files
from checks.model.finding import Confidence, Finding, Severity
from tests.checks.conftest import random_password, random_token

CLEAN = """
NODE_ENV=production
PORT=8080
DATABASE_HOST=localhost
DB_PASSWORD=${DB_PASSWORD}
API_KEY=changeme
SECRET_KEY_FILE=/run/secrets/key
TOKEN_URL=https://auth.example/token
JWT_EXPIRY=3600
DATABASE_URL=postgres://app:${DB_PASSWORD}@db:5432/app
REDIS_URL=redis://localhost:6379
GITHUB_TOKEN=$(gh auth token)
PASSWORD_MIN_LENGTH=12
AUTHOR=alice
PUBLIC_KEY_PATH=./keys/public.pem
VAULT_ADDR=https://vault.example:8200
DOCKER_PASSWORD=<your password>
COMPOSE_PROJECT_NAME=shop
STRIPE_SECRET={{ stripe_secret }}
"""


def look(workstation, path: Path, text: str) -> list[Finding]:  # type: ignore[no-untyped-def]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return [one for one in environment_files.read(workstation(), path) if isinstance(one, Finding)]


def test_a_registry_s_password_with_its_user_and_host(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    text = f"REGISTRY=registry.example:5000\nREGISTRY_USER=alice\n\nREGISTRY_PASSWORD='{word}'\n"
    (found,) = look(workstation, tmp_path / ".env", text)
    assert found.secret and found.secret.reveal() == word
    assert (found.registry, found.username, found.severity) == ("registry.example:5000", "alice", Severity.HIGH)
    assert (found.place.line, found.place.column, found.place.field) == (4, 20, "REGISTRY_PASSWORD")


def test_a_token_is_known_under_any_name(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    token = random_token("dckr_pat_", 27)
    (found,) = look(workstation, tmp_path / ".env", f"X={token}\n")
    assert (found.confidence, found.severity) == (Confidence.CERTAIN, Severity.CRITICAL)


def test_a_password_in_a_url(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    (found,) = look(workstation, tmp_path / "app.env", f"DATABASE_URL=postgres://app:{word}@db.example:5432/app\n")
    assert found.secret and found.secret.reveal() == word
    assert found.username == "app"


def test_a_template_is_only_possible(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (found,) = look(workstation, tmp_path / ".env.example", f"DB_PASSWORD={random_password()}\n")
    assert found.confidence is Confidence.POSSIBLE


def test_clean_files_say_nothing(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert look(workstation, tmp_path / ".env", CLEAN) == []


@pytest.mark.parametrize(
    ("name", "claimed"), [(".env", True), (".env.local", True), ("prod.env", True), ("env.py", False)]
)
def test_which_files_are_ours(name: str, claimed: bool) -> None:
    assert environment_files.claims(Path("/x") / name) is claimed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_in_every_encoding_that_editors_write(workstation, tmp_path: Path, encoding: str) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    (tmp_path / ".env").write_bytes(f"# gr\u00fc\u00dfe\nDB_PASSWORD={word}\n".encode(encoding))
    (found,) = [one for one in environment_files.read(workstation(), tmp_path / ".env") if isinstance(one, Finding)]
    assert (found.place.line, found.place.column) == (2, 13)
    assert found.secret and found.secret.reveal() == word
