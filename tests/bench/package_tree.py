"""A tree of packages as it lies on a developer's disk: the standard library, wheels, and what is installed here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.peers import kept_folder

WHEELS = ("ansible==12.3.0", "botocore==1.44.5", "django==5.2.19", "jupyterlab==4.6.6", "kubernetes==37.0.2",
          "pandas==3.1.1", "plotly==7.1.0", "sympy==1.14.0")  # fmt: skip
"""YAML, JSON, JavaScript, C extensions and much Python; always the same versions, so that runs can be compared."""
_MOST_BYTES = 420_000_000


@dataclass(slots=True)
class PackageTree:
    """What a tree was made of. `text` are the bytes of files without a NUL byte in their first 8 kB."""

    top: Path
    files: int = 0
    bytes: int = 0
    text: int = 0
    notes: list[str] = field(default_factory=list)

    def described(self) -> str:
        size, text = self.bytes / 1e6, self.text / 1e6
        return "; ".join((f"{size:.0f} MB in {self.files:,} files, {text:.0f} MB of it text", *self.notes))


def package_tree(top: Path) -> PackageTree:
    """Copies into this folder until the size is reached: the same on the same machine."""
    tree = PackageTree(top)
    library = Path(sysconfig.get_path("stdlib"))
    _copy(tree, library, "library", leave_out=("site-packages", "dist-packages"))
    for name in WHEELS:
        _unpack(tree, name)
    for packages in _installed():
        if tree.bytes < _MOST_BYTES:
            before = tree.files
            _copy(tree, packages, f"installed-{packages.parents[2].name}")
            tree.notes.append(f"{tree.files - before:,} files are of installed packages")
    return tree


def _installed() -> list[Path]:
    own = Path(sysconfig.get_path("purelib"))
    base = Path(sysconfig.get_path("purelib", vars={"base": sys.base_prefix}))
    return [path for path in dict.fromkeys((own, base)) if path.is_dir()]


def _copy(tree: PackageTree, source: Path, name: str, leave_out: tuple[str, ...] = ()) -> None:
    """Regular files, up to the size of the tree; links would lead out of it."""
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(one for one in folders if one not in leave_out)
        target = tree.top / name / Path(folder).relative_to(source)
        target.mkdir(parents=True, exist_ok=True)
        for one in sorted(names):
            path = Path(folder, one)
            if tree.bytes >= _MOST_BYTES:
                return
            if path.is_file() and not path.is_symlink():
                _count(tree, Path(shutil.copyfile(path, target / one)))


def _unpack(tree: PackageTree, name: str) -> None:
    wheel = _wheel(name)
    if not wheel:
        tree.notes.append(f"without {name}, which pip could not download")
        return
    target = tree.top / "wheels" / name.partition("=")[0]
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if tree.bytes >= _MOST_BYTES:
                return
            if not member.is_dir():
                _count(tree, Path(archive.extract(member, target)))


def _wheel(name: str) -> Path | None:
    """Downloaded once, by pip; None where it cannot be had."""
    folder = kept_folder() / f"wheels-{sys.version_info.major}.{sys.version_info.minor}"
    project, _, version = name.partition("==")
    if not any(folder.glob(f"{project}-{version}-*.whl")):
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
             "--disable-pip-version-check", "--dest", folder, name],
            capture_output=True,
        )  # fmt: skip
    return next(folder.glob(f"{project}-{version}-*.whl"), None)


def _count(tree: PackageTree, path: Path) -> None:
    size = path.stat().st_size
    tree.files += 1
    tree.bytes += size
    with path.open("rb") as stream:
        tree.text += 0 if b"\0" in stream.read(8192) else size
