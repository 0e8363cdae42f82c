"""The app itself."""

from __future__ import annotations

import argparse

from checks.files.state import StateError
from checks.trees.pool import readers
from checks.trees.trees import Trees
from tui.exit_codes import ExitCode
from tui.plain.terminal import complain
from tui.session import Session, open_session


def run(_: argparse.Namespace, session: Session | None = None) -> int:
    try:
        session = session or open_session()
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE
    with readers(session.workstation) as pool:  # forked before Textual starts threads
        from tui.app import run_app  # it takes half a second to import

        return run_app(session, Trees(pool, session.state.path, repositories=True))
