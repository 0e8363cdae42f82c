"""Generated credential files: entries, unknown keys and layouts as clients and people write them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from checks.formats.docker_auth import AuthFile, read_auth_file

HOSTS = (
    "ghcr.io",
    "quay.io",
    "registry.example:5000",
    "https://index.docker.io/v1/",
    "http://old.example/v1/",
    "b\u00fccher.example",
)
NAMES = ("alice", "bob", "robot$project+name", "J\u00fcrgen", 'quo"te', "back\\slash")
AWKWARD = st.text(
    alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\ufffd"), min_size=0, max_size=6
)
UNKNOWN = st.recursive(
    st.none() | st.booleans() | st.integers() | AWKWARD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(AWKWARD, inner, max_size=3),
    max_leaves=6,
)


@dataclass(frozen=True)
class Document:
    """A text, the entries whose login is to be moved, and every secret in it."""

    text: str
    moving: dict[int, tuple[str, ...]]
    secrets: dict[int, str]
    """The secret of each entry, by its index."""
    others: tuple[str, ...]
    """Secrets outside the entries."""

    def read(self) -> AuthFile:
        return read_auth_file(self.text.encode("utf-8", "surrogateescape"))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    hosts = draw(st.lists(st.sampled_from(HOSTS), min_size=1, max_size=4, unique=True))
    secrets = {index: f"hush-{index}-{draw(AWKWARD)}-hush" for index in range(len(hosts))}
    entries = {host: draw(_entries(secrets[index])) for index, host in enumerate(hosts)}
    other = f"hush-header-{draw(AWKWARD)}-hush"
    members: list[tuple[str, Any]] = [(draw(_spelled("auths")), entries)]
    members += [("psFormat", "table"), ("\u00fcmlaut", {})] if draw(st.booleans()) else []
    members += [("HttpHeaders", {"X-Registry-Auth": other, "X-Meta": "plain"})] if draw(st.booleans()) else []
    members += [("x-unknown", draw(UNKNOWN))] if draw(st.booleans()) else []
    helpers = st.sampled_from(({"kept.example": "pass"}, {"ghcr.io": "other", "k": "k"}, {}, None))
    members += [(draw(_spelled("credHelpers")), draw(helpers))] if draw(st.booleans()) else []
    members += [("credsStore", draw(st.sampled_from(("", "desktop", None))))] if draw(st.booleans()) else []
    members = draw(st.permutations(members))
    text = draw(_layouts())(dict(members)) + draw(st.sampled_from(("", "\n", "\n\n", " trailing garbage", "}{")))
    moving = {index: FIELDS for index in range(len(hosts)) if draw(st.booleans())} or {0: FIELDS}
    return Document(text, moving, secrets, (other,) if "X-Registry-Auth" in text else ())


FIELDS = ("auth", "username", "password", "identitytoken")


@st.composite
def _entries(draw: st.DrawFn, secret: str) -> dict[str, Any]:
    name = draw(st.sampled_from(NAMES))
    encoded = base64.b64encode(f"{name}:{secret}".encode()).decode()
    broken = encoded[:20] + "\n" + encoded[20:]  # Go takes line breaks inside base64
    form = draw(
        st.sampled_from(
            (
                {"auth": encoded},
                {"auth": broken},
                {"AUTH": encoded, "email": "a@b.example"},
                {"username": name, "password": secret},
                {"username": name, "password": secret, "auth": encoded},
                {"auth": base64.b64encode(f"{name}:".encode()).decode(), "identitytoken": secret},
                {"identityToken": secret},
            )
        )
    )
    unknown = {"x-entry": draw(UNKNOWN)} if draw(st.booleans()) else {}
    return dict(draw(st.permutations(list({**form, **unknown}.items()))))


def _spelled(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from((name, name, name.upper(), name.lower()))


@st.composite
def _layouts(draw: st.DrawFn) -> Callable[[Any], str]:
    indent = draw(st.sampled_from(("\t", 2, 4, None)))
    ascii_only = draw(st.booleans())
    compact = (",", ":") if draw(st.booleans()) and indent is None else None
    crlf = draw(st.booleans())

    def render(value: Any) -> str:
        text = json.dumps(value, indent=indent, ensure_ascii=ascii_only, separators=compact)
        return text.replace("\n", "\r\n") if crlf else text

    return render


def spellings(secret: str) -> set[str]:
    """The secret as it may stand in a text: raw, escaped both ways, and in base64 at each of the three alignments."""
    found = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + secret.encode()).decode()
        skip = (0, 2, 3)[shift]  # characters that the bytes before it take part in
        end = len(encoded) - (3 if encoded.endswith("=") else 0)
        found.add(encoded[skip:end])
    return {one for one in found if len(one) >= 6}
