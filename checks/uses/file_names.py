"""Names of files as patterns: `*.tf`, `.github/workflows/*.yml`, `ci/**/*.yml`. All in lower case."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import NamedTuple


class _Name(NamedTuple):
    """The file's own name, and the folders right above it, or one folder anywhere above it."""

    folders: tuple[re.Pattern[str], ...]
    anywhere: bool
    name: re.Pattern[str]

    def fits(self, parts: tuple[str, ...]) -> bool:
        if not self.name.match(parts[-1]):
            return False
        above = parts[:-1]
        if self.anywhere:
            return any(self.folders[0].match(part) for part in above)
        count = len(self.folders)
        nearest = above[-count:] if count else ()
        return len(nearest) == count and all(
            folder.match(part) for folder, part in zip(self.folders, nearest, strict=True)
        )


class FileNames(NamedTuple):
    """Several such patterns; `any_name` refuses most files at once."""

    any_name: re.Pattern[str]
    each: tuple[_Name, ...]

    @classmethod
    def of(cls, text: str) -> FileNames:
        """Patterns separated by blanks."""
        parsed = [pattern.lower().split("/") for pattern in text.split()]
        each = tuple(
            _Name(
                tuple(re.compile(translate(part)) for part in parts[:-1] if part != "**"),
                "**" in parts,
                re.compile(translate(parts[-1])),
            )
            for parts in parsed
        )
        names = sorted({parts[-1] for parts in parsed})
        return cls(re.compile("|".join(translate(name) for name in names)), each)

    def fit(self, parts: tuple[str, ...]) -> bool:
        """`parts` are the folders below what is walked, and the name, in lower case."""
        return bool(self.any_name.match(parts[-1])) and any(one.fits(parts) for one in self.each)
