"""git's configuration with positions, and the logins in it: URLs, headers, tokens, helpers that print a password.

Syntax: git-config(1), "CONFIGURATION FILE". A line that is none is passed over, where git would refuse the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks import late
from checks.formats.http_headers import header_login
from checks.formats.located import Located, Login, Logins, host_of, located, logins_in, parts
from checks.formats.text_positions import Lines

_SECTION = late.compile(
    r"""\[ (?P<section>[A-Za-z0-9.-]++) (?: [ \t]++ "(?P<subsection>[^"\\\n]*+(?>(?:\\.[^"\\\n]*+)*))" )? \]""",
    re.VERBOSE,
)
_NAME = late.compile(r"(?P<name>[A-Za-z][A-Za-z0-9-]*+)[ \t\r]*+(?P<equals>=[ \t]*+)?")
_PART = late.compile(
    r"""  "(?P<quoted>[^"\\\n]*+(?>(?:\\(?:\r?\n|.)[^"\\\n]*+)*))"?
      | (?P<plain>[^"\\\n\#;]++)
      | (?P<escaped>\\(?:\r?\n|.))
      | (?P<comment>[\#;][^\n]*+)""",
    re.VERBOSE,
)
_BLANK = late.compile(r"(?>(?:\s++|[\#;][^\n]*+)+)")
_LINE = late.compile(r"[^\n]*+")
_ESCAPE = late.compile(r"\\(?:(?P<end>\r?\n)|(?P<sign>.))")
_SIGNS = {"n": "\n", "t": "\t", "b": "\b"}
_SECRETS = ("smtppass", "pass", "password", "oauthtoken")
"""git-send-email(1), git-imap-send(1), and what tools around git keep here."""
_PRINTED = late.compile(r"""\bpassword=(?P<password>[^\s;"'|&]++)""")
"""What a helper written into the file prints: `!f() { echo password=...; }; f`."""


class GitSetting(NamedTuple):
    """One setting; section and name are in lower case, the subsection is as written."""

    section: str
    subsection: Located | None
    name: str
    value: Located | None
    """None where there is no `=`: the setting is true."""


def read_git_config(text: str) -> Logins:
    """The logins in URLs of values and subsections, in headers and in helpers; other settings by their name alone."""
    return Logins(tuple(_logins(text)))


def git_settings(text: str) -> Iterator[GitSetting]:
    """Every setting in order, and one without a name for each header that has a subsection."""
    lines, at, section, subsection = Lines(text), 0, "", None
    while at < len(text):
        at = _end(_BLANK, text, at)
        if header := _SECTION.match(text, at):
            section, at = header["section"].lower(), header.end()
            subsection = None
            if (name := header["subsection"]) is not None:
                subsection = located(lines, re.sub(r"\\(.)", r"\1", name), *header.span("subsection"))
                yield GitSetting(section, subsection, "", None)
        elif key := _NAME.match(text, at):
            start = key.end()
            value, at = _value(text, start) if key["equals"] else ("", start)
            found = located(lines, value, _behind_quote(text, start), at) if key["equals"] else None
            yield GitSetting(section, subsection, key["name"].lower(), found)
        else:
            at = _end(_LINE, text, at) + 1


def _value(text: str, at: int) -> tuple[str, int]:
    """The value from here to the end of its line, quotes, escapes and comments resolved, and where it ends."""
    pieces: list[str] = []
    length = kept = 0  # what is kept ends before the blanks at the end
    while (part := _PART.match(text, at)) and part["comment"] is None:
        at = part.end()
        piece = part["plain"]
        if piece is None:
            piece = _unescaped(part["escaped"] or part["quoted"])
            kept = length + len(piece)
        else:
            piece = piece if length else piece.lstrip()
            kept = length + len(piece.rstrip()) if piece.strip() else kept
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces)[:kept], at


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda m: "" if m["end"] else _SIGNS.get(m["sign"], m["sign"]), text)


def _behind_quote(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == '"' else at


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _logins(text: str) -> Iterator[Login]:
    for one in git_settings(text):
        below = one.subsection
        field = ".".join(part for part in (one.section, _shown(below), one.name) if part)
        if not one.name and below:
            yield from logins_in(below, f"{one.section}.*")
        elif one.value and one.value.text:
            host = host_of(below.text) if below and "://" in below.text else ""
            yield from _of_setting(one.name, one.value, field, host)


def _of_setting(name: str, value: Located, field: str, host: str) -> Iterator[Login]:
    urls = list(logins_in(value, field))
    if name == "extraheader":
        yield from header_login(value, field, host)
    elif name == "helper":
        spans = (match.span("password") for match in _PRINTED.finditer(value.text))
        yield from (Login(field, part, host) for part in parts(value, spans))
    elif name in _SECRETS:
        yield Login(field, value, host)
    elif urls:
        yield from urls
    else:
        yield Login(field.replace("/", "."), value, host, named=True)


def _shown(subsection: Located | None) -> str:
    """The subsection without a login that it may hold: fields are shown."""
    if not subsection:
        return ""
    text = subsection.text
    return host_of(text) if "://" in text else text
