"""What a registry asks for: the `WWW-Authenticate` headers of its 401 (RFC 9110, sections 11.2 to 11.6).

A comma parts parameters as well as challenges, and may stand inside quotes; several headers are several offers. The
text is a stranger's: one pass over a bounded length, and what is malformed is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

MOST_HEADERS = 16
MOST_LENGTH = 8 * 1024
"""Characters of one header that are read."""
MOST_CHALLENGES = 16
MOST_PARAMETERS = 32

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_QUOTED = r'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"'
_PARAMETER = re.compile(rf"[ \t]*+({_TOKEN})[ \t]*+=[ \t]*+(?:({_QUOTED})|({_TOKEN}))[ \t]*+(?=,|$)", re.DOTALL)
_SCHEME = re.compile(rf"[ \t]*+({_TOKEN})(?:[ \t]++|(?=,)|$)")
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]++=*+[ \t]*+(?=,|$)")
_REST = re.compile(rf"[^,\"]*+(?>(?:{_QUOTED}[^,\"]*+)*)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One offer: the scheme and the names of its parameters in small letters."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.parameters.get(name, "")


def read_challenges(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Every challenge of these headers, in order. A parameter given twice keeps its first value. Never raises."""
    found: list[Challenge] = []
    for _, header in zip(range(MOST_HEADERS), headers, strict=False):
        found += _read(header[:MOST_LENGTH])
    return tuple(found[:MOST_CHALLENGES])


def _read(text: str) -> Iterator[Challenge]:
    scheme, parameters = "", dict[str, str]()
    at = 0
    while at < len(text):
        if scheme and (parameter := _PARAMETER.match(text, at)):
            _keep(parameters, parameter)
            at = parameter.end()
        elif begun := _SCHEME.match(text, at):
            if scheme:
                yield Challenge(scheme, parameters)
            scheme, parameters = begun[1].lower(), {}
            at = begun.end()
            if token68 := _TOKEN68.match(text, at):
                at = token68.end()
            elif at < len(text) and text[at] != ",":
                continue  # its first parameter follows, without a comma
        else:
            at = _skipped(text, at)
        at += 1  # the comma
    if scheme:
        yield Challenge(scheme, parameters)


def _keep(parameters: dict[str, str], found: re.Match[str]) -> None:
    name, quoted, plain = found[1].lower(), found[2], found[3]
    if len(parameters) < MOST_PARAMETERS:
        parameters.setdefault(name, _ESCAPE.sub(r"\1", quoted[1:-1]) if quoted is not None else plain)


def _skipped(text: str, at: int) -> int:
    """Where the next comma stands that is not inside quotes; a quote without an end ends all."""
    end = _REST.match(text, at)
    at = end.end() if end else len(text)
    return at if at < len(text) and text[at] == "," else len(text)
