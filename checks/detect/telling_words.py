"""Words without which no rule for command lines finds anything: a long history is mostly text without any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from checks import late
from checks.detect.command_forms import BY_PROGRAM, Form
from checks.detect.literals import Finder, finder
from checks.detect.rule import Rule
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
    bao vault openssl apksigner keytool gpg gpg2 sshpass ssh-keygen uv hatch flit chpasswd htpasswd machine
    """
)
"""Programs whose secrets never stand there without one of the other words."""
_OTHERS = (
    "pw", "login", "sudo -s", "sudo --stdin", "registry", "unseal", "publish", "upload", "put-parameter",
    "ssh-keygen -", "openssl enc", "openssl aes", "x-jfrog-art-api",
)  # fmt: skip

NAME = late.compile("|".join((*STEMS, "pw", *_SHORT_STEMS)), re.IGNORECASE)
"""Whether a name may be a secret's at all."""
_OF_DOCUMENTS = ("sensitive", "private key", "auths", "dockercfg")
"""What documents have beyond the words of command lines."""
_NEVER = late.compile(r"(?!)")
_OFTEN_EMPTY = dict.fromkeys(("registry", "sensitive", "dockercfg"), _NEVER)
"""Words that say nothing by themselves, with what else the command has to have."""
_SHORT_NAME = late.compile(rf"(?:{'|'.join(_SHORT_STEMS)})\w{{0,20}}+['\"]?+\s?+[=:]", re.IGNORECASE)
_ITEM_ENDS = ('"', "'", ",", "]", "\n", "\r")
"""What stands behind a program's name where it is an item of a list."""
_IN_WORD = late.compile(rb"[\w.-]")
_URL = late.compile(rb"://[^\s/@]{0,2000}@")
_CHUNK = 1024 * 1024
"""Characters that are looked at in one go: what is kept in memory does not grow with the text."""


def _all_words() -> Iterator[str]:
    yield from STEMS
    yield from _OTHERS
    yield from _OF_DOCUMENTS
    for stem in _SHORT_STEMS:
        yield from (f"{stem}{ending}" for ending in ("=", " =", '"', "'", ":"))
        yield from (f"{before}{stem} " for before in "_-")
    yield from (f"{program.lower()} " for program in BY_PROGRAM if program not in _COVERED)
    yield from (word for rule in rules() if not rule.assigned for word in rule.keywords)


@cache
def _words_looked_for() -> tuple[str, ...]:
    return tuple(sorted(set(_all_words())))


@cache
def _finder() -> tuple[Finder, tuple[re.Pattern[str] | None, ...]]:
    """The finder, and for each of its words what has to stand beside it; None where the word is enough."""
    words = _words_looked_for()
    beside = {f"{name.lower()} ": _arguments(forms) for name, forms in BY_PROGRAM.items() if name not in _COVERED}
    return finder([word.encode() for word in words]), tuple((beside | _OFTEN_EMPTY).get(word) for word in words)


class Telling(NamedTuple):
    """What a word tells: a part of a secret's name, a part of a command, the beginning of some rules' tokens."""

    name: bool
    command: bool
    rules: tuple[Rule, ...]


def telling_words(data: bytes) -> Iterator[tuple[int, Telling]]:
    """Where these bytes have such a word, and what it tells."""
    find, _ = _finder()
    told = _told()
    return ((offset, told[index]) for offset, index in find(data))


@cache
def _told() -> tuple[Telling, ...]:
    by_keyword: dict[str, list[Rule]] = {}
    for rule in rules():
        for word in () if rule.assigned else rule.keywords:
            by_keyword.setdefault(word, []).append(rule)
    programs = {f"{program.lower()} " for program in BY_PROGRAM}
    return tuple(
        Telling(NAME.search(word) is not None, word in programs or word in _OTHERS, tuple(by_keyword.get(word, ())))
        for word in _words_looked_for()
    )


def _arguments(forms: tuple[Form, ...]) -> re.Pattern[str] | None:
    """The flags with which a program is given a secret; None where it may be given one without any."""
    flags = sorted({flag for form in forms for flag in form.secrets | form.pairs})
    if "1" in flags or any(form.position is not None or form.settings or form.fed for form in forms):
        return None
    # `-su bob:x` is `-s -u bob:x`
    clustered = "".join(flag[1] for flag in flags if len(flag) == 2 and flag[0] == "-")
    written = [re.escape(flag) for flag in flags if len(flag) > 2 or flag[0] != "-"]
    cluster = [rf"-[^\W\d_]{{0,40}}[{re.escape(clustered)}]"] if clustered else []
    return re.compile(rf"(?<![\w-])(?:{'|'.join((*cluster, *written))})")


def telling_offsets(text: str) -> Iterator[int]:
    """Where the text has such a word, in order, a place perhaps more than once. Only ASCII is compared without case."""
    start = 0
    while start < len(text):
        newline = text.rfind("\n", start, start + _CHUNK)
        end = newline + 1 if newline >= 0 else start + _CHUNK
        yield from _in_chunk(text[start:end], start)
        start = end


def worth_parsing(command: str) -> bool:
    """Whether this command, or a few lines of them, can give a secret away: a bare `curl URL` cannot.

    It costs a fraction of reading the words, and is linear in time; what it drops has no secret.
    """
    find, beside = _finder()
    arguments = [beside[index] for _, index in find(command.encode("utf-8", "surrogateescape"))]
    if None in arguments or ("@" in command and "://" in command):
        return True
    asked = {one for one in arguments if one}
    return any(one.search(command) for one in asked) or bool(asked and _SHORT_NAME.search(command))


def lists_a_command(text: str) -> bool:
    """Whether a document without any of these words has such a program, and a flag of it, as items of a list.

    `["mongosh", "-p", "x"]` has no blank behind the program.
    """
    find, beside = _listed()
    data = text.encode("utf-8", "surrogateescape")
    asked = {beside[index] for offset, index in find(data) if not _IN_WORD.match(data, max(0, offset - 1), offset)}
    return None in asked or any(one.search(text) for one in asked if one)


@cache
def _listed() -> tuple[Finder, tuple[re.Pattern[str] | None, ...]]:
    of_two_words = {word.partition(" ")[0] for word in _OTHERS if " " in word}
    not_covered = {name: forms for name, forms in BY_PROGRAM.items() if name not in _COVERED or name in of_two_words}
    programs = {name.lower(): _arguments(forms) for name, forms in not_covered.items()}
    words = [(f"{program}{end}".encode(), flags) for program, flags in programs.items() for end in _ITEM_ENDS]
    return finder([word for word, _ in words]), tuple(flags for _, flags in words)


def _in_chunk(text: str, start: int) -> Iterator[int]:
    data = text.encode("utf-8", "surrogateescape")
    find, _ = _finder()
    found = sorted({offset for offset, _ in find(data)} | {match.start() for match in _URL.finditer(data)})
    if len(data) == len(text):
        yield from (start + offset for offset in found)
        return
    before = characters = 0
    for offset in found:
        characters += len(data[before:offset].decode("utf-8", "surrogateescape"))
        before = offset
        yield start + characters
