"""What every plan of an edit begins and ends with: the file is opened or refused, the change is put together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checks import shell_history
from checks.files.content import is_binary
from checks.files.reading import Document, NotRead, read_file
from checks.model.check import Check
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.edits.atomic import Target
from guides.edits.digest import digest
from guides.edits.edit import Cut, ToDo, ValueEdit, Way, spliced
from guides.edits.file_text import FileText, NotText
from guides.edits.json_text import Splice, apply
from guides.edits.masking import Mask, diff, masks_of, positions_after
from guides.edits.places import LineTable
from guides.edits.readings import Reading
from guides.edits.refusals import refusal
from guides.edits.spelling import spellings

_SAMPLE = 8192
_DISTINCTIVE = 8
"""Characters from which a value is hardly a part of another word."""
_PLAIN = "It works, and it is still plain text: whoever reads this file has it."
_BY_HAND = "Open it at the line named, change it there by hand, and let dockhygiene look again."


class NotPlanned(Exception):
    """The edit is left to a person."""

    def __init__(self, reason: str, how: str = "", line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.how = how or _BY_HAND
        self.line = line


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be changed, and how."""

    workstation: Workstation
    check: Check
    path: Path
    old: Secret
    new: Secret | None
    way: Way
    name: str = ""
    """Of the variable, for Way.VARIABLE."""
    reference: str = ""
    """For Way.REFERENCE."""

    @classmethod
    def of(
        cls, workstation: Workstation, check: Check, path: Path, old: Secret, new: Secret | None, way: Way, name: str
    ) -> Request:
        return cls(workstation, check, Path(os.path.abspath(path)), old, new, way, name)  # noqa: PTH100  keeps links

    def to_do(self, left: NotPlanned) -> ToDo:
        return ToDo(str(self.path), left.line, left.reason, left.how)

    @property
    def value(self) -> Secret | None:
        """What is read afterwards where the old one was."""
        return self.new if self.way is Way.VALUE else None


@dataclass(frozen=True, slots=True)
class Opened:
    """The file as the plan found it."""

    target: Target
    document: Document
    file: FileText = field(repr=False)

    @property
    def data(self) -> bytes:
        return self.document.data

    @property
    def text(self) -> str:
        return self.file.text


def opened(request: Request) -> Opened:
    """Raises NotPlanned for a file that should not be edited, or cannot be."""
    target = Target.of(request.path)
    if refused := refusal(request.workstation, request.check, request.path, target):
        raise NotPlanned(refused.reason, refused.how)
    limits = request.workstation.limits
    try:
        document = read_file(request.path, max(limits.text_bytes, shell_history.LARGEST))
        if is_binary(document.data[:_SAMPLE]):
            raise NotPlanned("it holds no text", "Change the value in the program that writes this file.")
        return Opened(target, document, FileText.of(document.data))
    except NotRead as error:
        raise NotPlanned(error.reason) from error
    except NotText as error:
        raise NotPlanned(str(error)) from error


def finished(
    request: Request,
    held: Opened,
    splices: Sequence[Splice],
    before: Reading,
    after: Reading,
    notes: Iterable[str],
) -> ValueEdit:
    """The edit of these splices, which `after` has proven."""
    cuts = cuts_of(held.file, splices)
    removed = tuple(Secret(held.data[cut.start : cut.end].decode("latin-1")) for cut in cuts)
    key = request.workstation.key
    return ValueEdit(
        path=request.path,
        target=held.target,
        way=request.way,
        check=request.check,
        workstation=request.workstation,
        old=request.old,
        cuts=cuts,
        removed=removed,
        before=digest(key, held.data),
        after=digest(key, spliced(held.data, cuts)),
        preview=_preview(request, held.text, splices, before, after),
        notes=tuple(note for note in (*notes, *_remarks(request, held, splices, before)) if note),
    )


def changed(held: Opened, splices: Sequence[Splice]) -> bytes:
    """The bytes of the file after the splices."""
    return spliced(held.data, cuts_of(held.file, splices))


def cuts_of(file: FileText, splices: Sequence[Splice]) -> tuple[Cut, ...]:
    cuts, position, at = [], 0, file.mark
    try:
        for splice in sorted(splices, key=lambda one: one.start):
            start = at + len(file.encoded(file.written[position : splice.start]))
            at = start + len(file.encoded(file.written[splice.start : splice.end]))
            position = splice.end
            cuts.append(Cut(start, at, file.encoded(splice.text)))
    except NotText as error:
        raise NotPlanned(f"the new value cannot be written there: {error}") from error
    return tuple(cuts)


def _preview(
    request: Request, text: str, splices: Sequence[Splice], before: Reading, after: Reading
) -> tuple[str, ...]:
    splices = sorted(splices, key=lambda one: one.start)
    whole = request.way in (Way.VALUE, Way.VARIABLE, Way.REFERENCE)
    old = [Mask(one.start, one.end, f"<{request.old.masked}>") for one in splices if whole]
    old += masks_of(text, before.findings)
    new_text = apply(text, splices)
    new: list[Mask] = []
    if request.way in (Way.VARIABLE, Way.REFERENCE):
        new += [Mask(start, end, new_text[start:end]) for start, end in positions_after(splices)]
    elif value := request.value:
        new += [Mask(start, end, f"<{value.masked}>") for start, end in positions_after(splices)]
    new += masks_of(new_text, after.findings)
    hidden = [one.secret for one in before.findings if one.secret]
    return diff(text, splices, old, new, [request.old, *([request.new] if request.new else []), *hidden])


def _remarks(request: Request, held: Opened, splices: Sequence[Splice], before: Reading) -> list[str]:
    remarks = [_PLAIN] if request.way is Way.VALUE else []
    remarks += [f"Look at the rest of the file by hand: {reason}." for reason in before.skipped]
    if held.document.links > 1:
        remarks.append(f"{request.path} has other names (hard links): they keep the old content.")
    if lines := _still_there(request, held.text, splices):
        remarks.append(
            f"The old value also stands in line {lines}, where the check reads no secret: it is left as it is."
        )
    return remarks


def _still_there(request: Request, text: str, splices: Sequence[Splice]) -> str:
    """Lines in which the text of the old value stays."""
    if len(request.old) < _DISTINCTIVE and not request.old.form:
        return ""
    left = apply(text, splices)
    lines = sorted({left.count("\n", 0, one.start) + 1 for one in spellings(left, request.old, 0, len(left))})
    return ", ".join(map(str, lines[:5])) + (" and others" if len(lines) > 5 else "")


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def check_new_value(new: Secret | None) -> Secret:
    """Raises NotPlanned for a value that no file could hold in one line."""
    if not new:
        raise NotPlanned("there is no new value yet", "Generate it first.")
    if not new.is_text or _CONTROL.search(new.reveal()):
        raise NotPlanned("the new value holds a line break or another character that cannot be seen")
    return new


def line_table(held: Opened) -> LineTable:
    return LineTable(held.text)
