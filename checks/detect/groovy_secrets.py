"""Jenkinsfiles: commands in strings of `sh` steps, `environment { NAME = 'value' }`, and `password: 'x'` arguments.

Grammar: jenkins.io/doc/book/pipeline/syntax; the strings of groovy-lang.org/syntax. No program is run or understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.detect.document_names import snake
from checks.detect.document_values import Beside, DocumentSecret, item_secrets, shell_secrets, value_secrets
from checks.formats.traced_text import TraceBuilder, Traced

_TOKEN = late.compile(
    r"""
      (?P<comment>//[^\n]*+ | /\*[^*]*+(?>(?:\*(?!/)[^*]*+)*)(?>(?:\*/)?))
    | (?P<long>\"\"\"[^"\\]*+(?>(?:(?:\\.|"(?!\"\"))[^"\\]*+)*)\"\"\" | '''[^'\\]*+(?>(?:(?:\\.|'(?!''))[^'\\]*+)*)''')
    | (?P<string>"[^"\\\n]*+(?>(?:\\.[^"\\\n]*+)*)" | '[^'\\\n]*+(?>(?:\\.[^'\\\n]*+)*)')
    | (?P<word>[A-Za-z_]\w*+)
    | (?P<mark>[=:(\[,])
    | (?P<space>\s++)
    | (?P<other>(?s:.))
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = late.compile(r"\\(?:u+(?P<code>[0-9a-fA-F]{4})|(?P<sign>.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}
_SHELLS = frozenset({"sh", "bat", "powershell", "pwsh", "script", "exec", "execute"})
_NOT_ASSIGNED = frozenset({"credentialsId", "credentials"})


def groovy_secrets(text: str) -> Iterator[DocumentSecret]:
    """The secrets of the text's strings."""
    named = list(_strings(text))
    siblings = {snake(name): value.text for name, _, value in named[:100] if name}
    seen: set[int] = set()
    parameter = ""
    for name, step, value in named:
        parameter = value.text if name == "name" else parameter
        for one in _secrets(parameter if name == "defaultValue" else name, step, value, Beside(siblings)):
            if one.start not in seen:
                seen.add(one.start)
                yield one


def _secrets(name: str, step: str, value: Traced, beside: Beside) -> list[DocumentSecret]:
    if name in _NOT_ASSIGNED:
        return []
    found = list(value_secrets((name,), value, beside)) if name else []
    if found:
        return found
    path = (name or step or "text",)
    if step in _SHELLS or name == "script" or "\n" in value.text:
        return list(shell_secrets(path, value))
    return [] if name else list(item_secrets(path, value, beside))


def _strings(text: str) -> Iterator[tuple[str, str, Traced]]:
    """Each string with the name it is given to, or the step it is handed to, where one stands before it."""
    word, mark = "", ""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("string", "long"):
            width = 3 if kind == "long" else 1
            value = _value(text, match.start() + width, match.end() - width)
            assigned = mark in ("=", ":")
            yield (word if assigned else "", "" if assigned else word, value)
            word = mark = ""
        elif kind == "word":
            word, mark = match.group(), ""
        elif kind == "mark":
            mark = match.group() if word else ""
            word = "" if mark == "," else word
        elif kind == "space":
            word = "" if "\n" in match.group() and mark not in ("=", "(") else word
        elif kind == "other":
            word = mark = ""


def _value(text: str, start: int, end: int) -> Traced:
    builder, position = TraceBuilder(text), start
    for match in _ESCAPE.finditer(text, start, end):
        builder.copied(position, match.start())
        point = int(match["code"], 16) if match["code"] else 0
        sign = chr(point) if match["code"] else _LETTERS.get(match["sign"], match["sign"])
        builder.replaced("\ufffd" if 0xD800 <= point < 0xE000 else sign, match.start(), match.end())
        position = match.end()
    builder.copied(position, end)
    return builder.done(start, end)
