"""One value of a document: the secret that it is, or that stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from checks import late
from checks.detect.assigned import LONGEST_VALUE, assigned_secret
from checks.detect.command_logins import command_secrets
from checks.detect.document_names import PASSWORDS, may_name_one, snake
from checks.detect.given_values import may_be_given
from checks.detect.tokens import recognise
from checks.detect.values import is_placeholder, not_a_secret
from checks.formats.docker_auth import decode_auth, read_auth_file
from checks.formats.located import Located, decoded
from checks.formats.registry_names import registry_of
from checks.formats.templates import HOLE
from checks.formats.traced_text import Piece, Traced
from checks.model.finding import Confidence, Severity
from checks.model.secret import Secret
from checks.model.token_kinds import kind_of


class DocumentSecret(NamedTuple):
    """A secret of a document. `start` and `end` are offsets of how it is written there."""

    secret: Secret
    confidence: Confidence
    start: int
    end: int
    path: tuple[str, ...]
    """The names that lead to it."""
    registry: str | None = None
    username: str | None = None
    what: str = ""
    """For people, where the name does not say it: "registry login on a command line"; holds no values."""

    @property
    def severity(self) -> Severity:
        if self.secret.kind not in ("password", "jwt") or self.what == PRIVATE_KEY:
            return Severity.CRITICAL
        return Severity.HIGH if self.registry else Severity.MEDIUM

    def moved(self, outer: Traced, path: tuple[str, ...]) -> DocumentSecret:
        """The same in the text around: this document was a value there."""
        return self._replace(start=outer.first(self.start), end=outer.last(self.end), path=(*path, *self.path)[-8:])


class Beside(NamedTuple):
    """What stands beside a value: the login that it may belong to, and its neighbours, by their names in snake case."""

    siblings: Mapping[str, str]
    registry: str | None = None
    username: str | None = None


ALONE = Beside({})
PRIVATE_KEY = "private key"
_PEM = late.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?P<body>[\s\\nr]{1,8}[A-Za-z0-9+/=\s\\:,-]{100})")
_DEFAULT = late.compile(r"\$\{\w{1,100}:?-(?P<literal>[^{}]{1,1000})\}")
_MIXED = late.compile(rf"{HOLE}|\{{\{{|\$\{{|\$\(|<%|\{{%|\$\[\[|%\{{|<<\s|\$\[")
_EXPRESSION = late.compile(rf"\$?\{{\{{[^\n]{{0,300}}?\}}\}}|\$\[\[[^\n]{{0,300}}?\]\]|<<[^\n<>]{{1,100}}>>|{HOLE}+")
"""Expressions of the CI systems, which a shell would take for something else."""
_NAMES_ONE = late.compile(
    r"(?:[a-z]+[_-]){1,5}(?:password|passwd|passphrase|pwd|pass|secret|token|key|credentials?)|your[a-z]+",
    re.IGNORECASE,
)
"""`user_password` as a password: it is called what it would be."""
_CACHES = frozenset({"key", "cache_key", "restore_key"})
"""What CI systems call their caches' names."""
_POLICIES = frozenset({"update", "force", "generate", "ask", "prompt", "require", "allow", "disable", "enable"})
"""First words of settings about passwords: `update_password: on_create`."""
_ASSIGNED = late.compile(r"(?P<name>[A-Za-z_][\w.-]{0,100})=(?P<value>.+)", re.DOTALL)
_SEVERAL = late.compile(r"=\S{0,200}\s{1,20}[A-Za-z_]\w{0,60}=")
_GIVEN = late.compile(r"""=["']?\Z|://\S*\Z""")
_TELLING_SIGN = late.compile(r"""["'=@$`\n\r\\{\[]""")
"""One of these stands in every value that holds more than a word: a login, a setting, a default, a document."""
_URL_REACH = 300
ENCODED_AUTHS = ("eyJhdXRocyI", "eyAiYXV0aHMi", "ewogICJhdXRocyI", "ewogICAgImF1dGhzI", "ewoJImF1dGhzI")
"""How base64 of docker's file begins, by the way its first line is indented."""
_LONGEST_AUTH = 256 * 1024


def value_secrets(path: tuple[str, ...], value: Traced, beside: Beside = ALONE) -> Iterator[DocumentSecret]:
    """The secrets of `name: value`, where the name is the last of the path."""
    text, name = value.text, path[-1] if path else ""
    if '"auths"' in text or "DOCKER_AUTH_CONFIG" in name or text.startswith(ENCODED_AUTHS):
        found = list(auth_document_secrets(path, value))
        yield from found
        if found:
            return
    if len(text) > LONGEST_VALUE or "\n" in text.strip():
        yield from _private_key(path, value)
        return
    if one := _auth(path, value, beside) or _assigned(path, value, beside):
        yield one
    elif "PRIVATE KEY" in text:
        yield from _private_key(path, value)


def holds_nothing(name: str, text: str) -> bool:
    """Whether neither `value_secrets` nor a document within finds anything in such a value: most of them, at once."""
    return (
        not may_name_one(name)
        and not _TELLING_SIGN.search(text)
        and not text.startswith(ENCODED_AUTHS)
        and "PRIVATE KEY" not in text
        and recognise(text.strip()) is None
    )


def _private_key(path: tuple[str, ...], value: Traced) -> Iterator[DocumentSecret]:
    match = _PEM.search(value.text) if "PRIVATE KEY" in value.text else None
    if match and "ENCRYPTED" not in match.group():
        start, end = value.first(match.start()), value.last(len(value.text.rstrip()))
        key = Secret(value.text[match.start() :])
        yield DocumentSecret(key, Confidence.LIKELY, start, end, path, what=PRIVATE_KEY)


def _auth(path: tuple[str, ...], value: Traced, beside: Beside) -> DocumentSecret | None:
    """`auth: dXNlcjpwYXNzd29yZA==`, the login in docker's own writing."""
    if snake(path[-1] if path else "").rpartition("_")[2] != "auth" or HOLE in value.text:
        return None
    value = value.stripped()
    username, secret, problem = decode_auth(value.text)
    host = beside.registry or (registry_of(path[-2]) if len(path) > 2 and path[-3] == "auths" else None)
    if problem and host and ":" in value.text:
        problem, value = "", value.part(len(username) + 1)  # `base64encode("user:password")` of Terraform
    if not secret or problem or not_a_secret(value.text) or not username.isprintable() or not username.isascii():
        return None
    sure = Confidence.CERTAIN if host else Confidence.POSSIBLE
    return DocumentSecret(secret, sure, *_bounds(value), path, host, username)


def _assigned(path: tuple[str, ...], value: Traced, beside: Beside) -> DocumentSecret | None:
    default = _DEFAULT.fullmatch(value.text.strip())
    if default:
        before = len(value.text) - len(value.text.lstrip())
        value = value.part(before + default.start("literal"), before + default.end("literal"))
    text = value.text.strip()
    if not text or HOLE in text or (_MIXED.search(text) and "://" not in text):
        return None
    name = snake(path[-1]) if path else ""
    if not_a_secret(text) or text.startswith("--") or _NAMES_ONE.fullmatch(text) or name.partition("_")[0] in _POLICIES:
        return None
    if beside.registry:
        name = PASSWORDS.get(name, name)
    if name in _CACHES and not kind_of(text):
        return None
    value = value.stripped()
    found = assigned_secret(name, value.text, beside.siblings)
    if not found or (found.start and "{" in value.text[found.start : found.end]):
        return None
    whole = not found.start
    return DocumentSecret(
        found.secret,
        found.confidence,
        value.first(found.start),
        value.last(found.end),
        path,
        (beside.registry if whole else None) or (registry_of(found.registry) if found.registry else None),
        found.username or (beside.username if whole else None),
    )


def _bounds(value: Traced) -> tuple[int, int]:
    return value.first(0), value.last(len(value.text))


def auth_document_secrets(path: tuple[str, ...], value: Traced, *, flat: bool = False) -> Iterator[DocumentSecret]:
    """docker's credential file as a value, in JSON or in base64 of it."""
    text = value.text.strip()
    if not text or len(text) > _LONGEST_AUTH:
        return
    encoded = not text.startswith("{")
    document = decoded(Located("".join(text.split()), 0, 0, 0)) if encoded else value.text
    auth_file = read_auth_file((document or "").encode("utf-8", "replace"), flat=flat)
    for entry in auth_file.entries:
        for held in entry.secrets:
            if is_stand_in(held.node.text) or HOLE in held.node.text:
                continue
            bounds = _bounds(value.stripped())
            if not encoded:
                bounds = value.first(held.node.start + 1), value.last(held.node.end - 1)
            registry, username = registry_of(entry.key) or None, entry.username or None
            yield DocumentSecret(held.secret, Confidence.CERTAIN, *bounds, path, registry, username)


def is_stand_in(written: str) -> bool:
    """Whether an entry of a credential file only stands for one; this may be its encoded form."""
    plain = decoded(Located(written, 0, 0, 0))
    return is_placeholder(written) or (plain is not None and ":" in plain and not_a_secret(plain.partition(":")[2]))


def item_secrets(path: tuple[str, ...], value: Traced, beside: Beside) -> Iterator[DocumentSecret]:
    """An item of a list: `NAME=value`, as in compose's environment, or a text of any kind."""
    match = _ASSIGNED.fullmatch(value.text)
    if match and not (_SEVERAL.search(value.text) and path and path[-1] in ("env", "global", "matrix", "jobs")):
        found = list(value_secrets((*path, match["name"]), value.part(match.start("value")), beside))
        yield from found
        if found:
            return
    elif kind_of(value.text.strip()):
        yield from value_secrets(path, value)
        return
    if ("=" in value.text and " " in value.text) or "://" in value.text:
        yield from prose_secrets(path, value)


def may_hold_item(text: str) -> bool:
    """False where `item_secrets` surely finds nothing."""
    return "=" in text or "://" in text or kind_of(text.strip()) is not None


def named_item(text: str) -> tuple[str, str] | None:
    """Name and value of `NAME=value`, for the neighbours' sake."""
    match = _ASSIGNED.fullmatch(text) if len(text) <= LONGEST_VALUE else None
    return (snake(match["name"]), match["value"]) if match else None


def shell_secrets(path: tuple[str, ...], value: Traced) -> Iterator[DocumentSecret]:
    """What a text gives away that is run by a shell, or looks like a part of a command line."""
    yield from (found for _, found in _shell_secrets(path, value))


def _shell_secrets(path: tuple[str, ...], value: Traced) -> Iterator[tuple[int, DocumentSecret]]:
    """Each with where it begins in the value."""
    text = _EXPRESSION.sub(_as_variable, value.text)
    for found in command_secrets(text):
        start, end = value.first(found.start), value.last(found.end)
        registry, username = found.registry, found.username
        one = DocumentSecret(found.secret, found.confidence, start, end, path, registry, username, found.what)
        yield found.start, one


def prose_secrets(path: tuple[str, ...], value: Traced) -> Iterator[DocumentSecret]:
    """What stands as `name=value` or as a URL's login in a text that may be a sentence as well as a command."""
    for found in _shell_secrets(path, value) if may_be_given(value.text) else ():
        before = value.text[max(found[0] - _URL_REACH, 0) : found[0]]
        if _GIVEN.search(before):
            yield found[1]


def _as_variable(match: re.Match[str]) -> str:
    """A shell's variable of the same length: what stands there is known elsewhere."""
    return "$" + "G" * (len(match.group()) - 1)


def command_line(arguments: list[Traced], program: str = "") -> Traced:
    """A program and its arguments as one line of a shell, traced to where each of them stands."""
    texts, pieces, length = [f"{program} " if program else ""], [], len(program) + 1 if program else 0
    for argument in arguments:
        for start, end in _quotable(argument.text):
            part = argument.part(start, end)
            quote = '"' if "'" in part.text else "'"
            pieces.append(Piece(length, part.start, part.start))
            held = part.pieces or (Piece(0, part.start, part.end),)
            pieces += [Piece(piece.at + length + 1, piece.start, piece.end) for piece in held if part.text]
            length += len(part.text) + 2
            pieces.append(Piece(length - 1, part.end, part.end))
            texts.append(f"{quote}{part.text}{quote}")
        pieces.append(Piece(length, argument.end, argument.end))
        texts.append(" ")
        length += 1
    first = arguments[0].start if arguments else 0
    if program:
        pieces.insert(0, Piece(0, first, first))
    return Traced("".join(texts), first, arguments[-1].end if arguments else 0, tuple(pieces) or (Piece(0, 0, 0),))


def _quotable(text: str) -> list[tuple[int, int]]:
    """Parts that hold either apostrophes only or none: each can be quoted by itself."""
    return [match.span() for match in re.finditer("'+|[^']+", text)] or [(0, 0)]
