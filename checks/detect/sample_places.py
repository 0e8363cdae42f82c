"""Paths below which a password is probably made up, or is the word for a password.

Paths are relative to what the person named, or to the home folder (`Workstation.relative`): the name of a folder above
says nothing of the files in it.
"""

from __future__ import annotations

from checks import late


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SAMPLES = _names(
    """
    test tests testing testdata test-data test_data spec specs fixture fixtures example examples sample samples demo
    demos mock mocks molecule __tests__ __fixtures__ __mocks__ __snapshots__ testcases e2e integration cassettes
    snapshots docs doc documentation tutorial tutorials man man1 man5 man7 man8
    """
)
_INSTALLED = _names(
    """
    node_modules site-packages dist-packages ansible_collections third_party third-party bower_components .terraform
    vendor
    """
)
_TRANSLATIONS = _names("locale locales i18n l10n lang langs language languages translation translations")
_NAME = late.compile(
    r"example|sample|template|fixture|\.(?:dist|tpl|tmpl|default|j2)\Z|\Atest[-_.]|[-_.](?:tests?|spec|mock|stub|demo)(?:[-_.]|\Z)"
    r"|\A(?:readme|changelog|changes|contributing|history|news|license|copying|conftest|metadata\Z|pkg-info)"
)
_DOCUMENTS = late.compile(r"\.(?:mdx?|rst|adoc|tex|x?html?|man|texi|pod|[1-8]|pot?)\Z")


def is_sample(relative: str) -> bool:
    """A test's, an example's, a template's or a manual's file: real keys live there too, but seldom."""
    *folders, name = relative.lower().split("/")
    return bool(_NAME.search(name) or _DOCUMENTS.search(name)) or not _SAMPLES.isdisjoint(folders)


def is_installed(relative: str) -> bool:
    """A file of an installed package: what stands there was published with it."""
    return not _INSTALLED.isdisjoint(relative.split("/")[:-1])


def is_translation(relative: str) -> bool:
    """Texts for people in their languages, where `password` is a word."""
    return not _TRANSLATIONS.isdisjoint(relative.lower().split("/")[:-1])
