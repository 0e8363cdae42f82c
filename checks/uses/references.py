"""What stands where a password belongs: the value itself, or the name under which another place keeps it.

Syntaxes: GitHub's and Gitea's expressions, GitLab's and shells' variables, Azure's macros, CircleCI's parameters,
Jinja and Go templates; docs/sources.md names the collection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from checks import late
from checks.detect.values import not_a_secret
from checks.formats.templates import HOLE
from checks.model.secret import Secret
from checks.model.token_kinds import kind_of

LONGEST_NAME = 120
_LONGEST_VALUE = 16 * 1024
_REFERENCE = late.compile(
    r"""
      \$?\{\{-?(?P<expression>[^{}\n]{1,300}+)\}\}
    | \$\[\[(?P<inputs>[^\[\]\n]{1,200}+)\]\]
    | \$\{(?P<braced>[A-Za-z_][\w.-]{0,100}+)[^{}\n]{0,300}+\}
    | \$\((?P<command>[^()\n]{1,200}+)\)
    | \$(?:[Ee][Nn][Vv]:)?(?P<plain>[A-Za-z_]\w{0,100}+)
    | %(?P<percent>[A-Za-z_]\w{0,100}+)%
    | <<(?P<angle>[ \w.-]{1,100}+)>>
    """,
    re.VERBOSE,
)
_SECRETS = late.compile(r"\bsecrets(?:\.|\[['\"])(?P<name>[\w-]{1,100}+)")
_QUOTED = late.compile(r"['\"](?P<name>[\w./-]{1,100}+)['\"]")
_PATH = late.compile(r"\.?[A-Za-z_][\w-]{0,100}+(?>(?:\.[\w-]{1,100}+){0,8})")
_OF_CONTEXT = late.compile(r"(?:env|vars|inputs|parameters|variables|pipeline\.parameters|ansible_env)\.")
AUTOMATIC = frozenset({"GITHUB_TOKEN", "GITEA_TOKEN", "CI_JOB_TOKEN", "SYSTEM_ACCESSTOKEN", "ACTIONS_RUNTIME_TOKEN"})
"""Tokens that a system makes for each run: no credential's end touches them."""
_SPELLED_OTHERWISE = {"github.token": "GITHUB_TOKEN", "system.accesstoken": "SYSTEM_ACCESSTOKEN"}
_EXPRESSIONS = late.compile(r"\$?\{\{[^{}\n]{1,300}+\}\}|\$\[\[[^\[\]\n]{1,200}+\]\]|<<[ \w.-]{1,100}+>>")


class Held(NamedTuple):
    """The secret itself, or a name; neither where a placeholder stands or nothing does."""

    name: str = ""
    secret: Secret | None = None

    @property
    def automatic(self) -> bool:
        return self.name in AUTOMATIC

    @property
    def known(self) -> bool:
        return bool(self.name or self.secret)


NOTHING = Held()


def held(text: str) -> Held:
    """What this value of a password's field holds."""
    text = text.strip()
    if not text or len(text) > _LONGEST_VALUE or HOLE in text:
        return NOTHING
    if name := reference_in(text):
        return Held(name)
    return NOTHING if not_a_secret(text) else Held(secret=Secret(text))


def reference_in(text: str) -> str:
    """The name that the first reference of this text points to, or an empty one."""
    match = _REFERENCE.search(text) if len(text) <= _LONGEST_VALUE else None
    return _name(match) if match else ""


def references_in(text: str) -> list[str]:
    """The names of all references, in order, each once."""
    return list(dict.fromkeys(_name(match) for match in _REFERENCE.finditer(text[:_LONGEST_VALUE])))


def has_reference(text: str) -> bool:
    return bool(HOLE in text or _REFERENCE.search(text[:_LONGEST_VALUE]))


def expand(text: str, variables: Mapping[str, str]) -> str:
    """The text with the references that are known here replaced; twice, since one may stand for another."""
    for _ in range(2):
        if not variables or len(text) > _LONGEST_VALUE or not has_reference(text):
            break
        text = _REFERENCE.sub(lambda match: variables.get(_name(match), match.group()), text)
    return text


def without_expressions(text: str) -> str:
    """CI expressions as variables of a shell, each as long as it was: `${{ secrets.X }}` is `${X#_________}`."""
    return _EXPRESSIONS.sub(_as_variable, text) if any(mark in text for mark in ("{{", "[[", "<<")) else text


def safe_name(name: str) -> str:
    """A name that may be shown and stored: bounded, and no token that somebody put where a name belongs."""
    return "..." if any(kind_of(word) for word in name.split()) else name[:LONGEST_NAME]


def _as_variable(match: re.Match[str]) -> str:
    whole = match.group()
    name = re.sub(r"\W", "_", reference_in(whole) or "_")
    room = len(whole) - len(name) - 3
    return f"${{{name}{'#' * (room > 0)}{'_' * (room - 1)}}}" if room >= 0 else whole


def _name(match: re.Match[str]) -> str:
    kind = str(match.lastgroup)
    text = match[kind].strip()
    if kind in ("expression", "inputs", "angle"):
        text = _in_expression(text)
    elif kind == "command":
        text = text.removeprefix("variables.").removeprefix("env:")
    text = _SPELLED_OTHERWISE.get(text.lower(), text)
    return text[:LONGEST_NAME]


def _in_expression(text: str) -> str:
    """`secrets.NAME` wherever it stands, else what a look-up names, else the first path."""
    if secret := _SECRETS.search(text):
        return secret["name"]
    quoted = [match["name"] for match in _QUOTED.finditer(text)]
    if quoted and ("lookup" in text or "env" in text):
        return quoted[-1]
    path = _PATH.search(text)
    return _OF_CONTEXT.sub("", path.group()) if path else text
