"""A password store of `pass` with a gpg key of its own, away from the person's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.require import require


@contextmanager
def empty_gpg_home() -> Iterator[dict[str, str]]:
    """The environment of a home folder without key and store; its gpg-agent is stopped at the end."""
    require("gpg", "gnupg")
    require("pass", "pass")
    home = Path(tempfile.mkdtemp(prefix="dh", dir="/tmp"))  # short: the agent's socket path has 108 bytes at most
    (home / ".gnupg").mkdir(mode=0o700)
    environ = {
        "HOME": str(home),
        "GNUPGHOME": str(home / ".gnupg"),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
    }
    try:
        yield environ
    finally:
        forget_passphrases(environ)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running_pass_store() -> Iterator[dict[str, str]]:
    """The same with a key without passphrase and an empty password store."""
    with empty_gpg_home() as environ:
        make_key(environ)
        _run(environ, "pass", "init", fingerprint(environ))
        yield environ


def make_key(environ: dict[str, str], passphrase: str = "") -> None:
    gpg = ("gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase-fd", "0")
    _run(
        environ,
        *gpg,
        "--quick-generate-key",
        "test <test@example.invalid>",
        "ed25519",
        "sign",
        "never",
        stdin=passphrase,
    )
    _run(environ, *gpg, "--quick-add-key", fingerprint(environ), "cv25519", "encr", "never", stdin=passphrase)


def fingerprint(environ: dict[str, str]) -> str:
    listing = _run(environ, "gpg", "--batch", "--with-colons", "--list-keys")
    return next(line.split(":")[9] for line in listing.splitlines() if line.startswith("fpr"))


def forget_passphrases(environ: dict[str, str]) -> None:
    """Stops gpg-agent; the next use of a key starts a new one that knows nothing."""
    _run(environ, "gpgconf", "--kill", "all")


def _run(environ: dict[str, str], *argv: str, stdin: str = "") -> str:
    done = subprocess.run(argv, env=environ, input=stdin + "\n", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
