"""Where our helper is installed: a file of its own on the PATH that docker sees, kept when this environment goes."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checks.files.safe_path import path_entries, unsafe_entry, unsafe_program
from checks.formats.helper_names import PREFIX
from guides.stores.native import OWN
from guides.stores.own.build import build, version_of
from guides.stores.own.program import VERSION
from guides.stores.program import run_program
from guides.stores.store import StoreError, StoreMissing

NAME = PREFIX + OWN
PREFERRED = (".local/bin", "bin")
OLDEST_PYTHON = (3, 9)
MINIMAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""What programs get that were not started from a login shell: cron, systemd units, many desktop menus."""

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class InstallPlan:
    """What `install` will do, to be shown first. `replaces` is the version of ours that stands there, or None."""

    target: Path
    interpreter: Path
    content: bytes = field(repr=False)
    replaces: str | None
    warning: str = ""

    @property
    def size(self) -> int:
        return len(self.content)


def plan_install(environ: Mapping[str, str]) -> InstallPlan:
    """Chooses place and interpreter and builds the file; raises StoreMissing where there is no place for it."""
    target = _folder(environ) / NAME
    interpreter = outliving_python()
    replaces = _ours(target)
    return InstallPlan(target, interpreter, build(interpreter), replaces, minimal_path_warning(target))


def install(plan: InstallPlan) -> Path:
    """Writes the planned file, whole or not at all."""
    _ours(plan.target)  # a foreign file may have come since
    plan.target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    handle, name = tempfile.mkstemp(prefix=f".{NAME}.", dir=plan.target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(plan.content)
            file.flush()
            os.fchmod(file.fileno(), 0o755)
            os.fsync(file.fileno())
        temporary.replace(plan.target)
    except OSError as error:
        raise StoreError(f"{plan.target} could not be written: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)
    return plan.target


def uninstall(path: Path) -> None:
    """Removes our helper's file. The caller has moved what it held: items in the keyring stay where they are."""
    if _ours(path) is not None:
        path.unlink()


def installed(environ: Mapping[str, str]) -> tuple[Path, str] | None:
    """The installed file of ours that PATH finds first, and its version. Starts no program."""
    for entry in path_entries(environ):
        if unsafe_entry(entry):
            continue
        version = _version(Path(entry) / NAME)
        if version is not None:
            return Path(entry) / NAME, version
    return None


def outdated(environ: Mapping[str, str]) -> bool:
    """Whether an installed helper is of another version than this program."""
    found = installed(environ)
    return found is not None and found[1] != VERSION


def minimal_path_warning(target: Path) -> str:
    """What to say when programs without a login shell will not find the file, or nothing."""
    if str(target.parent) in MINIMAL_PATH.split(":"):
        return ""
    return (
        f"Programs that were not started from your shell (cron, systemd, some desktop menus) do not look in "
        f"{target.parent}: docker started by them will not find the helper and will fail to log in."
    )


def outliving_python() -> Path:
    """A Python that is still there when this environment is deleted: the system's, else the one beneath us."""
    base = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    for candidate in (Path("/usr/bin/python3"), base):
        if candidate.is_file() and unsafe_program(candidate) is None and _runs(candidate):
            return candidate
    raise StoreMissing("no Python that outlives this environment was found", "apt install python3")


def _runs(interpreter: Path) -> bool:
    code = f"import sys; sys.exit(sys.version_info[:2] < {OLDEST_PYTHON})"
    try:
        return run_program(interpreter, ("-IS", "-c", code), environ={}).status == 0
    except StoreError:
        return False


def _folder(environ: Mapping[str, str]) -> Path:
    """The best folder of PATH below the home folder: ours to write, nobody else's, and not a Python environment's."""
    home = Path(environ.get("HOME") or Path.home())
    found = list(_folders(environ, home))
    for relative in PREFERRED:
        if home / relative in found:
            return home / relative
    if found:
        return found[0]
    mend = 'add ~/.local/bin to PATH in ~/.profile (PATH="$HOME/.local/bin:$PATH") and log in again'
    raise StoreMissing(f"no folder below {home} that docker could find the helper in is on PATH", mend)


def _folders(environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    for entry in path_entries(environ):
        folder = Path(entry)
        if unsafe_entry(entry) or not folder.is_relative_to(home) or ".." in folder.parts:
            continue
        if any((parent / "pyvenv.cfg").exists() for parent in (folder, *folder.parents)):
            continue
        there = next(each for each in (folder, *folder.parents) if each.exists())
        if there.is_dir() and there.resolve().is_relative_to(home.resolve()) and os.access(there, os.W_OK | os.X_OK):
            yield folder


def _ours(path: Path) -> str | None:
    """The version of ours at this path, None when nothing is there; raises StoreError for a foreign file."""
    if not path.exists() and not path.is_symlink():
        return None
    version = None if path.is_symlink() else _version(path)
    if version is None:
        raise StoreError(f"{path} is there already and is not ours", "move it away first")
    return version


def _version(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return version_of(file.read(HEAD_BYTES))
    except OSError:
        return None
