"""`scheme://user:password@host` in any text, and tokens in the place of the user."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.detect.assignments import judge, looks_random
from checks.detect.free_text.code_names import is_code_name
from checks.detect.free_text.found import Context, Found, Probe
from checks.detect.tokens import recognise
from checks.formats.registry_names import is_loopback
from checks.model.finding import Confidence, Severity
from checks.model.secret import Secret

_SCHEME = late.compile(rb"[a-z][a-z0-9+.:-]{1,30}\Z", re.IGNORECASE)
_REST = late.compile(
    rb"""://(?:(?P<user>[^\s/?\#:@"'`<>\\|(){}\[\],]{0,200}+)
          : (?P<password>(?>(?:[^\s/?\#"'`<>\\|@]|%[0-9a-f]{2}|[?\#/|](?=[^\s"'`<>\\|/?\#@]{0,100}@)){1,300}))
        | (?P<token>[A-Za-z0-9_.~-]{20,255}+) )
        @ (?P<host>[a-z0-9_.-]{1,253}+ | \[[0-9a-f:.]+\])""",
    re.VERBOSE | re.IGNORECASE,
)
_NOT_REAL = late.compile(
    r"(?:.*\.)?(?:example(?:\.\w+)?|test|invalid|localhost|local|internal|host(?:name)?|server|domain|proxy|foo|bar|myhost"
    r"|[a-z]\.(?:com|org|net)|your[\w.-]*|my[\w-]*)|127\.[\d.]+|0\.0\.0\.0|::1|(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+",
    re.IGNORECASE,
)
_PORT = late.compile(r"\d{1,5}[/?#]")
_SOURCE_HOST = late.compile(
    r"(?:[\w-]+\.)*(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|dev\.azure\.com)", re.IGNORECASE
)
"""Where a token stands in the place of the user."""
_KEY_AND_NUMBER = late.compile(r"(?:key|pass|pwd|pw|secret|token)[-_]?\d{1,4}", re.IGNORECASE)
_PLAIN = late.compile(r"[A-Za-z]{1,12}|\d{1,5}")


def _find(data: bytes, start: int, context: Context) -> Iterator[Found]:
    match = _REST.match(data, start)
    scheme = _SCHEME.search(data, max(0, start - 30), start) if match else None
    if not match or not scheme:
        return
    from urllib.parse import unquote  # only for who has met a login

    group = "token" if match["token"] else "password"
    text = unquote(match[group].decode("utf-8", "surrogateescape"), errors="surrogateescape")
    if _PORT.match(text):
        return  # host:port/path@something
    known = recognise(text)
    host = match["host"].decode()
    user = unquote(match["user"].decode("utf-8", "replace")) if match["user"] else None
    confidence = known[1] if known else _confidence(group, text, user or "", host, context)
    if confidence:
        yield Found(
            "url-login", f"login for {host} in a URL", Severity.HIGH, confidence,
            Secret(text, known[0].kind if known else None), *match.span(group),
            registry=None, username=user, named=known is None,
        )  # fmt: skip


def _confidence(group: str, text: str, user: str, host: str, context: Context) -> Confidence | None:
    """Written without a known form: by how real it looks, and the host."""
    if group == "token":
        by_place = _SOURCE_HOST.fullmatch(host) and looks_random(text) and not context.locked
        return (Confidence.POSSIBLE if context.example else Confidence.LIKELY) if by_place else None
    confidence = judge("password", text)
    if not confidence or text.lower() == user.lower() or context.locked:
        return None
    if is_code_name(text) or _KEY_AND_NUMBER.fullmatch(text):
        return None
    if context.code and "." not in host and not host.startswith("["):
        return Confidence.POSSIBLE
    invented = bool(_NOT_REAL.fullmatch(host)) or is_loopback(host) or bool(_PLAIN.fullmatch(text))
    if context.example or (context.code and invented):
        return Confidence.POSSIBLE if not invented else None
    return Confidence.POSSIBLE if invented else confidence


URL_LOGINS = Probe((b"://",), _find, begins=_REST.match)
