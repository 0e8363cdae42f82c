"""Frozen dataclasses to JSON and back, by their annotations. Unknown fields are refused: another version wrote them."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar

Made = TypeVar("Made")


def plain(value: object) -> Any:
    """Lists, dictionaries and scalars that JSON can hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(name)): plain(held) for name, held in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value.value if isinstance(value, Enum) else value


def made(kind: type[Made], data: object) -> Made:
    """The dataclass that `plain` took apart. Raises ValueError for anything else."""
    value = _value(kind, data)
    assert isinstance(value, kind)
    return value


def _value(kind: Any, data: object) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _first_fit(arguments, data)
    if origin is tuple:
        return tuple(_value(arguments[0], one) for one in _expect(list, data))
    if origin is not None and issubclass(origin, Mapping):
        return {_value(arguments[0], name): _value(arguments[1], held) for name, held in _expect(dict, data).items()}
    if dataclasses.is_dataclass(kind):
        return _dataclass(typing.cast("type[Any]", kind), _expect(dict, data))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind is float:
        return float(_expect((int, float), data))
    return _expect(type(None) if kind is None else kind, data)


def _first_fit(kinds: tuple[Any, ...], data: object) -> Any:
    if data is None and type(None) in kinds:
        return None
    (kind,) = (one for one in kinds if one is not type(None))
    return _value(kind, data)


def _dataclass(kind: type[Any], data: dict[str, object]) -> Any:
    hints = _hints(typing.cast(Any, kind))
    if unknown := data.keys() - hints.keys():
        raise ValueError(f"{kind.__name__} has no field {sorted(unknown)[0]!r}")
    try:
        return kind(**{name: _value(hints[name], held) for name, held in data.items()})
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from None


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _expect(kind: Any, data: object) -> Any:
    if not isinstance(data, kind) or (isinstance(data, bool) and kind is not bool):
        raise ValueError(f"{type(data).__name__} stands where {getattr(kind, '__name__', kind)} belongs")
    return data
