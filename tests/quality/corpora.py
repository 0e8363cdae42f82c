"""Files that others wrote: installed packages, the standard library, and popular packages where their clients work."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PYTHON_PACKAGES = [
    "ansible-core", "awscli", "boto3", "celery", "checkov", "dagster", "django", "docker", "flask", "httpie",
    "jupyterlab", "kubernetes", "localstack-core", "mlflow", "molecule", "paramiko", "prefect", "scrapy",
    "sphinx", "sqlalchemy", "twine",
]  # fmt: skip
NODE_PACKAGES = [
    "aws-sdk", "axios", "dockerode", "eslint", "express", "firebase-tools", "jsonwebtoken", "mongoose",
    "nodemailer", "npm", "passport", "pg", "redis", "sequelize", "serverless", "snyk", "webpack",
]  # fmt: skip
_SECONDS = 120
_TOO_MUCH = 400 * 1024 * 1024
"""Bytes of one unpacked package."""


@dataclass(frozen=True, slots=True)
class Corpus:
    name: str
    paths: tuple[Path, ...]


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dockhygiene-quality"


def corpora() -> Iterator[Corpus | str]:
    """Each tree of files, and a line for each that could not be had."""
    yield Corpus("site-packages", (Path(sysconfig.get_path("purelib")),))
    library = Path(sysconfig.get_path("stdlib"))
    yield Corpus("this Python and what is installed in it", (library,))
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
           "--only-binary", ":all:", "--dest"]  # fmt: skip
    yield from _fetched(folder, "python", PYTHON_PACKAGES, pip)
    if npm := shutil.which("npm"):
        pack = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination"]
        yield from _fetched(folder, "node", NODE_PACKAGES, pack)
    else:
        yield "npm is not installed: its packages were not looked at"


def _fetched(folder: Path, kind: str, names: list[str], client: list[str]) -> Iterator[Corpus | str]:
    """Fetches what is not in the cache, once; what cannot be fetched is said."""
    missing = []
    for name in names:
        tree = folder / kind / name
        if not tree.is_dir() and not _fetch(tree, folder / "archives" / kind / name, [*client], name):
            missing.append(name)
        if tree.is_dir():
            yield Corpus(f"{kind}: {name}", (tree,))
    if missing:
        yield f"could not be fetched ({kind}): {', '.join(missing)}"


def _fetch(tree: Path, archives: Path, client: list[str], name: str) -> bool:
    archives.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run([*client, str(archives), name], capture_output=True, timeout=_SECONDS, cwd=archives)
    except subprocess.TimeoutExpired:
        return False
    archive = next(iter(sorted(archives.iterdir())), None)
    if done.returncode or not archive:
        return False
    partial = tree.with_name(f"{tree.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    _unpack(archive, partial)
    partial.rename(tree)
    return True


def _unpack(archive: Path, to: Path) -> None:
    to.mkdir(parents=True)
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as wheel:
            if sum(one.file_size for one in wheel.infolist()) < _TOO_MUCH:
                wheel.extractall(to)
    else:
        with tarfile.open(archive) as packed:
            packed.extractall(to, filter="data")
