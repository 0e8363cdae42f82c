"""`name = value`: the name's last words and the value decide together."""

from __future__ import annotations

import secrets
import string

import pytest

from checks.detect.assignments import judge, looks_random, words_of
from checks.detect.entropy import entropy
from checks.model.finding import Confidence

SURE = """
DB_PASSWORD dbPassword db.password db-passwd PGPASSWORD MYSQL_PWD SSHPASS apiKey API_KEY clientSecret CLIENT_SECRET
AWS_SECRET_ACCESS_KEY secret_key auth_token accessToken REGISTRY_TOKEN CR_PAT passphrase GPG_PASSPHRASE senha Passwort
contrase\u00f1a DB_PASSWORD_2 smtp_pass encryption_key VAULT_TOKEN license_key
"""
NEVER = """
PASSWORD_URL password_file token_url TOKEN_ENDPOINT secretName secret_arn key_id AWS_ACCESS_KEY_ID max_token_length
token_count password_policy token_type auth_method username registry_user password_reset_url api_key_name key_size HOME
PATH EDITOR keyboard monkey passenger author authority compass DOCKER_HOST secret_path password_label tokenizer
"""
WEAK = "KEY pin session cookie SEED my_key"


def word(length: int = 24) -> str:
    """Looks as if no person made it up: all classes, and no repetition."""
    chosen = secrets.SystemRandom().sample(string.ascii_letters + string.digits, length - 3)
    return "".join(["aB3", *chosen])


@pytest.mark.parametrize("name", SURE.split())
def test_a_name_that_says_it(name: str) -> None:
    assert judge(name, "Tr0ub4dor!x") is Confidence.LIKELY
    assert judge(name, "changeme") is None
    assert judge(name, "${ELSEWHERE}") is None


@pytest.mark.parametrize("name", NEVER.split())
def test_a_name_that_says_something_else(name: str) -> None:
    assert judge(name, "hunter2!x") is None
    assert judge(name, word()) is None


@pytest.mark.parametrize("name", WEAK.split())
def test_a_weak_name_needs_a_value_that_looks_random(name: str) -> None:
    assert judge(name, "blue") is None
    assert judge(name, word()) is Confidence.POSSIBLE


@pytest.mark.parametrize("name", ["TOKEN", "bearer", "registry_auth"])
def test_a_weak_name_that_means_nothing_else(name: str) -> None:
    assert judge(name, word()) is Confidence.LIKELY
    assert judge(name, "blue") is None


@pytest.mark.parametrize("value", ["postgres", "admin123", "Password1!", "s3cr3t", "1234", "aaaaab"])
def test_a_default_that_everybody_knows_is_possible_at_most(value: str) -> None:
    assert judge("db_password", value) is Confidence.POSSIBLE


def test_a_token_with_a_wrong_checksum_is_judged_by_its_name() -> None:
    invented = "ghp_" + word(36)
    assert judge("comment", invented) is Confidence.POSSIBLE
    assert judge("GITHUB_TOKEN", invented) is Confidence.LIKELY


@pytest.mark.parametrize("name", ["ANYTHING", "x", "comment"])
def test_a_token_with_a_known_form_needs_no_name(name: str) -> None:
    assert judge(name, "dckr_pat_" + word(27)) is Confidence.CERTAIN


@pytest.mark.parametrize(
    "value",
    [
        "Enter your password here, please",
        "/etc/app/password.txt",
        "$2b$12$abcdefghijklmnopqrstuv",
        "sha256:9f86d081884c7d659a2feaa0c55ad015",
    ],
)
def test_values_that_are_no_password(value: str) -> None:
    assert judge("password", value) is None


def test_words() -> None:
    assert words_of("dbPassword") == words_of("DB_PASSWORD") == words_of("db.password2") == ["db", "password"]
    assert words_of("HTTPToken") == ["http", "token"]
    assert words_of("x" * 1_000_000) == ["x" * 200]


def test_looking_random() -> None:
    assert looks_random(word(20))
    assert not looks_random("aaaaaaaaaaaaaaaaaaaa")
    assert not looks_random("hello world this is text")
    assert not looks_random("123e4567-e89b-12d3-a456-426614174000")
    assert entropy("") == 0.0 and entropy("ab") == 1.0
