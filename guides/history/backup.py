"""The backup before a rewriting: a bundle of the whole history, encrypted for a public key, or plain if so wished.

`git clone BUNDLE` brings it back. It holds the secret, so the case remembers where it lies until it is deleted.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO

from checks.git.runner import end
from guides.history.git import LONGEST
from guides.history.trouble import CleaningFailed
from guides.stores.program import child_environ, find_program
from guides.stores.store import StoreError


class Seal(StrEnum):
    """How the backup is protected."""

    GPG = "gpg"
    AGE = "age"
    PLAIN = "plain"


ENDINGS = {Seal.GPG: ".gpg", Seal.AGE: ".age", Seal.PLAIN: ""}


def seals(environment: Mapping[str, str]) -> tuple[Seal, ...]:
    """What can be offered here: the programs that are installed where others cannot change them, and plain."""
    return (*(seal for seal in (Seal.GPG, Seal.AGE) if _program(seal, environment)), Seal.PLAIN)


def back_up(bundle: Path, target: Path, seal: Seal, recipient: str, environment: Mapping[str, str]) -> None:
    """Writes the bundle there, 0600, encrypted for this public key. Nothing is left of it where that fails."""
    try:
        with _new(target) as out, bundle.open("rb") as source:
            if seal is Seal.PLAIN:
                while part := source.read(1 << 20):
                    out.write(part)
            else:
                _encrypt(seal, recipient, source, out, environment)
            out.flush()
            os.fsync(out.fileno())
            if not os.fstat(out.fileno()).st_size:
                raise CleaningFailed("the backup is empty")
    except FileExistsError:
        raise CleaningFailed(f"{target} is there already", "move it away, or name another folder") from None
    except OSError as error:
        target.unlink(missing_ok=True)
        raise CleaningFailed(f"the backup {target} could not be written: {error.strerror}") from error
    except CleaningFailed:
        target.unlink(missing_ok=True)
        raise


@contextmanager
def _new(target: Path) -> Iterator[IO[bytes]]:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        yield stream


def _encrypt(seal: Seal, recipient: str, source: IO[bytes], out: IO[bytes], environment: Mapping[str, str]) -> None:
    if not recipient or recipient.startswith("-"):
        raise CleaningFailed("no public key was named", "name one that you hold the private key of")
    program = _program(seal, environment)
    if not program:
        raise CleaningFailed(f"{seal} is not installed where this program would start it")
    options = ["--batch", "--no-tty", "--quiet", "--encrypt", "--recipient"] if seal is Seal.GPG else ["--recipient"]
    process = subprocess.Popen(
        [program, *options, recipient],
        stdin=source,
        stdout=out,
        stderr=subprocess.DEVNULL,
        env=child_environ(environment),
        cwd="/",
        start_new_session=True,
    )
    try:
        code = process.wait(LONGEST)
    finally:
        end(process)
    if code:
        mend = "gpg --list-keys shows yours, and whether it is trusted" if seal is Seal.GPG else "it begins with age1"
        raise CleaningFailed(f"{seal} did not encrypt for this key", mend)


def _program(seal: Seal, environment: Mapping[str, str]) -> Path | None:
    try:
        return find_program(seal, environment)
    except StoreError:
        return None
