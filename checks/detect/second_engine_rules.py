"""What the second engine's rules are called here, how sure and how bad they are, and what of a secret may be shown.

Its catalogues renamed all their rules once: what says from which catalogue one came, and the number that tells the
forms of one credential apart, are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from checks import late
from checks.detect.free_text.found import Context, Found
from checks.model.finding import Confidence, Severity
from checks.model.secret import SHORTEST_TOKEN, Secret
from checks.model.token_kinds import TokenKind

_CATALOGUES = late.compile(
    r"(?:(?:kingfisher|betterleaks|custom|veles)[./](?:secrets/)?)?(?P<name>.*?)(?:\.\d{1,3})?", re.DOTALL
)
_NOT_A_NAME = late.compile(r"[^a-z0-9]++")
_ACRONYMS = """
    API AWS GCP JWT OAuth SDK URL URI ID PAT SSH AI CI IBM AD STS npm GitHub GitLab OpenAI PyPI DigitalOcean PayPal
    LinkedIn MongoDB HashiCorp TLS HTTP YAML SaaS CircleCI SendGrid NuGet HubSpot
"""
_SPELLED = {word.lower(): word for word in _ACRONYMS.split()}
_TITLE = late.compile(r"\w(?:[\w-]++ ?){1,6}(?<! )")
_PUBLIC = late.compile(r"-(?:id|pub-(?:api-)?key|public-key|client-sdk-key|mobile-sdk-key|username|name)\Z")
_CHOSEN = frozenset("password passwd uri url user username credential credentials string header yaml xml".split())  # noqa: SIM905
"""Words of rules that find what a person may have chosen, or more than the secret: nothing of it is shown."""
_TOKEN = late.compile(r"[A-Za-z0-9_.~+/=:-]++")
_OPENING = late.compile(r"(?>(?:\\[bA]|\^|\(\?[imsxu-]{1,6}\)|\((?:\?:|\?P<\w{1,40}>|\?[imsxu-]{1,6}:)?)*)")
"""What a pattern may begin with before its first character that stands in the text."""
_FIXED = late.compile(r"(?>(?:[A-Za-z0-9_:-]|\\[.$_-])+)")
_SHORTEST_PREFIX = 3
_TELLING_PREFIX = 4
"""Characters that do not stand by chance in text that nobody wrote."""


@dataclass(frozen=True)
class KnownRule:
    """A rule as the SDK tells of it: `id` with its catalogue, `sure` where it has high confidence in it."""

    id: str
    says: str
    """A title, or a sentence on what such a secret opens."""
    sure: bool
    pattern: str

    @cached_property
    def name(self) -> str:
        """`slack-bot-token`: in kebab case, without the catalogue."""
        found = _CATALOGUES.fullmatch(self.id)
        return _NOT_A_NAME.sub("-", found["name"].lower() if found else "").strip("-") or "secret"

    @property
    def rule(self) -> str:
        return f"kingfisher-{self.name}"

    @cached_property
    def title(self) -> str:
        """`Slack bot token`: what the rule says where that is a title, else its name in words."""
        if _TITLE.fullmatch(self.says):
            return self.says
        first, *others = self.name.split("-")
        words = [_SPELLED.get(first, first.capitalize()), *(_SPELLED.get(word, word) for word in others)]
        return " ".join(words)

    @property
    def public(self) -> bool:
        """Whether it is no secret by itself: it goes beside one, or every browser is given it."""
        return bool(_PUBLIC.search(self.name))

    @cached_property
    def fixed(self) -> str:
        """The text that the pattern begins with, empty where it begins with anything else."""
        opening = _OPENING.match(self.pattern)
        begin = opening.end() if opening else 0
        found = _FIXED.match(self.pattern, begin)
        if not found:
            return ""
        text = found[0]
        if self.pattern[found.end() : found.end() + 1] in ("?", "*", "{", "|") and text:
            text = text[:-2] if text[-2:-1] == "\\" else text[:-1]  # its last character may be missing
        return text.replace("\\", "")

    def prefix(self, value: str) -> str:
        """What the issuer puts in front of every such token; it is a part of the rule, not of the secret."""
        fits = len(self.fixed) >= _SHORTEST_PREFIX and value.startswith(self.fixed) and len(value) > len(self.fixed)
        return self.fixed if fits else ""

    def form(self, value: str) -> TokenKind | None:
        """The kind of token that the value is; None for what may be a password, of which only the length is told."""
        prefix = self.prefix(value)
        chosen = not _CHOSEN.isdisjoint(self.name.split("-")) or not _TOKEN.fullmatch(value)
        if chosen or not (prefix or (self.sure and len(value) >= SHORTEST_TOKEN)):
            return None
        return TokenKind(self.rule, self.title, "", prefix, 0)


def judged(rule: KnownRule, value: str, start: int, end: int, context: Context) -> Found | None:
    """The finding, or None: in lock files and minified text only what begins as its issuer's tokens do counts.

    Never certain: it is another program's word for it. What is neither sure nor begins so is only possible.
    """
    prefix = rule.prefix(value)
    if context.locked and len(prefix) < _TELLING_PREFIX:
        return None
    likely = bool(rule.sure or prefix) and not rule.public
    severity = Severity.LOW if rule.public else Severity.HIGH if likely else Severity.MEDIUM
    confidence = Confidence.LIKELY if likely and not context.example else Confidence.POSSIBLE
    secret = Secret(value, rule.form(value))
    return Found(rule.rule, rule.title, severity, confidence, secret, start, end, named=not prefix)
