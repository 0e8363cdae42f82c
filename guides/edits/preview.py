"""A change shown before it is made, without any secret of the file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from checks.formats.docker_auth import AuthFile, decode_auth, read_auth_file
from checks.formats.json_positions import Member, Node
from checks.formats.url_logins import login_in_url
from checks.model.secret import Secret
from guides.edits.json_text import Splice, apply

_SHOWN = ("credsstore", "credhelpers", "currentcontext", "detachkeys", "psformat", "email")
"""Members whose strings a preview shows; every other string is masked, whatever it may be."""


def preview(before: AuthFile, after: str) -> tuple[str, ...]:
    """The change as lines of a unified diff, every string masked that is not known to be harmless."""
    old = _masked(before).splitlines()
    new = _masked(read_auth_file(after.encode("utf-8", "surrogateescape"))).splitlines()
    lines = list(difflib.unified_diff(old, new, lineterm="", n=1))[2:]  # without the two lines that would name files
    return tuple(line[:1] + line[1:].expandtabs(4) for line in lines)


def _masked(auth_file: AuthFile) -> str:
    if not auth_file.root:
        return ""
    behind = Splice(auth_file.root.end, len(auth_file.text), "")  # nobody reads it, and it may hold anything
    return apply(auth_file.text, [*_masks(auth_file.root), behind])


def _masks(root: Node) -> Iterator[Splice]:
    for held in root.members:
        yield from _name_mask(held)
        yield from _masks_below(held, shown=held.name.casefold() in _SHOWN)


def _masks_below(top: Member, *, shown: bool) -> Iterator[Splice]:
    waiting = [(top.name, top.value)]
    while waiting:
        name, node = waiting.pop()
        if node.kind == "string" and node.text and not shown and name.casefold() not in _SHOWN:
            mask = _login_mask(node) if name.casefold() == "auth" else Secret(node.text).masked
            yield Splice(node.start, node.end, f'"<{mask}>"')
        waiting += [(name, item) for item in node.items]
        for held in node.members:
            yield from _name_mask(held)
            waiting.append((held.name, held.value))


def _name_mask(held: Member) -> Iterator[Splice]:
    """A registry's name may be a URL with a login of its own."""
    if login_in_url(held.name):
        yield Splice(held.start, held.value.start, '"<a name with a login in it>": ')


def _login_mask(node: Node) -> str:
    user, password, _ = decode_auth(node.text)
    return f"{user}, {password.masked}" if password else f"{user}, no password"
