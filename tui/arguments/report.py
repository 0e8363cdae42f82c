"""Options of `dockhygiene report`."""

from __future__ import annotations

import argparse


def add(report: argparse.ArgumentParser) -> None:
    report.add_argument("case", nargs="?", metavar="CASE", help="id of the case; `dockhygiene cases` lists them")
    report.add_argument("--cheat-sheet", action="store_true", help="one page: what to do when a credential leaked")
    report.add_argument(
        "--message", action="store_true", help="the message for the team that depends on it, to be sent"
    )
    report.add_argument("--format", choices=("markdown", "html"), default="markdown")
    report.add_argument("--output", metavar="FILE", help="write it there, with mode 0600, instead of printing it")
