"""Whether a text can give a secret away as `name=value` or as a URL's login: asked before its commands are read.

It may be too generous, and may never drop a secret.
"""

from __future__ import annotations

import re

from checks import late
from checks.detect.assignments import may_say, words_of
from checks.detect.rule import Rule
from checks.detect.telling_words import telling_words
from checks.detect.values import not_a_secret

OPTION = late.compile(r"(?<![\w.])[-/][\w-]{0,60}=")
"""An option with its value in one word."""
DEFINING = ("-D", "-P")
"""What stands right before the name of a property, as in `-Dpassword=`."""
ACTION = late.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\$\[\[.*?\]\]|<<.*?>>")
QUOTED = late.compile(r"""\"(?P<double>[^"\\]*+)"(?=[\s,}\]]|\Z)|'(?P<single>[^'\\]*+)'(?=[\s,}\]]|\Z)""")
_NO_NAME = late.compile(r"[\s=,;&?\"'{}]")
_SETTING_OF_LINE = late.compile(
    r"""[ \t]*+(?:-[ \t]++){0,3}(?:export[ \t]++)?["']?(?P<name>[A-Za-z_][\w./-]*+)["']?[ \t]*+"""
)
_QUOTE = late.compile(r"[\"'\\`]")
_WORD_END = late.compile(r"[;&`)\]},|<>]")
_VARIABLE = late.compile(r"\$[A-Za-z_{(]|`")
_BACK, _AHEAD = 200, 2000
_MOST_ASKED = 5_000
"""Words and equals signs of a text that are looked at: with more of them it is read."""
_SPACE = late.compile(r"\\s|\s|\[\^")
"""In a pattern: what may be written over several lines."""


def may_be_given(text: str) -> bool:
    """Whether a secret may stand right behind an equals sign, or in a URL."""
    if ("@" in text and "://" in text) or "DOCKER_AUTH_CONFIG" in text:
        return True
    if "=" not in text:
        return False
    data, named = text.encode("utf-8", "surrogateescape"), False
    for number, (offset, told) in enumerate(telling_words(data)):
        if (
            number > _MOST_ASKED
            or any(has_form(rule, data, offset) for rule in told.rules)
            or (told.command and OPTION.search(text))
        ):
            return True
        named = named or told.name
    if not named:
        return False
    return text.count("=") > _MOST_ASKED or any(
        sets_one(text[max(0, mark.start() - _BACK) : mark.start()], text[mark.end() : mark.end() + _AHEAD])
        for mark in re.finditer("=", text)
    )


def sets_one(before: str, behind: str) -> bool:
    """Whether the equals sign between these gives a value that may be a secret to a name that says something."""
    name = setting_name(before)
    return name is not None and _is_word(before, behind)


def setting_name(before: str) -> str | None:
    """The name that ends here, before an equals sign; None where it says nothing of its value."""
    if before[-1:] in (" ", "\t", '"', "'"):
        found = _SETTING_OF_LINE.fullmatch(before.rpartition("\n")[2])
        name = found["name"] if found else ""
    else:
        name = _NO_NAME.split(before[-_BACK:])[-1]
    told = may_say(words_of(name)) or (name.startswith(DEFINING) and may_say(words_of(name[2:])))
    return name if told else None


def has_form(rule: Rule, data: bytes, offset: int) -> bool:
    """Whether a token of this rule may stand here and be a whole value, whatever stands around it."""
    if not rule.alone:
        return False
    if _SPACE.search(rule.pattern):
        return True
    if rule.anchored:
        return rule.unbounded.match(data, offset) is not None
    return rule.unbounded.search(data, max(0, offset - rule.reach), offset + rule.reach) is not None


def _is_word(before: str, behind: str) -> bool:
    """Whether the word of a command that goes on here may be a secret."""
    if _QUOTE.search(before):
        return True  # where the word ends is not known
    text = ACTION.sub("$G", behind.lstrip(" \t"))
    if quoted := QUOTED.match(text):
        word = quoted["double"] or quoted["single"] or ""
        return not (quoted["double"] and _VARIABLE.match(word)) and not not_a_secret(word)
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    if _QUOTE.search(word):
        return True
    return not _VARIABLE.match(word) and not all(map(not_a_secret, (word, _WORD_END.split(word, maxsplit=1)[0])))
