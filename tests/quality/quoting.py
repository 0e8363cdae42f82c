"""How formats write a value: each function gives the text between the quotes, or None where it cannot be written."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from urllib.parse import quote
from xml.sax.saxutils import escape

import yaml

Quote = Callable[[str], str | None]


def only(pattern: str) -> Quote:
    """As it is, where it consists of such characters."""
    return lambda value: value if re.fullmatch(pattern, value) else None


def without(marks: str) -> Quote:
    """As it is, where none of these stands in it."""
    return lambda value: None if any(mark in value for mark in marks) else value


def escaped(marks: str, then: Quote = str) -> Quote:
    """With a backslash before each of these."""
    return lambda value: then(re.sub(f"([{re.escape(marks)}])", r"\\\1", value))


def doubled(mark: str, then: Quote = str) -> Quote:
    """Each of these marks twice."""
    return lambda value: then(value.replace(mark, mark * 2))


def both(first: Quote, second: Quote) -> Quote:
    def write(value: str) -> str | None:
        inner = first(value)
        return None if inner is None else second(inner)

    return write


def shell_single(value: str) -> str:
    return value.replace("'", "'\\''")


def json_text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def json_ascii(value: str) -> str:
    return json.dumps(value)[1:-1]


def yaml_plain(value: str) -> str | None:
    try:
        same = yaml.safe_load(f"k: {value}") == {"k": value} and yaml.safe_load(f"- {value}") == [value]
    except yaml.YAMLError:
        return None
    return value if same else None


def base64_of(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def login(user: str = "deploy") -> Quote:
    """base64 of `user:password`."""
    return lambda value: base64_of(f"{user}:{value}")


def url(value: str) -> str:
    return quote(value, safe="")


def xml(value: str) -> str:
    return escape(value, {'"': "&quot;"})


def cdata(value: str) -> str | None:
    return None if "]]>" in value else value


def powershell_double(value: str) -> str:
    return re.sub(r'([`"$])', r"`\1", value)


def utf16_free(value: str) -> str | None:
    return value if value.isascii() else None


BARE = only(r"[\w.+/=@%:,~!-]+")
SHELL_DOUBLE = escaped('\\"$`', without("!"))
SHELL_BARE = escaped(" \t!\"#$&'()*;<=>?[\\]^`{|}~", without("\n"))
FISH_SINGLE = escaped("\\'")
FISH_DOUBLE = escaped('\\"$')
DOTENV_DOUBLE = escaped('\\"$`')
YAML_SINGLE = doubled("'")
TOML_LITERAL = without("'")
HCL = both(json_text, lambda value: value.replace("${", "$${").replace("%{", "%%{"))
INI = without("\"'#;%\\ ")
PROPERTIES = escaped("\\:=#!", utf16_free)
C_STRING = escaped('\\"')
C_SINGLE = escaped("\\'")
SQL = doubled("'", without("\\"))
COMPOSE = doubled("$", yaml_plain)
