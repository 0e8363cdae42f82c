"""Whether a YAML text can hold a secret at all, told from its lines: reading it costs a hundred times as much.

A secret is known by its form, by its name, by a URL, or as a part of a command. Names and values are judged here as
the reader of documents judges them, where they stand on one line; what stands in any other way counts as telling. So
this may be too generous, and may never drop a secret.
"""

from __future__ import annotations

import re
from functools import cached_property

from checks import late
from checks.detect.assignments import may_say, words_of
from checks.detect.document_names import SCRIPTS, VALUES, snake
from checks.detect.document_values import ALONE, ENCODED_AUTHS, Beside, value_secrets
from checks.detect.given_values import ACTION, OPTION, QUOTED, has_form, sets_one, setting_name
from checks.detect.telling_words import telling_words
from checks.formats.traced_text import Traced
from checks.model.token_kinds import TOKEN_KINDS

_LINE_ENDS = ("\x85", "\u2028", "\u2029")
_WHOLE_FILES = ("auths", "docker_auth_config", "dockercfg", "dockerconfigjson")
_SPELLED = late.compile(r"\\[xuU\n\r]")
"""Signs that stand for others, and a line that goes on without a blank: words may hide in them."""
_ALIAS_AS_NAME = late.compile(r"\*[^\s,\[\]{}]+[ \t]+:")
_ASKED = late.compile(r"(?:\A|[\n\[{,]|-[ \t])[ \t]*\?[ \t]")
_ANSWERED = late.compile(r"\n[ \t]*:")
"""Names whose value begins on the next line."""
_LOGIN = late.compile(r"[:}][^\s/?#]*@")
_SENSITIVE = late.compile(r"sensitive(?:_attributes)?[\"'\\]{0,3}[ \t]*:")
_KEY = r"""(?>(?:[&!]\S*+[ \t]++)*)["'\\]{0,3}+([\w.-][\w./ -]*+)["'\\]{0,3}[ \t]*+"""
_FIRST_KEY = late.compile(rf"\n[ \t]*+(?>(?:[-?][ \t]++)*)(?:export[ \t]++)?{_KEY}[:=]")
_FURTHER_KEY = late.compile(rf"(?:[{{,\[]|\\n)[ \t]*+{_KEY}[:=]")
_END_OF_NAME = late.compile(r"(?P<action>\{\{.*?\}\})|[:=]")
_INDENT = late.compile(r"[ \t]*+(?>(?:[-?][ \t]++)*)")
_BEFORE_NAME = late.compile(r"""\A[ \t]*+(?>(?:[-?][ \t]++)*)["'\\]*+""")
_BEFORE_SETTING = late.compile(r"""(?:.*[:{\[,|>"'-])?[ \t]*(?>(?:[&!]\S*[ \t]+)*)(?:export[ \t]+)?["']*""", re.DOTALL)
"""What stands before the name where `name=value` is a whole value."""
_ONE_NAME = late.compile(r"[\w.-]+")
_COMMENT = late.compile(r"\s#")
_PLAIN_END = late.compile(r"[,}\]]")
_NEXT_NAME = late.compile(r":(?:\s|\Z)")
_ENTRY = late.compile(r"[^\"'].*:(?:\s|\Z)")
_OF_ANY = ("password", "docker_password")
_ABOVE = 300
"""Bytes before a line in which a quote may be open."""
_LONGEST_LINE = 2000
_MOST_ASKED = 10_000
"""Names and words of a text that are judged: with more of them it is read."""
_OF_REGISTRY = Beside({}, "registry")


def may_hold(text: str) -> bool:
    """Whether a secret may be read in this YAML text, or in what is nearly YAML: one that has a telling word."""
    if _is_unusual(text):
        return True
    lines = _Lines(text)
    if lines.tell():
        return True
    keys = {snake(name) for name in _keys(text)}
    if any(name in SCRIPTS or name.endswith("command") for name in keys):
        return True
    return not keys.isdisjoint(VALUES) and lines.name_something()


def _is_unusual(text: str) -> bool:
    """Whether it has what is not judged here."""
    lower = text.lower()
    return (
        any(word in lower for word in _WHOLE_FILES)
        or any(start in text for start in ENCODED_AUTHS)
        or "KEY-----" in text
        or ("kind" in text and "Secret" in text)
        or ("sensitive" in text and bool(_SENSITIVE.search(text)))
        or ("\\" in text and bool(_SPELLED.search(text)))
        or ("@" in text and bool(_LOGIN.search(text)))
        or ("*" in text and bool(_ALIAS_AS_NAME.search(text)))
        or ("? " in text and bool(_ASKED.search(text)))
        or "?\t" in text
        or text.lstrip(" \t").startswith(":")
        or bool(_ANSWERED.search(text))
        or any(end in text for end in _LINE_ENDS)
        or ("\r" in text and text.count("\r") > text.count("\r\n"))
    )


def _keys(text: str) -> set[str]:
    keys = set(_FIRST_KEY.findall(f"\n{text}"))
    if "{" in text or "[" in text or "\\n" in text:
        keys.update(_FURTHER_KEY.findall(text))
    return keys


class _Lines:
    """The lines of a text that have a telling word."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._data = text.encode("utf-8", "surrogateescape")
        self._judged: list[str] = []
        self._asked = 0

    def tell(self) -> bool:
        """Whether one of them may hold a secret."""
        data, judged = self._data, -1
        for offset, told in telling_words(data):
            self._asked += len(told.rules)
            if any(has_form(rule, data, offset) for rule in told.rules) or (told.command and self._has_options):
                return True
            if self._asked > _MOST_ASKED:
                return True
            if told.name and offset > judged:
                begin, judged = data.rfind(b"\n", 0, offset) + 1, _line_end(data, offset)
                if judged - begin > _LONGEST_LINE or self._line(begin, judged):
                    return True
        return False

    @cached_property
    def _has_options(self) -> bool:
        return OPTION.search(self._text) is not None

    def _line(self, begin: int, end: int) -> bool:
        line = self._data[begin:end].decode("utf-8", "surrogateescape")
        for mark in _END_OF_NAME.finditer(line):
            if mark["action"]:
                continue
            self._asked += 1
            before, behind = line[: mark.start()], line[mark.end() :]
            if mark[0] == "=":
                if self._is_given(before, behind.strip(), begin, end):
                    return True
            elif _ends_name(before, behind) and self._is_value(before, behind.strip(), end):
                return True
        self._judged.append(line)
        return False

    def name_something(self) -> bool:
        """Whether a word in some line may be the name of what stands beside it, or below."""
        return any(may_say(words_of(word)) for line in self._judged for word in _ONE_NAME.findall(line))

    def _is_given(self, before: str, behind: str, begin: int, end: int) -> bool:
        """Whether this is `name=value`, of a name that says something and a value that may be a secret."""
        name = setting_name(before)
        if name is None:
            return False
        above = self._data[max(0, begin - _ABOVE) : begin].decode("utf-8", "replace")
        if not behind or sets_one(f"{above}{before}", behind):
            return True
        lead = before[: len(before.rstrip(" \t\"'")) - len(name)]
        if not _BEFORE_SETTING.fullmatch(lead):
            return False
        opened = lead[-1:] in ("'", '"') and lead[-1] not in behind
        indent = len(before) - len(before.lstrip())
        if opened or self._goes_on(indent if lead.strip() else indent - 1, end):
            return True
        quoted = QUOTED.match(behind)
        values = {quoted["double"] or quoted["single"] or ""} if quoted else _plain(behind)
        return any(_is_one(_OF_ANY, one) for value in values for one in (value, value.strip("\"'")))

    def _is_value(self, before: str, behind: str, end: int) -> bool:
        """Whether what stands behind a name and its colon may be a secret, or goes on in the next line."""
        names = _names(ACTION.sub(" ", before))
        if not names:
            return False
        if not behind:
            return self._below(end)
        if behind[0] == "#" and self._below(end):
            return True
        if behind[0] in "|>&*!" or (behind[0] == "[" and self._may_list_tokens):
            return True
        quoted = QUOTED.match(behind)
        if quoted:
            return _is_one(names, quoted["double"] or quoted["single"] or "")
        if behind[0] in "\"'\\" or self._goes_on(_indent(before), end):
            return True
        if ("{" in before or "[" in before) and not _PLAIN_END.search(behind):
            return True
        return any(_is_one(names, value) for value in _plain(behind))

    def _below(self, end: int) -> bool:
        """Whether the next line may be a value, neither a list nor names with values of their own."""
        line = _COMMENT.split(self._next(end).strip(), maxsplit=1)[0]
        if line.startswith("-") and line[1:2] in ("", " ", "\t"):
            return self._may_list_tokens
        return bool(line) and (line[0] in "\"'&*!|>" or not _ENTRY.match(line))

    @cached_property
    def _may_list_tokens(self) -> bool:
        """Whether a token may be an item of a list, which then is judged by the list's name."""
        return any(kind.prefix in self._text for kind in TOKEN_KINDS)

    def _goes_on(self, indent: int, end: int) -> bool:
        """Whether the next line is a part of the value in this one."""
        return _indent(self._next(end)) > indent

    def _next(self, end: int) -> str:
        """The next line that is not empty and no comment."""
        data = self._data
        while end < len(data):
            begin, end = end + 1, _line_end(data, end + 1)
            line = data[begin : min(end, begin + _LONGEST_LINE)].decode("utf-8", "surrogateescape").rstrip()
            if line and not line.lstrip().startswith("#"):
                return line
        return ""


def _line_end(data: bytes, offset: int) -> int:
    end = data.find(b"\n", offset)
    return end if end >= 0 else len(data)


def _indent(line: str) -> int:
    """Where the first name of a line stands, behind the dashes of a list."""
    match = _INDENT.match(line)
    return match.end() if match else 0


def _ends_name(before: str, behind: str) -> bool:
    """Whether a colon between these ends a name, and is no part of a word."""
    return not behind or behind[0] in " \t\r\"'\\[{" or before.endswith(("'", '"'))


def _names(before: str) -> tuple[str, ...]:
    """What the name that ends here may be; nothing where it says nothing, however long it is."""
    name = _BEFORE_NAME.sub("", before).rstrip(" \t\"'\\")
    words = words_of(name)
    if not may_say(words):
        return ()
    return (name,) if _ONE_NAME.fullmatch(name) else ("_".join(words), "_".join(words[-2:]), words[-1], *_OF_ANY)


def _is_one(names: tuple[str, ...], value: str) -> bool:
    traced = Traced(value, 0, len(value))
    return any(
        True for name in names for beside in (ALONE, _OF_REGISTRY) for _ in value_secrets((name,), traced, beside)
    )


def _plain(behind: str) -> set[str]:
    """What a value without quotes may be: in a list or mapping it ends with a bracket or a comma, and before a name."""
    comment = _COMMENT.search(behind)
    whole = behind[: comment.start()] if comment else behind
    parts = [pattern.split(whole, maxsplit=1)[0].strip() for pattern in (_PLAIN_END, _NEXT_NAME)]
    return {whole.strip(), whole.rstrip(" \t\r,"), *parts}
