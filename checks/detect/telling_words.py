"""Words without which no rule for command lines finds anything: a long history is mostly text without any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from checks.detect.command_forms import BY_PROGRAM
from checks.detect.literals import Finder, finder
from checks.detect.rule_book import rules


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STEMS = _words(
    """
    pass pwd psw pwrd secret scrt key cred auth token tkn mdp kennwort contraseña clave senha wachtwoord parola
    hasło lösenord heslo пароль 密码 密钥 パスワード 비밀번호 bearer cookie session
    """
)
"""Parts of the names that checks.detect.assignments knows."""
_SHORT_STEMS = _words("pin pat sas dsn code seed otp psk")
"""Parts of many other words: they count where a value follows."""
_COVERED = _words(
    """
    docker podman nerdctl buildah skopeo finch helm oras cosign nelm notation crane gcrane krane regctl apptainer
    singularity kubectl oc k3s microk8s gh glab hub gcloud wrangler npm pnpm yarn git pulumi pip aws sudo passwd
    bao vault openssl apksigner keytool jarsigner gpg gpg2 sshpass ssh-keygen uv hatch flit chpasswd htpasswd machine
    """
)
"""Programs whose secrets never stand there without one of the other words."""
_OTHERS = (
    "pw", "login", "sudo -s", "sudo --stdin", "registry", "unseal", "publish", "upload", "put-parameter",
    "ssh-keygen -", "openssl enc", "openssl aes",
)  # fmt: skip

NAME = re.compile("|".join((*STEMS, "pw", *_SHORT_STEMS)), re.IGNORECASE)
"""Whether a name may be a secret's at all."""
_URL = re.compile(rb"://[^\s/@]{0,2000}@")
_CHUNK = 1024 * 1024
"""Characters that are looked at in one go: what is kept in memory does not grow with the text."""


def _all_words() -> Iterator[str]:
    yield from STEMS
    yield from _OTHERS
    for stem in _SHORT_STEMS:
        yield from (f"{stem}{ending}" for ending in ("=", " =", '"', "'", ":"))
        yield from (f"{before}{stem} " for before in "_-")
    yield from (f"{program.lower()} " for program in BY_PROGRAM if program not in _COVERED)
    yield from (word for rule in rules() if not rule.assigned for word in rule.keywords)


@cache
def _finder() -> Finder:
    return finder([word.encode() for word in sorted(set(_all_words()))])


def telling_offsets(text: str) -> Iterator[int]:
    """Where the text has such a word, in order, a place perhaps more than once. Only ASCII is compared without case."""
    start = 0
    while start < len(text):
        newline = text.rfind("\n", start, start + _CHUNK)
        end = newline + 1 if newline >= 0 else start + _CHUNK
        yield from _in_chunk(text[start:end], start)
        start = end


def _in_chunk(text: str, start: int) -> Iterator[int]:
    data = text.encode("utf-8", "surrogateescape")
    found = sorted({offset for offset, _ in _finder()(data)} | {match.start() for match in _URL.finditer(data)})
    if len(data) == len(text):
        yield from (start + offset for offset in found)
        return
    before = characters = 0
    for offset in found:
        characters += len(data[before:offset].decode("utf-8", "surrogateescape"))
        before = offset
        yield start + characters
