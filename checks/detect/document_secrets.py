"""The secrets of a document of any kind, YAML, JSON or HCL: one walk over its nodes.

What a value is follows from the names around it, which mean the same in most systems: `run` and `script` are commands,
`name` and `value` belong together, `valueFrom` points elsewhere. Nothing here knows a file's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from checks.detect.document_logins import login_of
from checks.detect.document_names import NAMES, QUIET, QUIET_KINDS, SCHEMA, SCRIPTS, VALUES, snake
from checks.detect.document_values import (
    ALONE,
    Beside,
    DocumentSecret,
    command_line,
    holds_nothing,
    item_secrets,
    may_hold_item,
    named_item,
    shell_secrets,
    value_secrets,
)
from checks.detect.kubernetes_secrets import is_secret, secret_secrets
from checks.detect.values import not_a_secret
from checks.formats.compose_dollars import undoubled
from checks.formats.json_nodes import parse_json
from checks.formats.loose_lines import LooseLine, loose_lines
from checks.formats.read_yaml import read_yaml
from checks.formats.traced_text import Traced
from checks.formats.yaml_positions import Node, member, text_at
from checks.formats.yaml_trace import trace
from checks.model.finding import Confidence
from checks.model.secret import Secret

_PATH = 8
_DEEPEST = 2
"""Documents inside the values of documents."""
_LONGEST_INNER = 256 * 1024
_LONGEST_ALIAS = 200
_MOST_ARGUMENTS = 200
_STRING_TAGS = frozenset({"", "!", "!unsafe", "tag:yaml.org,2002:str", "tag:yaml.org,2002:binary"})
"""Tags of values that stand for themselves; any other (`!vault`, `!Ref`, `!secret`) points elsewhere."""
_INNER_JSON = ("last-applied-configuration", ".json", "container-definitions")
_INNER_YAML = (".yaml", ".yml", "registry-auth")
_SETTINGS_AROUND = frozenset({"data", "string_data", "config", "values", "environment"})
_FORCED_SHORTEST = 6


class _Visit(NamedTuple):
    path: tuple[str, ...]
    node: Node
    above: Node | None
    script: bool = False
    schema: bool = False


def document_secrets(
    source: str, documents: tuple[Node, ...], *, depth: int = 0, compose: bool = False
) -> Iterator[DocumentSecret]:
    """The secrets, each place once, in no particular order. `source` is what the nodes were read from.

    `compose`: a `$$` of its values is one `$`.
    """
    seen: set[int] = set()
    for document in documents:
        described = any(text_at(document, name) for name in ("openapi", "swagger", "$schema"))
        for found in _Walk(source, depth, compose).run(_Visit((), document, None, schema=described)):
            if found.start not in seen:  # where two rules see the same, the one that knows more comes first
                seen.add(found.start)
                yield found


def loose_secrets(found: tuple[LooseLine, ...]) -> Iterator[DocumentSecret]:
    """The secrets of lines that could only be read by themselves."""
    siblings = {snake(one.name): one.value for one in found[:100]}
    for one in found:
        value = Traced(one.value, one.start, one.end)
        yield from value_secrets((one.name,), value, Beside(siblings))
        if snake(one.name) in SCRIPTS:
            yield from shell_secrets((one.name,), value)


class _Walk:
    """One document. Each node once, however many aliases lead to it."""

    def __init__(self, source: str, depth: int, compose: bool) -> None:
        self.source = source
        self.depth = depth
        self.compose = compose
        self.seen: set[int] = set()
        self.waiting: list[_Visit] = []

    def run(self, top: _Visit) -> Iterator[DocumentSecret]:
        self.waiting = [top]
        while self.waiting:
            visit = self.waiting.pop()
            node = visit.node
            if id(node) in self.seen or node.tag not in _STRING_TAGS:
                continue
            self.seen.add(id(node))
            if node.kind == "scalar":
                found = self._scalar(visit, ALONE)
            else:
                found = self._mapping(visit) if node.kind == "mapping" else self._sequence(visit)
            yield from (_as_described(one) for one in found) if visit.schema else found

    def _mapping(self, visit: _Visit) -> Iterator[DocumentSecret]:
        node, path = visit.node, visit.path
        kind = text_at(node, "kind")
        if kind in QUIET_KINDS:
            return
        kept_elsewhere = {"data", "stringData"} if kind == "Secret" and is_secret(node) else set()
        if kept_elsewhere:
            yield from secret_secrets(path, node, self.source)
        beside: Beside | None = None  # told once it is asked for
        yield from self._forced(visit)
        for held in node.members:
            below = (*path, held.name)[-_PATH:]
            name = snake(held.name)
            if name in QUIET or held.name in kept_elsewhere:
                continue
            script = name in SCRIPTS or name.endswith("_command") or (visit.script and path[-1].endswith("ommand"))
            schema = visit.schema or name in SCHEMA
            child = _Visit(below, held.value, node, script, schema)
            if held.value.kind != "scalar":
                self.waiting.append(child)
            elif held.value.tag in _STRING_TAGS and self._is_new(held.value):
                if name in VALUES and (named := self._named(visit)):
                    child = child._replace(path=(*path, named)[-_PATH:])
                if not script and holds_nothing(child.path[-1], held.value.text):
                    continue
                beside = beside or login_of(path, node, visit.above)
                yield from self._scalar(child, beside)

    def _traced(self, scalar: Node) -> Traced:
        value = trace(self.source, scalar)
        return undoubled(value) if self.compose else value

    def _is_new(self, scalar: Node) -> bool:
        """A short value counts under every name that an alias gives it, a long one once."""
        new = id(scalar) not in self.seen or len(scalar.text) <= _LONGEST_ALIAS
        self.seen.add(id(scalar))
        return new

    def _named(self, visit: _Visit) -> str:
        """What `value` or `default` in this mapping is the value of: the name beside it, else the mapping's own."""
        told = {snake(held.name): held.value.text for held in visit.node.members if held.value.kind == "scalar"}
        return next((told[name] for name in NAMES if told.get(name)), visit.path[-1] if visit.path else "")

    def _scalar(self, visit: _Visit, beside: Beside) -> Iterator[DocumentSecret]:
        if not visit.node.text:
            return
        value = self._traced(visit.node)
        found = list(value_secrets(visit.path, value, beside))
        yield from found
        if visit.script:
            yield from shell_secrets(visit.path, value)
        elif not found:
            yield from self._inner(visit, value)

    def _inner(self, visit: _Visit, value: Traced) -> Iterator[DocumentSecret]:
        """A document, settings or a command within a value."""
        text, name = value.text, visit.path[-1] if visit.path else ""
        if len(text) > _LONGEST_INNER or self.depth >= _DEEPEST:
            return
        if "\n" in text.strip() or text[:1] in "{[":
            lower = name.lower()
            if lower.endswith(_INNER_JSON):
                inner = document_secrets(text, parse_json(text).documents, depth=self.depth + 1)
                yield from (one.moved(value, visit.path) for one in inner)
                return
            if lower.endswith(_INNER_YAML):
                yield from (one.moved(value, visit.path) for one in yaml_secrets(text, depth=self.depth + 1))
                return
            if any(snake(part) in _SETTINGS_AROUND for part in visit.path[-3:-1]):
                yield from (one.moved(value, visit.path) for one in loose_secrets(tuple(loose_lines(text))))
        elif "=" in text:
            yield from item_secrets(visit.path, value, ALONE)

    def _sequence(self, visit: _Visit) -> Iterator[DocumentSecret]:
        items = visit.node.items
        texts = [item for item in items if item.kind == "scalar" and item.tag in _STRING_TAGS and item.text]
        self.waiting += [visit._replace(node=item) for item in reversed(items) if item.kind != "scalar"]
        new = [item for item in texts if self._is_new(item)]
        if not new:
            return
        build_arguments = visit.path[-2:] == ("build", "args")
        if visit.script and not build_arguments:
            values = [self._traced(item) for item in new]
            yield from self._commands(visit, values)
            return
        siblings = dict(pair for item in new[:_MOST_ARGUMENTS] if (pair := named_item(item.text)))
        for item in new:
            if may_hold_item(item.text):
                yield from item_secrets(visit.path, self._traced(item), Beside(siblings))

    def _commands(self, visit: _Visit, values: list[Traced]) -> Iterator[DocumentSecret]:
        """A list is one command line where its items are words, and one command an item where they are lines."""
        if values and values[0].text == "CMD-SHELL":  # of a health check; the rest is a shell's text
            values = values[1:]
        if not any(" " in value.text.strip() for value in values[:1]):
            program = _program(visit.above)
            arguments = values[1:] if values and values[0].text == "CMD" else values
            yield from shell_secrets(visit.path, command_line(arguments[:_MOST_ARGUMENTS], program))
        for value in values:
            yield from shell_secrets(visit.path, value)
            yield from (one for one in value_secrets(visit.path, value) if one.confidence is Confidence.CERTAIN)

    def _forced(self, visit: _Visit) -> Iterator[DocumentSecret]:
        """What Terraform itself calls sensitive: outputs and variables by their flag, attributes by a list of paths."""
        node = visit.node
        if text_at(node, "sensitive") == "true":
            for name in ("value", "default"):
                yield from self._sensitive((*visit.path, name)[-_PATH:], member(node, name))
        listed = member(node, "sensitive_attributes")
        attributes = member(node, "attributes") if listed else None
        for name in _sensitive_names(listed):
            yield from self._sensitive((*visit.path, "attributes", name)[-_PATH:], member(attributes, name))

    def _sensitive(self, path: tuple[str, ...], node: Node | None) -> Iterator[DocumentSecret]:
        if not node or node.kind != "scalar" or node.tag not in _STRING_TAGS or len(node.text) < _FORCED_SHORTEST:
            return
        value = trace(self.source, node)
        found = list(value_secrets((*path[:-1], path[-2] if path[-1] in VALUES and len(path) > 1 else path[-1]), value))
        yield from found
        if not found and not not_a_secret(node.text):
            yield DocumentSecret(Secret(node.text), Confidence.LIKELY, value.first(0), value.last(len(node.text)), path)


def yaml_secrets(text: str, *, depth: int = 0, compose: bool = False) -> Iterator[DocumentSecret]:
    """The secrets of a YAML text, be it whole, a template or broken."""
    read = read_yaml(text)
    yield from document_secrets(read.text, read.documents, depth=depth, compose=compose)
    yield from loose_secrets(read.loose)


def _program(above: Node | None) -> str:
    """A step of Cloud Build runs the program that its image is named after: `gcr.io/cloud-builders/docker`."""
    image = text_at(above, "name")
    return image.rpartition("/")[2] if "cloud-builders/" in image and not member(above, "entrypoint") else ""


def _sensitive_names(paths: Node | None) -> Iterator[str]:
    """`[[{"type": "get_attr", "value": "password"}]]`: the first step of each path."""
    for one in paths.items if paths else ():
        first = one.items[0] if one.items else one
        if name := text_at(first, "value") or (first.text if first.kind == "scalar" else ""):
            yield name


def _as_described(found: DocumentSecret) -> DocumentSecret:
    """A schema tells what may stand somewhere: a password there is mostly an example."""
    return found if found.confidence is Confidence.CERTAIN else found._replace(confidence=Confidence.POSSIBLE)


__all__ = ["DocumentSecret", "document_secrets", "loose_secrets", "yaml_secrets"]
