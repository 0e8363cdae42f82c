"""COPY and ADD of a file with a secret: the file is mounted into the RUNs that need it, and not copied any more."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.formats.dockerfile import exec_words
from guides.edits.json_text import Splice
from guides.images.draft import Draft, NotRewritten, RunDraft
from guides.images.lasting import copies, undoes
from guides.images.secret_files import SecretFile, secret_file
from guides.images.stages import Line

COPIES = ("COPY", "ADD")
_WORD = re.compile(r"\S+")
_PATTERN = re.compile(r"[*?\[\]$]")


@dataclass(frozen=True, slots=True)
class Copy:
    """One COPY or ADD from the build context. Spans are offsets of the instruction's text."""

    line: Line
    sources: tuple[tuple[str, int, int], ...]
    target: str

    def places(self, source: str) -> Iterator[str]:
        """Where this source may land: absolute, or as the end of a path where only the base image names the folder."""
        known = self.target.startswith("/") or self.line.folder
        where = posixpath.normpath(posixpath.join(self.line.folder, self.target)) if known else f"*/{self.target}"
        where = posixpath.normpath(where)
        yield posixpath.join(where, posixpath.basename(source.rstrip("/")))
        if len(self.sources) == 1 and not self.target.endswith("/"):
            yield where


def copy_of(line: Line) -> Copy | None:
    """None for what copies from another stage, a list of words, a here-document or a Git address."""
    text = line.instruction.text.text
    if line.name not in COPIES or exec_words(text) or line.instruction.heredocs:
        return None
    words = [(one.group(), one.start(), one.end()) for one in _WORD.finditer(text)]
    while words and words[0][0].startswith("--"):
        if words.pop(0)[0].startswith("--from="):
            return None
    return Copy(line, tuple(words[:-1]), words[-1][0]) if len(words) > 1 else None


@dataclass(frozen=True, slots=True)
class Brought:
    """A source of a COPY that brings a file into the image: `named` itself, or inside a folder."""

    source: tuple[str, int, int]
    named: bool
    inside: str
    """The file's path in the build context."""


def brought(copy: Copy, path: str, context: Path | None) -> list[Brought]:
    """The sources that bring the file which lies at this path of the image: those that name it, else folders."""
    named = [Brought(one, True, posixpath.normpath(one[0])) for one in copy.sources if _is_named(copy, one[0], path)]
    return named or [
        Brought(one, False, inside) for one in copy.sources if (inside := _within(copy, one[0], path, context))
    ]


def without_files(draft: Draft, paths: Iterable[str], context: Path | None) -> None:
    """Takes files of an image, named by their absolute paths there, out of what is copied. Raises NotRewritten."""
    for path in paths:
        _without(draft, path, context)


def _without(draft: Draft, path: str, context: Path | None) -> None:
    named: list[tuple[Copy, Brought]] = []
    whole: list[tuple[Copy, Brought]] = []
    for line in draft.stages.lines:
        _check_foreign(line, path)
        if copy := copy_of(line):
            for one in brought(copy, path, context):
                (named if one.named else whole).append((copy, one))
    if not named and not whole:
        how = "Look whether the base image holds it: then that one has to be built anew."
        raise NotRewritten(f"no COPY of it brings {path}", how)
    _cut(draft, named)
    bringing = named or whole
    _mount(draft, [copy.line for copy, _ in bringing], path, bringing[0][1].inside)


def _is_named(copy: Copy, source: str, path: str) -> bool:
    if _PATTERN.search(source) or not posixpath.basename(source):
        return False
    if posixpath.basename(source) != posixpath.basename(path):
        return _ends(copy, path, source)
    return any(_same(place, path) for place in copy.places(source))


def _ends(copy: Copy, path: str, source: str) -> bool:
    """`COPY npmrc /app/.npmrc`: the copy has another name."""
    renamed = len(copy.sources) == 1 and posixpath.basename(copy.target) == posixpath.basename(path)
    return renamed and any(_same(place, path) for place in copy.places(source))


def _same(place: str, path: str) -> bool:
    return path.endswith(place[1:]) if place.startswith("*/") else place == path


def _within(copy: Copy, source: str, path: str, context: Path | None) -> str:
    """The file's path in the build context, where this source is a folder that holds it; else an empty text."""
    if _PATTERN.search(copy.target) or (copy.line.folder == "" and not copy.target.startswith("/")):
        return ""
    whole = source.rstrip("/") in (".", "*", "./*")
    if not whole and not (context and (context / source.lstrip("/")).is_dir()):
        return ""
    where = posixpath.normpath(posixpath.join(copy.line.folder, copy.target))
    inside = posixpath.relpath(path, where)
    if inside.startswith("..") or inside == ".":
        return ""
    return posixpath.normpath(posixpath.join("." if "*" in source else source, inside))


def _mentions(path: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(posixpath.basename(path))}(?![\w-])")


def _check_foreign(line: Line, path: str) -> None:
    if line.name in COPIES and copy_of(line) is None and _mentions(path).search(line.instruction.text.text):
        raise NotRewritten(f"it copies {path} from another stage, or in a form that is not understood", line=line)


def _cut(draft: Draft, named: list[tuple[Copy, Brought]]) -> None:
    """Takes the sources out of their instruction, and the instruction with the last of them."""
    for copy in {id(copy): copy for copy, _ in named}.values():
        gone = {one.source for held, one in named if held is copy}
        if len(gone) == len(copy.sources):
            draft.remove(copy.line)
            continue
        text, following = copy.line.instruction.text, [*copy.sources[1:], None]
        for source, behind in zip(copy.sources, following, strict=True):
            if source not in gone:
                continue
            end = text.first(behind[1]) if behind else text.first(_next_word(text.text, source[2]))
            draft.cuts.append(Splice(text.first(source[1]), end, ""))


def _next_word(text: str, position: int) -> int:
    found = _WORD.search(text, position)
    return found.start() if found else len(text)


def _mount(draft: Draft, lines: list[Line], path: str, source: str) -> None:
    """The file for each RUN behind the copies that reads it; what only tidied up after it goes."""
    held_file = secret_file(path)
    after = dict.fromkeys(one.start for line in lines for one in draft.stages.after(line) if one.name == "RUN")
    using = [run for run in (draft.runs[start] for start in after) if _uses(run, held_file, path)]
    if not using:
        draft.note(
            f"No RUN needs {path}. Where the program does, give it the file when the container starts: "
            "docker run --volume FILE:PATH:ro, or a secret of compose."
        )
        return
    held = draft.give(held_file.id, f"src={source}")
    for run in using:
        run.check()
        run.mount(held, path)


def _uses(run: RunDraft, held: SecretFile, path: str) -> bool:
    mentions, basename, found = _mentions(path), posixpath.basename(path), False
    for number, part in enumerate(run.chain.parts):
        named = bool(mentions.search(part.text))
        if named and all(undoes(command, basename) for command in part.commands):
            run.check()
            run.drop(number)
        elif named and copies(part):
            raise NotRewritten(f"another command makes a copy of {basename}", line=run.line)
        elif named or held.readers.intersection(part.programs):
            found = True
    return found and not run.removed
