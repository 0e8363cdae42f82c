"""A baseline: what was found before, so that a scan tells only what is new.

It holds no secret, and says the same on every machine that has the same files: names are relative, line numbers are
left out, tokens stand as fingerprints under a key of the file's own. Passwords are counted: a fingerprint of theirs
could be guessed from.
"""

from __future__ import annotations

import json
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from checks.files.reading import NotRead, read_file
from checks.files.state import sync_folder
from checks.formats.display import printable
from checks.ignore.fingerprints import SharedKey, is_fingerprint
from checks.ignore.places import file_of, real_folder
from checks.model.finding import Finding, PlaceKind

SCHEMA = 1
LARGEST = 64 * 1000 * 1000
_MODE = 0o644
_IN_FILES = (PlaceKind.FILE.value, PlaceKind.GIT.value)


class BaselineError(Exception):
    """The message names the file, what is wrong, and what to do."""


class _Kept(NamedTuple):
    """One line of the baseline; `fingerprint` is empty for passwords and for weak settings."""

    path: str
    rule: str
    kind: str
    """Kind of place: file, environment, git, ..."""
    fingerprint: str


@dataclass(slots=True)
class Baseline:
    """A baseline that was read. `knows` counts what it is asked, so each finding of a scan is asked for once."""

    file: Path
    key: SharedKey
    home: Path
    _left: Counter[_Kept]
    _tokens: frozenset[tuple[str, str, str]]
    _met: set[_Kept]

    @property
    def name(self) -> str:
        return printable(self.file.name)

    @property
    def size(self) -> int:
        """Lines in it."""
        return len(self._left)

    def knows(self, finding: Finding) -> bool:
        """Whether it was there before. Of passwords as many as were counted; which of them is new cannot be told."""
        path, rule, kind = _where(finding, self.file, self.home)
        fingerprint = ""
        if finding.secret and finding.secret.form:
            if (path, rule, kind) not in self._tokens:
                return False  # no need to compute a fingerprint
            fingerprint = self.key.of(finding.secret) or ""
        kept = _Kept(path, rule, kind, fingerprint)
        if kept not in self._left:
            return False
        self._met.add(kept)
        if fingerprint:
            return True
        self._left[kept] -= 1
        return self._left[kept] >= 0

    def not_met(self) -> Iterator[str | None]:
        """For each line that no finding asked for, the name of its file, or None where it lies in no file."""
        for kept in self._left.keys() - self._met:
            yield self._file_of(kept) if kept.kind in _IN_FILES else None

    def _file_of(self, kept: _Kept) -> str:
        base, path = self.file.absolute().parent, kept.path
        if path.startswith("~/"):
            base, path = self.home, path[2:]
        return f"{real_folder(str(base)).rstrip('/')}/{path.removeprefix('./')}" if path[:1] != "/" else path


def read(path: Path, home: Path) -> Baseline:
    """Raises BaselineError."""
    shown = printable(str(path), 4096)
    try:
        held = json.loads(read_file(path, LARGEST).data)
    except NotRead as error:
        raise BaselineError(f"{shown}: {error.reason}") from error
    except (ValueError, RecursionError) as error:
        raise BaselineError(
            f"{shown}: not JSON; remove it, and the next scan with --baseline writes it anew"
        ) from error
    if not isinstance(held, dict) or "findings" not in held:
        raise BaselineError(
            f"{shown}: not a baseline of dockhygiene; name a file that is not there to have one written"
        )
    if held.get("schema") != SCHEMA:
        raise BaselineError(f"{shown}: written by another version of dockhygiene; remove it to have it written anew")
    key = SharedKey.of_text(held["key"]) if isinstance(held.get("key"), str) else None
    kept = [_kept(one) for one in held["findings"]] if isinstance(held["findings"], list) else [None]
    if key is None or None in kept:
        damaged = "its key" if key is None else f"entry {kept.index(None) + 1} of its findings"
        raise BaselineError(f"{shown}: {damaged} is damaged; remove the file to have it written anew")
    left: Counter[_Kept] = Counter()
    for one, count in (pair for pair in kept if pair):
        left[one] += count
    tokens = frozenset((one.path, one.rule, one.kind) for one in left if one.fingerprint)
    return Baseline(path, key, home, left, tokens, set())


def write(path: Path, findings: Iterable[Finding], home: Path, key: SharedKey | None = None) -> int:
    """Writes the findings that are not ignored, sorted, in one step; returns their number. Raises BaselineError.

    `key` is that of the baseline which is written anew; a new baseline gets a new one.
    """
    key = key or SharedKey.new()
    counted: Counter[_Kept] = Counter()
    for finding in findings:
        if not finding.ignored:
            fingerprint = key.of(finding.secret) if finding.secret else None
            counted[_Kept(*_where(finding, path, home), fingerprint or "")] += 1
    report = {
        "schema": SCHEMA,
        "tool": "dockhygiene",
        "key": key.text,
        "findings": [
            {
                "rule": one.rule,
                "path": one.path,
                "kind": one.kind,
                "fingerprint": one.fingerprint or None,
                "count": counted[one],
            }
            for one in sorted(counted)
        ],
    }
    try:
        _replace(Path(os.path.realpath(path)), (json.dumps(report, indent=1) + "\n").encode("ascii"))
    except OSError as error:
        raise BaselineError(f"{printable(str(path), 4096)}: {error.strerror}; the baseline was not written") from error
    return counted.total()


def _where(finding: Finding, baseline: Path, home: Path) -> tuple[str, str, str]:
    """The place as every colleague has it: relative to the baseline, or to the home folder, or absolute."""
    place = finding.place
    path = file_of(place)
    if path is None:
        return (f"{place.image}:{place.path}" if place.image else place.path), finding.rule, place.kind.value
    folder = real_folder(str(baseline.absolute().parent)).rstrip("/")
    below = path.removeprefix(f"{folder}/")
    if below != path:
        name = f"./{below}" if below.startswith("~") else below
    else:
        own = real_folder(str(home)).rstrip("/")
        name = f"~/{path[len(own) + 1 :]}" if path.startswith(f"{own}/") else path
    return name, finding.rule, place.kind.value


def _kept(one: Any) -> tuple[_Kept, int] | None:
    """One entry of the file, or None where it is damaged."""
    if not isinstance(one, dict):
        return None
    path, rule, kind, fingerprint, count = map(one.get, ("path", "rule", "kind", "fingerprint", "count"))
    if not (
        isinstance(path, str) and isinstance(rule, str) and isinstance(kind, str) and type(count) is int and count > 0
    ):
        return None
    if fingerprint is not None and not (isinstance(fingerprint, str) and is_fingerprint(fingerprint)):
        return None
    return _Kept(path, rule, kind, (fingerprint or "").lower()), count


def _replace(path: Path, data: bytes) -> None:
    temporary = path.parent / f".{path.name}.{secrets.token_hex(4)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _MODE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(descriptor, _MODE)  # whatever the umask: it is there to be shared
            os.fsync(descriptor)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
