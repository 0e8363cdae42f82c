"""INI files with positions, read as Python's RawConfigParser reads them: AWS, pip, .pypirc, .s3cfg, rclone.

Python's own parser keeps no positions and gives up at the first mistake. Rules: docs.python.org/3/library/configparser.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Located, Setting


def settings(text: str) -> Iterator[Setting]:
    """Every setting in order, duplicates too. Names are in lower case, values without the blanks around them.

    A value over several lines comes as one setting a line, of the same name: pip's lists of URLs are written so.
    """
    section, name, indent = "", "", 0
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        column = len(line) - len(line.lstrip()) + 1
        if name and column > indent:
            yield Setting(section, name, Located(bare, number, column, number))
            continue
        indent = column
        if bare[0] == "[" and (end := bare.rfind("]")) > 1:
            section, name = bare[1:end], ""
            continue
        name, value, start = _halves(line)
        if name and start:
            yield Setting(section, name, Located(value, number, start, number))


def _halves(line: str) -> tuple[str, str, int]:
    """Name, value and the value's column; the column is 0 where the line holds no value."""
    cuts = [cut for cut in (line.find("="), line.find(":")) if cut >= 0]
    if not cuts:
        return line.strip().lower(), "", 0
    cut = min(cuts)
    behind = line[cut + 1 :]
    return line[:cut].strip().lower(), behind.strip(), cut + 2 + len(behind) - len(behind.lstrip())
