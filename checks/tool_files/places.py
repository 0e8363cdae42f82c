"""Where the tools keep their files: on this workstation, and by name anywhere below a PATH."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from checks import late
from checks.files.walk import NotWalked
from checks.model.workstation import Workstation
from checks.tool_files.known_names import COMPILED, compiled, may_be_pattern
from checks.tool_files.tool import Tool
from checks.tool_files.tools import TOOLS

MOST_FILES = 1000
"""Files that one place with a `*` may stand for."""
_COPY = late.compile(r"(?:~|[._-](?:bak|backup|old|orig|save|saved|copy)\d{0,3})\Z")
_GLOB = late.compile(r"[*\[]")
_LISTS = ("KUBECONFIG",)
"""Variables that name several files."""
_GIT_NAMES = ("config", "config.worktree")


class _Claim(NamedTuple):
    """A name, and the folders right above it that make it a tool's."""

    tool: Tool
    name: str
    folders: tuple[str, ...]

    def fits(self, name: str, around: Sequence[str]) -> bool:
        nearest = around[-len(self.folders) :] if self.folders else ()
        return (
            len(nearest) == len(self.folders)
            and _is(self.name, name)
            and all(_is(folder, one) for folder, one in zip(self.folders, nearest, strict=True))
        )


def _is(pattern: str, name: str) -> bool:
    return fnmatch.fnmatchcase(name, pattern) if _GLOB.search(pattern) else pattern == name


def tool_of(path: PurePath) -> Tool | None:
    """The tool whose file this name and the folders around it tell; a copy beside it counts."""
    name = _COPY.sub("", path.name.lower())
    claims = _BY_NAME.get(name, ())
    if not claims and not may_be_pattern(name, path.parent.name):
        return None
    if name in _GIT_NAMES and ".git" in path.parts[:-1]:  # of a submodule too
        return _GIT
    around = [part.lower() for part in path.parts[-4:-1]]
    return next((one.tool for one in (*claims, *_BY_PATTERN) if one.fits(name, around)), None)


def known_places(workstation: Workstation) -> Iterator[tuple[Tool, Path | NotWalked]]:
    """Where each tool looks, the places that variables name included; nothing says that the files exist."""
    for tool in TOOLS:
        yield from ((tool, Path(named)) for named in _named(workstation, tool))
        for name in tool.home:
            yield from ((tool, found) for found in _below_home(workstation, name))
        for name in tool.system:
            yield from ((tool, found) for found in _spelled_out(workstation.root, name.lstrip("/")))


def _named(workstation: Workstation, tool: Tool) -> Iterator[str]:
    """The places that variables name; KUBECONFIG is a list."""
    environment = workstation.environment
    for named in tool.variables:
        variable, _, below = named.partition("/")
        value = environment.get(variable) or environment.get(variable.lower())
        for part in (value or "").split(os.pathsep) if variable in _LISTS else [value]:
            if part:
                yield os.path.join(part, below) if below else part  # noqa: PTH118


def _below_home(workstation: Workstation, name: str) -> Iterator[Path | NotWalked]:
    inside = name.removeprefix(".config/")
    if inside == name:
        return _spelled_out(workstation.home, name)
    return _spelled_out(workstation.config_home, inside)


def _spelled_out(top: Path, name: str) -> Iterator[Path | NotWalked]:
    """The path, or the files that it stands for, in order."""
    if "*" not in name:
        yield top / name
        return
    waiting = [(top, name.split("/"))]
    while waiting:
        folder, (first, *rest) = waiting.pop()
        names = [first]
        if "*" in first:
            listed = _listed(folder, first)
            if isinstance(listed, NotWalked):
                yield listed
                continue
            names = listed
            if len(names) > MOST_FILES:
                yield NotWalked(str(folder), f"more than {MOST_FILES:,} files: the first were looked at")
        found = [folder / one for one in names[:MOST_FILES]]
        if rest:
            waiting += [(below, rest) for below in reversed(found)]
        else:
            yield from found


def _listed(folder: Path, pattern: str) -> list[str] | NotWalked:
    try:
        names = os.listdir(folder)  # noqa: PTH208  names, not paths
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return []
    except OSError as error:
        return NotWalked(str(folder), f"not readable: {error.strerror}")
    return sorted(fnmatch.filter(names, pattern))


def _claims() -> Iterator[tuple[str, _Claim]]:
    """The names of all tools with what they claim; of a place the folder above the file belongs to it."""
    for tool in TOOLS:
        places = [place.lstrip("/").split("/") for place in (*tool.home, *tool.system)]
        below = [parts[-3 if "*" in parts[-1] else -2 :] for parts in places]
        for *folders, name in (*below, *(known.split("/") for known in tool.names)):
            yield name.lower(), _Claim(tool, name.lower(), tuple(folder.lower() for folder in folders))


_BY_NAME: dict[str, list[_Claim]] = {}
_BY_PATTERN: list[_Claim] = []
for _name, _claim in sorted(_claims(), key=lambda one: -len(one[1].folders)):  # what says more is asked sooner
    if _GLOB.search(_name):
        _BY_PATTERN.append(_claim)
    else:
        _BY_NAME.setdefault(_name, []).append(_claim)
_GIT = next(tool for tool in TOOLS if tool.id == "git-config")


def claimed_names() -> str:
    """What `checks.tool_files.known_names` reads."""
    above = ((claim.name, claim.folders[-1] if claim.folders else "") for claim in _BY_PATTERN)
    return compiled(_BY_NAME, ((name, "" if _GLOB.search(folder) else folder) for name, folder in above))


if __name__ == "__main__":
    COMPILED.write_text(claimed_names(), encoding="utf-8")
