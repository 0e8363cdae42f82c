"""`docker-credential-dockhygiene`: docker's credential-helper protocol over the keyring of the desktop.

This folder is shipped as one self-contained file, so it imports nothing of the project and runs on Python 3.9.
docker starts it for every pull: whatever can be answered without an import is answered first.
"""

from __future__ import annotations

import sys

VERSION = "0.1.0"
NAME = "docker-credential-dockhygiene"
VERBS = ("store", "get", "erase", "list")
USAGE = f"Usage: {NAME} <store|get|erase|list|version>"

NOT_FOUND = "credentials not found in native keychain"
NO_SERVER = "no credentials server URL"
NO_USERNAME = "no credentials username"
"""These three are compared letter by letter by the docker CLI, on stdout."""

MOST_INPUT = 1 << 20


def main() -> None:
    """The console script. Never returns; never prints a traceback, which could hold a secret."""
    sys.excepthook = _unexpected
    sys.exit(_answer(sys.argv[1:]))


def _answer(arguments: list[str]) -> int:
    if len(arguments) != 1:
        return _say(USAGE, 1)
    verb = arguments[0]
    if verb in ("version", "--version", "-v"):
        return _say(f"{NAME} (dockhygiene) {VERSION}", 0)
    if verb in ("--help", "-h"):
        return _say(USAGE, 0)
    if verb not in VERBS:
        return _say(f"Unknown credential action {verb[:40]!a}", 1)
    data = sys.stdin.buffer.read(MOST_INPUT + 1)
    if len(data) > MOST_INPUT:
        return _say("the input is larger than 1 MiB", 1)
    from .verbs import run  # the first import that costs time

    return _say(*run(verb, data))


def _say(text: str, status: int) -> int:
    try:
        # the protocol is UTF-8 whatever the locale says, and has no carriage returns
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n" if text else b"")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        sys.stdout = None  # or the interpreter complains on its way out
        return 1
    return status


def _unexpected(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """Instead of a traceback: what kind of error, and where we were; values of variables are never shown."""
    del error, trace
    _say("interrupted" if kind is KeyboardInterrupt else f"unexpected {kind.__name__} in {NAME}", 1)
