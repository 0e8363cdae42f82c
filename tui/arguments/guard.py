"""Options of `dockhygiene guard` and its parts."""

from __future__ import annotations

import argparse

from tui.arguments.values import LEVELS

CI_SYSTEMS = ("github", "gitlab", "bitbucket", "circleci", "travis", "jenkins", "pre-commit")


def add(guard: argparse.ArgumentParser) -> None:
    guard.description = "Looks at what is about to be committed or pushed, and stops it where a secret is in it."
    actions = guard.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True, prog=guard.prog)
    actions.add_parser("install", help="put the pre-commit and pre-push hooks in place", fill=_install)
    actions.add_parser("uninstall", help="take them out again, and put back what was there", fill=_uninstall)
    actions.add_parser("status", help="say which hooks git will run here; changes nothing", fill=_status)
    actions.add_parser("run", help="what the hooks call: look at what is staged, pushed, or in a range", fill=_run)
    actions.add_parser("ci", help="print or write the set-up for a CI system", fill=_ci)


def _install(install: argparse.ArgumentParser) -> None:
    install.description = (
        "Installs hooks for git commit and git push. Hooks that are there are kept and run first; where husky, "
        "lefthook or pre-commit keeps the hooks, they get an entry instead. Shows the change and asks first. Exits "
        "with 0 when the guard stands, 1 when it was not agreed to, 3 when it could not be put in place."
    )
    _where(install)
    _change(install)


def _uninstall(uninstall: argparse.ArgumentParser) -> None:
    uninstall.description = (
        "Removes what `guard install` wrote, and puts back the hooks that were there before. What was changed since "
        "is left alone and named."
    )
    _where(uninstall)
    _change(uninstall)


def _status(status: argparse.ArgumentParser) -> None:
    status.description = (
        "Shows which hooks git runs in this repository: ours or not, switched off by core.hooksPath, not executable, "
        "or calling a program that is gone. Exits with 0 when the guard stands, 1 when something is missing or wrong."
    )
    status.add_argument("--repository", metavar="DIR", help="look there instead of in the current folder")


def _where(action: argparse.ArgumentParser) -> None:
    where = action.add_mutually_exclusive_group()
    where.add_argument("--global", dest="everywhere", action="store_true", help="for all your repositories")
    where.add_argument("--repository", metavar="DIR", help="this repository instead of the current one")


def _change(action: argparse.ArgumentParser) -> None:
    action.add_argument("--dry-run", action="store_true", help="show what would change, and stop")
    action.add_argument("--yes", action="store_true", help="do not ask for the confirmation")


def _run(guard_run: argparse.ArgumentParser) -> None:
    guard_run.description = (
        "Exits with 0 when nothing at or above --fail-on was found, 1 when something was: the commit or push stops. "
        "Anything that goes wrong stops it too."
    )
    what = guard_run.add_mutually_exclusive_group(required=True)
    what.add_argument("--staged", action="store_true", help="what the next commit would add")
    what.add_argument(
        "--pre-push",
        nargs="*",
        metavar=("REMOTE", "URL"),
        help="what the push would send; git's lines about it on the standard input",
    )
    what.add_argument("--range", metavar="BASE..HEAD", help="what these commits bring")
    guard_run.add_argument("--fail-on", choices=LEVELS, default="low", help="least severity that stops it (low)")
    guard_run.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="for people or programs")
    guard_run.add_argument("--output", metavar="FILE", help="write the report there, with mode 0600")


def _ci(ci: argparse.ArgumentParser) -> None:
    ci.description = "Shows the set-up that makes a CI system look at what each change brings; writes it with --write."
    ci.add_argument("name", choices=CI_SYSTEMS, metavar="NAME", help=", ".join(CI_SYSTEMS))
    ci.add_argument("--write", action="store_true", help="write it into the repository, after a preview")
    ci.add_argument("--directory", metavar="DIR", help="the repository; without it, the current folder")
    ci.add_argument("--yes", action="store_true", help="do not ask for the confirmation")
