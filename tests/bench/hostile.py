"""Shapes that make scanners slow or large; for information."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.measuring import Failed, heading, shown, used
from tests.bench.scanning import ours

_SEED = 20261124


def run() -> None:
    heading("hostile shapes, ours alone")
    for name, make in SHAPES.items():
        with tempfile.TemporaryDirectory(prefix="dh-bench-") as folder:
            top, work = Path(folder, "scanned").resolve(), Path(folder, "work").resolve()
            top.mkdir()
            work.mkdir()
            make(top)
            scanner = ours(top, work, "scan", "--no-cache")
            try:
                usage = used(scanner.argv, scanner.environ, scanner.fine, sampled=True)
            except Failed as failed:
                print(f"  {name}: {failed}")
                continue
            shown(name, usage, f"{scanner.read()[0]:,} findings")


def _one_line(top: Path) -> None:
    """40 MB of JSON without a newline, with names that tell and values that do not."""
    chance = random.Random(_SEED)
    with (top / "line.json").open("w") as stream:
        stream.write("{")
        for number in range(400_000):
            stream.write(f'"token{number}": "{chance.choice(("", "none", "${TOKEN}"))}", "text": "{"word " * 12}", ')
        stream.write('"end": 0}')


def _hex(top: Path) -> None:
    chance = random.Random(_SEED)
    (top / "digests.txt").write_text("".join(f"{chance.randbytes(32).hex()}\n" for _ in range(60_000)))


def _named_hex(top: Path) -> None:
    chance = random.Random(_SEED)
    (top / "digests.json").write_text("".join(f'"token": "{chance.randbytes(32).hex()}",\n' for _ in range(60_000)))


def _quotes(top: Path) -> None:
    (top / "quotes.py").write_text("password = \"'`" * 700_000)


def _small_files(top: Path) -> None:
    for number in range(20_000):
        folder = top / str(number // 200)
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text(f"number = {number}\n")


def _depth(top: Path) -> None:
    for _ in range(600):
        top /= "d"
        top.mkdir()
        (top / "f").write_text("text\n")


SHAPES: dict[str, Callable[[Path], None]] = {
    "a line of 40 MB": _one_line,
    "60,000 hex strings": _hex,
    "60,000 tokens by name": _named_hex,
    "10 MB of open quotes": _quotes,
    "20,000 small files": _small_files,
    "600 levels of folders": _depth,
}
