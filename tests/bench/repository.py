"""A repository of realistic size: the standard library and installed packages, edited in thousands of commits.

Made once and kept, since packing it takes minutes; what is planted is new in every run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.bench.peers import kept_folder
from tests.bench.planted import auth, github_token, hub_token, word

COMMITS, FILES, EDITED = 14_000, 3000, 3
_SEED = 20261124
_LARGEST, _SMALLEST = 60_000, 400
_QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.defpath, "HOME": "/nonexistent"}


def repository(folder: Path) -> dict[str, str]:
    """A bare copy in this folder, with planted secrets: what was planted by the path of its file."""
    kept = kept_folder() / f"repository-{COMMITS}.git"
    if not kept.exists():
        _make(kept)
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    return _plant(folder)


def _make(place: Path) -> None:
    print(f"  making a repository of {COMMITS:,} commits, once", flush=True)
    new = place.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    _git(None, "init", "--quiet", "--bare", "--initial-branch=main", str(new))
    _import(new, _edits())
    _git(new, "repack", "-adfq", "--window=20")
    _git(new, "pack-refs", "--all")
    new.rename(place)


def _edits() -> Iterator[bytes]:
    """The stream of git-fast-import(1): all files at once, then some lines of some files in each commit."""
    random = Random(_SEED)
    texts = {path: data.split(b"\n") for path, data in _sources()}
    names = sorted(texts)
    for number in range(COMMITS):
        chosen = names if not number else random.sample(names, random.randint(1, EDITED))
        yield _commit(number, b"edit %d" % number)
        for name in chosen:
            text = texts[name]
            for at in _hunks(random, len(text)) if number else ():
                size = random.randint(1, 6)
                text[at : at + size] = random.sample(text, min(random.randint(0, 8), len(text)))
            yield _file(name, b"\n".join(text))


def _hunks(random: Random, lines: int) -> Iterator[int]:
    """Where a commit changes a file: in one region mostly, and sometimes among the imports too."""
    at = random.randrange(lines)
    for _ in range(random.choice((1, 1, 2, 3))):
        yield min(max(at + random.randint(-40, 40), 0), lines - 1)
    if random.random() < 0.25:
        yield random.randrange(min(lines, 30))


def _sources() -> Iterator[tuple[str, bytes]]:
    found = 0
    for top in (Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))):
        for path in sorted(top.rglob("*.py")):
            if found < FILES and _SMALLEST < path.stat().st_size < _LARGEST and path.is_file():
                data = path.read_bytes()
                if data.count(b"\n") > 20:
                    found += 1
                    yield f"src/{top.name}/{path.relative_to(top)}", data


def _plant(folder: Path) -> dict[str, str]:
    """Secrets that come in one commit and go in the next."""
    tip = subprocess.check_output(["git", "-C", str(folder), "rev-parse", "refs/heads/main"], env=_QUIET, text=True)
    made = {
        **{f"deploy/token-{number}.py": f'TOKEN = "{github_token()}"\n' for number in range(6)},
        **{f"deploy/hub-{number}.cfg": f"hub_token = {hub_token()}\n" for number in range(6)},
        **{
            f"site-{number}/.docker/config.json": f'{{"auths": {{"ghcr.io": {{"auth": "{auth()}"}}}}}}\n'
            for number in range(4)
        },
        **{f"app-{number}/.env": f"REGISTRY_PASSWORD={word()}\n" for number in range(4)},
    }
    planted = {path: text.replace("\u00a7", "") for path, text in made.items()}

    def stream() -> Iterator[bytes]:
        for number, (path, text) in enumerate(planted.items()):
            yield _commit(COMMITS + 2 * number, b"add", tip.strip() if not number else "")
            yield _file(path, text.encode())
            yield _commit(COMMITS + 2 * number + 1, b"remove")
            yield b"D %s\n" % path.encode()

    _import(folder, stream())
    return planted


def _commit(number: int, message: bytes, parent: str = "") -> bytes:
    who = b"committer A Developer <dev@example.com> %d +0000\n" % (1_600_000_000 + 3600 * number)
    above = f"from {parent}\n".encode() if parent else b""
    return b"commit refs/heads/main\n" + who + b"data %d\n%s\n" % (len(message), message) + above


def _file(name: str, data: bytes) -> bytes:
    return b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(data), data)


def _import(folder: Path, stream: Iterator[bytes]) -> None:
    process = subprocess.Popen(["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE, env=_QUIET)
    assert process.stdin
    with process.stdin:
        for part in stream:
            process.stdin.write(part)
    if process.wait():
        raise RuntimeError("git fast-import failed")


def _git(folder: Path | None, *arguments: str) -> None:
    where = ["-C", str(folder)] if folder else []
    subprocess.run(["git", *where, *arguments], check=True, env=_QUIET)
