"""The self-contained file: what is in it, and that it needs nothing of the environment that built it."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import jeepney
import pytest

from guides.stores.own.build import build, version_of
from guides.stores.own.install import outliving_python
from guides.stores.own.program import VERSION
from tests.services.secret_service import SecretServiceHome

ROOT = Path(__file__).parents[4]


def test_the_same_inputs_give_the_same_bytes() -> None:
    interpreter = outliving_python()
    assert build(interpreter) == build(interpreter)


def test_it_names_neither_the_environment_nor_the_source_tree(installed_helper: Path) -> None:
    content = installed_helper.read_bytes()
    assert version_of(content) == VERSION
    assert str(ROOT).encode() not in content
    assert sys.prefix.encode() not in content


def test_every_module_is_there_as_source_and_compiled(installed_helper: Path) -> None:
    names = zipfile.ZipFile(io.BytesIO(installed_helper.read_bytes())).namelist()
    sources = {name for name in names if name.endswith(".py")}
    assert {"__main__.py", "own/program.py", "jeepney/io/blocking.py", "keyring/backends/kwallet.py"} <= sources
    assert {f"{name}c" for name in sources} <= set(names)
    assert not [name for name in names if "checks" in name or "guides" in name or "/tests/" in name]


def test_the_fallback_s_packages_are_complete(installed_helper: Path) -> None:
    code = """
import sys
sys.path.insert(0, sys.argv[1])
import keyring.backends.kwallet, keyring.backends.libsecret, keyring.errors, own.keyring_backend
assert sys.argv[1] in keyring.backends.kwallet.__file__
print(own.keyring_backend.allowed_backend())
"""
    # The archive takes what this environment's Python needs; an older system Python lacks the fallback, and says so.
    python = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    command = [python, "-IS", "-c", code, installed_helper]
    done = subprocess.run(command, capture_output=True, text=True, env={})
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "None", "")


def other_pythons() -> list[str]:
    """Interpreters of another version than the one the archive was compiled for."""
    found = [shutil.which(f"python3.{minor}") for minor in range(9, 15)]
    folder = Path.home() / ".pyenv" / "versions"
    try:
        found += [str(path) for path in sorted(folder.glob("3.*/bin/python3"))]
    except OSError:
        pass  # somebody else's home folder
    version = [outliving_python(), "-c", "import sys; print(sys.version_info[:2] >= (3, 9), sys.version_info[:2])"]
    own = subprocess.run(version, capture_output=True, text=True).stdout
    seen = {own}
    others = []
    for path in filter(None, found):
        done = subprocess.run([path, *version[1:]], capture_output=True, text=True)
        if done.returncode == 0 and done.stdout.startswith("True") and done.stdout not in seen:
            seen.add(done.stdout)
            others.append(path)
    return others


def test_another_python_uses_the_sources(installed_helper: Path, own_environ: dict[str, str]) -> None:
    others = other_pythons()
    if not others:
        pytest.skip("there is only one version of Python here")
    for python in others:
        done = subprocess.run(
            [python, "-IS", installed_helper, "list"], env=own_environ, capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, ""), python


def test_it_works_after_the_environment_that_built_it_is_gone(tmp_path: Path, keyring_home: SecretServiceHome) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    site = next(environment.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(f"{Path(jeepney.__file__).parents[1]}\n{ROOT}\n")
    home = tmp_path / "home"
    home.mkdir()
    code = "import os; from guides.stores.own.install import *; print(install(plan_install(os.environ)))"
    done = subprocess.run(
        [environment / "bin" / "python", "-c", code],
        env={"HOME": str(home), "PATH": f"{home}/.local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    shutil.rmtree(environment)
    environ = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "DBUS_SESSION_BUS_ADDRESS": keyring_home.environ["DBUS_SESSION_BUS_ADDRESS"],
    }
    ran = subprocess.run([done.stdout.strip(), "list"], env=environ, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("head", [b"", b"#!/bin/sh\n", b"#!/bin/sh\necho\nexit\n", b"\x7fELF", b"# dockhygiene\n\n\n"])
def test_a_foreign_file_is_not_ours(head: bytes) -> None:
    assert version_of(head) is None
