"""Options of `dockhygiene uses`."""

from __future__ import annotations

import argparse


def add(uses: argparse.ArgumentParser) -> None:
    uses.description = (
        "Reads CI files, manifests, compose files, scripts and the like in the work trees below the home folder, or "
        "below --path, for the places where each credential is used, and says where each is changed. Connects nowhere. "
        "Exits with 0, with 2 when there is no such credential, 3 when a PATH could not be read."
    )
    uses.add_argument("credential", nargs="?", metavar="CREDENTIAL", help="its id or registry; without it, all")
    uses.add_argument(
        "--path", nargs="+", action="extend", metavar="PATH", default=[], help="look in these trees instead"
    )
    uses.add_argument("--format", choices=("text", "json"), default="text", help="for people or for programs")
    uses.add_argument("--full", action="store_true", help="no time limit, and caches and other people's code too")
    uses.add_argument("--skipped", action="store_true", help="list every place that was not looked at, with the reason")
