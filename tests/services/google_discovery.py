"""Google's own descriptions of its APIs, as the package google-api-python-client carries them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.services.double import Exchange
from tests.services.require import missing

_TYPES = {"string": str, "boolean": bool, "integer": int, "number": float, "array": list, "object": dict}
_BEYOND = {("POST", "/token")}
"""The exchange is RFC 7523's, and in no discovery document."""


class Discovery:
    """Says where an exchange is not as described: the call, its query, its body, and a good answer."""

    def __init__(self, *names: str) -> None:
        self.documents = [_document(name) for name in names]

    def complaints(self, exchange: Exchange) -> list[str]:
        asked, told = exchange.asked, exchange.told
        if (asked.method, asked.path) in _BEYOND:
            return []
        found = next(((doc, one) for doc in self.documents for one in _methods(doc) if _fits(one, asked)), None)
        if not found:
            return [f"no such call: {asked.method} {asked.path}"]
        document, method = found
        said = [f"query {name} is not described" for name in asked.query if name not in method["parameters"]]
        if asked.body is not None and "request" not in method:
            said.append("a body is not described")
        elif "request" in method:
            said += _wrong(document, method["request"]["$ref"], asked.body, "request")
        if told.status == 200 and not exchange.fault:
            said += _wrong(document, method["response"]["$ref"], told.content, "answer")
        return said

    def fields(self, schema: str) -> set[str]:
        found = next(doc["schemas"][schema] for doc in self.documents if schema in doc["schemas"])
        return set(found.get("properties", ()))


@cache
def _document(name: str) -> dict[str, Any]:
    spec = find_spec("googleapiclient")
    if not spec or not spec.submodule_search_locations:
        missing("google-api-python-client is not installed: it belongs to the extra `test`")
    folder = Path(next(iter(spec.submodule_search_locations)), "discovery_cache/documents")
    document = json.loads(folder.joinpath(f"{name}.json").read_bytes())
    assert isinstance(document, dict)
    return document


def _methods(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from node.get("methods", {}).values()
    for child in node.get("resources", {}).values():
        yield from _methods(child)


def _fits(method: Mapping[str, Any], asked: Any) -> bool:
    pattern = re.sub(r"\\\{[^/:}]+\\\}", "[^/:]+", re.escape(method.get("flatPath", method["path"])))
    return bool(method["httpMethod"] == asked.method and re.fullmatch(f"/{pattern}", asked.path))


def _wrong(document: Mapping[str, Any], name: str, value: Any, what: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{what} is no object"]
    known = document["schemas"][name].get("properties", {})
    said = [f"{what} {field} is not described" for field in value if field not in known]
    for field, held in value.items():
        spec = known.get(field, {})
        if "$ref" in spec:
            said += _wrong(document, spec["$ref"], held, f"{what} {field}")
        elif "type" in spec and not isinstance(held, _TYPES[spec["type"]]):
            said.append(f"{what} {field} is not {spec['type']}")
        elif "enum" in spec and held not in spec["enum"]:
            said.append(f"{what} {field} is another value")
        elif "$ref" in spec.get("items", {}):
            said += [each for one in held for each in _wrong(document, spec["items"]["$ref"], one, f"{what} {field}")]
    return said
