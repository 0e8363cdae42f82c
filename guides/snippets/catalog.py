"""Every snippet there is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from guides.snippets.languages import LANGUAGES, Language, language_for
from guides.snippets.template import Flavour, Source, Template, read_template


class NoSuchSnippet(ValueError):
    """No language, source or flavour of this name. The text says which there are."""


def language(name: str) -> Language:
    """By its id or an alias. Raises NoSuchSnippet."""
    wanted = name.lower()
    found = next((one for one in LANGUAGES if wanted in (one.id, *one.aliases)), None)
    if not found:
        raise NoSuchSnippet(f"there are no snippets in that language; in {', '.join(one.id for one in LANGUAGES)}")
    return found


def snippets(of: Language | None = None, source: Source | None = None) -> tuple[Template, ...]:
    """All of them, or those of one language or source; the library before the plain flavour."""
    found = (
        read_template(one, each, flavour)
        for one in ((of,) if of else LANGUAGES)
        for each in ((source,) if source else Source)
        for flavour in Flavour
    )
    return tuple(one for one in found if one)


def snippets_for(paths: Iterable[PurePath]) -> tuple[Template, ...]:
    """All of them, those first that suit the files at these paths."""
    suits = {language_for(path) for path in paths}
    return tuple(sorted(snippets(), key=lambda one: one.language.id not in suits))


def find(of: Language, source: Source, *, plain: bool = False) -> Template:
    """The snippet of a language and source: the library's where there is one and `plain` does not ask otherwise.

    Raises NoSuchSnippet.
    """
    here = snippets(of, source)
    if not here:
        sources = dict.fromkeys(one.source.value for one in snippets(of))
        raise NoSuchSnippet(f"{of.title} has no snippet for {source.words}; it has {', '.join(sources)}")
    if plain and here[-1].flavour is not Flavour.PLAIN:
        raise NoSuchSnippet(f"{of.title} has no plain snippet for {source.words}; leave --plain out for {here[0].uses}")
    return here[-1] if plain else here[0]
