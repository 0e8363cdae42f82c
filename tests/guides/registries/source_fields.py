"""Which fields of an answer a module reads, by its source."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
READERS = {"text", "text_or_empty", "secret", "whole", "flag", "texts", "moment", "items"}


def fields_read(*modules: str) -> set[str]:
    """The names that are given to a reader of `Fields`."""
    found = set()
    for module in modules:
        for node in ast.walk(ast.parse((ROOT / module).read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
                found |= {
                    one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found
