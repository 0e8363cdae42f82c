"""What is packed is known by its first bytes, and never unpacked without bounds."""

from __future__ import annotations

import gzip
import random

import pytest

from checks.formats import compression
from checks.formats.compression import Budget, Packing, TooMuch, packing_of, unpacked
from checks.formats.streams import Chunks, Damaged
from tests.checks.formats.test_tar import InParcels
from tests.checks.images.planting import PACKINGS

DATA = random.Random(1).randbytes(300_000) + bytes(400_000)


def unpack(data: bytes, budget: Budget | None = None) -> bytes:
    stream = unpacked(InParcels(data, 5000), packing_of(data), budget or Budget())
    parts = []
    while part := stream.read(10_007):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("name", list(PACKINGS))
def test_every_packing(name: str) -> None:
    packed = PACKINGS[name](DATA)
    assert packing_of(packed) is Packing(name)
    assert unpack(packed) == DATA


@pytest.mark.parametrize("name", ["gzip", "zstd", "xz"])
def test_parts_behind_each_other_and_zeros_at_the_end(name: str) -> None:
    packed = b"".join(PACKINGS[name](DATA[at : at + 999]) for at in range(0, 20_000, 999))
    assert unpack(packed) == DATA[:20_979]
    assert unpack(packed + bytes(100_000)) == DATA[:20_979]


@pytest.mark.parametrize("name", ["gzip", "zstd", "xz"])
@pytest.mark.parametrize("share", [0.0001, 0.3, 0.9999])
def test_what_is_cut_short(name: str, share: float) -> None:
    packed = PACKINGS[name](DATA)
    with pytest.raises(Damaged, match="cut short"):
        unpack(packed[: max(int(len(packed) * share), 6)])


@pytest.mark.parametrize("name", ["gzip", "zstd", "xz"])
def test_what_is_damaged(name: str) -> None:
    packed = bytearray(PACKINGS[name](DATA))
    packed[6:200] = b"\xff" * 194
    with pytest.raises(Damaged):
        unpack(bytes(packed))
    with pytest.raises(Damaged, match="something else"):
        unpack(PACKINGS[name](b"x") + b"no more of it" * 100)


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_bombs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_RATIO_FROM", 4 * 1024 * 1024)
    bomb = PACKINGS[name](bytes(32 * 1024 * 1024))
    with pytest.raises(TooMuch, match="250 times"):
        unpack(bomb)
    with pytest.raises(TooMuch, match="more than one scan"):
        unpack(PACKINGS[name](DATA), Budget(100_000))


def test_a_bomb_needs_no_memory() -> None:
    stream = unpacked(InParcels(gzip.compress(bytes(64 * 1024 * 1024), 9)), Packing.GZIP, Budget())
    assert isinstance(stream, Chunks)
    assert len(stream._more()) <= 1024 * 1024


def test_without_the_package_of_zstd(monkeypatch: pytest.MonkeyPatch) -> None:
    compression._zstd.cache_clear()
    monkeypatch.setattr(compression.importlib, "import_module", _missing)
    try:
        with pytest.raises(Damaged, match=r"pip install backports\.zstd"):
            unpack(PACKINGS["zstd"](DATA))
        assert unpack(PACKINGS["gzip"](DATA)) == DATA
    finally:
        compression._zstd.cache_clear()


def _missing(name: str) -> None:
    raise ImportError(name)
