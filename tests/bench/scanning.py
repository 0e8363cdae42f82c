"""Scans of the same tree by dockhygiene and its peers, in turn: time, memory and what they find."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.bench.measuring import Failed, Usage, heading, middle, shown, used
from tests.bench.package_tree import package_tree
from tests.bench.peers import Lines, installed, lines_of, spread
from tests.bench.planted import Planted
from tests.bench.planted import histories as plant_histories
from tests.bench.planted import home as plant_home

PROGRAM = str(Path(sys.prefix, "bin", "dockhygiene"))
ROOT, PACKAGES = Path(__file__).parents[2], ("checks", "guides", "tui")
RUNS = 3
COLD, FIRST, AGAIN = "dockhygiene, cold", "dockhygiene, first", "dockhygiene, again"
WALK = "(a bare walk and stat)"

_WALK = """
import os, sys
def walk(top):
    with os.scandir(top) as listing:
        for entry in listing:
            if entry.is_dir(follow_symlinks=False):
                walk(entry.path)
            else:
                entry.stat(follow_symlinks=False)
walk(sys.argv[1])
"""


@dataclass(slots=True)
class Scanner:
    """One way to scan: what is run, what is done before, and what its report says."""

    name: str
    argv: list[str]
    environ: dict[str, str]
    fine: tuple[int, ...]
    read: Callable[[], tuple[int, Lines]] = lambda: (0, set())
    before: Callable[[], None] = lambda: None
    usages: list[Usage] = field(default_factory=list)
    memory: Usage | None = None

    def once(self, *, sampled: bool = False) -> None:
        self.before()
        usage = used(self.argv, self.environ, self.fine, sampled=sampled)
        if sampled:
            self.memory = usage
        else:
            self.usages.append(usage)

    @property
    def usage(self) -> Usage:
        """Median times of the runs that were not sampled, memory of all."""
        times, memory = middle(self.usages), self.memory
        largest = max(times.largest, memory.largest if memory else 0)
        return Usage(times.wall, times.cpu, largest, memory.together if memory else 0)


def tree() -> None:
    with folders() as (folder, work):
        made = package_tree(folder)
        heading(f"a tree of packages: {made.described()}")
        scanners = _compare(_scanners(folder, work), Planted(folder))
        _against_the_design(scanners)


def histories() -> None:
    with folders() as (folder, work):
        planted = plant_histories(folder)
        heading("shell histories of 400,000 commands, of bash and of zsh")
        _compare(_scanners(folder, work), planted)


def home() -> None:
    with folders() as (folder, work):
        planted = plant_home(folder)
        heading("a small home folder (mostly start-up)")
        _compare(_scanners(folder, work), planted)


def ours(folder: Path, work: Path, name: str = COLD, *options: str) -> Scanner:
    """Our own scan, with a home and a state folder below `work`.

    It is run from a copy: an edit of the checks in the middle of a bench would make the cache begin anew.
    """
    place = work / name.replace(" ", "-")
    (place / "home").mkdir(parents=True)
    report = place / "report.json"
    for package in () if (work / "program").exists() else PACKAGES:
        shutil.copytree(ROOT / package, work / "program" / package)
    return Scanner(
        name,
        [PROGRAM, "scan", str(folder), *options, "--format", "json", "--output", str(report)],
        {**program_environ(place / "home"), "PYTHONPATH": str(work / "program")},
        (0, 1),
        partial(read_ours, report),
    )


def read_ours(report: Path) -> tuple[int, Lines]:
    findings = [one["place"] for one in json.loads(report.read_text())["findings"]]
    places = [(one["path"], one["line"] or 0, one["end_line"] or 0) for one in findings]
    return len(findings), spread(places, Path("/"))


def _scanners(folder: Path, work: Path) -> list[Scanner]:
    cold = ours(folder, work, COLD, "--no-cache")
    first = ours(folder, work, FIRST)
    first.before = partial(emptied, Path(first.environ["HOME"]))
    again = ours(folder, work, AGAIN)
    walk = Scanner(WALK, [sys.executable, "-I", "-S", "-c", _WALK, str(folder)], {}, (0,))
    return [cold, first, again, walk, *_peers(folder, work)]


def _peers(folder: Path, work: Path) -> Iterator[Scanner]:
    empty = work / "empty"
    empty.mkdir()
    for peer, binary in installed():
        place = work / peer.name
        place.mkdir()
        report = place / "report.json"
        names = {"binary": str(binary), "report": str(report)}
        try:  # compiles its rules, and keeps them
            used(peer.argv(path=str(empty), **names), program_environ(place), peer.fine)
        except (Failed, OSError) as failed:
            print(f"  {peer.name} is left out: {failed}")
            continue
        argv = peer.argv(path=str(folder), **names)
        yield Scanner(peer.name, argv, program_environ(place), peer.fine, partial(lines_of, peer, report, folder))


def run_in_turn(scanners: list[Scanner]) -> None:
    """Each once for the page cache and its memory, then three times; one that fails is told and taken out."""
    for number in range(1 + RUNS):
        for scanner in list(scanners):
            try:
                scanner.once(sampled=not number)
            except Failed as failed:
                print(f"  {scanner.name} is left out: {failed}")
                scanners.remove(scanner)


def _compare(scanners: list[Scanner], planted: Planted) -> dict[str, Scanner]:
    """In turn, then in numbers; those that did their work."""
    run_in_turn(scanners)
    for scanner in scanners:
        shown(scanner.name, scanner.usage, "" if scanner.name == WALK else _found(scanner, planted))
    return {scanner.name: scanner for scanner in scanners}


def _found(scanner: Scanner, planted: Planted) -> str:
    count, lines = scanner.read()
    if not planted.lines:
        return f"{count:,} findings"
    return f"{count:,} findings, {len(lines & planted.lines)} of {len(planted.lines)} planted, " + (
        f"{len({place for place in lines if place not in planted.lines})} other lines"
    )


def _against_the_design(scanners: dict[str, Scanner]) -> None:
    usages = {name: scanner.usage for name, scanner in scanners.items()}
    peers = {name: usage for name, usage in usages.items() if not name.startswith(("dockhygiene", "("))}
    cold, again, walk = usages.get(COLD), usages.get(AGAIN), usages.get(WALK)
    if cold and peers:
        fastest = min(peers, key=lambda name: peers[name].wall)
        print(f"  cold / the fastest peer ({fastest}): {cold.wall / peers[fastest].wall:.2f} (to reach: 0.33)")
    if again and walk:
        ratios = f"{again.wall / walk.wall:.2f} in wall time, {again.cpu / walk.cpu:.2f} in CPU"
        print(f"  again / a bare walk and stat: {ratios} (to reach: 2)")
    if cold:
        print(f"  memory of all our processes, cold: {cold.together / 1e6:.0f} MB (to stay below: 300 MB)")


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    """What is scanned, and a place beside it for homes and reports."""
    with tempfile.TemporaryDirectory(prefix="dh-bench-") as name:
        top = Path(name).resolve()
        (top / "scanned").mkdir()
        (top / "work").mkdir()
        yield top / "scanned", top / "work"


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def program_environ(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.defpath, "LC_ALL": "C.UTF-8", "TMPDIR": tempfile.gettempdir()}
