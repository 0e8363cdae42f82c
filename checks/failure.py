"""An error of ours, told without what was read when it happened."""

from __future__ import annotations

from pathlib import Path


def error_text(error: BaseException) -> str:
    """By type and place only: its message could hold what was read."""
    import traceback  # only for who has failed

    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
