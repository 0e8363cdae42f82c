"""What answers mean."""

from __future__ import annotations

import json
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPHeaderDict

from guides.registries.judging import LONGEST_WAIT, judge, retry_after
from guides.registries.network import Answer
from guides.registries.verification import Verdict

NOW = 1_800_000_000.0
HTML = {"Content-Type": "text/html"}
GITLAB = (
    "HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect. "
    "If a token was provided, it was either incorrect, expired, or improperly scoped."
)
HUB_LOCK = "toomanyrequests: too many failed login attempts for username or IP address"


def answer(status: int, body: object = b"", headers: dict[str, str] | None = None) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, HTTPHeaderDict(headers or {}), data)


def errors(code: str, message: str) -> dict[str, object]:
    return {"errors": [{"code": code, "message": message}]}


@pytest.mark.parametrize(
    ("given_answer", "verdict"),
    [
        (answer(200, {}), Verdict.VALID),
        (answer(204), Verdict.VALID),
        (answer(200, b"", {"Content-Length": "0"}), Verdict.VALID),
        (answer(200, b"<html>sign in", HTML), Verdict.UNREACHABLE),
        (answer(200, b"  <!DOCTYPE html>"), Verdict.UNREACHABLE),
        (answer(302, b"", {"Location": "https://portal.example/"}), Verdict.UNREACHABLE),
        (answer(307, b"", {"Docker-Distribution-Api-Version": "registry/2.0"}), Verdict.UNKNOWN),
        (answer(407), Verdict.UNREACHABLE),
        (answer(401, errors("UNAUTHORIZED", "authentication required")), Verdict.REFUSED),
        (answer(401, {"details": "incorrect username or password"}), Verdict.REFUSED),
        (answer(401, b"<html>401</html>", HTML), Verdict.REFUSED),
        (answer(403, errors("DENIED", "denied: denied")), Verdict.REFUSED),
        (answer(403, errors("DENIED", GITLAB)), Verdict.REFUSED),
        (answer(403, b"<html>blocked by the firewall", HTML), Verdict.UNKNOWN),
        (answer(400, {"error": "invalid_grant"}), Verdict.REFUSED),
        (answer(400, {"error": "invalid_grant", "error_description": "the token has expired"}), Verdict.EXPIRED),
        (answer(400, {"error": "unsupported_grant_type"}), Verdict.UNKNOWN),
        (answer(400, b"["), Verdict.UNKNOWN),
        (answer(400, b"[" * 5000), Verdict.UNKNOWN),
        (
            answer(403, errors("DENIED", "Your authorization token has expired. Reauthenticate and try again.")),
            Verdict.EXPIRED,
        ),
        (answer(401, errors("UNAUTHORIZED", "The password is expired")), Verdict.EXPIRED),
        (answer(401, {"error": "expired_token"}), Verdict.EXPIRED),
        (answer(429), Verdict.RATE_LIMITED),
        (answer(429, errors("TOOMANYREQUESTS", "You have reached your pull rate limit.")), Verdict.RATE_LIMITED),
        (answer(429, HUB_LOCK.encode()), Verdict.LOCKED_OUT),
        (answer(401, b"Your account is temporarily locked"), Verdict.LOCKED_OUT),
        (answer(403, b"This request is blocked due to recurrent login failures"), Verdict.LOCKED_OUT),
        (answer(423), Verdict.LOCKED_OUT),
        (answer(401, b"Login has failed. Due to incorrect username/password or locked user."), Verdict.REFUSED),
        (answer(401, b"", {"WWW-Authenticate": 'Bearer realm="x",error="insufficient_scope"'}), Verdict.LIMITED),
        (answer(403, b"", {"WWW-Authenticate": "Bearer error=INSUFFICIENT_SCOPE"}), Verdict.LIMITED),
        (answer(404), Verdict.UNKNOWN),
        (answer(500), Verdict.UNKNOWN),
        (answer(502, b"<html>bad gateway", HTML), Verdict.UNKNOWN),
        (answer(503), Verdict.UNKNOWN),
        (answer(999), Verdict.UNKNOWN),
    ],
)
def test_verdicts(given_answer: Answer, verdict: Verdict) -> None:
    judged = judge(given_answer, "registry.example", NOW)
    assert judged.verdict is verdict, judged.reason
    assert "registry.example" in judged.reason


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 0 "}, 0),
        ({"Retry-After": formatdate(NOW + 90, usegmt=True)}, 90),
        ({"Retry-After": formatdate(NOW - 90, usegmt=True)}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "\u0663"}, None),
        ({"Retry-After": "9" * 5000}, LONGEST_WAIT),
        ({"Retry-After": "Fri, 31 Dec 99999 23:59:59 GMT"}, None),
        ({"X-Retry-After": str(int(NOW) + 30)}, 30),
        ({"X-Retry-After": "12"}, 0),
        ({"X-Retry-After": "9" * 500}, LONGEST_WAIT),
        ({"Retry-After": "7", "X-Retry-After": str(int(NOW) + 30)}, 7),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(answer(429, b"", headers), NOW) == seconds


@given(st.integers(100, 999), st.binary(max_size=300), st.text(max_size=50), st.text(max_size=50))
def test_any_answer_is_judged_and_never_quoted(status: int, body: bytes, challenge: str, wait: str) -> None:
    headers = {"WWW-Authenticate": challenge, "Retry-After": wait, "Content-Type": challenge}
    judged = judge(answer(status, body + b"canary-5e1f", headers), "registry.example", NOW)
    assert "canary-5e1f" not in judged.reason
    assert judged.retry_after is None or 0 <= judged.retry_after <= LONGEST_WAIT
