"""The history of a repository, read by dockhygiene and its peers in turn; `git cat-file` alone is the limit."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from tests.bench.measuring import Failed, heading, shown, used
from tests.bench.peers import installed, texts_of
from tests.bench.repository import COMMITS, repository
from tests.bench.scanning import Scanner, emptied, folders, ours, program_environ, run_in_turn

_CATS = """
import subprocess, sys
listing = subprocess.Popen(
    ["git", "--git-dir", sys.argv[1], "cat-file", "--batch-all-objects", "--unordered",
     "--batch-check=%(objectname) %(objecttype)"], stdout=subprocess.PIPE)
blobs = [line.split()[0] for line in listing.stdout if line.endswith(b" blob\\n")]
reading = subprocess.Popen(["git", "--git-dir", sys.argv[1], "cat-file", "--batch", "--buffer"],
                           stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
reading.communicate(b"\\n".join(blobs) + b"\\n")
"""
_LIMIT = "(git cat-file alone)"
_COLD, _FIRST, _AGAIN = "dockhygiene, cold", "dockhygiene, first", "dockhygiene, again"


def run() -> None:
    with folders() as (folder, work):
        planted = repository(folder / "made.git")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        heading(f"the history of a repository: {COMMITS:,} commits, {size:.0f} MB packed, {len(planted)} planted")
        reports: dict[str, Path] = {}
        scanners = _scanners(folder, work, reports)
        run_in_turn(scanners)
        for scanner in scanners:
            text = texts_of(reports[scanner.name]) if scanner.name in reports else ""
            found = sum(path in text for path in planted)
            shown(scanner.name, scanner.usage, f"{found} of {len(planted)} planted" if text else "")
        _against_the_design(scanners)


def _scanners(folder: Path, work: Path, reports: dict[str, Path]) -> list[Scanner]:
    cold = ours(folder, work, _COLD, "--no-cache")
    first = ours(folder, work, _FIRST)
    first.before = partial(emptied, Path(first.environ["HOME"]))
    again = ours(folder, work, _AGAIN)
    limit = Scanner(
        _LIMIT, [sys.executable, "-I", "-S", "-c", _CATS, str(folder / "made.git")], program_environ(work), (0,)
    )
    scanners = [cold, first, again, limit]
    for one in (cold, first, again):
        reports[one.name] = Path(one.environ["HOME"]).parent / "report.json"
    for peer, binary in installed():
        place = work / peer.name
        place.mkdir()
        reports[peer.name] = place / "report.json"
        names = {"binary": str(binary), "report": str(reports[peer.name]), "path": str(folder / "made.git")}
        try:  # compiles its rules, and keeps them
            used(peer.argv("history", **names), program_environ(place), peer.fine)
        except (Failed, OSError) as failed:
            print(f"  {peer.name} is left out: {failed}")
            continue
        scanners.append(Scanner(peer.name, peer.argv("history", **names), program_environ(place), peer.fine))
    return scanners


def _against_the_design(scanners: list[Scanner]) -> None:
    usages = {scanner.name: scanner.usage for scanner in scanners}
    peers = {name: usage for name, usage in usages.items() if not name.startswith(("dockhygiene", "("))}
    cold, limit = usages.get(_COLD), usages.get(_LIMIT)
    if cold and peers:
        fastest = min(peers, key=lambda name: peers[name].wall)
        print(f"  cold / the fastest peer ({fastest}): {cold.wall / peers[fastest].wall:.2f} (to reach: 0.5)")
    if cold and limit:
        print(f"  cold / git cat-file alone: {cold.wall / limit.wall:.2f}")
    if cold:
        print(
            f"  memory of all our processes, git's too: {cold.together / 1e6:.0f} MB (to stay below: 400 MB for ours)"
        )
