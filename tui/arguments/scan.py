"""Options of `dockhygiene scan`."""

from __future__ import annotations

import argparse

from tui.arguments.values import LEVELS, count, megabytes, seconds


def add(scan: argparse.ArgumentParser) -> None:
    scan.description = (
        "Looks at the places where this workstation keeps registry credentials, or at everything below the PATHs. "
        "Exits with 0 when nothing at or above --fail-on was found, 1 when something was, 2 for wrong usage, "
        "3 when a PATH could not be read or the scan not be completed."
    )
    scan.add_argument("paths", nargs="*", metavar="PATH", help="scan exactly these files and trees instead")
    scan.add_argument("--only", metavar="CHECK[,CHECK]", help="run these checks only")
    scan.add_argument("--skip", metavar="CHECK[,CHECK]", help="do not run these checks")
    scan.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="for people or for programs")
    scan.add_argument("--output", metavar="FILE", help="write the report there, with mode 0600, instead of printing it")
    scan.add_argument("--fail-on", choices=LEVELS, default="low", help="least severity that makes the exit code 1")
    scan.add_argument("--full", action="store_true", help="no time limit, and caches and other people's code too")
    scan.add_argument(
        "--budget",
        type=seconds,
        metavar="SECONDS",
        default=60.0,
        help="without PATH: how long the work trees below the home folder are read (60)",
    )
    scan.add_argument("--history", action="store_true", help="no time limit for the history of git repositories")
    scan.add_argument("--images", action="store_true", help="no time limit for the layers of local images")
    scan.add_argument(
        "--remote-docker",
        action="store_true",
        help="also ask the docker daemon on another machine that DOCKER_HOST or the context names",
    )
    scan.add_argument("--max-size", type=megabytes, metavar="MB", default=48, help="do not read larger files (48)")
    scan.add_argument("--jobs", type=count, metavar="N", help="processes that read (one for each core)")
    scan.add_argument("--no-cache", action="store_true", help="read unchanged files again, and remember nothing")
    scan.add_argument(
        "--baseline", metavar="FILE", help="tell only what is not in FILE; where it is missing, it is written"
    )
    scan.add_argument("--possible", action="store_true", help="list also what is only possible")
    scan.add_argument("--skipped", action="store_true", help="list every place that was not looked at, with the reason")
