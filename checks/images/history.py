"""The lines of an image's build history, as the classic builder, BuildKit and buildah write them.

`/bin/sh -c #(nop)  ENV A=b`, `RUN |1 TOKEN=x /bin/sh -c make # buildkit`, `CMD ["node" "x.js"]`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from checks import late

_SHELL = late.compile(
    r"(?:(?:/[\w./-]{0,60}/)?(?:[bdkza]{0,2}|pw)sh|cmd|powershell)(?:\.exe)?(?:\s+(?:-\S{1,40}|/S|pipefail))*?"
    r"\s+(?:-\w{0,8}c|/C|-Command)(?:\s+|\Z)",
    re.IGNORECASE,
)
_ARGUMENTS = late.compile(r"\|\d{1,4}\s+")
_SHELL_BEHIND = late.compile(r"(?:\A|\s)(?=(?:/[\w./-]{0,60}/(?:[bdkza]{0,2}|pw)sh|cmd|powershell)\s)", re.IGNORECASE)
_NAME = late.compile(r"(?:\A|(?<=\s))(?P<name>[A-Za-z_][\w./-]{0,200})=")
_KEYWORD = late.compile(r"(?P<name>[A-Z]{3,11})(?:\s+|\Z)")
_KEYWORDS = frozenset(
    """
    ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME
    WORKDIR
    """.split()  # noqa: SIM905
)
_NOP = "#(nop)"
_BUILDKIT = " # buildkit"
_STRING = r'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"'
_LIST = late.compile(rf"\[\s*+({_STRING}(?>(?:\s*+,?\s*+{_STRING})*))\s*+\]", re.DOTALL)
_WORD = late.compile(_STRING, re.DOTALL)


@dataclass(frozen=True, slots=True)
class Made:
    """What one line says was done: `text` is the command of a RUN, else what follows the instruction's name."""

    instruction: str
    """Empty where it is none that is known: then `text` is all of it."""
    text: str = field(repr=False)
    arguments: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Build arguments that a RUN was given, by name."""


def read_history_line(line: str) -> Made:
    """Linear, and without exceptions, whatever the line."""
    rest = line.strip().removesuffix(_BUILDKIT)
    run = rest.startswith("RUN ")
    body = rest[4:].lstrip() if run else rest
    arguments: tuple[tuple[str, str], ...] = ()
    if counted := _ARGUMENTS.match(body):
        body = body[counted.end() :]
        shell = _SHELL_BEHIND.search(body)
        end = shell.start() if shell else len(body)
        arguments, body, run = named_values(body[:end]), body[end:].lstrip(), True
    if shell := _SHELL.match(body[:400]):
        run, body = True, body[shell.end() :]
    if body.startswith(_NOP):
        run, body = False, body[len(_NOP) :].lstrip()
    if run:
        return Made("RUN", body, arguments)
    keyword = _KEYWORD.match(body)
    if keyword and keyword["name"] in _KEYWORDS:
        return Made(keyword["name"], body[keyword.end() :])
    return Made("", body)


def named_values(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of `A=b C=d e`: a value reaches to the next name, since the history has lost the quotes."""
    found = list(_NAME.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return tuple((one["name"], _bare(text[one.end() : end].strip())) for one, end in zip(found, ends, strict=False))


def listed_words(text: str) -> list[str]:
    """The words of `["a" "b"]`, with or without commas, and whatever stands around it; none where there is no list."""
    match = _LIST.search(text)
    if not match:
        return []
    words = []
    for one in _WORD.findall(match[1]):
        try:
            words.append(str(json.loads(one, strict=False)))
        except ValueError:  # Go's quotes know escapes that JSON does not
            words.append(one[1:-1])
    return words


def _bare(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
