"""Which objects lie on the disk, told from the names of their files: where git ends at the first that is damaged.

Formats: gitrepository-layout(5), gitformat-pack(5) "Version 2 pack-*.idx files support packs larger than 4 GiB".
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from checks import late
from checks.files.reading import NotRead, read_file
from checks.formats.git_config import git_settings
from checks.git.objects import DAMAGED, check_objects, list_objects
from checks.git.runner import Git, GitError, GitSilent

_LOOSE = late.compile(r"[0-9a-f]{38}|[0-9a-f]{62}")
_FAN = late.compile(r"[0-9a-f]{2}")
_MOST_STORES = 20
_MOST_BROKEN = 1000
_SMALL = 1 << 20
_MAGIC = b"\xfftOc\0\0\0\2"
_LARGEST_INDEX = 1 << 30


def all_objects(git: Git) -> Iterator[tuple[bytes, bytes, int]]:
    """Kind, id and size of every object: as git lists them, or as they lie on the disk. Raises GitError."""
    told: set[bytes] = set()
    try:
        for one in list_objects(git):
            told.add(one[1])
            yield one
    except GitSilent:
        raise
    except GitError:
        if git.cancelled.is_set():
            raise
        yield from (one for one in list_stored(git) if one[1] not in told)


def list_stored(git: Git) -> Iterator[tuple[bytes, bytes, int]]:
    """Kind, id and size of every object that lies on the disk, whatever git makes of it."""
    names = sorted({name for store in stores(git.folder / "objects") for name in _names(store, _digest(git.folder))})
    for _ in range(_MOST_BROKEN):
        done = 0
        try:
            for one in check_objects(git, names):
                done += 1
                yield one
            return
        except GitSilent:
            raise
        except GitError:
            if git.cancelled.is_set():
                raise
            yield from ((DAMAGED, name, 0) for name in names[done : done + 1])
            names = names[done + 1 :]
    yield from ((DAMAGED, name, 0) for name in names)


def stores(objects: Path) -> list[Path]:
    """The folder of objects, and those that it borrows from; each once."""
    found = [objects.resolve()]
    for store in found:
        try:
            lines = read_file(store / "info" / "alternates", _SMALL).data.splitlines()
        except NotRead:
            continue
        for line in lines:
            other = store / os.fsdecode(line)
            try:
                other = other.resolve()
                usable = bool(line) and not line.startswith(b"#") and other.is_dir()
            except (OSError, ValueError, RuntimeError):
                continue
            if usable and other not in found and len(found) < _MOST_STORES:
                found.append(other)
    return found


def loose_files(store: Path) -> Iterator[os.DirEntry[str]]:
    """Files named like objects, in folders named like the first digits of their ids."""
    for folder in entries(store):
        if _FAN.fullmatch(folder.name):
            for entry in entries(Path(folder.path)):
                if _LOOSE.fullmatch(entry.name) and entry.is_file():
                    yield entry


def says_sha256(folder: Path) -> bool:
    """Whether this git folder's settings say that ids have 64 digits."""
    try:
        text = read_file(folder / "config", _SMALL).data.decode("utf-8", "replace")
    except NotRead:
        return False
    return any(
        (one.section, one.name) == ("extensions", "objectformat") and one.value and one.value.text.lower() == "sha256"
        for one in git_settings(text)
    )


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in this folder, as far as that can be seen."""
    try:
        with os.scandir(folder) as held:
            return list(held)
    except OSError:
        return []


def _digest(folder: Path) -> int:
    return 32 if says_sha256(folder) else 20


def _names(store: Path, digest: int) -> Iterator[bytes]:
    for entry in loose_files(store):
        name = os.path.basename(os.path.dirname(entry.path)) + entry.name  # noqa: PTH119, PTH120
        if len(name) == 2 * digest:
            yield name.encode()
    for entry in entries(store / "pack"):
        if entry.name.endswith(".idx") and entry.is_file():
            yield from _packed(Path(entry.path), digest)


def _packed(index: Path, digest: int) -> Iterator[bytes]:
    """The names in the index of one pack; those of a damaged one as far as it goes."""
    try:
        data = read_file(index, _LARGEST_INDEX).data
    except NotRead:
        return
    first = len(_MAGIC) + 256 * 4
    if not data.startswith(_MAGIC) or len(data) < first:
        return
    count = min(int.from_bytes(data[first - 4 : first], "big"), (len(data) - first) // digest)
    for at in range(first, first + count * digest, digest):
        yield data[at : at + digest].hex().encode()
