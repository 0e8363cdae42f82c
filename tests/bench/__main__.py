"""`python -m tests.bench [SUBJECT ...]`: all subjects, or those that are named."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from tests.bench import git_history, hostile, images, profiling, scanning, start_up

SUBJECTS: dict[str, Callable[[], None]] = {
    "start-up": start_up.run,
    "tree": scanning.tree,
    "history": scanning.histories,
    "home": scanning.home,
    "git": git_history.run,
    "images": images.run,
    "hostile": hostile.run,
}
ASKED_FOR: dict[str, Callable[[], None]] = {"profile": profiling.run}
"""Not part of a whole run: it says where the time goes, not how much that is."""


def main() -> None:
    known = {**SUBJECTS, **ASKED_FOR}
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(known))
    named: list[str] = parser.parse_args().subjects
    if unknown := [name for name in named if name not in known]:
        parser.error(f"no subject is called {', '.join(unknown)}; there are: {', '.join(known)}")
    os.chdir("/")
    load = os.getloadavg()[0]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores, load {load:.1f} before the start; a busy machine makes wall times long, CPU less so")
    for name in named or SUBJECTS:
        known[name]()


if __name__ == "__main__":
    main()
