"""Options of `dockhygiene uses`."""

from __future__ import annotations

import argparse


def add(uses: argparse.ArgumentParser) -> None:
    uses.description = (
        "Reads CI files, manifests, compose files, scripts and the like in the work trees below the home folder, or "
        "below --path, for the places where each credential is used, and says where each is changed. Connects nowhere. "
        "What no file says can be written down by hand, in a plain file without secrets. Exits with 0, with 1 when "
        "--stale finds something, 2 when there is no such credential, 3 when a PATH could not be read."
    )
    uses.add_argument("credential", nargs="?", metavar="CREDENTIAL", help="its id or registry; without it, all")
    uses.add_argument(
        "--path", nargs="+", action="extend", metavar="PATH", default=[], help="look in these trees instead"
    )
    uses.add_argument("--format", choices=("text", "json"), default="text", help="for people or for programs")
    uses.add_argument("--full", action="store_true", help="no time limit, and caches and other people's code too")
    uses.add_argument("--skipped", action="store_true", help="list every place that was not looked at, with the reason")
    what = uses.add_mutually_exclusive_group()
    what.add_argument("--add", metavar="SERVICE", help="write a service down by hand, or confirm it for today")
    what.add_argument("--remove", metavar="SERVICE", help="take a service out that was written down by hand")
    what.add_argument("--stale", action="store_true", help="list what was written down and may no longer be so")
    uses.add_argument("--registry", metavar="HOST", help="with --add: the registry whose login it uses")
    uses.add_argument("--username", metavar="USER", help="with --add: the user of that login")
    uses.add_argument("--owner", metavar="WHO", help="with --add: who runs it")
    uses.add_argument("--contact", metavar="HOW", help="with --add: how to reach them")
    uses.add_argument("--update", metavar="HOW", help="with --add: how it gets a new credential; never the value")
    uses.add_argument("--staging", metavar="ADDRESS", help="with --add: where a new one can be tried before")
    uses.add_argument("--where", metavar="FILE[:LINE]", help="with --add: a file that shows it; --stale looks there")
    file = uses.add_mutually_exclusive_group()
    file.add_argument("--team", action="store_true", help="the file of this repository, .dockhygiene-uses.yaml")
    file.add_argument("--file", metavar="FILE", help="this file")
    uses.add_argument("--dry-run", action="store_true", help="show the change, and stop")
    uses.add_argument("--yes", action="store_true", help="do not ask for the confirmation")
