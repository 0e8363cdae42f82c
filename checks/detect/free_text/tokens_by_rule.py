"""The rules as probes: each looks where one of its keywords stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checks.detect.free_text.found import Context, Found, Probe
from checks.detect.rule import ASSIGNMENT, PLAIN_NAME, WORD_BEGINS, Rule
from checks.detect.rule_book import rules
from checks.detect.tokens import tokens_at, window
from checks.model.finding import Confidence
from checks.model.secret import Secret


def rule_probes() -> tuple[Probe, ...]:
    return tuple(_probe(rule) for rule in rules())


def _probe(rule: Rule) -> Probe:
    def find(data: bytes, start: int, context: Context) -> Iterator[Found]:
        for token in tokens_at(rule, data, start):
            doubtful = context.example and token.confidence is Confidence.LIKELY
            yield Found(
                rule.id, rule.title, rule.severity, Confidence.POSSIBLE if doubtful else token.confidence,
                Secret(token.text, rule.kind), token.start, token.end, named=bool(rule.assigned),
                general=rule.general,
            )  # fmt: skip

    words = tuple(word.encode() for word in rule.keywords)
    if rule.anchored:
        return Probe(words, find, not rule.assigned, begins=_beginning(rule))
    return Probe(words, find, not rule.assigned, lambda data, start, _: window(rule, data, start))


def _beginning(rule: Rule) -> Callable[[bytes, int], object]:
    """What is common to many rules is asked before the rule's own expression: most of these are never compiled."""
    first = WORD_BEGINS.match if rule.bounds != "none" and not rule.assigned else None
    if rule.assigned and all(map(PLAIN_NAME.fullmatch, rule.keywords)):
        first = ASSIGNMENT.match

    def begins(data: bytes, start: int) -> object:
        return rule.expression.match(data, start, start + rule.reach)

    return begins if first is None else lambda data, start: first(data, start) and begins(data, start)
