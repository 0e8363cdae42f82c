"""A key's id beside its secret: both change together, or the file holds a pair that fits nobody."""

from __future__ import annotations

import re
from dataclasses import replace

from checks.files.reading import NotRead, read_file
from checks.model.secret import Secret
from guides.edits.applying import MOST_BYTES
from guides.edits.digest import digest
from guides.edits.edit import Cut, ValueEdit, spliced

_ID = re.compile(r"[A-Z0-9]{16,40}|[0-9a-f]{40}")
"""Amazon's ids, and Google's: written alike in every format, and nothing else by chance."""


def with_key_id(edit: ValueEdit, old: str, new: str) -> ValueEdit:
    """The edit, which then also changes this id wherever the file spells it; the edit as it is where that is nowhere,
    where the two are no ids, or where the file changed since."""
    if old == new or len(old) != len(new) or not (_ID.fullmatch(old) and _ID.fullmatch(new)):
        return edit
    try:
        data = read_file(edit.path, MOST_BYTES).data
    except NotRead:
        return edit
    found = [match.span() for match in re.finditer(rb"(?<![A-Za-z0-9])%b(?![A-Za-z0-9])" % old.encode(), data)]
    free = [span for span in found if all(span[1] <= cut.start or cut.end <= span[0] for cut in edit.cuts)]
    if not free or digest(edit.workstation.key, data) != edit.before:
        return edit
    added = {Cut(start, end, new.encode()): Secret(old) for start, end in free}
    both = {**dict(zip(edit.cuts, edit.removed, strict=True)), **added}
    cuts = tuple(sorted(both, key=lambda cut: cut.start))
    lines = [data.count(b"\n", 0, start) + 1 for start, _ in free]
    return replace(
        edit,
        cuts=cuts,
        removed=tuple(both[cut] for cut in cuts),
        after=digest(edit.workstation.key, spliced(data, cuts)),
        preview=(*edit.preview, *(f"  line {line}: the key id {old} becomes {new}" for line in lines)),
    )
