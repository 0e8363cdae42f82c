"""The app itself."""

from __future__ import annotations

import argparse

from checks.files.state import StateError
from tui.exit_codes import ExitCode
from tui.plain.terminal import complain
from tui.session import Session, open_session


def run(_: argparse.Namespace, session: Session | None = None) -> int:
    try:
        session = session or open_session()
    except StateError as error:
        complain(str(error))
        return ExitCode.USAGE
    from tui.app import run_app  # Textual takes half a second to import

    return run_app(session)
