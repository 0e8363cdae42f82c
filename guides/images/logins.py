"""A login that a command of a RUN stored: the command goes, and the commands that need it get the file by a mount."""

from __future__ import annotations

import posixpath

from guides.images.draft import Draft, NotRewritten, RunDraft
from guides.images.lasting import Written, undoes

_SOURCES = {"npmrc": "$HOME/.npmrc", "dockerconfig": "$HOME/.docker/config.json", "netrc": "$HOME/.netrc",
            "pipconf": "$HOME/.config/pip/pip.conf", "pypirc": "$HOME/.pypirc"}  # fmt: skip
_DOCKER = (
    "That config.json has to hold the login itself: where docker keeps it in a store, log in once with "
    "docker --config FOLDER login, and delete that folder after the build."
)


def login_file(draft: Draft, run: RunDraft, number: int, written: Written) -> None:
    """Drops the part that stores the login, and mounts the file for what reads it. Raises NotRewritten."""
    run.drop(number)
    held = draft.give(written.file.id, f"src={_SOURCES.get(written.file.id, posixpath.basename(written.target))}")
    if written.file.id == "dockerconfig":
        draft.note(_DOCKER)
    mounted = [one for one in _readers(draft, run, number, written) if not one.removed]
    for one in mounted:
        one.check()
        one.mount(held, written.target)
    if not mounted:
        draft.note(f"No RUN behind it reads {written.target}: what reads it when the container runs gets it there.")


def _readers(draft: Draft, run: RunDraft, number: int, written: Written) -> list[RunDraft]:
    """The RUNs in which a tool runs that reads the file; what takes the file away again goes too."""
    basename, found = posixpath.basename(written.target), []
    for one in [run, *(draft.run(line) for line in draft.stages.after(run.line) if line.name == "RUN")]:
        parts = one.chain.parts[number + 1 :] if one is run else one.chain.parts
        begin = len(one.chain.parts) - len(parts)
        for index, part in enumerate(parts, begin):
            if index in one.dropped:
                continue
            if all(undoes(command, basename) for command in part.commands):
                one.drop(index)
            elif written.file.readers.intersection(part.programs):
                found.append(one)
            elif basename in part.text:
                raise NotRewritten(f"another command uses {basename}", line=one.line)
    return list({id(one): one for one in found}.values())
