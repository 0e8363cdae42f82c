"""Secrets of crontabs and of systemd's units."""

from __future__ import annotations

import pytest

from checks.detect.command_values import CommandSecret
from checks.detect.scheduled_commands import crontab_secrets, unit_secrets
from checks.model.secret import Secret
from tests.checks.conftest import random_password

CRONTABS = [
    ("DB_PASSWORD={}\n0 0 * * * root backup\n", None, None),
    ("REGISTRY_USER = bob\nREGISTRY=ghcr.io\nREGISTRY_PASSWORD = '{}'\n", "ghcr.io", "bob"),
    ("0 0 * * * root mysqldump -u bob -p{} shop\n", None, "bob"),
    ("@daily docker login -u bob -p {} ghcr.io && docker pull x\n", "ghcr.io", "bob"),
    ("*/5 * * * * PGPASSWORD='{}' pg_dump shop > /x.$(date +\\%F)\n", None, None),
]
UNITS = [
    ("Environment=DB_PASSWORD={}", None, None),
    ('Environment="A=1" "REGISTRY_USER=bob" REGISTRY=ghcr.io \\\n  # why\n  "REGISTRY_PASSWORD={}"', "ghcr.io", "bob"),
    ("Environment=HTTP_PROXY=http://bob:{}@proxy.example.net:3128", None, "bob"),
    ("ExecStart=-/usr/bin/docker run -e DB_PASSWORD={} x", None, None),
    ("ExecStartPre=/bin/sh -c 'docker login -u bob -p {} ghcr.io'", "ghcr.io", "bob"),
    ("ExecStart=/usr/bin/mysqladmin \\\n  -u bob -p{} ping", None, "bob"),
    ("SetCredential=db.password:{}", None, None),
    ("Options=username=bob,password={}", None, None),
]


def check(found: list[CommandSecret], text: str, word: str, registry: str | None, username: str | None) -> None:
    (one,) = found
    assert (one.secret, one.registry, one.username) == (Secret(word), registry, username)
    assert text[one.start : one.end] == word


@pytest.mark.parametrize(("text", "registry", "username"), CRONTABS)
def test_crontabs(text: str, registry: str | None, username: str | None) -> None:
    word = random_password()
    text = text.format(word)
    check(list(crontab_secrets(text, users=None)), text, word, registry, username)


@pytest.mark.parametrize(("setting", "registry", "username"), UNITS)
def test_units(setting: str, registry: str | None, username: str | None) -> None:
    word = random_password()
    text = f"[Unit]\nDescription=a password\n[Service]\n{setting.format(word)}\n"
    check(list(unit_secrets(text)), text, word, registry, username)


@pytest.mark.parametrize(
    "setting",
    [
        "Environment=DB_PASSWORD=%i",
        "Environment=DB_PASSWORD_FILE=%d/password",
        "EnvironmentFile=-/etc/default/x",
        "PassEnvironment=DB_PASSWORD",
        "LoadCredential=password:/run/secrets/x",
        "SetCredentialEncrypted=password:k6iUCUh0RJCQyvL8k8q1UyAAAAABAAAADAAAABAAAAC1",
        "ExecStart=/usr/bin/mysqladmin -p${DB_PASSWORD} ping",
        "ExecStart=/bin/sh -c 'docker login -u bob -p $${TOKEN} ghcr.io'",
    ],
)
def test_references_are_no_secrets(setting: str) -> None:
    assert not list(unit_secrets(f"[Service]\n{setting}\n"))


def test_a_crontab_without_secrets() -> None:
    text = "MAILTO=x\n0 0 * * * root mysqldump -p$PW shop\n* * * * * docker login -u bob -p $(pass show x)\n"
    assert not list(crontab_secrets(text, users=None))
