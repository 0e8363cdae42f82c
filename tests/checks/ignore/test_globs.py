from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.ignore.globs import LONGEST, MOST_PARTS, GlobError, compile_glob
from tests.services.require import require

NAME = st.text("ab.", min_size=1, max_size=4).filter(lambda name: name not in (".", ".."))
PATHS = st.lists(st.lists(NAME, min_size=1, max_size=5).map("/".join), min_size=1, max_size=30, unique=True)
SIGN = st.sampled_from(["a", "b", "*", "?", "[a]", "[!a]", "[a-b]", ".", "\\a", "\\*"])
PART = st.lists(SIGN, min_size=1, max_size=5).map("".join).filter(lambda part: part not in (".", "..", "**"))
GLOBS = st.builds(
    lambda slash, parts, end: slash + "/".join(parts) + end,
    st.sampled_from(["", "/"]),
    st.lists(st.one_of(PART, st.just("**")), min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
).filter(lambda glob: not glob.endswith("**/"))


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*.env", "a.env"),
        ("*.env", "deep/down/a.env"),
        ("tests", "src/tests/a"),
        ("tests/", "src/tests/a"),
        ("tests/**", "tests/a/b"),
        ("/tests", "tests/a"),
        ("a/**/b", "a/b"),
        ("a/**/b", "a/x/y/b/c"),
        ("**/b/c", "x/b/x/b/c"),
        ("**/b/**/c", "b/x/c"),
        ("a?c", "abc"),
        ("[!x]a", "ba"),
        ("[]]a", "]a"),
        ("\\*", "*"),
        ("**", "a"),
        ("*a*b", "aab"),
        ("x*y*y", "xyyy"),
        ("*", ".hidden"),
        ("?", "\udcff"),
        ("a[b", "a[b"),
        ("./tests/x", "tests/x"),
    ],
)
def test_fits(glob: str, path: str) -> None:
    assert compile_glob(glob).matches(path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*.env", "a.envs"),
        ("tests/", "tests"),
        ("tests/**", "tests"),
        ("tests/**", "src/tests/a"),
        ("/tests", "src/tests"),
        ("a/*/c", "a/b/b/c"),
        ("a?c", "a/c"),
        ("a*c", "a/c"),
        ("[!x]a", "xa"),
        ("\\*", "a"),
        ("TESTS", "tests"),
        ("x*y*y", "xy"),
        ("tests", "attests"),
    ],
)
def test_does_not_fit(glob: str, path: str) -> None:
    assert not compile_glob(glob).matches(path)


@pytest.mark.parametrize("glob", ["", " ", "/", "./", "!a", "../a", "a/../b", "a\0", "a\nb", "[z-a]"])
def test_refused(glob: str) -> None:
    with pytest.raises(GlobError):
        compile_glob(glob)


def test_bounds() -> None:
    assert compile_glob("a" * LONGEST)
    with pytest.raises(GlobError, match="characters"):
        compile_glob("a" * (LONGEST + 1))
    with pytest.raises(GlobError, match="names"):
        compile_glob("/".join("a" * (MOST_PARTS + 1)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(glob=GLOBS, paths=PATHS)
def test_as_git_does(tmp_path: Path, glob: str, paths: list[str]) -> None:
    git = require("git", "git")
    environment = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "PATH": "/usr/bin:/bin"}
    if not (tmp_path / ".git").exists():
        subprocess.run([git, "init", "--quiet", str(tmp_path)], env=environment, check=True)
    (tmp_path / ".gitignore").write_text(f"{glob}\n")
    done = subprocess.run(
        [git, "check-ignore", "--no-index", "--stdin", "-z"],
        cwd=tmp_path,
        env=environment,
        input="\0".join(paths).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    ignored = set(done.stdout.decode().split("\0")) - {""}
    ours = compile_glob(glob)
    assert {path for path in paths if ours.matches(path)} == ignored


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*a" * 200 + "c", "a" * 255),
        ("**/a/" * 15 + "c", "a/" * 2000 + "b"),
        ("a/**/" * 15 + "c", "a/" * 2000 + "b"),
        ("[" * 499, "[" * 255),
    ],
)
def test_no_pattern_takes_long(glob: str, path: str) -> None:
    compiled = compile_glob(glob)
    assert not compiled.matches(path)
