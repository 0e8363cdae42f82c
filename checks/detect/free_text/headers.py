"""HTTP credentials: `Authorization: Basic ...`, `Bearer ...`, `X-Registry-Auth`, cookies of logins."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from checks import late
from checks.detect.assignments import judge, looks_random
from checks.detect.free_text.found import Context, Found, Probe
from checks.detect.tokens import recognise
from checks.model.finding import Confidence, Severity
from checks.model.secret import Secret

_HEADER = late.compile(
    rb"""authorization ["'\\]{0,3} \]? [ \t]{0,8}+ (?: [:=,] | => )? [ \t]{0,8}+ b?["'\\`]{0,3}
         (?: (?P<basic>basic) | (?P<other>bearer|token|apikey|api-key|geniekey|ssws|splunk|key|bot|discogs[ ]token=) )
         [ ]{1,4}+ (?P<value>[A-Za-z0-9_.~+/=:-]{8,4000}+)""",
    re.VERBOSE | re.IGNORECASE,
)
_X_HEADER = late.compile(
    rb"""(?P<name>(?:x-(?:api-key|auth-token|access-token|vault-token|consul-token|nomad-token|figma-token|jfrog-art-api
         |octopus-apikey|shopify-access-token|goog-api-key|auth-key)|private-token|job-token|deploy-token|circle-token
         |ocp-apim-subscription-key|dd-api-key|dd-application-key|fastly-key))
         ["'\\]{0,3} \]? [ \t]{0,8}+ (?: [:=,] | => ) [ \t]{0,8}+ ["'\\`]{0,3}
         (?P<value>[A-Za-z0-9_.~+/=-]{10,500}+) (?!\()  # no call""",
    re.VERBOSE | re.IGNORECASE,
)


def _authorization(data: bytes, start: int, context: Context) -> Iterator[Found]:
    match = _HEADER.match(data, start)
    if not match:
        return
    if match["basic"]:
        yield from _basic(match["value"], match.start("value"), context)
        return
    yield from _opaque("Authorization", match["value"].decode(), match.start("value"), context)


def _x_header(data: bytes, start: int, context: Context) -> Iterator[Found]:
    if match := _X_HEADER.match(data, start):
        yield from _opaque(match["name"].decode(), match["value"].decode(), match.start("value"), context)


def _basic(value: bytes, start: int, context: Context) -> Iterator[Found]:
    """Base64 of `user:password`."""
    try:
        user, colon, password = (
            base64.b64decode(value + b"=" * (-len(value) % 4), validate=True).decode().partition(":")
        )
    except (binascii.Error, ValueError):
        return
    known = recognise(password or user)
    confidence = known[1] if known else judge("password", password)
    if colon and user.isprintable() and confidence:
        if context.example and not known:
            confidence = Confidence.POSSIBLE
        yield Found(
            "http-basic-login", "user and password of an HTTP request", Severity.HIGH, confidence,
            Secret(password or user, known[0].kind if known else None), start, start + len(value), None, user,
        )  # fmt: skip


def _opaque(name: str, value: str, start: int, context: Context) -> Iterator[Found]:
    known = recognise(value)
    if known or not (looks_random(value) and judge("token", value)) or context.locked:
        return  # a known form is found by its own rule
    confidence = Confidence.POSSIBLE if context.example else Confidence.LIKELY
    yield Found(
        "http-token", f"token in the header {name}", Severity.HIGH, confidence, Secret(value), start,
        start + len(value), named=True,
    )  # fmt: skip


AUTHORIZATION = Probe((b"authorization",), _authorization, begins=_HEADER.match)
TOKEN_HEADERS = Probe(
    (
        b"x-api-key", b"x-auth-token", b"x-access-token", b"x-vault-token", b"x-consul-token", b"x-nomad-token",
        b"x-figma-token", b"x-jfrog-art-api", b"x-octopus-apikey", b"x-shopify-access-token", b"x-goog-api-key",
        b"x-auth-key", b"private-token", b"job-token", b"deploy-token", b"circle-token", b"ocp-apim-subscription-key",
        b"dd-api-key", b"dd-application-key", b"fastly-key",
    ),
    _x_header,
    begins=_X_HEADER.match,
)  # fmt: skip
