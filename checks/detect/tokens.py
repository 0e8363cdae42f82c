"""Tokens that their form gives away, found by the rules at the places where their keywords stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from checks import late
from checks.detect.entropy import entropy
from checks.detect.rule import Rule
from checks.detect.rule_book import rules
from checks.detect.samples import is_public_sample
from checks.model.finding import Confidence

_BACK = 300
"""Bytes before the keyword that are looked at where a rule is not anchored."""
_INVENTED = late.compile(
    r"(.)\1{5}|(?:ab|cd|xy|12){4}|abcdef|bcdefg|123456|234567|345678|fedcba|987654"
    r"|example|placeholder|redacted|replace|changeme|your[-_]|[-_]here|dummy|sample|\.\.\.|xxxxx|\*\*\*|deadbeef",
    re.IGNORECASE,
)
"""What no generator makes, or only once in millions of tokens: written by hand, as an example."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `start` and `end` bound its bytes in the text."""

    rule: Rule
    start: int
    end: int
    text: str = field(repr=False)
    confidence: Confidence


def tokens_at(rule: Rule, data: bytes, start: int) -> Iterator[Token]:
    """The tokens of this rule for a keyword of it that begins at `start`."""
    if rule.anchored:
        match = rule.expression.match(data, start, min(len(data), start + rule.reach))
        if match and (token := _token(rule, match)):
            yield token
        return
    for match in rule.expression.finditer(data, *window(rule, data, start)):
        if token := _token(rule, match):
            yield token


def window(rule: Rule, data: bytes, start: int) -> tuple[int, int]:
    """Where a rule that is not anchored looks: on the keyword's line, not too far."""
    begin = max(data.rfind(b"\n", max(0, start - _BACK), start) + 1, start - _BACK, 0)
    end = data.find(b"\n", start, start + rule.reach)
    return begin, end if end >= 0 else min(len(data), start + rule.reach)


def recognise(value: str) -> tuple[Rule, Confidence] | None:
    """The rule whose form this whole value has, and how sure that is; rules that need a name are not asked."""
    beginning, within = _formed()
    lower = value[:_LONGEST_WORD].lower()
    candidates = [rule for word, rule in beginning.get(lower[:_SHORTEST_WORD], ()) if lower.startswith(word)]
    if len(value) >= SHORTEST_WITHIN and " " not in value:
        lower = value.lower()
        candidates += [rule for word, rule in within if word in lower]
    if not candidates:
        return None
    data = value.encode("utf-8", "surrogateescape")
    for rule in candidates:
        match = rule.expression.fullmatch(data)
        if match and (token := _token(rule, match)) and (token.start, token.end) == (0, len(data)):
            return rule, token.confidence
    return None


_SHORTEST_WORD = 3
_LONGEST_WORD = 40
SHORTEST_WITHIN = 28
"""Characters that a token has at least whose keyword stands within it; none has a blank."""
_ByWord = list[tuple[str, Rule]]


@cache
def _formed() -> tuple[dict[str, _ByWord], _ByWord]:
    """Rules by the first characters of the keyword that their tokens begin with, and those of the other kind."""
    beginning: dict[str, _ByWord] = {}
    within: _ByWord = []
    for rule in rules():
        for word in rule.keywords if rule.alone and not rule.assigned else ():
            if rule.anchored:
                beginning.setdefault(word[:_SHORTEST_WORD], []).append((word, rule))
            else:
                within.append((word, rule))
    return beginning, within


def _token(rule: Rule, match: re.Match[bytes]) -> Token | None:
    group = "secret" if "secret" in rule.expression.groupindex else 0
    start, end = match.span(group)
    text = match[group].decode("utf-8", "surrogateescape")
    body = text[len(rule.prefix) :]
    valid = _is_valid(rule.validity, text) if rule.validity else None
    # Structure speaks louder than looks: the lengths within an OpenSSH key are runs of one letter in base64.
    if (valid is not True and _INVENTED.search(body)) or is_public_sample(text):
        return None
    if rule.entropy and entropy(body) < rule.entropy:
        return None
    return Token(rule, start, end, text, Confidence.POSSIBLE if valid is False else rule.confidence)


def _is_valid(name: str, text: str) -> bool | None:
    from checks.detect.validity.catalog import VALIDITY  # some thirty tests: only for who has met a token

    return VALIDITY[name](text)
