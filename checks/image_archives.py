"""Images that lie in files: what `docker save`, skopeo, umoci and BuildKit write, plain or packed, and layout folders.

They are known by their content. Which files are looked into is told by their names, and by their first bytes where a
name has no ending.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from checks.formats.compression import Packing, packing_of
from checks.formats.tar import BLOCK, is_tar
from checks.images.model import CHECK
from checks.model.finding import Observation
from checks.model.workstation import Workstation

id = CHECK  # noqa: A001  the protocol's name
title = "image archives"

_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.zstd", ".tzst", ".tar.xz", ".txz", ".tar.bz2", ".oci")
_INDEX, _LAYOUT = "index.json", "oci-layout"


def survey(_: Workstation) -> Iterator[Observation]:
    """Archives lie anywhere: they are looked at below a PATH, and in the work trees."""
    return iter(())


def may_claim(name: str, folder: str) -> bool:
    return name.endswith(_ENDINGS) or name == _INDEX or "." not in name


def claims(path: Path) -> bool:
    name = path.name.lower()
    if name == _INDEX:
        return (path.parent / _LAYOUT).is_file()
    return name.endswith(_ENDINGS) or ("." not in name and (bool(_layout_of(path)) or _is_packed(path)))


def read_with(workstation: Workstation, path: Path) -> bool:
    """Whether this file is read with another one, so that no check looks at it by itself: a blob with its index.

    Where the person named nothing but blobs, these are all there is to look at.
    """
    layout = _layout_of(path)
    if not layout:
        return False
    return not workstation.named or any(layout.is_relative_to(top) for top in workstation.named)


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    from checks.catalog import CHECKS  # it imports every parser, in the process that needs them
    from checks.images.reading import read_archive, read_layout
    from checks.trees.contents import Contents

    contents = Contents(workstation, CHECKS)
    if path.name.lower() == _INDEX:
        yield from read_layout(workstation, path.parent, contents)
    else:
        yield from read_archive(workstation, path, contents)


def _layout_of(blob: Path) -> Path | None:
    """The layout that a file under `blobs/ALGORITHM/` is part of."""
    top = blob.parent.parent.parent
    is_blob = blob.parent.parent.name == "blobs" and (top / _LAYOUT).is_file() and (top / _INDEX).is_file()
    return top if is_blob else None


def _is_packed(path: Path) -> bool:
    """Whether a file without an ending begins like an archive, or like a packed file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError):
        return False
    try:
        start = os.read(descriptor, BLOCK) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return bool(start) and (packing_of(start) is not Packing.PLAIN or is_tar(start))
