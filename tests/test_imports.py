"""The layers hold, looking opens no connection, and the three packages are what an installation puts side by side."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("checks", "guides", "tui")
NETWORK = {"socket", "ssl", "http", "urllib.request", "requests", "urllib3", "smtplib", "ftplib", "asyncio"}


def test_the_contracts_of_import_linter() -> None:
    program = Path(sys.prefix, "bin", "lint-imports")
    assert program.exists(), "import-linter is not installed: pip install -e .[dev]"
    done = subprocess.run(
        [program, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_checks_import_nothing_that_opens_a_connection() -> None:
    for path in (ROOT / "checks").rglob("*.py"):
        for name in imports_of(path):
            assert not any(name == one or name.startswith(f"{one}.") for one in NETWORK), (path, name)


@pytest.mark.parametrize("code", ["import checks.catalog", "import checks.scan", "import tui.commands.scan"])
def test_a_scan_loads_nothing_that_opens_a_connection(code: str) -> None:
    heavy = ("http.client", "requests", "ssl", "docker")
    show = f"import sys; print([name for name in {heavy} if name in sys.modules])"
    argv = [sys.executable, "-c", f"{code}\n{show}"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr


def test_the_packages_are_siblings() -> None:
    specs = {name: importlib.util.find_spec(name) for name in PACKAGES}
    folders = {Path(spec.origin).parent for spec in specs.values() if spec and spec.origin}
    assert {folder.name for folder in folders} == set(PACKAGES)
    assert len({folder.parent for folder in folders}) == 1


def test_imports_across_packages_are_absolute() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                assert not (isinstance(node, ast.ImportFrom) and node.level > 1), (path, node.lineno)
