"""One template: a file of a few `key: value` lines, `---`, and the text with its places.

`«path»` stands for a literal of the language, quotes included; `«path|plain»` for the bare name, where the language
has no way to quote one: then only letters, digits and a few marks can stand there, and anything else is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from guides.snippets.languages import Language
from guides.snippets.names import NameNotUsable, Names

_PLACE = re.compile(r"«(\w+)(\|plain)?»")
_PLAIN = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_.:/+@-]*")


class Label(StrEnum):
    """How a snippet was tested, best first. tests/guides/snippets earn it, and fail where it says too much."""

    RAN = "ran"
    COMPILED = "compiled"
    SYNTAX_CHECKED = "syntax-checked"
    UNCHECKED = "unchecked"


class Source(StrEnum):
    """Where the secret comes from."""

    ENV = "env"
    AWS = "aws"
    VAULT = "vault"
    CONJUR = "conjur"

    @property
    def words(self) -> str:
        """What people call it."""
        return _SOURCES[self]


_SOURCES = {
    Source.ENV: "environment variable",
    Source.AWS: "AWS Secrets Manager",
    Source.VAULT: "HashiCorp Vault or OpenBao",
    Source.CONJUR: "CyberArk Conjur",
}


class Flavour(StrEnum):
    """With what people use there, or without a dependency."""

    LIBRARY = "library"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Template:
    """One cell of the catalogue."""

    language: Language
    source: Source
    flavour: Flavour
    label: Label
    uses: str
    """What the snippet is written with: "hvac"."""
    remark: str
    """What its label leaves open, or what has to be there besides; may be empty."""
    text: str

    @property
    def title(self) -> str:
        return f"{self.language.title}, {self.source.words}, with {self.uses}"

    @property
    def proof(self) -> str:
        """The label as a sentence."""
        if self.label is Label.RAN:
            return f"ran: our tests read a secret with it, {_SERVERS[self.source]}"
        return _PROOFS[self.label]

    def render(self, names: Names) -> str:
        """The snippet with these names. Raises NameNotUsable."""
        return _PLACE.sub(lambda place: self._name(place[1], getattr(names, place[1]), bool(place[2])), self.text)

    def _name(self, what: str, name: str, plain: bool) -> str:
        if not name:
            raise NameNotUsable(f"{self.title} needs a {what}")
        if not plain:
            return self.language.quote(name)
        if not _PLAIN.fullmatch(name):
            raise NameNotUsable(f"{self.language.title} cannot quote the {what} here: letters, digits and _.:/+@- only")
        return name


_SERVERS = {
    Source.ENV: "from a variable with an awkward value",
    Source.AWS: "from moto, a stand-in for AWS",
    Source.VAULT: "from OpenBao's real server",
    Source.CONJUR: "from a stand-in for Conjur that the official client passes",
}
_PROOFS = {
    Label.COMPILED: "compiled: our tests build it against the real library; it was not run",
    Label.SYNTAX_CHECKED: "syntax-checked: our tests parse it; it was neither built nor run",
    Label.UNCHECKED: "unchecked: no program was at hand that could tell",
}


@cache
def read_template(language: Language, source: Source, flavour: Flavour) -> Template | None:
    """The template of this cell, None where there is none."""
    file = _folder() / language.id / f"{source}-{flavour}.snippet"
    if not file.is_file():
        return None
    head, _, text = file.read_text("utf-8").partition("\n---\n")
    entries = dict(line.split(": ", 1) for line in head.splitlines())
    return Template(
        language, source, flavour, Label(entries["label"]), entries["uses"], entries.get("remark", ""), text
    )


def _folder() -> Traversable:
    return resources.files("guides.snippets") / "templates"
