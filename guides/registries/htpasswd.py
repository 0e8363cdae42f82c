"""The user file of a self-hosted registry: who is in it, one more user, one user less.

There is no API: the file is edited, and the registry reads it again when its time has changed. A user has one password,
so a new one for the same user ends the old one at that moment; here a *new user* comes first and the old one's line
goes later. Text in, text out: `guides.edits.atomic` writes, with `keep_mode`, since the registry often runs as another
user than the file's. Source: distribution/distribution, registry/auth/htpasswd
(read 2026-11-24), and docker-registry 2.8.2 in the tests.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import bcrypt

from checks.formats.display import printable
from checks.model.secret import Secret

MOST_PASSWORD = 72
"""Bytes of a password that bcrypt looks at. A longer one would be accepted by its beginning alone."""
MOST_NAME = 255
ROUNDS = 12
"""As a power of two: a login takes the registry a quarter of a second. `htpasswd -B` takes 5."""
UNPROVEN: Mapping[str, str] = {
    "distribution-3": "that a registry newer than 2.8.2 does the same: its source was read, it was not run",
    "container-mounts": "how a file is mounted into the registry's container: nobody here can see that",
}
"""What no test shows, by name; docs/provider-clients.md tells what follows."""
_TICK = 1_000_000
"""Nanoseconds by which a file's time is moved: a coarse clock can hold two writes."""


class NotHtpasswd(ValueError):
    """The registry could not read this file either, and would let nobody in. The message names the line."""


class NotAllowed(ValueError):
    """This user or password cannot be put into the file as asked; the message says why and what to do."""


class HashKind(StrEnum):
    """How a line keeps its password. The registry accepts the first and refuses users of all others."""

    BCRYPT = "bcrypt"
    APACHE_MD5 = "Apache's MD5"
    SHA1 = "SHA-1"
    SHA256 = "SHA-256 crypt"
    SHA512 = "SHA-512 crypt"
    MD5 = "MD5 crypt"
    CRYPT = "DES crypt, or the password itself"

    @property
    def accepted(self) -> bool:
        return self is HashKind.BCRYPT


_PREFIXES = {
    "$2": HashKind.BCRYPT,
    "$apr1$": HashKind.APACHE_MD5,
    "{SHA}": HashKind.SHA1,
    "$5$": HashKind.SHA256,
    "$6$": HashKind.SHA512,
    "$1$": HashKind.MD5,
}


@dataclass(frozen=True, slots=True)
class User:
    """One line of the file. `line` counts from 1; of several lines for a name the registry takes the last."""

    name: str
    kind: HashKind
    line: int


def users(text: str) -> tuple[User, ...]:
    """Everybody in the file, in its order. Raises NotHtpasswd."""
    return tuple(User(name, _kind(hashed), number) for number, name, hashed in _lines(text))


def with_user(text: str, name: str, password: Secret, *, rounds: int = ROUNDS) -> str:
    """The text with one user more, as its last line. Raises NotAllowed, also for a user who is there already, and
    NotHtpasswd."""
    if reason := _name_refusal(name) or _password_refusal(password):
        raise NotAllowed(reason)
    if any(user.name == name for user in users(text)):
        raise NotAllowed(
            f"{printable(name)} is there already, and a new password would end the old one at once: add "
            f"{printable(free_name(text, name))} instead, and remove {printable(name)} when nothing uses it"
        )
    hashed = bcrypt.hashpw(password.reveal().encode(), bcrypt.gensalt(rounds)).decode("ascii")
    ending = "\r\n" if "\r\n" in text else "\n"
    missing = "" if not text or text.endswith("\n") else ending  # the registry's own first file ends without one
    return f"{text}{missing}{name}:{hashed}{ending}"


def without_user(text: str, name: str) -> str:
    """The text without any line of this user; all else stays as it is. Raises NotAllowed where there is none."""
    dropped = {number for number, found, _ in _lines(text) if found == name}
    if not dropped:
        raise NotAllowed(f"{printable(name)} is not in the file: nothing to remove; look at the list of users")
    kept = [line for number, line in enumerate(_split(text), 1) if number not in dropped]
    return "".join(kept)


def accepts(text: str, name: str, password: Secret) -> bool:
    """Whether the registry would let them in, computed here: is the leaked password the one in this file?"""
    hashes = [hashed for _, found, hashed in _lines(text) if found == name]
    if not hashes or not _kind(hashes[-1]).accepted or _password_refusal(password):
        return False
    try:
        return bcrypt.checkpw(password.reveal().encode(), hashes[-1].encode())
    except ValueError:  # bcrypt by its prefix, and not as a whole
        return False


def free_name(text: str, name: str) -> str:
    """A name like this one that nobody in the file has: `ci-2`."""
    taken = {user.name for user in users(text)}
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def add_command(file: str, name: str) -> str:
    """For a file on another machine: asks for the password itself, so that it stands in no argument and no history.

    `htpasswd` writes in place, which a bind-mounted file needs. It cuts a password where bcrypt ends, and joins
    the new user to a last line that has no end, as the registry's own first file does: hence the first half. Raises
    NotAllowed.
    """
    where = _word(file)
    return f'[ -z "$(tail -c 1 {where})" ] || echo >>{where} && {_command("-B", file, name)}'


def remove_command(file: str, name: str) -> str:
    """Raises NotAllowed."""
    return _command("-D", file, name)


def make_noticed(path: Path, time_before: int) -> None:
    """After a write: gives the file a time later than it had (`st_mtime_ns`), or the registry keeps the old users.

    A write within one tick of the clock, or with the clock set back, would go unnoticed.
    """
    now = path.stat()
    if now.st_mtime_ns <= time_before:
        os.utime(path, ns=(now.st_atime_ns, time_before + _TICK))


def cautions(path: Path) -> tuple[str, ...]:
    """What replacing this file may break, to be said in the preview; its mode is kept by `replace(keep_mode=True)`.
    Raises OSError."""
    found = [
        "the file is replaced by a new one: a container into which this one file is mounted, and not its folder, keeps "
        "the old users until it is restarted"
    ]
    status = path.stat()
    if status.st_mode & stat.S_IRGRP and os.geteuid() and status.st_gid not in {os.getegid(), *os.getgroups()}:
        found.append(
            f"the file's group ({status.st_gid}) is none of yours and cannot be kept: a registry that reads it as that "
            f"group would let nobody in; let an administrator run chgrp {status.st_gid} {shlex.quote(str(path))} after"
        )
    return tuple(found)


def _command(option: str, file: str, name: str) -> str:
    if reason := _name_refusal(name):
        raise NotAllowed(reason)
    return f"htpasswd {option} {_word(file)} {shlex.quote(name)}"


def _word(file: str) -> str:
    """A file name as one word of a shell that no program takes for an option."""
    return shlex.quote(f"./{file}" if file.startswith("-") else file)


def _split(text: str) -> list[str]:
    """Lines with their ends, cut at newlines alone, as the registry does; `splitlines` knows more ends."""
    return re.split(r"(?<=\n)", text)


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Number, user and hash of every line that is one. Raises NotHtpasswd."""
    for number, line in enumerate(text.split("\n"), 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        name, colon, hashed = entry.partition(":")
        if not colon:
            raise NotHtpasswd(f"line {number} has no colon: the registry refuses the whole file; mend that line first")
        yield number, name, hashed


def _kind(hashed: str) -> HashKind:
    return next((kind for prefix, kind in _PREFIXES.items() if hashed.startswith(prefix)), HashKind.CRYPT)


def _name_refusal(name: str) -> str:
    if not name or name != name.strip() or not name.isprintable() or len(name.encode()) > MOST_NAME:
        return "a user name is printable, without blanks around it, and at most 255 bytes long: choose another"
    if ":" in name or name.startswith(("#", "-")):
        return f"{printable(name)}: a user name has no colon, and begins with neither # nor -: choose another"
    return ""


def _password_refusal(password: Secret) -> str:
    if not password or not password.is_text:
        return "the password is empty or no text: choose another"
    if password.size > MOST_PASSWORD:
        return f"the password has {password.size} bytes, and bcrypt sees only {MOST_PASSWORD}: choose a shorter one"
    if any(char in password.reveal() for char in "\0\r\n"):
        return "the password holds a line break or a NUL: choose another"
    return ""
