"""A KeePass file for the tests, and KeePassXC's own command line as the other program that reads and writes it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from checks.model.secret import Secret
from tests.services.require import require


@dataclass(frozen=True)
class KeePassFile:
    """`~/team.kdbx` of a home folder of its own."""

    home: Path
    password: Secret = field(repr=False)

    @property
    def path(self) -> Path:
        return self.home / "team.kdbx"

    @property
    def environ(self) -> dict[str, str]:
        return {"HOME": str(self.home)}

    def keepassxc(self, *arguments: str, more: str = "") -> str:
        """What keepassxc-cli prints; the master password and `more` go in through standard input."""
        program = require("keepassxc-cli", "keepassxc")
        command, *rest = arguments
        done = subprocess.run(
            [program, command, "-q", str(self.path), *rest],
            input=f"{self.password.reveal()}\n{more}",
            env={**self.environ, "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def keepass_file(password: Secret) -> Iterator[KeePassFile]:
    """A new database. Its key is stretched little: an ordinary one takes a second of both cores each time."""
    from pykeepass import create_database

    with TemporaryDirectory(prefix="dh-keepass-") as name:
        made = KeePassFile(Path(name), password)
        base = create_database(str(made.path), password=password.reveal())
        stretching = base.kdbx.header.value.dynamic_header.kdf_parameters.data.dict
        stretching["I"].value, stretching["M"].value, stretching["P"].value = 2, 1 << 20, 1
        base.save()
        yield made
