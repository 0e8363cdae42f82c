"""A downloaded key file: JSON in which a private key stands escaped in one string, with its id in another."""

from __future__ import annotations

import json
import re
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.model.check import Check
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.edits.applying import MOST_BYTES
from guides.edits.atomic import Target
from guides.edits.digest import digest
from guides.edits.edit import Cut, ToDo, ValueEdit, Way, spliced

_HOW = "Write the new key file in its place by hand, and let dockhygiene look again."


def plan_key_file(
    workstation: Workstation, check: Check, path: Path, old: Secret, new: Secret, field: str = "private_key"
) -> ValueEdit | ToDo:
    """The file's field with the new value. Proven in memory: it is read back from there, and all else is as before."""
    try:
        data = read_file(path, MOST_BYTES).data
        before = json.loads(data)
    except (NotRead, ValueError, RecursionError):
        return ToDo(str(path), None, "it cannot be read as JSON", _HOW)
    wanted = json.dumps(old.reveal())[1:-1].encode()
    spans = [match.span() for match in re.finditer(re.escape(wanted), data)]
    cuts = tuple(Cut(start, end, json.dumps(new.reveal())[1:-1].encode()) for start, end in spans)
    after = spliced(data, cuts)
    if len(cuts) != 1 or not isinstance(before, dict) or json.loads(after) != {**before, field: new.reveal()}:
        return ToDo(str(path), None, "the key is written there in another way than it is downloaded", _HOW)
    line = data.count(b"\n", 0, cuts[0].start) + 1
    target = Target.of(path)
    if refusal := target.refusal():
        return ToDo(str(path), line, refusal, _HOW)
    return ValueEdit(
        path=path,
        target=target,
        way=Way.VALUE,
        check=check,
        workstation=workstation,
        old=old,
        cuts=cuts,
        removed=(Secret(wanted.decode("latin-1")),),
        before=digest(workstation.key, data),
        after=digest(workstation.key, after),
        preview=(f"  line {line}: the private key ({old.masked}) becomes the new one",),
        notes=("It is still a key in plain text: better none, with a helper or workload identity.",),
    )
