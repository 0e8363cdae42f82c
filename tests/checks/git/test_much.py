"""Much of everything, and programs that are no git: bounded time, and what cannot be read is said."""

from __future__ import annotations

import os
import threading
import zlib
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from checks.git.runner import Git
from checks.model.workstation import Workstation
from tests.checks.conftest import random_password
from tests.checks.git.kept import Kept, reasons, secrets_in, token
from tests.checks.git.test_history import read
from tests.services.git_repository import GitRepository


class TestMuch:
    def test_a_hundred_thousand_references(self, here: Workstation, kept: Kept) -> None:
        head = kept.repository.head
        lines = "".join(f"{head} refs/heads/many/{number:06}\n" for number in range(100_000))
        (kept.folder / "packed-refs").write_text(f"# pack-refs with: peeled fully-peeled sorted \n{lines}")
        told = read(here, kept.repository.path)
        assert secrets_in(told) == {kept.blob, kept.message, kept.named}
        assert told.skipped == []

    def test_a_chain_of_tags(self, here: Workstation, kept: Kept) -> None:
        held, kind = kept.repository.head, "commit"
        secret = token()
        tag = "object {}\ntype {}\ntag t{}\ntagger A <a@example.com> 1 +0000\n\n{}\n"
        texts = []
        import hashlib

        for number in range(1000):
            data = tag.format(held, kind, number, secret if number == 500 else "no").encode()
            full = b"tag %d\0" % len(data) + data
            held, kind = hashlib.sha1(full, usedforsecurity=False).hexdigest(), "tag"
            texts.append((held, zlib.compress(full)))
        for name, packed in texts:
            path = kept.folder / "objects" / name[:2] / name[2:]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(packed)
        kept.repository.git("update-ref", "refs/tags/chain", held)
        told = read(here, kept.repository.path)
        assert secrets_in(told) == {kept.blob, kept.message, kept.named, secret}
        assert told.skipped == []

    def test_deep_folders(self, here: Workstation, kept: Kept) -> None:
        secret, password = token(), random_password()
        lines = b"100644 blob %s\ta.py\n100644 blob %s\t.netrc\n"
        blobs = [
            kept.repository.git("hash-object", "-w", "--stdin", given=text.encode())
            for text in (f"key = '{secret}'\n", f"machine ghcr.io\n login bob\n password {password}\n")
        ]
        tree = kept.repository.git("mktree", given=lines % tuple(blob.encode() for blob in blobs))
        import hashlib

        for _ in range(5000):
            data = b"40000 d\0" + bytes.fromhex(tree)
            full = b"tree %d\0" % len(data) + data
            tree = hashlib.sha1(full, usedforsecurity=False).hexdigest()
            path = kept.folder / "objects" / tree[:2] / tree[2:]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(full, 0))
        commit = kept.repository.git("commit-tree", tree, "-m", "deep")
        kept.repository.git("update-ref", "refs/heads/deep", commit)
        told = read(here, kept.repository.path)
        assert {secret, password, kept.blob, kept.message, kept.named} <= secrets_in(told)

    def test_many_versions(self, here: Workstation, kept: Kept) -> None:
        secret = token()
        stream = [b"reset refs/heads/many\n"]
        for number in range(10_000):
            line = f"key = '{secret}'\n" if number == 7000 else ""
            data = f"{'# a line that stays' * 3}\n{line}x = {number}\n".encode() * 3
            stream.append(
                b"commit refs/heads/many\ncommitter A <a@example.com> %d +0000\ndata 1\nx\n" % (number + 10**9)
            )
            stream.append(b"M 100644 inline versions.py\ndata %d\n%s\n" % (len(data), data))
        kept.repository.git("fast-import", "--quiet", given=b"".join(stream))
        told = read(here, kept.repository.path)
        assert secrets_in(told) == {kept.blob, kept.message, kept.named, secret}
        found = next(one for one in told.findings if one.place.path == "versions.py")
        assert found.history and found.history.versions == 1

    @pytest.mark.parametrize(
        "who",
        [
            b"author \x1b[2J\xff <x> 99999999999999999999 +9999",
            b"author",
            b"author A <a@example.com> -5 +0000",
            b"author A <a@example.com> 1 -9999",
            b"author <<<>>> \x01\x02\x01 <> 1 +0000",
            b"author A <a> 253402300800 +0000",
            b"author A \x02<a> 1 +0000\nauthor B <b> 2 +0000",
        ],
        ids=["huge", "nothing", "negative", "zone", "marks", "year 10000", "two"],
    )
    def test_a_hostile_author(self, here: Workstation, kept: Kept, who: bytes) -> None:
        secret, said = token(), token()
        kept.repository.write("b.py", f"key = '{secret}'\n")
        kept.repository.git("add", "b.py")
        tree = kept.repository.git("write-tree").encode()
        parent = kept.repository.head.encode()
        text = b"tree %s\nparent %s\n%s\n%s\n\n%s\n" % (
            tree,
            parent,
            who,
            who.replace(b"author", b"committer"),
            said.encode(),
        )
        commit = kept.repository.git("hash-object", "--literally", "-t", "commit", "-w", "--stdin", given=text)
        (kept.folder / "refs/heads/main").write_text(commit + "\n")
        told = read(here, kept.repository.path)
        assert {secret, said} <= secrets_in(told)
        for one in told.findings:
            assert one.history
            assert "\x1b" not in one.history.authored


class TestProgram:
    def program(self, tmp_path: Path, text: str) -> str:
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "git").write_text(f"#!/bin/sh\n{text}\n")
        (folder / "git").chmod(0o755)
        return str(folder)

    @pytest.fixture
    def short(self, monkeypatch: pytest.MonkeyPatch) -> float:
        for module in ("history", "reading"):
            monkeypatch.setattr(f"checks.git.{module}.Git", partial(Git, patience=0.3))
        return 0.3

    def test_one_that_says_nothing(self, here: Workstation, kept: Kept, tmp_path: Path, short: float) -> None:
        other = GitRepository.new(tmp_path / "other")
        pid = tmp_path / "pid"
        here = replace(here, environment={"PATH": self.program(tmp_path, f"echo $$ > {pid}; /bin/sleep 600")})
        told = read(here, kept.repository.path, other.path)
        assert [one.path for one in told.skipped] == [str(kept.repository.path), str(other.path)]
        assert "said nothing" in told.skipped[0].reason
        assert not Path(f"/proc/{pid.read_text().strip()}").exists()

    @pytest.mark.parametrize(
        "text",
        ["echo error: unknown option >&2; exit 129", "exit 0", "echo nonsense", "kill -9 $$", "yes | head -c 3000000"],
        ids=["too old", "empty", "nonsense", "killed", "much"],
    )
    def test_one_that_is_of_no_use(self, here: Workstation, kept: Kept, tmp_path: Path, text: str) -> None:
        here = replace(here, environment={"PATH": self.program(tmp_path, f"PATH={os.defpath}; {text}")})
        told = read(here, kept.repository.path)
        assert told.findings == []
        assert told.skipped

    def test_an_old_one(self, here: Workstation, kept: Kept, tmp_path: Path) -> None:
        """It does not know the filter for names, which is of 2.32, nor --diff-merges."""
        text = 'case "$*" in *--filter=object*|*--diff-merges*) echo "fatal: unknown option" >&2; exit 128;; esac'
        here = replace(here, environment={"PATH": self.program(tmp_path, f'{text}; PATH={os.defpath} exec git "$@"')})
        told = read(here, kept.repository.path)
        assert secrets_in(told) == {kept.blob, kept.message, kept.named}
        assert "unknown option" in reasons(told)

    def test_stopped_in_the_middle(self, here: Workstation, kept: Kept, tmp_path: Path) -> None:
        """git sleeps after its first words; the person presses Ctrl-C."""
        pids = tmp_path / "pids"
        first = f'PATH={os.defpath} git "$@" | head -2; exec /bin/sleep 600'
        text = f'echo $$ >> {pids}; case "$*" in *batch-all*) {first};; esac'
        here = replace(here, environment={"PATH": self.program(tmp_path, f'{text}; PATH={os.defpath} exec git "$@"')})
        threading.Timer(0.5, here.cancelled.set).start()
        read(here, kept.repository.path)
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids.read_text().split())
