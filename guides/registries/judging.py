"""What an answer says of a login. Nothing of the answer is quoted: it may repeat the secret that it was given."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from checks.formats.display import printable
from guides.registries.challenge import read_challenges
from guides.registries.network import Answer, NetworkFailure, TlsFailed
from guides.registries.verification import Verdict

API_VERSION = "Docker-Distribution-Api-Version"
LONGEST_WAIT = 30 * 24 * 3600.0
_TELLING = 4096
"""Bytes of a body that are searched for what it says."""

_LOCKED = re.compile(
    r"too many (?:failed|incorrect|unsuccessful|invalid) (?:log|sign|auth)"
    r"|\b(?:account|user|address|ip)\b[^.\n]{0,60}?\b(?:is|are|was|been) (?:temporarily )?(?:locked|suspended|blocked)"
    r"|\brecurrent (?:incorrect |failed )?log|\blocked out\b",
    re.IGNORECASE,
)
"""Docker Hub (hub-feedback #642, #1392), JFrog's suspension, and directory accounts behind Harbor and Nexus."""
_EXPIRED = re.compile(
    r"\b(?:has|have|is|was|token|password|credentials?|session) expired\b|\bexpired_token\b",
    re.IGNORECASE,
)
"""Not GitLab's "incorrect, expired, or improperly scoped", which says it of every refusal."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and its reason, a clause for people."""

    verdict: Verdict
    reason: str
    retry_after: float | None = None


def judge(answer: Answer, host: str, now: float) -> Judgement:
    """What `host` said of a login, or of a token, that was sent with the request. `now` is Unix time."""
    text = answer.body[:_TELLING].decode("utf-8", "replace")
    name, status = printable(host, 80), answer.status
    wait = retry_after(answer, now)
    if status in (401, 403, 423, 429) and (status == 423 or _LOCKED.search(text)):
        return Judgement(Verdict.LOCKED_OUT, f"{name} has locked this account or address for a while", wait)
    if status == 429:
        return Judgement(Verdict.RATE_LIMITED, f"{name} was asked too often", wait)
    if status in (200, 204) and not is_page(answer):
        return Judgement(Verdict.VALID, f"{name} accepts it")
    if status in (401, 403) and lacks_scope(answer):
        return Judgement(Verdict.LIMITED, f"{name} knows it, and says that its rights do not reach")
    if status == 403 and is_page(answer):  # a firewall's, as a rule: the registry itself did not speak
        return Judgement(Verdict.UNKNOWN, f"{name} answers with a web page (status 403)")
    if status in (401, 403) or (status == 400 and _error_code(answer) == "invalid_grant"):
        if _EXPIRED.search(text):
            return Judgement(Verdict.EXPIRED, f"{name} says that it has expired")
        return Judgement(Verdict.REFUSED, f"{name} refuses it")
    return Judgement(*strange(answer, host), wait)


def strange(answer: Answer, host: str) -> tuple[Verdict, str]:
    """What an answer means that is neither yes nor no."""
    name, status = printable(host, 80), answer.status
    if status == 407:
        return Verdict.UNREACHABLE, f"the proxy on the way to {name} wants a login: look at HTTP_PROXY"
    if status >= 500:
        return Verdict.UNKNOWN, f"{name} has a fault of its own (status {status})"
    if (300 <= status < 400 or (status == 200 and is_page(answer))) and not answer.header(API_VERSION):
        page = "leads elsewhere" if status >= 300 else "is a web page"
        return Verdict.UNREACHABLE, f"what answers for {name} {page}: a network that wants a sign-in, or no registry"
    if 300 <= status < 400:
        return Verdict.UNKNOWN, f"{name} leads elsewhere (status {status}), where nothing was sent"
    return Verdict.UNKNOWN, f"{name} answers in a way that means neither yes nor no (status {status})"


def judge_failure(failure: NetworkFailure) -> Judgement:
    """What it means that no answer came."""
    return Judgement(Verdict.TLS_ERROR if isinstance(failure, TlsFailed) else Verdict.UNREACHABLE, str(failure))


def is_page(answer: Answer) -> bool:
    """Whether this is something for a browser, by its type or its first sign."""
    kind = answer.header("Content-Type").partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml") or answer.body[:64].lstrip()[:1] == b"<"


def lacks_scope(answer: Answer) -> bool:
    challenges = read_challenges(answer.headers_named("WWW-Authenticate"))
    return any(one.get("error").lower() == "insufficient_scope" for one in challenges)


def retry_after(answer: Answer, now: float) -> float | None:
    """Seconds to wait: `Retry-After` in seconds or as a date, or Docker Hub's `X-Retry-After` as Unix time."""
    given = answer.header("Retry-After").strip()
    if given.isascii() and given.isdecimal():
        return min(float(given[:10]), LONGEST_WAIT)
    until = _date(given)
    later = answer.header("X-Retry-After").strip()
    if until is None and later.isascii() and later.isdecimal():
        until = float(later[:12])
    return None if until is None else min(max(until - now, 0.0), LONGEST_WAIT)


def _date(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, OSError, IndexError):
        return None
    return moment if math.isfinite(moment) else None


def _error_code(answer: Answer) -> str:
    """The `error` of an OAuth2 answer (RFC 6749, section 5.2)."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, str) else ""
