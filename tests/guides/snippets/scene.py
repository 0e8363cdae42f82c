"""What the snippets are run in: every source with one secret under awkward names, and a place where there is none."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import boto3

from guides.snippets.names import Names
from guides.snippets.template import Template
from tests.checks.conftest import random_token
from tests.services.conjur_double import running_conjur
from tests.services.moto_server import aws_double
from tests.services.openbao import running_openbao

AWKWARD = Names(
    variable="REGISTRY_TOKEN_2",
    path='docker/o\'neil "q" $HOME `id` #{1} ${x} \\ %41 é {{y}} «field»',
    field="pass'w\"ord $1 #{x} \\ é",
    registry="registry.example.com:5000",
    user='robot$ci+o\'neil "q" ${{ github.token }} \\',
)
"""Every mark by which one of the languages would end a text or begin code in it."""
PLAIN = replace(AWKWARD, path="docker/my-host_1.x", field="pass.word-1", user="ci")
"""For what cannot quote."""
ABSENT = replace(AWKWARD, variable="REGISTRY_TOKEN_3", path="docker/absent")
REGION = "eu-west-1"


@dataclass(frozen=True)
class Scene:
    """The environment of a program that may read, and what it must and must not say."""

    environ: Mapping[str, str] = field(repr=False)
    secret: str = field(repr=False)
    logins: Sequence[str] = field(repr=False)
    """Tokens and keys: never in an error, never in arguments."""


@dataclass(frozen=True)
class Rendered:
    """A snippet as a file's text, under a name that is an identifier in every language."""

    template: Template
    name: str
    text: str = field(repr=False)
    there: bool
    """Whether the secret that it asks for is there."""


@dataclass(frozen=True)
class Outcome:
    """What a snippet gave: the secret, or its error as the language prints it."""

    secret: str | None = field(repr=False)
    error: str = ""


def renderings(templates: Sequence[Template]) -> list[Rendered]:
    """Each twice: with awkward names, and with names of what is not there."""
    return [
        Rendered(one, f"{one.source}_{one.flavour}_{how}", one.render(names), names is AWKWARD)
        for one in templates
        for how, names in (("there", AWKWARD), ("absent", ABSENT))
    ]


@contextmanager
def scene() -> Iterator[Scene]:
    """OpenBao, moto and Conjur's double, each with the secret."""
    secret = random_token("", 12) + " \"q' \\ $HOME é\n{}" + random_token("", 4)
    with running_openbao() as bao, aws_double() as aws, running_conjur() as conjur:
        bao.client().secrets.kv.v2.create_or_update_secret(AWKWARD.path, {AWKWARD.field: secret})
        bao_token = bao.token_for('path "secret/data/*" { capabilities = ["read"] }')
        aws.reset()
        user = aws.user("reader")
        keys = {"aws_access_key_id": user.id, "aws_secret_access_key": user.secret.reveal()}
        amazon = boto3.client("secretsmanager", endpoint_url=aws.url, region_name=REGION, **keys)
        amazon.create_secret(Name=AWKWARD.path, SecretString=json.dumps({AWKWARD.field: secret}))
        conjur.set(AWKWARD.id, secret)
        environ = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            AWKWARD.variable: secret,
            "VAULT_ADDR": bao.url,
            "BAO_ADDR": bao.url,
            "VAULT_TOKEN": bao_token,
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": user.id,
            "AWS_SECRET_ACCESS_KEY": user.secret.reveal(),
            **conjur.environ,
        }
        logins = (bao_token, user.secret.reveal(), environ["CONJUR_AUTHN_API_KEY"])
        yield Scene(environ, secret, logins)


def outcomes(printed: str) -> dict[str, Outcome]:
    """What a driver printed: lines of name, `ok` or `error`, and base64 of the secret or the error."""
    found = {}
    for line in printed.splitlines():
        name, how, text = line.split(" ")
        value = base64.b64decode(text).decode("utf-8", "replace")
        found[name] = Outcome(value) if how == "ok" else Outcome(None, value)
    return found


def run(argv: Sequence[str | Path], folder: Path, environ: Mapping[str, str], *, fails: bool = False) -> str:
    """Runs a driver, a compiler or a checker; gives what it wrote on standard output, or on both where it must fail."""
    done = subprocess.run(
        [str(one) for one in argv], cwd=folder, env={"HOME": str(folder), **environ}, capture_output=True, timeout=110
    )
    said = done.stdout.decode() + (done.stderr.decode() if fails or done.returncode else "")
    assert bool(done.returncode) is fails, said
    return said


ENVIRON = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
"""For compilers and checkers: they need to know nothing."""
