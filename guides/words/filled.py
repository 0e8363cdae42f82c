"""Words about one credential: the places that a text leaves open, filled.

A place is a name in braces, `{registry}`. What fills it comes from hostile files: callers pass it through `printable`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from guides.words import Section

GENERIC: Mapping[str, str] = MappingProxyType(
    {
        "registry": "the registry",
        "provider": "the provider",
        "username": "the user",
        "masked": "the secret",
        "places": "see the list of places",
        "uses": "see the list of uses",
        "when": "soon",
        "contact": "whoever sent you this",
        "name": "a name that says where it is used",
        "expires": "an end date",
    }
)
"""Every place that a text may leave open, and what stands there while nothing is known of the credential."""

PLACE = re.compile(r"\{([a-z_]+)\}")


def fill(section: Section, values: Mapping[str, str]) -> Section:
    """The section with every open place filled. A KeyError names the one for which no value is there.

    Values are put in as they are: braces in them are text, and so is every kind of markup.
    """
    return replace(
        section,
        title=fill_text(section.title, values),
        paragraphs=tuple(fill_text(paragraph, values) for paragraph in section.paragraphs),
    )


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """One text, filled in one pass; a KeyError names the place for which no value is there."""
    return PLACE.sub(lambda place: values[place[1]], text)


def open_places(section: Section) -> frozenset[str]:
    """Names of the places that this section leaves open."""
    return frozenset(PLACE.findall(f"{section.title}\n{section.text}"))
