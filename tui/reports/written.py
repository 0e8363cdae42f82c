"""A report that is finished: printed, or written to a file that only its owner may read."""

from __future__ import annotations

import os
import stat

from tui.plain.terminal import Terminal, complain


def deliver(text: str, file: str | None) -> bool:
    """`text` is safe to print. False where it could not be written, which is said."""
    if not file:
        Terminal().write(text)
        return True
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.fchmod(descriptor, 0o600)  # an older report may have been open to others
            stream.write(text)
    except OSError as error:
        complain(f"{file}: {error.strerror}; the report was not written")
        return False
    return True
