"""docker's logins wherever they were pasted: in a script, a string, a template, in base64."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from checks import late
from checks.detect.free_text.found import Context, Found, Probe
from checks.formats.registry_names import registry_of
from checks.model.finding import Confidence, Severity

_AUTH = late.compile(
    rb"""auth\\{0,3}["'] [ \t]{0,8}+ : [ \t]{0,8}+ \\{0,3}["'] (?P<value>[A-Za-z0-9+/]{8,8000}+={0,2}) \\{0,3}["']""",
    re.VERBOSE | re.IGNORECASE,
)
_HOST = late.compile(
    rb"""["'] (?:https?:\\?/\\?/)? (?P<host>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}(?::\d{1,5})?)
         (?:\\?/[^\s"'\\]{0,80})? \\{0,3}["'] (?:\s|\\[nrt]){0,20} : (?:\s|\\[nrt]){0,20} \{ [^{}]{0,300} \Z""",
    re.VERBOSE | re.IGNORECASE,
)
_BACK = 400
_ENCODED = late.compile(rb"[A-Za-z0-9+/]{40,100000}+={0,2}")
_TITLE = "docker login in plain text"


def _entry(data: bytes, start: int, context: Context) -> Iterator[Found]:
    """`"registry": {"auth": "base64"}` in whatever surrounds it."""
    from checks.detect.document_values import is_stand_in  # only for who has met a login
    from checks.formats.docker_auth import decode_auth

    match = _AUTH.match(data, start)
    if not match:
        return
    user, secret, problem = decode_auth(match["value"].decode())
    if not secret or problem or not user.isprintable() or is_stand_in(match["value"].decode()):
        return
    host = _HOST.search(data, max(0, start - _BACK), start)
    registry = registry_of(host["host"].decode()) if host else None
    yield Found("docker-login", _TITLE, Severity.HIGH, _sure(context), secret, *match.span("value"), registry, user)


def _whole_file(data: bytes, start: int, context: Context) -> Iterator[Found]:
    """Base64 of a whole config file, as Kubernetes and CI variables hold it."""
    from checks.detect.document_values import is_stand_in
    from checks.formats.docker_auth import read_auth_file

    match = _ENCODED.match(data, start)
    try:
        text = base64.b64decode(match[0], validate=True) if match else b""
    except (binascii.Error, ValueError):
        return
    if match and text:
        for entry in read_auth_file(text).entries:
            for held in entry.secrets:
                if is_stand_in(held.node.text):
                    continue
                yield Found(
                    "docker-login", f"{_TITLE}, in base64", Severity.HIGH, _sure(context), held.secret, match.start(),
                    match.end(), registry_of(entry.key) or None, entry.username or None,
                )  # fmt: skip


def _sure(context: Context) -> Confidence:
    return Confidence.POSSIBLE if context.example else Confidence.CERTAIN


DOCKER_LOGINS = Probe((b'auth"', b"auth'", b'auth\\"', b"auth\\'"), _entry, begins=_AUTH.match)
DOCKER_FILES = Probe((b"eyjhdxrocyi6",), _whole_file, in_locked=True)
