"""Secrets as people and issuers make them, and what stands in their place where there is none. All made when run."""

from __future__ import annotations

import base64
import re
import string
import uuid
from collections.abc import Callable
from functools import cache
from random import Random

from checks.detect.rule_book import rule_of, written_rules
from checks.model.finding import Confidence
from tests.checks.detect.examples import example

_ALPHANUMERIC = string.ascii_letters + string.digits
_WORDS = [
    "amber", "anchor", "basalt", "beacon", "birch", "canyon", "cedar", "cobalt", "copper", "coral", "cricket",
    "dune", "ember", "falcon", "fern", "garnet", "glacier", "harbor", "hazel", "heron", "indigo", "jasper",
    "juniper", "kestrel", "lagoon", "lantern", "larch", "linden", "lotus", "magnet", "maple", "marble", "meadow",
    "mesa", "nectar", "onyx", "orchid", "osprey", "otter", "pebble", "pepper", "pine", "plover", "quartz",
    "quill", "raven", "reef", "ridge", "river", "saffron", "salmon", "sequoia", "sierra", "sparrow", "spruce",
    "summit", "tango", "thistle", "timber", "topaz", "tundra", "umber", "valley", "velvet", "violet", "walnut",
    "willow", "zephyr",
]  # fmt: skip
_WHOLE_TOKEN = re.compile(r"[A-Za-z][\w.-]*(?:\{[\w:-]+\}[\w.-]*)+")
Make = Callable[[Random], str]


def _letters(random: Random, length: int, alphabet: str = _ALPHANUMERIC) -> str:
    """Neither of one class only, which chance does once in a while."""
    while True:
        made = "".join(random.choices(alphabet, k=length))
        if re.search("[a-z]", made, re.IGNORECASE) and re.search("[0-9]", made):
            return made


def _word(random: Random) -> str:
    return random.choice(_WORDS)


@cache
def token_templates() -> tuple[str, ...]:
    """Templates of whole tokens which every rule that is sure of itself knows by their form."""
    found = []
    for written in written_rules():
        rule = rule_of(written)
        sure = rule.confidence > Confidence.POSSIBLE and rule.on and len(rule.prefix) > 2 and not rule.general
        if sure and _WHOLE_TOKEN.fullmatch(written["finds"][0]):
            found.append(written["finds"][0])
    return tuple(found)


def _token(random: Random) -> str:
    return example(random.choice(token_templates()), random)


def _capital_word_digits_mark(random: Random) -> str:
    return f"{_word(random).title()}{_word(random).title()}{random.randint(20, 9999)}{random.choice('!?+*')}"


def _words_joined(random: Random) -> str:
    mark = random.choice("-_.")
    return mark.join(_word(random) for _ in range(3)) + f"{mark}{random.randint(20, 98)}"


def _phrase(random: Random) -> str:
    return f"{_word(random).title()} {_word(random)} {random.randint(20, 987)}"


def _marks(random: Random) -> str:
    marks = random.sample("!%^&*+~,;()[]{}|<>?=", 3)
    return _letters(random, 4) + marks[0] + _letters(random, 4) + marks[1] + _letters(random, 4) + marks[2]


def _between(*marks: str) -> Make:
    def make(random: Random) -> str:
        mark = random.choice(marks)
        return f"{_word(random).title()}{mark}{_letters(random, 5)}{random.randint(10, 99)}"

    return make


SECRETS: dict[str, Make] = {
    "token": _token,
    "letters+digits": lambda random: _letters(random, 32),
    "hex": lambda random: _letters(random, 40, string.hexdigits[:16]),
    "base64": lambda random: base64.b64encode(random.randbytes(31)).decode(),
    "eight": lambda random: _letters(random, 8),
    "word+digits+mark": _capital_word_digits_mark,
    "words joined": _words_joined,
    "phrase": _phrase,
    "marks": _marks,
    "quotes": _between("'", '"'),
    "dollar": _between("$"),
    "hash": _between("#", " #"),
    "backslash": _between("\\"),
    "at, colon, slash": _between("@", ":", "/"),
    "unicode": lambda random: f"{_word(random).title()}ü{_word(random)}ß{random.randint(10, 999)}",
}
"""Shapes of secrets; what a format cannot hold in one of its quotings is left out there."""
PLAIN_SECRETS = {
    name: SECRETS[name] for name in ("token", "letters+digits", "hex", "eight", "word+digits+mark", "words joined")
}


def _weak(random: Random) -> str:
    return random.choice(("admin", "postgres", "changeit", "root", "minioadmin", "guest", "letmein"))


def _stand_in(random: Random) -> str:
    return random.choice(
        ("changeme", "CHANGE_ME", "your-password-here", "YOUR_TOKEN", "xxxxxxxxxxxx", "********", "replace-me", "TODO",
         "REDACTED", "my-secret-token", "enter_your_api_key_here", "insert-password-here", "dummy")
    )  # fmt: skip


QUIET: dict[str, Make] = {
    "placeholder": _stand_in,
    "in brackets": lambda random: random.choice(("<password>", "<your token>", "[REDACTED]", "{token}")),
    "weak": lambda random: _weak(random) + random.choice(("", "", "123", "1", "!")),
    "variable": lambda random: random.choice(("${DB_PASSWORD}", "$REGISTRY_TOKEN", "${TOKEN:?}", "${PASS:-}")),
    "store": lambda random: random.choice(
        (
            f"op://{_word(random)}/{_word(random)}/password",
            f"vault:secret/data/{_word(random)}#token",
            f"ref+vault://secret/{_word(random)}#/token",
            f"arn:aws:secretsmanager:eu-west-1:1:secret:{_word(random)}",
        )
    ),
    "encrypted": lambda random: f"ENC[AES256_GCM,data:{base64.b64encode(random.randbytes(12)).decode()},type:str]",
}
"""What stands where a secret would, in any format."""
KEPT_QUIET = {name: make for name, make in QUIET.items() if name != "weak"}
"""For files that hold nothing but credentials: a weak password there is one that is in use."""
OTHER_VALUES: dict[str, Make] = {
    "digest": lambda random: "sha256:" + "".join(random.choices(string.hexdigits[:16], k=64)),
    "uuid": lambda random: str(uuid.UUID(int=random.getrandbits(128), version=4)),
    "address": lambda random: f"https://{_word(random)}.acme.org/oauth/token",
    "number": lambda random: str(random.randint(1, 86400)),
    "file": lambda random: f"/run/secrets/{_word(random)}_password",
    "word": _word,
}
"""Values of settings that are about secrets and hold none."""
SECRET_NAMES = (
    "DB_PASSWORD", "REGISTRY_PASSWORD", "API_TOKEN", "ACME_API_KEY", "CLIENT_SECRET", "SMTP_PASSWORD",
    "POSTGRES_PASSWORD", "AUTH_TOKEN", "DOCKER_PASSWORD", "SERVICE_ACCOUNT_PASSWORD", "SECRET_KEY", "ADMIN_PASSWORD",
)  # fmt: skip
QUIET_NAMES = (
    "PASSWORD_FILE", "TOKEN_URL", "SECRET_NAME", "TOKEN_TTL", "IMAGE_DIGEST", "KEY_ID", "PASSWORD_MIN_LENGTH",
    "AUTH_TYPE", "TOKEN_ENDPOINT", "CLIENT_ID", "PASSWORD_POLICY", "SECRET_STORE",
)  # fmt: skip
