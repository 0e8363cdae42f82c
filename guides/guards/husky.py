"""husky keeps its hooks as scripts of the work tree: lines of ours at their top.

Layout of husky 9: `core.hooksPath` is `.husky/_`, whose hooks start `.husky/HOOK` by `sh -e` and hand stdin and
arguments on. Before 9, `.husky` itself was the folder. At the top, since a script may end in `exit` or `exec`.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from guides.guards.entries import ByHand, Entry, Standing

_BEGIN = "# dockhygiene guard: begin\n"
_END = "# dockhygiene guard: end\n"
_COMMIT = "dockhygiene guard run --staged || exit $?\n"
_PUSH = """\
dockhygiene_lines=$(cat; printf x)
printf %s "${dockhygiene_lines%x}" | dockhygiene guard run --pre-push "$@" || exit $?
if [ "$dockhygiene_lines" = x ]; then
exec </dev/null
else
exec <<DOCKHYGIENE
${dockhygiene_lines%?x}
DOCKHYGIENE
fi
"""
"""What follows reads git's lines as well; a here-document ends with the line end that is taken off here."""
_TOP = re.compile(r"""(?:\#![^\n]*\n)?(?>(?:[ \t]*\n)*)(?:\.[ \t]+[^\n]*husky\.sh[^\n]*\n)?""")
"""The first line, and the one of older husky that starts the script anew."""


def scripts_folder(hooks: Path) -> Path | None:
    """Where the scripts lie, when this hooks folder is husky's."""
    if hooks.name == "_" and any((hooks / name).is_file() for name in ("h", "husky.sh")):
        return hooks.parent
    return hooks if (hooks / "_" / "husky.sh").is_file() else None


def husky_entry(hook: str, folder: Path) -> Entry:
    """Our lines in the script of this hook."""
    block = _block(hook)
    return Entry(
        "husky", folder / hook, partial(_standing, block), partial(_added, block), partial(_removed, block), block,
        mode=0o755,
    )  # fmt: skip


def _block(hook: str) -> str:
    return f"{_BEGIN}{_COMMIT if hook == 'pre-commit' else _PUSH}{_END}"


def _standing(block: str, text: str) -> Standing:
    if block in text:
        return Standing.OURS
    named = any("dockhygiene guard run" in line and not line.lstrip().startswith("#") for line in text.splitlines())
    return Standing.CHANGED if named else Standing.MISSING


def _added(block: str, text: str) -> str:
    if "\r\n" in text:
        raise ByHand("its lines end as on Windows, and sh does not read that")
    top = _TOP.match(text)
    at = top.end() if top else 0
    return text[:at] + block + text[at:]


def _removed(block: str, text: str) -> str:
    if text.count(block) != 1:
        raise ByHand("the lines between `dockhygiene guard: begin` and `end` were changed since")
    return text.replace(block, "")
