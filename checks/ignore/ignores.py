"""Judges findings: which of them the person has said they do not want to be told of, and where they said it."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from checks.formats.display import printable, shell_path
from checks.ignore.baseline import Baseline
from checks.ignore.ignore_file import NAME, Entry, IgnoreFile, IgnoreFileError, Problem, read_ignore_file
from checks.ignore.lines import LastFile
from checks.ignore.markers import Marker, marked, markers_in
from checks.ignore.places import Reach, file_of
from checks.model.finding import Finding, PlaceKind
from checks.model.workstation import Workstation


class Unused(NamedTuple):
    """An ignore that ignored nothing, so that it can be taken out. `line` is None where a whole file is meant."""

    file: str
    line: int | None
    what: str
    why: str


class Ignores:
    """All that says what to ignore: markers, ignore files, and perhaps a baseline. Its methods may run side by side.

    Raises IgnoreFileError where the person's own file is malformed. A tree's malformed file is not applied, and told
    by `problems`: somebody else may have written it.
    """

    def __init__(
        self,
        workstation: Workstation,
        tops: Sequence[Path] = (),
        baseline: Baseline | None = None,
        today: datetime.date | None = None,
    ) -> None:
        """`tops` are the paths that the person named; without them the home folder is what is scanned."""
        self._workstation = workstation
        self._baseline = baseline
        self._today = today or datetime.date.today()
        self._reach = Reach(workstation.home, tops)
        self._lines = LastFile(workstation.limits.text_bytes)
        self._lock = threading.Lock()
        self._trees: dict[str, IgnoreFile | None] = {}
        self._problems: list[Problem] = []
        self._used: set[tuple[str, int]] = set()
        self._markers: dict[tuple[str, int], dict[Marker, bool]] = {}
        self._unmarked = ("", 0)  # the line that was looked at last: it may be long, and hold many findings
        self._own = tuple(self._files_of_person())
        for folder in self._reach.beside_tops():
            self._tree(folder)

    def judge(self, finding: Finding) -> Finding:
        """The finding, with the reason in `ignored` where it is to be ignored."""
        if finding.ignored:
            return finding
        with self._lock:
            listed = self._listed(finding)  # looked up in any case: an entry beside a marker is in use
            reason = self._marked(finding) or listed or self._in_baseline(finding)
        return replace(finding, ignored=reason) if reason else finding

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with files that were not applied."""
        with self._lock:
            return tuple(self._problems)

    def unused(self) -> tuple[Unused, ...]:
        """Ask when the scan is done: what met nothing although all that it speaks of was scanned, or has expired."""
        with self._lock:
            return (*self._unused_entries(), *self._unused_markers(), *self._unused_baseline())

    def _files_of_person(self) -> Iterator[IgnoreFile]:
        home = Path(self._reach.home)
        for path in (
            self._workstation.home / NAME,
            self._workstation.config_home / "dockhygiene" / "ignore.yaml",
        ):
            if found := read_ignore_file(path, home, of_person=True):
                yield found

    def _tree(self, folder: str) -> IgnoreFile | None:
        """The ignore file in this folder, read once; None where there is none or it is not applied."""
        if folder not in self._trees:
            self._trees[folder] = None
            try:
                found = read_ignore_file(Path(folder, NAME), Path(folder))
            except IgnoreFileError as error:
                self._problems += error.problems
                return None
            if found and not self._is_trusted(found, folder):
                self._problems.append(Problem(found.path, None, "it belongs to another user and is not applied"))
            else:
                self._trees[folder] = found
        return self._trees[folder]

    def _is_trusted(self, found: IgnoreFile, folder: str) -> bool:
        """A tree that was named is taken as it is; above it, and where none was named, only one's own files count."""
        named = bool(self._reach.tops) and self._reach.scanned(folder)
        return named or found.uid in (self._workstation.uid, 0)

    def _listed(self, finding: Finding) -> str:
        path = file_of(finding.place)
        paths: tuple[str, ...] = (path,) if path else ()
        trees = [self._tree(folder) for folder in self._reach.folders(path)] if path else []
        said = [self._said_by(tree, finding, paths) for tree in trees if tree]
        if path and "/../" not in finding.place.path:
            paths = (path, finding.place.path)  # a person may name it by a link on the way
        said += [self._said_by(own, finding, paths) for own in self._own]
        return next(filter(None, said), "")

    def _said_by(self, file: IgnoreFile, finding: Finding, paths: tuple[str, ...]) -> str:
        """The reason that the first fitting entry gives; all that fit are in use."""
        fitting = [
            entry for entry in file.entries if not self._has_expired(entry) and entry.covers(finding, paths, file.key)
        ]
        self._used.update((file.path, entry.line) for entry in fitting)
        if not fitting:
            return ""
        return f"{fitting[0].what} in {self._shown(file.path)}: {printable(fitting[0].reason)}"

    def _shown(self, path: str) -> str:
        for top in self._reach.tops:
            if path.startswith(f"{top.rstrip('/')}/"):
                return printable(path[len(top.rstrip("/")) + 1 :])
        return shell_path(path, Path(self._reach.home))

    def _has_expired(self, entry: Entry) -> bool:
        return entry.expires is not None and entry.expires < self._today

    def _marked(self, finding: Finding) -> str:
        place = finding.place
        if place.kind is not PlaceKind.FILE or place.line is None or not place.path.startswith("/"):
            return ""
        for line in dict.fromkeys((place.line, place.end_line or place.line)):
            found = self._markers_at(place.path, line)
            covering = [marker for marker in found if marker.covers(finding.rule)]
            found.update(dict.fromkeys(covering, True))
            if covering:
                return marked(covering[0])
        return ""

    def _markers_at(self, path: str, line: int) -> dict[Marker, bool]:
        """The markers of this line, each with whether it has covered a finding."""
        if (path, line) in self._markers:
            return self._markers[path, line]
        if (path, line) == self._unmarked:
            return {}
        found = dict.fromkeys(markers_in(self._lines.line(path, line)), False)
        if found:
            self._markers[path, line] = found
        else:
            self._unmarked = (path, line)
        return found

    def _in_baseline(self, finding: Finding) -> str:
        if self._baseline and self._baseline.knows(finding):
            return f"in the baseline {self._baseline.name}"
        return ""

    def _unused_entries(self) -> Iterator[Unused]:
        home_is_scanned = self._reach.scanned(self._reach.home)
        applied = [(file, home_is_scanned) for file in self._own]
        applied += [(file, self._reach.scanned(folder)) for folder, file in self._trees.items() if file]
        for file, scanned in applied:
            for entry in file.entries:
                if entry.expires is not None and self._has_expired(entry):
                    yield Unused(file.path, entry.line, entry.what, f"it expired on {entry.expires.isoformat()}")
                elif scanned and (file.path, entry.line) not in self._used:
                    yield Unused(file.path, entry.line, entry.what, "it matched nothing")

    def _unused_markers(self) -> Iterator[Unused]:
        for (path, line), found in self._markers.items():
            for marker, covered in found.items():
                if not covered:
                    yield Unused(path, line, marker.text, "what was found in this line has another rule")

    def _unused_baseline(self) -> Iterator[Unused]:
        if not self._baseline:
            return
        gone = [path for path in self._baseline.not_met() if self._reach.scanned(path or "")]
        if gone:
            what = f"{len(gone)} of {self._baseline.size} entries"
            yield Unused(
                str(self._baseline.file),
                None,
                what,
                "they are not found any more: remove the file, and the next scan writes it anew",
            )
