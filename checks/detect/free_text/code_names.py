"""Values that are names of something in a program: `AWS::Location::APIKey`, `.models.v1_secret`, `a.NextMarker`."""

from __future__ import annotations

import re

from checks import late

LONGEST = 200
"""Characters beyond which nothing is judged by its words."""
_WORD = (
    r"(?>(?:[vVsS](?=[0-9])|m(?=2m)|[A-Z]{2,20}(?![a-z])|[A-Z]?[a-z]{2,20}|[A-Z][a-z]|[A-Z]{1,6}(?=[A-Z][a-z])|I(?=[A-Z][a-z]))[0-9]?+"
    r"(?![0-9]))"
)
_NAME = rf"(?>(?>(?:{_WORD}[-_]{{0,2}}+m?+){{1,14}})(?>(?:[0-9]{{1,2}}+(?![0-9]))?))"
"""Atomic: what was read as a word is never read in another way, so that no text takes longer than its length."""
_ITEM = r"(?>(?>\[[-\w.*]{0,60}+\])?)"
_PATH = late.compile(rf"[@.$_/]{{0,2}}+{_NAME}{_ITEM}(?>(?:(?:\.|::?|/|->|\#){_NAME}{_ITEM}){{1,12}})[/,;]?")
"""Words joined by what joins the parts of a name in programs."""
_GENERIC = late.compile(rf"{_NAME}[\[<]{_NAME}(?>(?:[\[<, ]{{1,2}}+{_NAME}){{0,4}})[\]>]{{1,3}}+")
"""`List[V1ObjectReference]`."""
_WORDS = late.compile(rf"[@.$_]{{0,2}}+{_NAME}(?>(?:[ .,:/]{{1,2}}+{_NAME}){{0,12}})")
_ABOUT_SECRETS = late.compile(
    r"secret|token|passw|credential|auth(?![a-z]{3})|api[-_]?key|access[-_]?key|private[-_]?key|session|cookie",
    re.IGNORECASE,
)


def is_code_name(value: str) -> bool:
    """Whether these are words put together as programs put names together: nobody's password, no generator's token."""
    text = value.strip()
    if len(text) > LONGEST or not text.isascii():
        return False
    if _PATH.fullmatch(text) or _GENERIC.fullmatch(text):
        return True
    return bool(_ABOUT_SECRETS.search(text)) and bool(_WORDS.fullmatch(text))
