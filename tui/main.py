"""The `dockhygiene` command. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from tui.arguments.top import parser
from tui.exit_codes import ExitCode


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and answers the exit code."""
    arguments = parser().parse_args(argv)
    _harden()
    name = arguments.command or ("app" if _has_terminal() else "scan")
    if not arguments.command:
        arguments = parser().parse_args([] if name == "app" else [name])
    try:
        return int(importlib.import_module(f"tui.commands.{name}").run(arguments))
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted; what was under way is told at the next start\n")
        return ExitCode.INTERRUPTED


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _harden() -> None:
    """No core dump may hold what this process read; no foreign name may make printing fail."""
    try:
        import resource
    except ImportError:  # Windows has no core files
        pass
    else:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
