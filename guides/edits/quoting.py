"""How each language writes a value that holds more than letters, digits and harmless marks.

Each rule gives what stands between the quotes, or None where that kind of quotes cannot hold the value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import yaml

from guides.edits.json_text import Splice
from guides.edits.languages import Language
from guides.edits.spelling import is_inert

Rule = Callable[[str], str | None]
_MARKS = "'\""


@dataclass(frozen=True, slots=True)
class Quoting:
    """`bare` is without quotes; `quotes` by the mark, the one to be preferred first."""

    quotes: Mapping[str, Rule] = field(default_factory=dict)
    bare: Rule = lambda _: None
    anywhere: bool = False
    """Quotes may begin in the middle of a word, as in shells."""
    never: str = ""
    """A pattern that this language, or who reads it, would replace by something else."""


def _escaped(marks: str, never: str = "") -> Rule:
    pattern = re.compile(f"([{re.escape(marks)}])")
    return lambda value: None if any(one in value for one in never) else pattern.sub(r"\\\1", value)


def _without(marks: str) -> Rule:
    return lambda value: None if any(mark in value for mark in marks) else value


def _only(pattern: str) -> Rule:
    compiled = re.compile(pattern)
    return lambda value: value if compiled.fullmatch(value) else None


def _twice(mark: str) -> Rule:
    return lambda value: value.replace(mark, mark * 2)


def _json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


def _yaml_bare(value: str) -> str | None:
    """Only where it is a text for readers of YAML 1.1 and 1.2, in lists and in flow style as well."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.+/=~^$;-]*", value):
        return None
    try:
        return value if yaml.safe_load(f"k: {value}") == {"k": value} else None
    except yaml.YAMLError:
        return None


def _dollars(rule: Rule) -> Rule:
    return lambda value: rule(value.replace("$", "$$"))


def _percents(rule: Rule) -> Rule:
    return lambda value: rule(value.replace("%", "%%"))


def _properties(value: str) -> str:
    written = re.sub(r"([\\:=#!])", r"\\\1", value)
    written = "".join(char if char.isascii() else _java_escape(char) for char in written)
    return f"\\{written}" if written.startswith(" ") else written


def _java_escape(char: str) -> str:
    data = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{data[index]:02x}{data[index + 1]:02x}" for index in range(0, len(data), 2))


def _hcl(value: str) -> str:
    return _json(value).replace("${", "$${").replace("%{", "%%{")


def _xml(mark: str) -> Rule:
    return lambda value: escape(value, {'"': "&quot;"} if mark == '"' else {"'": "&apos;"})


_SHELL_SINGLE: Rule = lambda value: value.replace("'", "'\\''")  # noqa: E731
_YAML = Quoting({"'": _twice("'"), '"': _json}, _yaml_bare, never=r"\$[({]|\{\{|\{%")
_C = Quoting({'"': _escaped('\\"'), "'": _escaped("\\'")})
_INTERPOLATING = {'"': _escaped('\\"$'), "'": _escaped("\\'")}
_JAVA = Quoting({'"': _escaped('\\"')})
_QUOTINGS: dict[Language, Quoting] = {
    Language.JSON: Quoting({'"': _json}, never=r"\$\{|\{\{"),
    Language.YAML: _YAML,
    Language.COMPOSE: Quoting({mark: _dollars(rule) for mark, rule in _YAML.quotes.items()}, _dollars(_yaml_bare)),
    Language.TOML: Quoting({'"': _json, "'": _without("'")}),
    Language.XML: Quoting({'"': _xml('"'), "'": _xml("'")}, escape, never=r"\$\{"),
    Language.PROPERTIES: Quoting({}, _properties, never=r"\$\{"),
    Language.INI: Quoting({}, _only(r"[^\s\"'#;%\\$](?:[^\"'#;%\\$]*[^\s\"'#;%\\$])?")),
    Language.GIT_CONFIG: Quoting({'"': _escaped('\\"')}, _only(r"[^\s\"#;\\](?:[^\"#;\\]*[^\s\"#;\\])?")),
    Language.LINES: Quoting({}, _only(r"[\w.+/=@:%,~!*?&^()<>|-]+")),
    Language.PGPASS: Quoting({}, _escaped("\\:")),
    Language.SHELL: Quoting({"'": _SHELL_SINGLE, '"': _escaped('\\"$`', never="!")}, anywhere=True),
    Language.CSH: Quoting({"'": _without("'!\\")}, anywhere=True),
    Language.FISH: Quoting({"'": _escaped("\\'"), '"': _escaped('\\"$')}, anywhere=True),
    Language.POWERSHELL: Quoting({"'": _twice("'")}),
    Language.CRONTAB: Quoting({"'": _without("'%\\"), '"': _without('"%\\$`')}),
    Language.UNIT: Quoting({'"': _percents(_escaped('\\"')), "'": _percents(_escaped("\\'"))}, never=r"\$"),
    Language.SETTINGS: Quoting(),
    Language.DOTENV: Quoting(
        {"'": _without("'"), '"': _escaped('\\"$`')}, _only(r"[^\s#$'\"`\\](?:[^#$'\"`\\]*[^\s#$'\"`\\])?")
    ),
    Language.DOCKERFILE: Quoting({'"': _escaped('\\"$'), "'": _without("'\\")}),
    Language.HCL: Quoting({'"': _hcl}),
    Language.GROOVY: Quoting(_INTERPOLATING),
    Language.PYTHON: _C,
    Language.JAVASCRIPT: _C,
    Language.GO: _JAVA,
    Language.JAVA: _JAVA,
    Language.KOTLIN: Quoting({'"': _escaped('\\"$')}),
    Language.CSHARP: _JAVA,
    Language.RUBY: Quoting({'"': _escaped('\\"#'), "'": _escaped("\\'")}),
    Language.PHP: Quoting(_INTERPOLATING),
    Language.RUST: _JAVA,
    Language.SWIFT: _JAVA,
    Language.SQL: Quoting({"'": _twice("'")}, never=r"\\"),
    Language.UNKNOWN: Quoting(),
}


def ways_to_write(language: Language, text: str, start: int, end: int, value: str) -> Iterator[Splice]:
    """Ways to put the value where `start`..`end` stands, the most natural first. Each has still to be proven."""
    quoting = _QUOTINGS[language]
    if quoting.never and re.search(quoting.never, value):
        return
    mark = enclosing_mark(text, start, end)
    if mark == "raw":
        if is_inert(value):
            yield Splice(start, end, value)
        return
    if is_inert(value) and (mark or not _may_be_no_text(language, value)):
        yield Splice(start, end, value)
    if mark:
        yield from _between(quoting, text, start, end, value, mark)
    elif text.rfind("<![CDATA[", 0, start) > text.rfind("]]>", 0, start) and language is Language.XML:
        if "]]>" not in value:
            yield Splice(start, end, value)
    else:
        yield from _without_quotes(quoting, text, start, end, value)
    if is_inert(value):
        yield Splice(start, end, value)
    yield from _whole_words(quoting, text, start, end, value)


def enclosing_mark(text: str, start: int, end: int) -> str:
    """The quotes around it, "raw" for such as know no escapes (r"...", @"..."), or an empty text."""
    behind, before = text[end : end + 1], text[start - 1 : start] if start else ""
    mark = behind if behind in _MARKS else before if before in _MARKS else ""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if not mark or mark not in line:
        return ""
    opened = line.rindex(mark)
    prefix = re.search(r"[A-Za-z@$#]+\Z", line[:opened])
    return "raw" if prefix and prefix.group().lower() in _RAW_PREFIXES else mark


_RAW_PREFIXES = ("r", "br", "rb", "f", "fr", "rf", "@", "$", "$@", "@$", "r#", "br#")


def _may_be_no_text(language: Language, value: str) -> bool:
    """Whether YAML would read a number, a truth value or a date where it stands without quotes."""
    return language in (Language.YAML, Language.COMPOSE) and _yaml_bare(value) is None


def _between(quoting: Quoting, text: str, start: int, end: int, value: str, mark: str) -> Iterator[Splice]:
    rule = quoting.quotes.get(mark)
    inner = rule(value) if rule else None
    if inner is not None:
        yield Splice(start, end, inner)
    if start and text[start - 1] == mark == text[end : end + 1]:
        for other, other_rule in quoting.quotes.items():
            if other != mark and (inner := other_rule(value)) is not None:
                yield Splice(start - 1, end + 1, f"{other}{inner}{other}")


def _without_quotes(quoting: Quoting, text: str, start: int, end: int, value: str) -> Iterator[Splice]:
    bare = quoting.bare(value)
    if bare is not None:
        yield Splice(start, end, bare)
    item = re.search(r"-[ \t]+([\w.-]+=)\Z", text[max(text.rfind("\n", 0, start), start - 200, 0) : start])
    for mark, rule in quoting.quotes.items():
        inner = rule(value)
        if inner is None:
            continue
        yield Splice(start, end, f"{mark}{inner}{mark}")
        if item and not quoting.anywhere:  # `- NAME=value` of a list is quoted as a whole
            yield Splice(start - len(item[1]), end, f"{mark}{item[1]}{inner}{mark}")


def _whole_words(quoting: Quoting, text: str, start: int, end: int, value: str) -> Iterator[Splice]:
    """For a word that was quoted in pieces: with the quotes beside it taken along."""
    if not quoting.anywhere:
        return
    before, behind = text[start - 1 : start] if start else "", text[end : end + 1]
    for first, last in ((before, behind), ("", behind), (before, "")):
        if (first or last) and (not first or first in _MARKS) and (not last or last in _MARKS):
            for mark, rule in quoting.quotes.items():
                inner = rule(value)
                if inner is not None:
                    yield Splice(start - len(first), end + len(last), f"{mark}{inner}{mark}")
