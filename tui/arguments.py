"""The command line, as argparse sees it. Imports nothing else: --help and --version must be instant."""

from __future__ import annotations

import argparse

from tui import __version__

LEVELS = ("critical", "high", "medium", "low")
CI_SYSTEMS = ("github", "gitlab", "bitbucket", "circleci", "travis", "jenkins", "pre-commit")

_EPILOG = "Without a command the app starts; without a terminal the plain scan is printed. Every change is shown first."


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dockhygiene",
        description="Finds exposed Docker credentials on this machine and walks you through making them safe.",
        epilog=_EPILOG,
    )
    top.add_argument("--version", action="version", version=f"dockhygiene {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _scan(commands.add_parser("scan", help="look for exposed credentials and print them; changes nothing"))
    _fix(
        commands.add_parser(
            "fix", help="walk through the guide for one credential on a plain terminal; goes on where it was left"
        )
    )
    commands.add_parser("cases", help="list every case and where it stands")
    _report(commands.add_parser("report", help="print what was done in a case, or the one-page cheat sheet"))
    _monitor(commands.add_parser("monitor", help="look once for every case in watch"))
    _move(commands.add_parser("move", help="move plain-text logins into a credential store"))
    _verify(
        commands.add_parser("verify", help="ask the registries whether they accept the logins that docker would take")
    )
    _uses(commands.add_parser("uses", help="show which services and files will stop working when a credential ends"))
    _undo(commands.add_parser("undo", help="take a move back, or the edits of a case"))
    _guard(commands.add_parser("guard", help="stop the next leak: git hooks and CI set-ups that look before it leaves"))
    commands.add_parser("doctor", help="show which credential stores work here, and how to mend those that do not")
    _demo(commands.add_parser("demo", help="try everything on a throw-away workstation with planted leaks"))
    _uninstall(commands.add_parser("uninstall", help="hand moved logins back and remove what dockhygiene installed"))
    return top


def _scan(scan: argparse.ArgumentParser) -> None:
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
        type=_seconds,
        metavar="SECONDS",
        default=60.0,
        help="without PATH: how long the work trees below the home folder are read (60)",
    )
    scan.add_argument("--history", action="store_true", help="no time limit for the history of git repositories")
    scan.add_argument("--max-size", type=_megabytes, metavar="MB", default=48, help="do not read larger files (48)")
    scan.add_argument("--jobs", type=_count, metavar="N", help="processes that read (one for each core)")
    scan.add_argument("--no-cache", action="store_true", help="read unchanged files again, and remember nothing")
    scan.add_argument(
        "--baseline", metavar="FILE", help="tell only what is not in FILE; where it is missing, it is written"
    )
    scan.add_argument("--possible", action="store_true", help="list also what is only possible")
    scan.add_argument("--skipped", action="store_true", help="list every place that was not looked at, with the reason")


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1e9:
        raise argparse.ArgumentTypeError("a number of seconds")
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("a number from 1 to 256")
    return number


def _megabytes(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 2000:
        raise argparse.ArgumentTypeError("a number of megabytes from 1 to 2000")
    return number


def _fix(fix: argparse.ArgumentParser) -> None:
    fix.description = (
        "Understand, save evidence, generate, update, test, revoke, monitor, close: one step after the other, each "
        "shown before it is done, and proven. Leaving at any time loses nothing."
    )
    fix.add_argument(
        "credential", nargs="?", metavar="CREDENTIAL", help="a credential, a case or a registry; else a list"
    )
    fix.add_argument("--print", action="store_true", help="print the whole guide for it, as Markdown, and stop")


def _report(report: argparse.ArgumentParser) -> None:
    report.add_argument("case", nargs="?", metavar="CASE", help="id of the case; `dockhygiene cases` lists them")
    report.add_argument("--cheat-sheet", action="store_true", help="one page: what to do when a credential leaked")
    report.add_argument(
        "--message", action="store_true", help="the message for the team that depends on it, to be sent"
    )
    report.add_argument("--format", choices=("markdown", "html"), default="markdown")
    report.add_argument("--output", metavar="FILE", help="write it there, with mode 0600, instead of printing it")


def _monitor(monitor: argparse.ArgumentParser) -> None:
    monitor.description = (
        "Looks for copies of the secrets of every case in watch, and verifies the new one where that was agreed. "
        "Exits with 1 when something was found that must not be."
    )
    monitor.add_argument("--once", action="store_true", help="look once; there is no other way yet")


def _move(move: argparse.ArgumentParser) -> None:
    move.description = (
        "Moves plain-text logins into a credential store: stored, read back, the file rewritten, and proven. "
        "Asks before anything changes. Exits with 0 when no plain-text login remains, 1 when some do, 3 on failure."
    )
    move.add_argument("registries", nargs="*", metavar="REGISTRY", help="move these registries only")
    move.add_argument("--all", action="store_true", help="everything that is safe, without questions about the rest")
    move.add_argument("--to", metavar="STORE", help="the store: a name that `dockhygiene doctor` shows")
    move.add_argument("--dry-run", action="store_true", help="show what would change, without secrets, and stop")
    move.add_argument("--yes", action="store_true", help="do not ask for the confirmation; what needs a choice is left")


def _verify(verify: argparse.ArgumentParser) -> None:
    verify.description = (
        "Sends the login that docker would take to its registry, once, and says whether it is accepted. Names the "
        "hosts that will see the secret, and asks first. Exits with 0 when it is accepted, 1 when it is refused, and 3 "
        "when that is not known; of several, the highest."
    )
    verify.add_argument("registry", nargs="?", metavar="REGISTRY", help="this one only; without it, every registry")
    verify.add_argument("--yes", action="store_true", help="do not ask; token services that are not known are left out")


def _uses(uses: argparse.ArgumentParser) -> None:
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


def _undo(undo: argparse.ArgumentParser) -> None:
    undo.description = (
        "Takes a move back, or the edits of a case: files are rebuilt from the store. Refuses when one of them changed."
    )
    undo.add_argument(
        "move", nargs="?", metavar="MOVE", help="id of a move or a case, or `last`; without it, lists the moves"
    )
    undo.add_argument("--yes", action="store_true", help="do not ask for the confirmation")


def _guard(guard: argparse.ArgumentParser) -> None:
    guard.description = "Looks at what is about to be committed or pushed, and stops it where a secret is in it."
    actions = guard.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    _guard_install(actions.add_parser("install", help="put the pre-commit and pre-push hooks in place"))
    _guard_uninstall(actions.add_parser("uninstall", help="take them out again, and put back what was there"))
    _guard_status(actions.add_parser("status", help="say which hooks git will run here; changes nothing"))
    _guard_run(actions.add_parser("run", help="what the hooks call: look at what is staged, pushed, or in a range"))
    _guard_ci(actions.add_parser("ci", help="print or write the set-up for a CI system"))


def _guard_install(install: argparse.ArgumentParser) -> None:
    install.description = (
        "Installs hooks for git commit and git push. Hooks that are there are kept and run first; where husky, "
        "lefthook or pre-commit keeps the hooks, they get an entry instead. Shows the change and asks first. Exits "
        "with 0 when the guard stands, 1 when it was not agreed to, 3 when it could not be put in place."
    )
    _guard_where(install)
    _guard_change(install)


def _guard_uninstall(uninstall: argparse.ArgumentParser) -> None:
    uninstall.description = (
        "Removes what `guard install` wrote, and puts back the hooks that were there before. What was changed since "
        "is left alone and named."
    )
    _guard_where(uninstall)
    _guard_change(uninstall)


def _guard_status(status: argparse.ArgumentParser) -> None:
    status.description = (
        "Shows which hooks git runs in this repository: ours or not, switched off by core.hooksPath, not executable, "
        "or calling a program that is gone. Exits with 0 when the guard stands, 1 when something is missing or wrong."
    )
    status.add_argument("--repository", metavar="DIR", help="look there instead of in the current folder")


def _guard_where(action: argparse.ArgumentParser) -> None:
    where = action.add_mutually_exclusive_group()
    where.add_argument("--global", dest="everywhere", action="store_true", help="for all your repositories")
    where.add_argument("--repository", metavar="DIR", help="this repository instead of the current one")


def _guard_change(action: argparse.ArgumentParser) -> None:
    action.add_argument("--dry-run", action="store_true", help="show what would change, and stop")
    action.add_argument("--yes", action="store_true", help="do not ask for the confirmation")


def _guard_run(guard_run: argparse.ArgumentParser) -> None:
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


def _guard_ci(ci: argparse.ArgumentParser) -> None:
    ci.description = "Shows the set-up that makes a CI system look at what each change brings; writes it with --write."
    ci.add_argument("name", choices=CI_SYSTEMS, metavar="NAME", help=", ".join(CI_SYSTEMS))
    ci.add_argument("--write", action="store_true", help="write it into the repository, after a preview")
    ci.add_argument("--directory", metavar="DIR", help="the repository; without it, the current folder")
    ci.add_argument("--yes", action="store_true", help="do not ask for the confirmation")


def _demo(demo: argparse.ArgumentParser) -> None:
    demo.description = (
        "Builds a throw-away home with typical leaks and two registries on this machine, and runs dockhygiene there: "
        "the app, or the command that follows (`dockhygiene demo move --all`). Nothing of yours is touched."
    )
    demo.add_argument("arguments", nargs=argparse.REMAINDER, metavar="COMMAND ...", help="a dockhygiene command")


def _uninstall(uninstall: argparse.ArgumentParser) -> None:
    uninstall.description = (
        "Hands every login that dockhygiene's own helper holds to another store (or, typed, back to the file), then "
        "removes the helper, the journal and the key. Logins in other stores stay where they are and keep working."
    )
    uninstall.add_argument("--yes", action="store_true", help="do not ask, as long as another store can take over")
