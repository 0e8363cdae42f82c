"""docker's contexts: `contexts/meta/<sha256 of the name>/meta.json`, and keys below `contexts/tls/` beside it.

Source: docker/cli, cli/context/store.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from checks.files.reading import NotRead, read_file
from checks.formats.display import printable
from checks.formats.docker_auth import read_auth_file
from checks.formats.json_positions import member
from checks.model.workstation import Workstation

_MOST = 1024 * 1024


class Tls(NamedTuple):
    """A folder of `ca.pem`, `cert.pem` and `key.pem`: any of them may be missing."""

    folder: Path
    verify: bool = True


class Context(NamedTuple):
    host: str
    """`unix://...`, `tcp://...`, `ssh://...`"""
    tls: Tls | None


class ContextError(Exception):
    """The context that is chosen cannot be read; `reason` is a clause with what to do."""

    def __init__(self, context: str, reason: str) -> None:
        super().__init__(f"{context}: {reason}")
        self.context = context
        self.reason = reason


def current_context(workstation: Workstation) -> str:
    """What `config.json` chooses; empty where it chooses nothing or cannot be read, as docker-config says."""
    try:
        data = read_file(workstation.docker_folder / "config.json", workstation.limits.config_bytes).data
    except NotRead:
        return ""
    node = member(read_auth_file(data).root, "currentContext")
    return node.text if node and node.kind == "string" else ""


def named_context(workstation: Workstation, name: str) -> Context:
    """Raises ContextError."""
    folder = workstation.docker_folder / "contexts"
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    shown = f"docker context {printable(name, 60)}"
    try:
        held = json.loads(read_file(folder / "meta" / digest / "meta.json", _MOST).data)
    except NotRead as error:
        raise ContextError(shown, f"{error.reason}: docker context use default, or name one that is there") from error
    except (ValueError, RecursionError) as error:
        raise ContextError(shown, "its meta.json is no JSON: docker context rm it, and create it again") from error
    endpoint = _below(held, "Endpoints", "docker")
    host = endpoint.get("Host")
    if not isinstance(host, str) or not host:
        raise ContextError(shown, "it names no docker host: docker context update it")
    keys = folder / "tls" / digest / "docker"
    verify = endpoint.get("SkipTLSVerify") is not True
    return Context(host, Tls(keys, verify) if keys.is_dir() or not verify else None)


def _below(node: Any, *names: str) -> dict[str, Any]:
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}
