"""`dockhygiene demo`: everything, on a throw-away workstation. The code that runs is the code that always runs."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from guides.demo import made_up
from guides.demo.project import plant_project
from guides.demo.registry import DemoRegistry
from guides.demo.store import DemoStore
from guides.demo.user_file import UserFile, write_users
from guides.demo.workstation import DemoWorkstation, Login, build
from tui.arguments.top import parser
from tui.exit_codes import ExitCode
from tui.plain.terminal import Terminal, complain
from tui.session import Session, open_session

USER_FILE = "registry/htpasswd"
"""The demo runs its registry itself: this is where its users stand."""
_WITH_MANAGERS = ("run", "get")
BANNER = "demo, a throw-away home: its registries and its store are real, all else is made up"


def run(arguments: argparse.Namespace) -> int:
    inner = parser().parse_args(arguments.arguments)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    name = inner.command or ("app" if interactive else "scan")
    if name in _WITH_MANAGERS:
        complain(f"the demo has no manager of secrets: try `dockhygiene {name}` with one of yours")
        return ExitCode.USAGE
    if not inner.command:
        inner = parser().parse_args([] if interactive else ["scan"])
    with demo_session() as session:
        if name != "app":
            terminal = Terminal(sys.stderr)
            terminal.line(BANNER)
            terminal.line(f"HOME={session.workstation.home}")
        return int(importlib.import_module(f"tui.commands.{name}").run(inner, session))


@contextmanager
def demo_session() -> Iterator[Session]:
    """A session on a new demo workstation; registries, store and home are gone at the end.

    It has no system folders: the person's own container engine, above all, is not looked at.
    """
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="dockhygiene-demo-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        workstation = _workstation(home, stack)
        yield open_session(workstation.environment_from(os.environ), BANNER, root=home / "system")


def _workstation(home: Path, stack: ExitStack) -> DemoWorkstation:
    password = made_up.password()
    users = home / USER_FILE
    basic = stack.enter_context(DemoRegistry(UserFile(users), "basic"))
    token = stack.enter_context(DemoRegistry({"mira": made_up.password()}, "token"))
    identity = token.issue_identity_token("mira")
    login = Login(basic.host, "mira", password)
    workstation = build(home, login, Login(token.host, "mira", identity))
    write_users(users, "mira", password)
    plant_project(home, login)
    stack.enter_context(DemoStore(home))
    return workstation
