"""Kubernetes' Secret: base64 in `data`, plain text in `stringData`.

Fields: kubernetes.io/docs/reference/kubernetes-api, Secret v1. Base64 is no encryption.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks import late
from checks.detect.assignments import looks_random
from checks.detect.document_names import snake
from checks.detect.document_values import ALONE, Beside, DocumentSecret, auth_document_secrets, value_secrets
from checks.detect.values import not_a_secret
from checks.formats.dotenv import read_dotenv
from checks.formats.located import Located, decoded
from checks.formats.traced_text import Piece, Traced
from checks.formats.yaml_positions import Member, Node, member, text_at
from checks.formats.yaml_trace import trace
from checks.model.finding import Confidence
from checks.model.secret import Secret

_AUTH_FILES = {".dockerconfigjson": False, ".dockercfg": True}
"""Keys of the two types of registry Secrets, and whether their document is the flat one."""
_PUBLIC_NAMES = frozenset(
    {"username", "user", "host", "port", "database", "url", "uri", "ca_crt", "tls_crt", "namespace"}
)
_LONGEST_RANDOM = 200
_HASHED = late.compile(r"\$(?:2[aby]|apr1|[156y])\$")
"""A line of htpasswd: no password, only its hash."""


def is_secret(node: Node) -> bool:
    return text_at(node, "kind") == "Secret" and bool(member(node, "data") or member(node, "stringData"))


def secret_secrets(path: tuple[str, ...], node: Node, source: str) -> Iterator[DocumentSecret]:
    """Every secret in the `data` and `stringData` of one Secret; what is no base64 there is a template's."""
    for field in ("data", "stringData"):
        holder = member(node, field)
        if not holder:
            continue
        plain = {held.name: _plain(held, field) for held in holder.members if held.value.kind == "scalar"}
        siblings = {snake(name): text for name, text in list(plain.items())[:100] if text}
        beside = Beside(siblings, None, siblings.get("username") or siblings.get("user"))
        for held in holder.members:
            if held.value.kind == "scalar" and not held.value.tag.startswith("!"):
                yield from _in_value((*path, field, held.name)[-8:], held, plain[held.name], source, beside)


def _plain(held: Member, field: str) -> str | None:
    if field == "stringData":
        return held.value.text
    return decoded(Located("".join(held.value.text.split()), 0, 0, 0))


def _in_value(
    path: tuple[str, ...], held: Member, plain: str | None, source: str, beside: Beside
) -> Iterator[DocumentSecret]:
    written = trace(source, held.value)
    if held.name in _AUTH_FILES:
        yield from auth_document_secrets(path, written, flat=_AUTH_FILES[held.name])
        return
    if not plain:
        return
    same = plain == written.text
    whole = written if same else Traced(plain, written.start, written.end, (_all_of(written),))
    found = list(value_secrets(path, whole, beside)) or list(_settings(path, whole) if "\n" in plain else ())
    yield from found
    public = snake(held.name) in _PUBLIC_NAMES or len(plain) > _LONGEST_RANDOM or _HASHED.search(plain)
    if not found and not public and looks_random(plain) and not not_a_secret(plain) and "${" not in plain:
        yield DocumentSecret(Secret(plain), Confidence.POSSIBLE, whole.first(0), whole.last(len(plain)), path)


def _all_of(written: Traced) -> Piece:
    """Of an encoded value no part can be pointed to: each stands where the whole does."""
    return Piece(0, written.first(0), written.last(len(written.text)))


def _settings(path: tuple[str, ...], whole: Traced) -> Iterator[DocumentSecret]:
    """A file of `NAME=value` lines as one value."""
    for one in read_dotenv(whole.text):
        yield from value_secrets((*path, one.name)[-8:], whole.part(one.start, one.end), ALONE)
