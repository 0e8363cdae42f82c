"""YAML to frozen dataclasses, strictly: what is missing, unknown or of another type is an error with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import yaml

from checks.model.token_kinds import TOKEN_KINDS
from guides.providers.links import is_host, link_fault
from guides.providers.provider import CELLS, CredentialKind, Links, Provider
from guides.words.filled import GENERIC, PLACE

_CLOUD_FORMS = {
    *("aws-secret-access-key", "aws-key-pair", "aws-ecr-password"),
    *("gcp-service-account-key", "google-key-file-base64", "gcp-access-token"),
    *("azure-registry-key", "azure-client-secret"),
    *("harbor-robot-secret", "harbor-robot-login", "jfrog-access-token", "nexus-token", "nexus-nuget-key"),
    *("quay-robot-token", "quay-robot-login", "quay-encrypted-password"),
    *("digitalocean-oauth", "scaleway-secret-key", "ibm-cloud-key"),
}
FORMS = frozenset({"password", "identity-token"} | {kind.id for kind in TOKEN_KINDS} | _CLOUD_FORMS)
WAYS = ("M1", "M2", "M3", "M4")
CLIENTS = frozenset(
    {
        "",
        "aws",
        "azure",
        "digitalocean",
        "docker-hub",
        "github",
        "gitlab",
        "google",
        "harbor",
        "htpasswd",
        "ibm",
        "jfrog",
        "quay",
        "scaleway",
    }
)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SOURCE = re.compile(r".+ \((?:S2?|M|I)(?:, (?:S2?|M|I))*\)")


class ProviderError(ValueError):
    """A provider's file is not written as it should be: the message names file, key and fault."""


def read_provider(text: bytes, file: str) -> Provider:
    """One file. Raises ProviderError."""
    provider: Provider = read_as(Provider, text, file)
    for fault in _faults(provider):
        raise ProviderError(f"{file}: {fault}")
    return provider


def read_as(kind: Any, text: bytes, file: str) -> Any:
    """The document as a frozen dataclass of this kind. Raises ProviderError."""
    try:
        return _read(kind, _document(text, file), file)
    except yaml.YAMLError as error:
        raise ProviderError(f"{file}: no YAML that can be read: {error}") from error


def is_id(text: str) -> bool:
    """Whether this may be an id: small letters, digits and hyphens."""
    return bool(_ID.fullmatch(text))


def is_source(text: str) -> bool:
    """Whether it names a document and, in brackets, its mark."""
    return bool(_SOURCE.fullmatch(text))


def _document(text: bytes, file: str) -> Any:
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise ProviderError(f"{file}: empty")
        _no_key_twice(node, file)
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _no_key_twice(node: Any, where: str) -> None:
    """PyYAML lets a later key replace an earlier one without a word."""
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _no_key_twice(item, f"{where}[{index}]")
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                raise ProviderError(f"{where}.{key.value}: stands there twice")
            seen.add(key.value)
            _no_key_twice(value, f"{where}.{key.value}")


def _read(kind: Any, value: Any, where: str) -> Any:
    """`value` as `kind`: a text, a number, an enum, a tuple of one of them, or a dataclass."""
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise ProviderError(f"{where}: a list is wanted")
        return tuple(_read(get_args(kind)[0], item, f"{where}[{index}]") for index, item in enumerate(value))
    if is_dataclass(kind):
        return _dataclass(kind, value, where)
    if kind is int:
        if type(value) is not int or value < 0:
            raise ProviderError(f"{where}: a number of days is wanted")
        return value
    if not isinstance(value, str) or not value or value != " ".join(value.split()):
        raise ProviderError(f"{where}: one line of text is wanted (in quotes, if YAML takes it for something else)")
    if issubclass(kind, StrEnum):
        if value not in list(kind):
            raise ProviderError(f"{where}: {value} is none of {', '.join(kind)}")
        return kind(value)
    return value


def _dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise ProviderError(f"{where}: keys and values are wanted")
    if unknown := sorted(str(key) for key in value.keys() - _hints(kind).keys()):
        raise ProviderError(f"{where}.{unknown[0]}: unknown")
    needed = [field.name for field in fields(kind) if field.default is MISSING]
    if missing := [name for name in needed if name not in value]:
        raise ProviderError(f"{where}.{missing[0]}: missing")
    left_empty = {field.name for field in fields(kind) if field.default == "" == value.get(field.name)}
    held = {name: each for name, each in value.items() if name not in left_empty}
    return kind(**{name: _read(_hints(kind)[name], each, f"{where}.{name}") for name, each in held.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _faults(provider: Provider) -> Iterator[str]:
    for key in ("hosts", "realms"):
        yield from (f"{key}: {host} is no host" for host in getattr(provider, key) if not is_host(host))
    if provider.api_host and not is_host(provider.api_host):
        yield f"api_host: {provider.api_host} is no host"
    ids = [kind.id for kind in provider.kinds]
    if len(set(ids)) != len(ids) or not ids:
        yield "kinds: at least one, each with an id of its own"
    plain = [kind.id for kind in provider.kinds if "password" in kind.forms and not kind.usernames]
    if len(plain) != 1:
        yield "kinds: exactly one without usernames takes the form password"
    for kind in provider.kinds:
        yield from (f"kinds.{kind.id}.{fault}" for fault in _kind_faults(kind))


def _kind_faults(kind: CredentialKind) -> Iterator[str]:
    if not _ID.fullmatch(kind.id):
        yield "id: small letters, digits and hyphens"
    if not kind.forms or not set(kind.forms) <= FORMS:
        yield f"forms: at least one of {', '.join(sorted(FORMS))}"
    if kind.client not in CLIENTS:
        yield f"client: {kind.client} is none of {', '.join(sorted(CLIENTS - {''}))}"
    for page in (field.name for field in fields(Links)):
        if (template := getattr(kind.links, page)) and (fault := link_fault(template)):
            yield f"links.{page}: {fault}"
    for look in kind.looks:
        if look.way not in WAYS:
            yield f"looks: {look.way} is none of {', '.join(WAYS)}"
        if look.where not in ("api", "server") and (fault := link_fault(look.where)):
            yield f"looks.where: {fault}"
    if absent := [way for way in WAYS if way not in {look.way for look in kind.looks}]:
        yield f"looks: nothing for {absent[0]}"
    for name in CELLS:
        if not _SOURCE.fullmatch(kind.cells[name].source):
            yield f"cells.{name}.source: a document and, in brackets, its mark"
    for choice in kind.choices:
        if unknown := sorted(set(PLACE.findall(choice)) - GENERIC.keys()):
            yield f"choices: unknown place {unknown[0]}"


__all__ = ["CLIENTS", "FORMS", "WAYS", "ProviderError", "is_id", "is_source", "read_as", "read_provider"]
