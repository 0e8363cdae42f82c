"""Builds our helper as one file: a zip archive with a first line that names a Python which outlives this environment.

The same inputs give the same bytes. Every module stands in it twice, as source and compiled for the interpreter of
the first line: zipimport takes the compiled one, and falls back to the source after that interpreter was upgraded.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path, PurePath

from guides.stores.own.program import VERSION
from guides.stores.program import run_program
from guides.stores.store import StoreError

MARKER = b"# dockhygiene's credential helper, version "
"""The second line of the file: by it we know our own."""

NOT_PURE = frozenset({"secretstorage", "cryptography", "pywin32-ctypes"})
"""Needed by keyring's backends of other kinds; compiled parts cannot be in an archive. We speak D-Bus ourselves."""

LEFT_OUT = ("tests", "testing", "devpi_client", "cli", "trio", "asyncio", "threading")

START = b"from own.program import main\n\nmain()\n"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The only time stamp in the archive: zip knows no earlier one."""


def build(interpreter: Path) -> bytes:
    """The whole file for this interpreter; raises StoreError when something it needs is not installed here."""
    sources = dict(sorted(_sources()))
    files = sources | _compiled(interpreter, sources)
    archive = io.BytesIO()
    # stored, not compressed: reading it needs no zlib, and it is small
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EARLIEST)
            info.external_attr = 0o644 << 16
            target.writestr(info, files[name])
    return b"#!%s -IS\n%s%s\n" % (str(interpreter).encode(), MARKER, VERSION.encode()) + archive.getvalue()


def version_of(head: bytes) -> str | None:
    """The version of our helper whose file begins so, or None for a foreign file."""
    lines = head.split(b"\n", 2)
    if len(lines) < 3 or not lines[0].startswith(b"#!") or not lines[1].startswith(MARKER):
        return None
    return lines[1].removeprefix(MARKER).decode("ascii", "replace")


def _sources() -> Iterator[tuple[str, bytes]]:
    yield "__main__.py", START
    own = Path(__file__).parent
    for name in ("__init__", "program", "verbs", "trouble", "secret_service", "keyring_backend"):
        yield f"own/{name}.py", (own / f"{name}.py").read_bytes()
    names = {name: content for each in sorted(_with_needs({"jeepney", "keyring"})) for name, content in _modules(each)}
    yield from names.items()
    for folder in {str(parent) for name in names for parent in PurePath(name).parents} - {"."}:
        if f"{folder}/__init__.py" not in names:
            yield f"{folder}/__init__.py", b""  # zipimport does not see a folder without one as a package


def _with_needs(wanted: set[str]) -> set[str]:
    """These distributions and all they need, as far as it is installed here: what is not, this Python does without."""
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            if name in ("jeepney", "keyring"):
                raise StoreError(f"the Python package {name} is not installed", "install dockhygiene again") from None
            continue
        found.add(name)
        names = {re.split(r"[^\w.-]", need, maxsplit=1)[0].lower() for need in needs if "extra ==" not in need}
        wanted |= names - found - NOT_PURE
    return found


def _modules(distribution: str) -> Iterator[tuple[str, bytes]]:
    """The Python sources of an installed distribution, by its own list of files."""
    for file in metadata.files(distribution) or []:
        left_out = any(part.removesuffix(".py") in LEFT_OUT or part == ".." for part in file.parts)
        if file.suffix == ".py" and not left_out:
            yield file.as_posix(), Path(str(file.locate())).read_bytes()


def _compiled(interpreter: Path, sources: dict[str, bytes]) -> dict[str, bytes]:
    """The modules compiled by the interpreter that will run them, beside their sources."""
    with tempfile.TemporaryDirectory(prefix="dockhygiene-build-") as folder:
        for name, content in sources.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        # unchecked: the archive is replaced as a whole, so sources are never newer; -s keeps this folder out of them
        options = ("-m", "compileall", "-b", "-q", "--invalidation-mode", "unchecked-hash", "-s", folder)
        # a failure stays unread: a module for a newer Python remains a source
        run_program(interpreter, ("-sSB", *options, folder), environ={"PYTHONHASHSEED": "0"}, timeout=120)
        found = {f"{name}c": Path(folder, f"{name}c") for name in sources}
        return {name: path.read_bytes() for name, path in found.items() if path.is_file()}
