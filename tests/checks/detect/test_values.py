"""What is not a secret, by its value alone."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.detect.values import is_placeholder, is_reference, is_unfilled, not_a_secret

PLACEHOLDERS = """
changeme CHANGE_ME change-me-please <your-password> <token> [TOKEN] xxxx XXXXXXXX **** ........ your_token_here
your-api-key YOUR_SECRET my_password replace_me INSERT_TOKEN TODO none null true password secret %%%% __TOKEN__ {token}
0000000000
"""
REFERENCES = """$TOKEN|${TOKEN}|${TOKEN:?missing}|${1}|$(pass show docker)|`cat token`|$env:TOKEN|%TOKEN%|{{ token }}
{{ .Values.x }}|${{ secrets.DOCKERHUB_TOKEN }}|<%= token %>|@token@|<< parameters.token >>|op://vault/item/field
vault:secret/data/x#key|ref+awssecrets://x/y|arn:aws:secretsmanager:eu-west-1:1:secret:x|os.environ["X"]
process.env.TOKEN|getenv("X")|var.db_password|dockhygiene://keyring/ghcr.io|!Ref Secret|${X:-${Y}}|${X:-changeme}"""
ENCRYPTED = (
    "$ANSIBLE_VAULT;1.1;AES256",
    "ENC[AES256_GCM,data:abc=,iv:d,tag:e,type:str]",
    "ENC(abcdef==)",
    "{cipher}0a1b2c",
    "{AES-256}abc",
    "U2FsdGVkX1+abc",
    "encrypted:BE9Y7LKANx77X1pv",
)


def references() -> list[str]:
    of_actions = ["secret/data/docker/registry password | REGISTRY_TOKEN", "docker/password|A;docker/user|B"]
    return [*REFERENCES.replace("\n", "|").split("|"), *of_actions]


@pytest.mark.parametrize("value", [*PLACEHOLDERS.split(), *references(), *ENCRYPTED, "", "  ", '""', "''"])
def test_these_are_none(value: str) -> None:
    assert not_a_secret(value)
    assert not_a_secret(f'"{value}"')


@pytest.mark.parametrize("value", references())
def test_references_are_placeholders_too(value: str) -> None:
    assert is_reference(value) and is_placeholder(value)


@pytest.mark.parametrize(
    "value", ["$up3rS3cret!", "pa$$word12", "hunter2", "p%40ss", "a{b}c", "xxxxxy", "correct horse", "setting-sun-99"]
)
def test_these_may_be_one(value: str) -> None:
    assert not not_a_secret(value)


def test_a_literal_default_is_as_secret_as_any_value() -> None:
    word = secrets.token_urlsafe(9)
    assert not is_reference(f"${{TOKEN:-{word}}}")
    assert not is_reference(f"${{TOKEN-{word}}}")


@given(st.text(alphabet="bcdghjkqvwz123456789!#+", min_size=12, max_size=80).filter(lambda text: len(set(text)) > 6))
def test_what_chance_made_is_taken_seriously(value: str) -> None:
    assert not not_a_secret(value)


@pytest.mark.parametrize(
    "text", ["${" * 50_000, "$(" * 50_000, "{{" * 50_000, "<" * 100_000, "x" * 1_000_000, "a-" * 40 + "b", "my-" * 30]
)
def test_no_text_takes_long(text: str) -> None:
    assert not_a_secret(text) in (True, False)


@pytest.mark.parametrize("value", ["<password>", "${DOCKER_PASSWORD}", "{{ password }}", "$PASSWORD", "'<your token>'"])
def test_a_place_that_was_never_filled_in(value: str) -> None:
    assert is_unfilled(value)


@pytest.mark.parametrize("value", ["changeme", "password", "", "a<b>c", "p"])
def test_a_word_may_be_a_password_in_use(value: str) -> None:
    assert not is_unfilled(value)


@pytest.mark.parametrize("value", ["{an:20}", "abc{token}", "Bearer {user.token}", "{value:>10}"])
def test_a_format_of_a_text_is_no_secret(value: str) -> None:
    assert not_a_secret(value)


@pytest.mark.parametrize("value", ["a{b}c-1", "pass{word 1}", "{}x7Qq91", "x{7}y{8}zzQ"])
def test_braces_alone_make_no_format(value: str) -> None:
    assert not not_a_secret(value)
