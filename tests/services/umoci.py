"""umoci, which writes OCI layouts without a daemon, and deletes files of lower layers by whiteouts."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.services.require import require


def umoci(home: Path, *args: str | Path) -> None:
    """Runs umoci with its own files below `home`. Raises with what it said where it failed."""
    done = subprocess.run(
        [require("umoci", "umoci"), *map(str, args)],
        capture_output=True,
        text=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "TMPDIR": str(home)},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
