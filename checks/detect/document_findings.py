"""A secret of a document as a finding: shared by the checks that read documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from checks.detect.document_values import DocumentSecret
from checks.detect.sample_places import is_installed, is_sample, is_translation
from checks.formats.display import printable
from checks.formats.text_positions import Lines
from checks.formats.url_logins import without_login
from checks.model.finding import Confidence, Finding, Place
from checks.model.token_kinds import kind_of

_ADVICE = "Keep it in the secret store of {}, name it here instead, and rotate it: who can read the file can use it."


def findings_of(
    found: Iterable[DocumentSecret], lines: Lines, path: str, relative: str, *, check: str, rule: str, store: str
) -> Iterator[Finding]:
    """`relative` is the path below what the person named; `store`, where such a file takes its secrets from."""
    remark, translation = _remark(relative), is_translation(relative)
    repeated: Counter[str] = Counter()
    for one in found:
        certain = one.confidence is Confidence.CERTAIN
        if translation and not certain:
            continue
        names = [_shown(name) for name in one.path if name]
        locator = "/".join(names)
        repeated[locator] += 1
        count = repeated[locator]
        line, column = lines.at(one.start)
        end_line, _ = lines.at(max(one.end - 1, one.start))
        subject = printable(one.what) or f"{names[-1] if names else 'value'} in plain text"
        yield Finding(
            check=check,
            rule=rule,
            title=subject + remark,
            severity=one.severity,
            confidence=Confidence.POSSIBLE if remark and not certain else one.confidence,
            place=Place(path, line=line, end_line=end_line, column=column, field=locator),
            secret=one.secret,
            registry=one.registry,
            username=one.username,
            advice=_ADVICE.format(store),
            locator=locator if count == 1 else f"{locator}#{count}",
        )


def _remark(relative: str) -> str:
    """Why what looks like a password there is probably nobody's."""
    if is_installed(relative):
        return ", in an installed package"
    return ", in a sample" if is_sample(relative) else ""


def _shown(name: str) -> str:
    """A name that may be shown: it holds neither a token nor a password."""
    return "..." if kind_of(name) else printable(without_login(name), 60)
