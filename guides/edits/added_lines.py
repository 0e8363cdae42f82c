"""Lines that an edit adds at the end of a file, or that make the file where there is none."""

from __future__ import annotations

from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.model.check import Check
from checks.model.secret import Secret
from checks.model.workstation import MEBIBYTE, Workstation
from guides.edits.atomic import Target
from guides.edits.digest import digest
from guides.edits.edit import Cut, ValueEdit, Way, spliced
from guides.edits.file_text import FileText
from guides.edits.json_text import Splice, line_ending
from guides.edits.masking import diff


def opened(path: Path) -> tuple[str, bytes | None]:
    """None for the bytes of a file that is not there. Raises NotRead, NotText."""
    try:
        data = read_file(path, MEBIBYTE).data
    except NotRead as error:
        if error.missing:
            return "", None
        raise
    return FileText.of(data).text, data


def plan_added(
    workstation: Workstation, path: Path, data: bytes | None, added: str, way: Way, check: Check, old: Secret
) -> ValueEdit:
    """The edit that adds this text, whose lines end as the file's do, to what `opened` gave."""
    file = FileText.of(data or b"")
    splice = _at_the_end(file.text, added)
    start = file.offset_in_bytes(splice.start) if data else 0
    cuts = (Cut(start, len(data or b""), file.encoded(splice.text)),)
    cut_out = (data or b"")[start:]
    key = workstation.key
    return ValueEdit(
        path=path,
        target=Target.of(path),
        way=way,
        check=check,
        workstation=workstation,
        old=old,
        cuts=cuts,
        removed=(Secret(cut_out.decode("latin-1")),) if cut_out else (),
        before="" if data is None else digest(key, data),
        after=digest(key, spliced(data or b"", cuts)),
        preview=diff(file.text, [splice], [], [], [old]),
        undoable=data != b"",
    )


def _at_the_end(text: str, added: str) -> Splice:
    """Behind the last character, which is written again: what an edit removes is never empty."""
    last = text[-1:]
    return Splice(max(len(text) - 1, 0), len(text), last + ("" if last in ("", "\n") else line_ending(text)) + added)
