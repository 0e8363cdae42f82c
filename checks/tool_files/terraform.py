"""`.terraformrc`: developer.hashicorp.com/terraform/cli/config/config-file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from checks import late
from checks.formats.located import Login, Logins, located
from checks.formats.text_positions import Lines

_WORD = late.compile(
    r"""(?P<comment>(?:\#|//)[^\n]*+|/\*[^*]*+(?>(?:\*(?!/)[^*]*+)*))
      | (?P<string>"(?>(?:[^"\\\n]|\\.)*)"?)
      | (?P<name>[A-Za-z_][\w-]*+)
      | (?P<mark>[{}=])""",
    re.VERBOSE,
)


def read_terraformrc(text: str) -> Logins:
    """The tokens of the blocks `credentials "host" { token = "..." }`."""
    return Logins(tuple(_of_blocks(text)))


def _of_blocks(text: str) -> Iterator[Login]:
    lines, host, before = Lines(text), "", ["", "", ""]
    for match in _WORD.finditer(text):
        kind, word = str(match.lastgroup), match.group()
        if kind == "comment":
            continue
        if kind == "string":
            value = _unquoted(word)
            if before[-1] == "credentials":
                host = value
            elif before[-2:] == ["token", "="] and value:
                field = f"credentials/{host}/token"
                yield Login(field, located(lines, value, match.start() + 1, match.end() - 1), host)
        elif word == "}":
            host = ""
        before = [*before[1:], word if kind != "string" else ""]


def _unquoted(word: str) -> str:
    try:
        return str(json.loads(word))
    except ValueError:
        return word[1:-1]
