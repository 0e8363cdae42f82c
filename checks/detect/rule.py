"""A rule: one kind of credential that its form, or its form beside its issuer's name, gives away."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from checks import late
from checks.model.finding import Confidence, Severity
from checks.model.token_kinds import TokenKind

_BEFORE = r"(?:(?<![0-9A-Za-z_-])|(?<=\\[nrtbfv])|(?<=%[0-9A-Fa-f]{2}))"
"""A token does not begin in the middle of a word; an escaped newline or blank before it is not a part of it."""
_AFTER = r"(?![0-9A-Za-z_-])"
_AFTER_BASE64 = r"(?![0-9A-Za-z_+/=-])"
_TELLING = r"(?:key|token|secret|pass|pwd|auth|cred|pat\b|sid|dsn)"
"""Parts of a name that say that its value is a secret."""
_BETWEEN = r"""["'\]]{0,2}[ \t]{0,10}(?:=>|:=|[:=]|,|\|\||\?\?|\()[ \t]{0,10}\[?(?:b(?=["'`]))?["'`]{0,3}"""
"""From a name to its value: assignments of most languages, a second argument, a header."""
ASSIGNMENT = late.compile(rf"[\w.\-]{{3,}}+{_BETWEEN}".encode())
"""A name with its value: no rule with `assigned` finds anything anywhere else."""
WORD_BEGINS = late.compile(_BEFORE.encode())
PLAIN_NAME = late.compile(r"[\w.\-]+", re.ASCII)
_FIXED = late.compile(r"(?:[A-Za-z0-9_.~:-]|\\[.$+-])+")


@dataclass(frozen=True)
class Rule:
    """As it stands in `rules/*.yaml`, which docs/rules.md describes."""

    id: str
    title: str
    provider: str
    severity: Severity
    confidence: Confidence
    keywords: tuple[str, ...]
    """Lower case; one of them begins every match, or stands within `before` of it."""
    pattern: str = field(default="", repr=False)
    """The whole token, or with a group `secret` the token within what surrounds it."""
    assigned: str = field(default="", repr=False)
    """Form of a value that counts only where a name with a keyword holds it."""
    telling: str = _TELLING
    """What the name must say, where the keyword alone does not."""
    bounds: str = "word"
    """What must not stand around the token: `word`, `base64` or `none`."""
    validity: str = ""
    """Name of the offline test in `validity/`."""
    entropy: float = 0.0
    """Least bits per character of the secret."""
    anchored: bool = True
    """A match begins where the keyword stands; otherwise it is looked for on the keyword's line."""
    reach: int = 4000
    """Bytes behind the keyword that are looked at; more than a line only for patterns that say so."""
    general: bool = False
    """Another rule that knows the same token better comes first: a vendor's before that of any signed web token."""
    on: bool = True

    @cached_property
    def expression(self) -> re.Pattern[bytes]:
        """Compiled at the first use: most rules never meet their keyword."""
        return re.compile(self._written().encode())

    @cached_property
    def unbounded(self) -> re.Pattern[bytes]:
        """The token, whatever stands around it."""
        return re.compile(self.pattern.encode())

    @cached_property
    def alone(self) -> bool:
        """Whether a token may be a whole value: nothing that belongs to the form has to stand before it."""
        before, secret, _ = self.pattern.partition("(?P<secret>")
        if not secret or not before:
            return True
        try:
            return re.fullmatch(before, "") is not None
        except re.error:
            return True  # within a group: the rule is asked

    def _written(self) -> str:
        after = {"word": _AFTER, "base64": _AFTER_BASE64, "none": ""}[self.bounds]
        before = "" if self.bounds == "none" else _BEFORE
        if not self.assigned:
            return f"{before}(?:{self.pattern}){after}"
        names = "|".join(sorted(map(re.escape, self.keywords), key=len, reverse=True))
        says = rf"(?=[\w.\- ]{{0,60}}(?i:{self.telling}))"
        return rf"(?i:{says}(?:{names})[\w.\-]{{0,40}}){_BETWEEN}(?P<secret>{self.assigned}){after}"

    @cached_property
    def kind(self) -> TokenKind:
        """What a secret that this rule found is called and how it is masked."""
        return TokenKind(self.id, self.title, self.provider, self.prefix, 0)

    @property
    def prefix(self) -> str:
        """The fixed text that the issuer puts in front of every such token, which may be shown."""
        fixed = _FIXED.match(self.pattern) if self.anchored and "(?P<secret>" not in self.pattern else None
        return fixed[0].replace("\\", "") if fixed else ""
