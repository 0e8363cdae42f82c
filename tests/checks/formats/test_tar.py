"""The tar reader against Python's own: what tarfile writes is read alike, what is broken ends clearly."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.formats.streams import Chunks, Damaged
from checks.formats.tar import BLOCK, Kind, Member, TarReader, is_tar

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
_TYPES = {
    tarfile.REGTYPE: Kind.FILE,
    tarfile.DIRTYPE: Kind.FOLDER,
    tarfile.SYMTYPE: Kind.LINK,
    tarfile.LNKTYPE: Kind.HARD_LINK,
    tarfile.FIFOTYPE: Kind.FIFO,
    tarfile.CHRTYPE: Kind.DEVICE,
}


class InParcels(Chunks):
    """These bytes as they come from a pipe."""

    def __init__(self, data: bytes, size: int = 700) -> None:
        super().__init__()
        self._parcels = [data[at : at + size] for at in range(0, len(data), size)]

    def _more(self) -> bytes:
        return self._parcels.pop(0) if self._parcels else b""


def members(data: bytes, parcel: int = 700) -> list[tuple[Member, bytes]]:
    reader = TarReader(InParcels(data, parcel))
    return [(member, reader.read(member.size)) for member in reader]


@dataclass
class Thing:
    name: str
    type: bytes
    link: str
    data: bytes

    def info(self) -> tarfile.TarInfo:
        info = tarfile.TarInfo(self.name)
        info.type = self.type
        info.linkname = self.link if self.type in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
        info.size = len(self.data) if self.type == tarfile.REGTYPE else 0
        return info


PARTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="/\0"), min_size=1, max_size=70)
NAMES = st.lists(PARTS, min_size=1, max_size=6).map("/".join)
THINGS = st.builds(Thing, name=NAMES, type=st.sampled_from(sorted(_TYPES)), link=NAMES, data=st.binary(max_size=1500))


def written(things: list[Thing], kind: str) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=FORMATS[kind], encoding="utf-8") as tar:
        for thing in things:
            try:
                tar.addfile(thing.info(), io.BytesIO(thing.data))
            except ValueError:  # ustar has no room for this name
                continue
    return held.getvalue()


def by_tarfile(data: bytes) -> list[tuple[bytes, Kind, bytes, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8") as tar:
        return [
            (
                one.name.encode("utf-8", "surrogateescape"),
                _TYPES[one.type],
                one.linkname.encode("utf-8", "surrogateescape"),
                tar.extractfile(one).read() if one.isreg() else b"",  # type: ignore[union-attr]
            )
            for one in tar
        ]


@pytest.mark.parametrize("kind", list(FORMATS))
@settings(max_examples=150, deadline=None)
@given(things=st.lists(THINGS, max_size=6), parcel=st.integers(1, 3000))
def test_what_tarfile_writes_is_read_alike(kind: str, things: list[Thing], parcel: int) -> None:
    data = written(things, kind)
    ours = [(one.name.rstrip(b"/"), one.kind, one.link, held) for one, held in members(data, parcel)]
    theirs = [(name.rstrip(b"/"), *rest) for name, *rest in by_tarfile(data)]
    assert ours == theirs


@settings(max_examples=300, deadline=None)
@given(
    things=st.lists(THINGS, min_size=1, max_size=4),
    kind=st.sampled_from(sorted(FORMATS)),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_a_changed_archive_ends_clearly(things: list[Thing], kind: str, changes: list[tuple[int, int]]) -> None:
    """With the members before the damage, or, where the change is in what nobody reads, with all that tarfile sees."""
    data = bytearray(written(things, kind))
    for position, value in changes:
        data[position % len(data)] = value
    try:
        ours = members(bytes(data))
    except Damaged:
        return
    try:
        with tarfile.open(fileobj=io.BytesIO(bytes(data)), mode="r:", encoding="utf-8") as tar:
            theirs = tar.getmembers()
    except (tarfile.TarError, ValueError):  # it also reads times and owners
        return
    assert [one.position for one, _ in ours][: len(theirs)] == [one.offset_data for one in theirs]


@settings(max_examples=100, deadline=None)
@given(things=st.lists(THINGS, min_size=1, max_size=4), kind=st.sampled_from(sorted(FORMATS)), cut=st.floats(0, 1))
def test_a_truncated_archive_is_never_a_clean_end(things: list[Thing], kind: str, cut: float) -> None:
    data = written(things, kind)
    end = len(data.rstrip(b"\0")) // BLOCK * BLOCK
    with pytest.raises(Damaged, match="cut short"):
        members(data[: int(cut * end)])


@given(data=st.binary(max_size=3000))
def test_any_bytes_end_clearly(data: bytes) -> None:
    try:
        members(data)
    except Damaged:
        pass


@pytest.mark.parametrize("kind", list(FORMATS))
def test_members_before_a_cut_are_there(kind: str) -> None:
    data = written([Thing("a", tarfile.REGTYPE, "", b"1" * 600), Thing("b", tarfile.REGTYPE, "", b"2" * 600)], kind)
    reader, names = TarReader(InParcels(data[:3072])), []
    with pytest.raises(Damaged, match="cut short"):
        for one in reader:
            names.append(one.name)
            reader.skip(one.size)
    assert names == [b"a", b"b"]


def test_a_size_in_base_256() -> None:
    info = tarfile.TarInfo("large")
    info.size = 9 * 1024**3
    header = info.tobuf(tarfile.GNU_FORMAT)
    assert header[124] == 0x80
    reader = iter(TarReader(InParcels(header)))
    assert next(reader).size == 9 * 1024**3
    with pytest.raises(Damaged, match="cut short"):
        next(reader)


def test_a_size_in_a_pax_record() -> None:
    data = b"x" * 700
    info = tarfile.TarInfo("n" * 300)
    info.size, info.pax_headers = 0, {"size": "700"}
    header = info.tobuf(tarfile.PAX_FORMAT)
    ((member, held),) = members(header + data.ljust(1024, b"\0") + bytes(1024))
    assert (member.size, held) == (700, data)


def test_sparse_files_are_told_apart() -> None:
    """GNU's old form by hand: its map goes on in a block of its own."""
    info = tarfile.TarInfo("sparse")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 512
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[482] = 1
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    archive = bytes(block) + bytes(512) + b"s" * 512 + tarfile.TarInfo("next").tobuf() + bytes(1024)
    assert [(one.name, one.kind) for one, _ in members(archive)] == [(b"sparse", Kind.SPARSE), (b"next", Kind.FILE)]
    info = tarfile.TarInfo("pax")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "real"}
    ((member, _),) = members(info.tobuf(tarfile.PAX_FORMAT) + bytes(1024))
    assert (member.name, member.kind) == (b"real", Kind.SPARSE)


def _long_name(size: int) -> bytes:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, size
    return info.tobuf(tarfile.GNU_FORMAT)


def _pax(records: bytes) -> bytes:
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(records)
    return info.tobuf(tarfile.USTAR_FORMAT) + records.ljust(512, b"\0") + tarfile.TarInfo("a").tobuf() + bytes(1024)


def _sparse(data: bytes) -> bytes:
    info = tarfile.TarInfo("sparse")
    info.size, info.pax_headers = len(data), {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}
    return info.tobuf(tarfile.PAX_FORMAT) + data + bytes(1024)


HOSTILE = {
    "a record of no length": _pax(b"0 a=b\n"),
    "a record that ends before it begins": _pax(b"9 path=a\n2 a=b\n"),
    "a map without an end": _sparse(b"99999\n".ljust(512, b"0")),
    "a map of no numbers": _sparse(b"many\n".ljust(512, b"\0")),
    "a name of a gigabyte": _long_name(1024**3),
    "names in front of names": (_long_name(1) + b"a".ljust(512, b"\0")) * 100,
    "a name of nothing": _long_name(1) + b"a".ljust(512, b"\0") + bytes(1024),
    "more behind the end": tarfile.TarInfo("a").tobuf() + bytes(512) + b"x" * 512,
    "a wrong checksum": tarfile.TarInfo("a").tobuf().replace(b"a", b"b", 1) + bytes(1024),
    "nothing": b"",
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_archives(name: str) -> None:
    with pytest.raises(Damaged):
        members(HOSTILE[name])


def test_too_many_members() -> None:
    with pytest.raises(Damaged, match="more than 3 members"):
        list(TarReader(InParcels(tarfile.TarInfo("a").tobuf() * 5 + bytes(1024)), 3))


def test_what_is_a_tar() -> None:
    assert is_tar(tarfile.TarInfo("a").tobuf()) and is_tar(bytes(1024))
    assert not is_tar(b"x" * 512) and not is_tar(b"") and not is_tar(b"\xff" * 512)
