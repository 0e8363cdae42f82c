"""A snippet as a new file: whole or not at all, and never in the place of another."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from guides.edits.atomic import NotWritten
from guides.edits.creating import create


def write(path: Path, text: str) -> None:
    """Raises NotWritten."""
    if os.path.lexists(path):
        raise NotWritten(f"{path} is there already, and stays as it is; give another name")
    create(path, path.with_name(f".{path.name}.dockhygiene-{secrets.token_hex(6)}"), text.encode())
