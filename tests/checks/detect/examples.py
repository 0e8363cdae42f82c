"""Makes tokens from the templates of the rules, so that none stands in this repository.

`ghp_{an:30}{sum}` is literal text, thirty letters and digits, and what the maker `sum` makes of the text before it.
Lengths are one number or two: `{hex:32}`, `{b64u:20-40}`.
"""

from __future__ import annotations

import base64
import json
import re
import string
import uuid
from collections.abc import Callable
from random import Random

from checks.detect.validity import crc_base62
from tests.checks.detect.key_parts import KEY_MAKERS
from tests.checks.detect.token_parts import PART_MAKERS

ALPHABETS = {
    "an": string.ascii_letters + string.digits,
    "AN": string.ascii_uppercase + string.digits,
    "al": string.ascii_lowercase + string.digits,
    "letters": string.ascii_letters,
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "digits": string.digits,
    "hex": string.digits + "abcdef",
    "HEX": string.digits + "ABCDEF",
    "b58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "b64": string.ascii_letters + string.digits + "+/",
    "b64u": string.ascii_letters + string.digits + "-_",
    "b32": string.ascii_uppercase + "234567",
    "b32l": string.ascii_lowercase + "234567",
}
Maker = Callable[[Random, str], str]
"""Makes a part of a token from the text before it."""
_PART = re.compile(r"\{(?P<name>[A-Za-z][\w-]*)(?::(?P<least>\d+)(?:-(?P<most>\d+))?)?\}")
_TOKEN_SO_FAR = re.compile(r"[^\s\"'=:@/]*\Z")


def example(template: str, random: Random) -> str:
    """One text of this template."""
    made, position = "", 0
    for part in _PART.finditer(template):
        made += template[position : part.start()]
        position = part.end()
        if part["least"]:
            length = random.randint(int(part["least"]), int(part["most"] or part["least"]))
            made += "".join(random.choices(ALPHABETS[part["name"]], k=length))
        else:
            made += MAKERS[part["name"]](random, _token_so_far(made))
    return made + template[position:]


def _token_so_far(made: str) -> str:
    match = _TOKEN_SO_FAR.search(made)
    return match[0] if match else ""


def _crc_base62(_: Random, token: str) -> str:
    return crc_base62.checksum(token.partition("_")[2])


def _uuid(random: Random, _: str) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _jwt(random: Random, _: str) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": str(random.getrandbits(40)), "iat": 1_700_000_000})
    head = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{head}.{''.join(random.choices(ALPHABETS['b64u'], k=43))}"


MAKERS: dict[str, Maker] = {
    "sum": _crc_base62,
    "uuid": _uuid,
    "jwt": _jwt,
    **PART_MAKERS,
    **KEY_MAKERS,
}
"""A maker for each part that is not merely random; named in the templates of the rules."""
