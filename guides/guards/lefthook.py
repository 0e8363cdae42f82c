"""lefthook keeps its hooks in one file: a job of ours in it.

Seen with lefthook 2.2: `use_stdin` gives every job git's lines, `{1}` and `{2}` are replaced inside quotes too, a job
without a template for files runs for every push, and a changed file is taken up at the next run of any hook.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from checks.formats.yaml_positions import Node, member, walk
from guides.guards.entries import ByHand, Entry, Standing, document, indented, line_start, proven

_CALLS = b"call_lefthook"
_FILES = tuple(f"{stem}{end}" for stem in ("lefthook", ".lefthook", ".config/lefthook")
               for end in (".yml", ".yaml", ".toml", ".json", ".jsonc"))  # fmt: skip
_RUN = {
    "pre-commit": "run: dockhygiene guard run --staged\n",
    "pre-push": "run: dockhygiene guard run --pre-push '{1}' '{2}'\nuse_stdin: true\n",
}
_HEAD = "dockhygiene:  # dockhygiene guard\n"
_JOB = "- name: dockhygiene  # dockhygiene guard\n"


def is_lefthook(data: bytes) -> bool:
    """Whether a hook was written by lefthook."""
    return _CALLS in data


def lefthook_file(work_tree: Path) -> Path | None:
    """The file that lefthook reads here."""
    return next((work_tree / name for name in _FILES if (work_tree / name).is_file()), None)


def lefthook_entry(hook: str, path: Path) -> Entry:
    """Our job for this hook."""
    return Entry(
        "lefthook", path, partial(_standing, hook), partial(_added, hook), partial(_removed, hook), _new(hook),
        note="lefthook writes a hook that it had not written before with `lefthook install`.",
    )  # fmt: skip


def _command(hook: str) -> str:
    return _HEAD + indented(_RUN[hook], 2)


def _job(hook: str) -> str:
    return _JOB + indented(_RUN[hook], 2)


def _new(hook: str) -> str:
    return f"{hook}:\n  commands:\n{indented(_command(hook), 4)}"


def _standing(hook: str, text: str) -> Standing:
    try:
        root = document(text)
    except ByHand:
        named = "dockhygiene guard run" in text  # TOML, JSON: somebody wrote it there by hand
        return Standing.CHANGED if named else Standing.MISSING
    if _found(hook, text):
        return Standing.OURS
    held = member(root, hook)
    named = any("dockhygiene guard run" in node.text for _, node in (walk(held) if held else ()))
    return Standing.CHANGED if named else Standing.MISSING


def _added(hook: str, text: str) -> str:
    root = document(text)
    held = member(root, hook)
    if held is None:
        after = f"{text}{_gap(text)}{_new(hook)}"
        wanted = _new(hook)
    elif (jobs := member(held, "jobs")) and jobs.items:
        after = _before(text, jobs.items[0], _job(hook))
        wanted = f"a:\n{indented(_job(hook), 2)}"
    elif (commands := member(held, "commands")) and commands.members:
        after = _before(text, commands.members[0].key, _command(hook))
        wanted = _command(hook)
    elif held.members:
        after = _before(text, held.members[0].key, f"commands:\n{indented(_command(hook), 2)}")
        wanted = _command(hook)
    else:
        raise ByHand(f"its {hook} is empty, or not a mapping")
    proven(text, after, wanted)
    return after


def _removed(hook: str, text: str) -> str:
    found = _found(hook, text)
    if not found:
        raise ByHand("the entry of dockhygiene was changed since")
    after = text[: found[0]] + text[found[1] :]
    proven(after, text, f"a:\n{indented(_job(hook), 2)}" if _JOB in text[found[0] : found[1]] else _command(hook))
    return after


def _found(hook: str, text: str) -> tuple[int, int] | None:
    """Where our entry for this hook stands, with the lines above it that hold nothing else."""
    for part in (_job(hook), _command(hook)):
        lines = [rf"(?P=indent){re.escape(line)}" for line in part.splitlines()]
        lines[0] = lines[0].replace("(?P=indent)", "(?P<indent> *)", 1)
        for match in re.finditer("^" + "\n".join(lines) + "(?:\n|\\Z)", text, re.MULTILINE):
            return _with_head(hook, text, match.start(), match.end())
    return None


def _with_head(hook: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Also `pre-push:` and `commands:` where this entry is all that they hold."""
    for head in ("commands:", f"{hook}:"):
        above = line_start(text, start - 1) if start else 0
        columns = len(text[above:start]) - len(text[above:start].lstrip(" "))
        rest = text[end:].lstrip("\n")
        deeper = rest and len(rest) - len(rest.lstrip(" ")) > columns
        if text[above:start].strip() != head or deeper:
            break
        start = above
    if text[:start].endswith("\n\n") and not text[end:].strip():
        start -= 1  # the empty line that was put before it
    return start, end


def _before(text: str, node: Node, entry: str) -> str:
    """The entry put before a node, in its column. Raises ByHand where the node does not begin its line."""
    start = line_start(text, node.start)
    lead = re.match(r" *(?:- +)?", text[start:])
    columns = len(text[start:]) - len(text[start:].lstrip(" "))
    if node.kind != "scalar" and not (lead and "-" in lead.group()):
        raise ByHand("it is not written in the usual block form of YAML")
    return text[:start] + indented(entry, columns) + text[start:]


def _gap(text: str) -> str:
    if not text.strip():
        return ""
    return "\n" if text.endswith("\n") else "\n\n"
