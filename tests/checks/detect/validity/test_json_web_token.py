from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest

from checks.detect.validity import json_web_token
from tests.checks.conftest import random_token


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def made(header: Any, claims: Any, signature: str | None = None) -> str:
    return f"{part(header)}.{part(claims)}.{random_token('', 43) if signature is None else signature}"


RS = {"alg": "RS256"}


def test_one_that_lives() -> None:
    assert json_web_token.test(made(RS, {"sub": "ada"}))
    assert json_web_token.test(made(RS, {"exp": time.time() + 1000}))
    assert json_web_token.claims_of(made(RS, {"sub": "ada"})) == {"sub": "ada"}


@pytest.mark.parametrize(
    "token",
    [
        made(RS, {"exp": int(time.time()) - 1000}),
        made({"alg": "none"}, {"sub": "ada"}),
        made({"typ": "JWT"}, {"sub": "ada"}),
        made(RS, {"sub": "ada"}, "signature"),
        made(RS, {"role": "anon"}),
        made(RS, ["no object"]),
        made("no object", {}),
        "a.b.c",
        "a.b",
        "",
        "\u00e4." * 3,
        part({"alg": "RS256", "x": "y" * 30_000}) + ".a.b",
    ],
    ids=str.__len__,
)
def test_one_that_opens_nothing(token: str) -> None:
    assert not json_web_token.test(token)
