"""Where the time of a cold scan goes: all in one process, under cProfile, which makes many small calls look dear."""

from __future__ import annotations

import cProfile
import pstats
import secrets
import tempfile
import time
from pathlib import Path

from checks.catalog import CHECKS
from checks.model.finding import Skipped
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from checks.trees.reading import read_trees
from checks.trees.trees import Trees
from tests.bench.package_tree import package_tree

_ROWS = 45


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="dh-bench-") as name:
        top = Path(name).resolve()
        made = package_tree(top)
        print(f"\nprofile of a cold scan: {made.described()}")
        _scan(top)  # warms the page cache
        started = time.process_time()
        items = _scan(top)
        print(f"  without the profiler: {time.process_time() - started:.2f} s CPU in one process, {items:,} looked at")
        profile = cProfile.Profile()
        profile.runcall(_scan, top)
        stats = pstats.Stats(profile)
        stats.sort_stats("tottime").print_stats(_ROWS)
        stats.sort_stats("cumulative").print_stats(_ROWS)


def _scan(top: Path) -> int:
    workstation = Workstation(top, {}, FingerprintKey(secrets.token_bytes(32)), named=(top,))
    seen = read_trees(workstation, CHECKS, [top], Trees())
    return sum(files for one in seen if not isinstance(one, Skipped) for files, _ in one.looked.values())
