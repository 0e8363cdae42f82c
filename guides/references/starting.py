"""This process becomes the command: its signals, exit code, standard input and terminal are the command's own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence

NOT_FOUND, NOT_RUN = 127, 126
"""What shells and env(1) exit with where a command is not there, or is there and cannot be run."""


class NotStarted(Exception):
    """The command could not be started. `code` is what a shell would exit with."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason)
        self.code = code


def become(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Does not return where the system can replace a process. Raises NotStarted.

    The secrets are in the new program's environment, not in ours and in no argument. That core dumps are off is
    inherited: what crashes now holds them.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    if sys.platform == "win32":  # not run there: exec would start a second process and leave the first one's console
        import subprocess

        return subprocess.run(list(command), env=dict(environ), check=False).returncode
    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and what is ignored stays so beyond exec
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execvpe(command[0], list(command), dict(environ))  # noqa: S606  no shell is what is wanted
    except (FileNotFoundError, NotADirectoryError):
        raise NotStarted("it is not on PATH, or its interpreter is not there", NOT_FOUND) from None
    except ValueError:
        raise NotStarted("a NUL character stands in its name or arguments", NOT_RUN) from None
    except OSError as error:
        raise NotStarted(f"{error.strerror}", NOT_RUN) from None
