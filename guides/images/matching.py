"""Which Dockerfile made an image: by the instructions that its build history repeats, else by what its findings name.

The history writes a RUN as it was, a COPY with its target, an ENV with its names. Nothing of it is shown.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from checks import container_builds
from checks.files.reading import NotRead, read_file
from checks.files.walk import Folder, walk_folders
from checks.formats.compression import Budget
from checks.formats.dockerfile import command_of
from checks.formats.encodings import text_of
from checks.formats.streams import Damaged
from checks.images.archive import LayoutFolder, Store, open_archive
from checks.images.history import read_history_line
from checks.images.manifests import images_of
from checks.images.model import HistoryLine
from checks.model.workstation import MEBIBYTE, Workstation
from checks.trees.left_out import third_party
from checks.trees.repositories import work_trees
from guides.images.context import context_of
from guides.images.copies import brought, copy_of
from guides.images.stages import Line, Stages, read_stages
from guides.images.told import Told
from guides.images.variables import SETS, settings

LONGEST = 20.0
"""Seconds that the search for repositories may take."""
_ENOUGH = 0.6
"""Share of a Dockerfile's last stage that a history must repeat: the rest may have been edited since."""
_TELLING = ("RUN", "COPY", "ADD", "ENV")
Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Traces:
    """What is known of the Dockerfile: steps of histories, and what the findings name."""

    steps: frozenset[Step]
    told: Told


def history_steps(lines: Iterable[HistoryLine]) -> Iterator[Step]:
    for line in lines:
        made = read_history_line(line.created_by)
        if made.instruction in _TELLING:
            yield _step(made.instruction, made.text)


def archive_steps(path: Path, images: Collection[str]) -> Iterator[Step]:
    """Of the images in this archive, or layout folder, that findings call so. Nothing where it cannot be read."""
    try:
        if path.is_dir():
            yield from _of_store(LayoutFolder(path), images)
            return
        with open_archive(path, Budget()) as store:
            if store:
                yield from _of_store(store, images)
    except (Damaged, OSError):
        return


def _of_store(store: Store, images: Collection[str]) -> Iterator[Step]:
    for image in images_of(store).images:
        if (", ".join(image.tags[:3]) or image.config_digest) in images:
            yield from history_steps(image.history)


def dockerfiles(workstation: Workstation, folders: Collection[Path]) -> Iterator[Path]:
    """In these folders, and in the repositories of this workstation; each once."""
    found = work_trees(workstation, third_party, time.monotonic() + LONGEST)
    seen: set[str] = set()
    for top in (*folders, *(one for one in found if isinstance(one, Path))):
        for folder in walk_folders(workstation, str(top), third_party):
            for entry in folder.files if isinstance(folder, Folder) else ():
                path = Path(entry.path)
                if entry.path not in seen and container_builds.claims(path) and path.suffix != ".dockerignore":
                    seen.add(entry.path)
                    yield path


def best_of(candidates: Iterable[Path], traces: Traces) -> tuple[Path, ...]:
    """Those that fit best, all of them where several fit as well. Empty where none does."""
    rated = [(rating, path) for path in candidates if (rating := _rating(path, traces)) > 0]
    best = max((rating for rating, _ in rated), default=0.0)
    return tuple(sorted(path for rating, path in rated if rating == best))


def _rating(path: Path, traces: Traces) -> float:
    try:
        text = text_of(read_file(path, MEBIBYTE).data)
    except NotRead:
        return 0.0
    stages = read_stages(text)
    if not traces.steps:
        return 1.0 if traces.told and _names_all(stages, traces.told, context_of(path, text)) else 0.0
    steps = [_step(*written) for line in _last_stage(stages) if (written := _written(line))]
    share = sum(one in traces.steps for one in steps) / len(steps) if steps else 0.0
    return share if share >= _ENOUGH else 0.0


def _last_stage(stages: Stages) -> list[Line]:
    """The instructions that end up in the image: of the last stage, and of those that it is made from."""
    line: set[int | None] = set()
    stage: int | None = len(stages.parents) - 1
    while stage is not None and stage >= 0:
        line.add(stage)
        stage = stages.parents[stage]
    return [one for one in stages.lines if one.stage in line and one.name in _TELLING]


def _names_all(stages: Stages, told: Told, context: Path) -> bool:
    names = {one.name for line in stages.lines if line.name in SETS for one in settings(line)}
    copies = [copy for line in stages.lines if (copy := copy_of(line))]
    return set(told.variables) <= names and all(
        any(brought(copy, path, context) for copy in copies) for path in told.files
    )


def _written(line: Line) -> Step | None:
    if line.name == "RUN":
        return "RUN", command_of(line.instruction).text
    return line.name, line.instruction.text.text


def _step(name: str, text: str) -> Step:
    """A form that the Dockerfile and every builder's history have in common."""
    words = text.split()
    if name == "RUN":
        return name, " ".join(word for word in words if word != "\\")
    if name == "ENV":
        return name, (words[0] if words else "").partition("=")[0]
    target = words[-1].strip("\"'[]") if words else ""
    return "COPY", target.removeprefix("./").rstrip("/")
