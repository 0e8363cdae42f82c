"""Damaged repositories: what can be read is found, what cannot is said; nothing waits, nothing ends the rest."""

from __future__ import annotations

import os
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checks.model.workstation import Workstation
from checks.trees.trees import Trees
from tests.checks.git.kept import Kept, overwrite, reasons, secrets_in, token
from tests.checks.git.test_history import read
from tests.services.git_repository import GitRepository


def test_the_whole_one(here: Workstation, kept: Kept) -> None:
    told = read(here, kept.repository.path)
    assert secrets_in(told) == {kept.blob, kept.message, kept.named}
    assert told.skipped == []


class TestObjects:
    @pytest.mark.parametrize(
        ("name", "lost"),
        [
            ("{}:app/a.py", {"blob"}),
            ("{}:app", {"named"}),
            ("{}^{{tree}}", set()),
            ("{}", {"message"}),
            ("HEAD", set()),
            ("HEAD^{{tree}}", set()),
            ("v1", set()),
        ],
        ids=["blob", "tree", "root tree", "commit", "last commit", "last tree", "tag"],
    )
    @pytest.mark.parametrize("how", ["missing", "no zlib", "cut", "wrong type", "other content", "pipe"])
    def test_one_is_damaged(self, here: Workstation, kept: Kept, name: str, lost: set[str], how: str) -> None:
        path = kept.object(name.format(kept.commit))
        data = path.read_bytes()
        path.chmod(0o644)
        if how == "missing":
            path.unlink()
        elif how == "pipe":
            path.unlink()
            os.mkfifo(path)
        else:
            path.write_bytes(
                {
                    "no zlib": b"no object at all",
                    "cut": data[: len(data) // 2],
                    "wrong type": zlib.compress(b"nonsense" + zlib.decompress(data)),
                    "other content": zlib.compress(zlib.decompress(data)[:-1] + b"?"),
                }[how]
            )
        told = read(here, kept.repository.path)
        wanted = {"blob": kept.blob, "message": kept.message, "named": kept.named}
        assert secrets_in(told) >= {value for key, value in wanted.items() if key not in lost}
        if not (how == "missing" and name == "v1") and how != "other content":
            assert told.skipped
        for one in told.skipped:
            assert one.path == str(kept.repository.path)

    def test_a_header_that_promises_too_much(self, here: Workstation, kept: Kept) -> None:
        path = kept.object(f"{kept.commit}:app/a.py")
        for size in (10**13, 40_000_000, 2**64 + 5, 10**400):
            overwrite(path, zlib.compress(b"blob %d\0key" % size))
            told = read(here, kept.repository.path)
            assert secrets_in(told) >= {kept.message, kept.named}
            assert told.skipped

    def test_a_pack_that_was_cut(self, here: Workstation, kept: Kept) -> None:
        kept.repository.git("repack", "-adq")
        after = token()
        kept.repository.added("after.py", f"key = '{after}'\n")
        (pack,) = (kept.folder / "objects/pack").glob("*.pack")
        overwrite(pack, pack.read_bytes()[: pack.stat().st_size // 2])
        told = read(here, kept.repository.path)
        assert after in secrets_in(told)
        assert told.skipped

    def test_a_pack_with_one_damaged_byte(self, here: Workstation, kept: Kept) -> None:
        kept.repository.git("repack", "-adq")
        (pack,) = (kept.folder / "objects/pack").glob("*.pack")
        data = bytearray(pack.read_bytes())
        offsets = kept.repository.git("verify-pack", "-v", str(pack)).splitlines()
        line = next(
            one for one in offsets if one.startswith(kept.repository.git("rev-parse", f"{kept.commit}:app/a.py"))
        )
        data[int(line.split()[4]) + 6] ^= 0xFF
        overwrite(pack, bytes(data))
        told = read(here, kept.repository.path)
        assert secrets_in(told) >= {kept.message, kept.named}
        assert "damaged" in reasons(told) or "not readable" in reasons(told) or "missing" in reasons(told)

    @pytest.mark.parametrize(
        "data", [b"", b"\xfftOc\0\0\0\2" + b"\xff" * 2000, b"no index"], ids=["empty", "lie", "text"]
    )
    def test_a_broken_index_of_a_pack(self, here: Workstation, kept: Kept, data: bytes) -> None:
        kept.repository.git("repack", "-adq")
        after = token()
        kept.repository.added("after.py", f"key = '{after}'\n")
        (index,) = (kept.folder / "objects/pack").glob("*.idx")
        overwrite(index, data)
        told = read(here, kept.repository.path)
        assert after in secrets_in(told)
        assert told.skipped

    def test_a_multi_pack_index_that_lies(self, here: Workstation, kept: Kept) -> None:
        kept.repository.git("repack", "-adq")
        kept.repository.git("multi-pack-index", "write")
        index = kept.folder / "objects/pack/multi-pack-index"
        data = index.read_bytes()
        for broken in (data[:100], b"", b"\xff" * 1000, data.replace(data[-60:-40], b"\x7f" * 20)):
            overwrite(index, broken)
            assert secrets_in(read(here, kept.repository.path)) == {kept.blob, kept.message, kept.named}

    def test_many_damaged_ones(self, here: Workstation, kept: Kept) -> None:
        for number in range(120):
            kept.repository.write(f"many/{number}", f"{number}\n")
        kept.repository.commit("many")
        for number in range(120):
            path = kept.object(f"HEAD:many/{number}")
            overwrite(path, zlib.compress(b"blob 500\0short"))
        told = read(here, kept.repository.path)
        assert secrets_in(told) == {kept.blob, kept.message, kept.named}
        assert told.skipped


class TestNames:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"ref: refs/heads/nowhere\n",
            b"\0\xff\x80" * 50,
            b"ref: ../../../etc/passwd\n",
            b"0" * 40 + b"\n",
            b"a" * 40,
        ],
        ids=["empty", "nowhere", "binary", "outside", "zero", "no object"],
    )
    def test_head(self, here: Workstation, kept: Kept, data: bytes) -> None:
        (kept.folder / "HEAD").write_bytes(data)
        told = read(here, kept.repository.path)
        assert secrets_in(told) == {kept.blob, kept.message, kept.named}
        assert told.skipped or data.startswith((b"ref: refs/", b"0", b"a"))

    @pytest.mark.parametrize("name", ["HEAD", "refs", "config", "index"])
    def test_without_it(self, here: Workstation, kept: Kept, name: str) -> None:
        (kept.folder / name).rename(kept.repository.path / "gone")
        told = read(here, kept.repository.path)
        assert secrets_in(told) >= {kept.blob, kept.message, kept.named}
        assert told.skipped or name in ("config", "index")

    @pytest.mark.parametrize("data", [b"garbage\n\0\xff\n", b"# pack-refs with: peeled\n^" + b"f" * 40 + b"\n"])
    def test_packed_refs(self, here: Workstation, kept: Kept, data: bytes) -> None:
        kept.repository.git("pack-refs", "--all")
        (kept.folder / "packed-refs").write_bytes((kept.folder / "packed-refs").read_bytes() + data)
        told = read(here, kept.repository.path)
        assert secrets_in(told) == {kept.blob, kept.message, kept.named}
        assert told.skipped

    def test_a_reference_to_nothing(self, here: Workstation, kept: Kept) -> None:
        (kept.folder / "refs/heads/lost").write_text("a" * 40 + "\n")
        (kept.folder / "refs/heads/garbage").write_bytes(b"\xff\0")
        (kept.folder / "refs/heads/circle").write_text("ref: refs/heads/circle\n")
        told = read(here, kept.repository.path)
        assert secrets_in(told) == {kept.blob, kept.message, kept.named}
        blob = next(one for one in told.findings if one.place.path == "app/a.py")
        assert blob.place.commit == kept.commit
        assert blob.history and "refs/heads/main" in blob.history.refs

    def test_odd_names(self, here: Workstation, kept: Kept) -> None:
        names = ["refs/heads/ü\u202e", "refs/heads/a/-b", "refs/tags/$(touch)", "refs/heads/;|&", "refs/x/\udcff"]
        for name in names:
            kept.repository.git("update-ref", "--", name, "HEAD")
        (kept.folder / "refs/heads/two\nlines\x1b[2J").write_text(kept.repository.head + "\n")
        told = read(here, kept.repository.path)
        assert secrets_in(told) == {kept.blob, kept.message, kept.named}
        blob = next(one for one in told.findings if one.place.path == "app/a.py")
        assert blob.history and set(names) <= set(blob.history.refs)

    def test_a_broken_index(self, here: Workstation, kept: Kept) -> None:
        whole = (kept.folder / "index").read_bytes()
        without_its_end = whole[:-30]  # the entries are all there: nothing is missed
        for data in (b"", b"DIRC" + b"\xff" * 500, b"\0" * 100, whole[: len(whole) // 2], without_its_end):
            (kept.folder / "index").write_bytes(data)
            told = read(here, kept.repository.path)
            assert secrets_in(told) == {kept.blob, kept.message, kept.named}
            assert bool(told.skipped) is (data != without_its_end)

    def test_a_broken_reflog(self, here: Workstation, kept: Kept) -> None:
        for data in (b"\xff" * 300, b"", b"a" * 40 + b" " + b"b" * 40 + b" x <y> 1 +0000\tz\n"):
            for name in ("HEAD", "refs/heads/main"):
                (kept.folder / "logs" / name).write_bytes(data)
            assert secrets_in(read(here, kept.repository.path)) == {kept.blob, kept.message, kept.named}


@contextmanager
def in_its_place(path: Path, kind: str) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.rename(path.with_name(path.name + ".moved"))
    if kind == "pipe":
        os.mkfifo(path)
        yield
    elif kind == "link to a pipe":
        os.mkfifo(path.with_name("pipe"))
        path.symlink_to("pipe")
        yield
    elif kind == "folder":
        path.mkdir()
        yield
    else:
        before = Path.cwd()
        os.chdir(path.parent)  # a socket's name has to be short
        try:
            with socket.socket(socket.AF_UNIX) as held:
                held.bind(path.name)
                yield
        finally:
            os.chdir(before)


@pytest.mark.parametrize("kind", ["pipe", "socket", "link to a pipe", "folder"])
@pytest.mark.parametrize(
    "name",
    [
        *("HEAD", "config", "index", "packed-refs", "shallow", "commondir", "refs/heads/x", "logs/HEAD"),
        *("objects/pack", "objects/info/alternates", "objects/info/commit-graph", "objects/pack/multi-pack-index"),
        *("info/exclude", "info/grafts", "config.worktree"),
    ],
)
def test_what_is_no_file(here: Workstation, kept: Kept, name: str, kind: str) -> None:
    with in_its_place(kept.folder / name, kind):
        told = read(here, kept.repository.path)
    assert secrets_in(told) == {kept.blob, kept.message, kept.named}
    assert told.skipped or kind == "folder"


class TestParts:
    def test_a_shallow_clone(self, here: Workstation, kept: Kept, tmp_path: Path) -> None:
        kept.repository.git(
            "clone", "--quiet", "--depth=1", f"file://{kept.repository.path}", str(tmp_path / "shallow")
        )
        told = read(here, tmp_path / "shallow")
        assert told.findings == []
        assert "a shallow clone" in reasons(told)

    def test_a_partial_clone(self, here: Workstation, kept: Kept, tmp_path: Path) -> None:
        kept.repository.git("config", "uploadpack.allowFilter", "true")
        target = GitRepository(tmp_path / "partial")
        source = f"file://{kept.repository.path}"
        kept.repository.git("clone", "--quiet", "--filter=blob:none", "--no-checkout", source, str(target.path))
        before = sorted((target.path / ".git/objects").rglob("*"))
        told = read(here, target.path)
        assert secrets_in(told) == {kept.message}
        (skipped,) = told.skipped
        assert "missing" in skipped.reason
        assert skipped.files == 4
        assert sorted((target.path / ".git/objects").rglob("*")) == before, "nothing was fetched"
        assert target.git("show", f"{kept.commit}:app/a.py") == f"key = '{kept.blob}'", "plain git fetches it"
        assert kept.blob in secrets_in(read(here, target.path))

    def test_what_is_fetched_later_has_its_name(self, here: Workstation, kept: Kept, tmp_path: Path) -> None:
        state = tmp_path / "state"
        state.mkdir(mode=0o700)
        path = kept.object(f"{kept.commit}:app/.netrc")
        path.rename(tmp_path / "aside")
        assert kept.named not in secrets_in(read(here, kept.repository.path, trees=Trees(state=state)))
        (tmp_path / "aside").rename(path)
        assert kept.named in secrets_in(read(here, kept.repository.path, trees=Trees(state=state)))

    def test_what_only_a_dropped_commit_names(self, here: Workstation, kept: Kept) -> None:
        kept.repository.git("tag", "-d", "v1")
        kept.repository.git("reset", "--quiet", "--hard", f"{kept.commit}~1")
        kept.repository.git("reflog", "expire", "--expire=now", "--all")
        assert secrets_in(read(here, kept.repository.path)) == {kept.blob, kept.message, kept.named}
