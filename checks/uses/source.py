"""One file as the readers of uses see it: its text, its documents, its variables, and how a use is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from checks.detect.document_names import snake
from checks.formats.hcl import parse_hcl
from checks.formats.json_nodes import parse_json
from checks.formats.read_yaml import read_yaml
from checks.formats.templates import HOLE
from checks.formats.text_positions import Lines
from checks.formats.xml_positions import Parsed as ParsedXml
from checks.formats.xml_positions import parse as parse_xml
from checks.formats.yaml_positions import Node, at, member, text_at, walk
from checks.formats.yaml_trace import trace
from checks.model.finding import Skipped
from checks.model.token_kinds import kind_of
from checks.model.use import Use
from checks.uses.git_remote import Remote
from checks.uses.images import Need, needs_of
from checks.uses.references import NOTHING, Held, expand, has_reference, held, reference_in, safe_name
from checks.uses.registries import canonical, implied_registry, split_image
from checks.uses.updating import IN_THIS_FILE

_VARIABLES = frozenset({"env", "variables", "environment", "global", "vars", "globals", "parameters"})
_OF_VALUES = (IN_THIS_FILE, "kubectl ")
"""How to change a value that stands in a file; all else is for names."""
_HOSTED = frozenset({"gitlab.com", "github.com", "bitbucket.org"})
_GITLAB = "registry.gitlab.com"
_MOST_VARIABLES = 500
_LONGEST_VARIABLE = 500
_LONGEST_TITLE = 160
_LONGEST_UPDATE = 600


@dataclass(frozen=True)
class Source:
    """A file that was read. Its documents are parsed when the first reader asks for them."""

    path: str
    text: str = field(repr=False)
    remote: Remote | None = None
    assigned: Mapping[str, str] | None = None
    """The variables of a text that is no document; None where the YAML tells them."""

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _yaml(self) -> tuple[str, tuple[Node, ...]]:
        read = read_yaml(self.text)
        return read.text, read.documents

    @property
    def yaml(self) -> tuple[Node, ...]:
        """The documents of a YAML file, a broken one's up to its mistake."""
        return self._yaml[1]

    @cached_property
    def json(self) -> tuple[Node, ...]:
        return parse_json(self.text).documents

    @cached_property
    def hcl(self) -> tuple[Node, ...]:
        return parse_hcl(self.text).documents

    @cached_property
    def xml(self) -> ParsedXml:
        return parse_xml(self.text)

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """What the file itself says of its variables, as far as it says it literally."""
        if self.assigned is not None:
            return self.assigned
        found = _of_remote(self.remote)
        for document in self.yaml:
            for path, node in walk(document):
                if path and node.kind != "scalar" and path[-1].lower() in _VARIABLES:
                    found |= dict(list(_pairs(node))[:_MOST_VARIABLES])
        return found

    @cached_property
    def needs(self) -> dict[str, Need]:
        """What the file does with the images of each registry."""
        return needs_of(self.text, self.variables)

    def line_within(self, node: Node, offset: int) -> int:
        """The line of this character of a scalar's value."""
        return self.lines.at(trace(self._yaml[0], node).first(offset))[0]

    def shown(self, node: Node | None) -> str:
        """The value of a scalar; where a template stands in it, as it is written."""
        if not node or node.kind != "scalar":
            return ""
        if HOLE not in node.text:
            return node.text
        written = self.text[node.start : node.start + len(node.text)]
        return written if "\n" not in written else ""

    def held(self, node: Node | None) -> Held:
        """What stands in this node where a password belongs."""
        if not node or node.kind != "scalar":
            return NOTHING
        if node.tag.startswith("!") and node.tag not in ("!", "!unsafe"):
            return Held(safe_name(node.text) if node.tag == "!expression" else node.tag.lstrip("!"))
        return held(self.shown(node))

    def use(
        self,
        kind: str,
        title: str,
        place: Node | int,
        *,
        registry: str = "",
        username: str = "",
        value: Held = NOTHING,
        image: str = "",
        pushes: bool = False,
        update: str = "",
        hint: str = "",
    ) -> Use:
        """A use as the program keeps it. `registry` and `username` are texts of the file: what only a variable knows
        is left out of them. Without a registry the image tells it, and at last the name of the secret, or `hint`, the
        name under which it is handed on."""
        host = canonical(expand(registry, self.variables)) if registry else None
        of_image, repository = split_image(expand(image, self.variables)) if image else (None, None)
        host = host or (of_image if not registry else None)
        implied = None if host else _implied((value.name, reference_in(registry), hint), self.remote)
        user = expand(username, self.variables).strip()
        return Use(
            kind=kind,
            title=title[:_LONGEST_TITLE],
            path=self.path,
            line=place if isinstance(place, int) else place.line,
            registry=host or implied,
            username=user if user and not has_reference(user) and not kind_of(user) and len(user) < 200 else None,
            name=safe_name(value.name),
            repository=repository if of_image and of_image == (host or implied) else None,
            pushes=pushes,
            secret=value.secret,
            update=_bounded(update) if update.startswith(_OF_VALUES) or not value.secret else IN_THIS_FILE,
            implied=bool(implied),
        )

    def with_need(self, use: Use) -> Use:
        """The use with what the file does with images of its registry, where it does not say so itself."""
        need = self.needs.get(use.registry or "")
        if not need or use.repository:
            return use
        return replace(use, repository=need.repository, pushes=use.pushes or need.pushes)


Read = Callable[[Source], Iterator[Use | Skipped]]


def _bounded(update: str) -> str:
    return update[:_LONGEST_UPDATE] or IN_THIS_FILE


def _of_remote(remote: Remote | None) -> dict[str, str]:
    """What GitHub and GitLab tell each job of the repository."""
    if not remote:
        return {}
    path = remote.path.lower()
    found = dict.fromkeys(("github.repository", "GITHUB_REPOSITORY", "CI_PROJECT_PATH"), path)
    found |= dict.fromkeys(("github.repository_owner", "GITHUB_REPOSITORY_OWNER"), remote.owner.lower())
    if remote.host == "gitlab.com":
        found |= {"CI_REGISTRY": _GITLAB, "CI_REGISTRY_IMAGE": f"{_GITLAB}/{path}"}
    return found


def _implied(names: tuple[str, ...], remote: Remote | None) -> str | None:
    found = next((registry for name in names if (registry := implied_registry(name))), None)
    elsewhere = remote is not None and remote.host not in _HOSTED
    return None if found == _GITLAB and elsewhere else found  # a GitLab of one's own has a registry of its own


def _pairs(node: Node) -> Iterator[tuple[str, str]]:
    """`NAME: value`, `NAME: {value: ...}`, `- NAME=value`, `- name: NAME` with `value:`."""
    for held_member in node.members:
        value = held_member.value
        text = value.text if value.kind == "scalar" else text_at(value, "value") or text_at(value, "default")
        if text and len(text) <= _LONGEST_VARIABLE:
            yield held_member.name, text
    for item in node.items:
        name, equals, text = item.text.partition("=")
        if item.kind == "mapping":
            name, text, equals = text_at(item, "name"), text_at(item, "value"), "="
        if name and equals and text and len(text) <= _LONGEST_VARIABLE:
            yield name, text


def first(node: Node | None, *names: str) -> Node | None:
    """The first scalar member of one of these names, whatever way its words are joined."""
    wanted = {snake(name): position for position, name in enumerate(names)}
    best: tuple[int, Node] | None = None
    for one in node.members if node else ():
        position = wanted.get(snake(one.name))
        if position is not None and one.value.kind == "scalar" and (best is None or position < best[0]):
            best = position, one.value
    return best[1] if best else None


def first_text(node: Node | None, *names: str) -> str:
    found = first(node, *names)
    return found.text if found else ""


__all__ = ["NOTHING", "Held", "Read", "Source", "at", "first", "first_text", "member", "text_at", "walk"]
