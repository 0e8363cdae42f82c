"""Whatever was ever committed, staged, stashed or said is found, once, and traced to where it came in."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from checks.git.history import read_histories
from checks.model.finding import Confidence, Finding, Skipped
from checks.model.workstation import Workstation
from checks.trees.trees import KNOWN_PLACES, Trees
from tests.checks.conftest import encoded, random_password, random_token
from tests.services.git_repository import GitRepository

MakeWorkstation = Callable[..., Workstation]


def token() -> str:
    return random_token("dckr_pat_", 27)


@dataclass
class Told:
    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    objects: int = 0

    @property
    def one(self) -> Finding:
        (found,) = self.findings
        return found

    @property
    def places(self) -> set[str]:
        return {one.place.path for one in self.findings}


def read(workstation: Workstation, *folders: Path, trees: Trees = KNOWN_PLACES, deadline: float | None = None) -> Told:
    told = Told()
    for one in read_histories(workstation, folders, trees, deadline):
        if isinstance(one, Finding):
            if one.confidence > Confidence.POSSIBLE:
                told.findings.append(one)
        elif isinstance(one, Skipped):
            told.skipped.append(one)
        else:
            told.objects += one.looked["git-history"][0]
            told.skipped += [skipped for _, skipped in one.told if isinstance(skipped, Skipped)]
            assert not one.failures
    return told


def test_added_and_removed(here: Workstation, repository: GitRepository) -> None:
    secret = token()
    brought = repository.added("settings.py", f"import os\n\nHUB = '{secret}'\n")
    repository.removed("settings.py")
    told = read(here, repository.path)
    place, history = told.one.place, told.one.history
    assert told.one.secret and told.one.secret.reveal() == secret
    assert (place.path, place.line, place.commit) == ("settings.py", 3, brought)
    assert place.repository == str(repository.path)
    assert place.blob == repository.git("rev-parse", f"{brought}:settings.py")
    assert history and history.author == "Ada Example"
    assert history.authored.startswith("2024-03-01T")
    assert (history.at_head, history.refs, history.remotes, history.hosts) == (False, ("refs/heads/main",), (), ())
    assert told.skipped == []


def test_versions_are_one_finding_at_the_first_of_them(here: Workstation, repository: GitRepository) -> None:
    secret = token()
    first = repository.added("a.py", f"key = '{secret}'\n")
    for number in range(4):
        repository.added("a.py", "# more\n" * (number + 1) + f"key = '{secret}'\n")
    told = read(here, repository.path)
    assert told.one.place.commit == first
    assert told.one.place.line == 1
    assert told.one.history and told.one.history.versions == 5
    assert told.one.history.at_head


def test_two_files_are_two_findings(here: Workstation, repository: GitRepository) -> None:
    text = f"key = '{token()}'\n"
    repository.write("a.py", text)
    repository.added("deep/b.py", text)
    assert read(here, repository.path).places == {"a.py", "deep/b.py"}


def test_only_in_a_merge(here: Workstation, repository: GitRepository) -> None:
    repository.git("checkout", "--quiet", "-b", "side")
    repository.added("side", "x\n")
    repository.git("checkout", "--quiet", "main")
    repository.added("other", "y\n")
    repository.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
    secret = token()
    merge = repository.added("merged.py", f"key = '{secret}'\n", "merge")
    repository.removed("merged.py")
    assert read(here, repository.path).one.place.commit == merge


def test_before_a_merge_it_is_the_commit_of_the_branch(here: Workstation, repository: GitRepository) -> None:
    repository.git("checkout", "--quiet", "-b", "side")
    brought = repository.added("side.py", f"key = '{token()}'\n")
    repository.git("checkout", "--quiet", "main")
    repository.added("other", "y\n")
    repository.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    found = read(here, repository.path).one
    assert found.place.commit == brought
    assert found.history and set(found.history.refs) == {"refs/heads/main", "refs/heads/side"}


def test_only_in_a_stash(here: Workstation, repository: GitRepository) -> None:
    repository.write("README", f"key = '{token()}'\n")
    repository.git("stash", "push", "--quiet")
    found = read(here, repository.path).one
    assert found.place.path == "README"
    assert found.history and found.history.refs == ("refs/stash",)
    assert not found.history.at_head


def test_in_an_older_stash_and_in_an_untracked_file_of_one(here: Workstation, repository: GitRepository) -> None:
    repository.write("new.py", f"key = '{token()}'\n")
    repository.git("stash", "push", "--quiet", "--include-untracked")
    repository.write("README", "later\n")
    repository.git("stash", "push", "--quiet")
    assert read(here, repository.path).places == {"new.py"}


def test_only_unreachable(here: Workstation, repository: GitRepository) -> None:
    brought = repository.added("gone.py", f"key = '{token()}'\n")
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    repository.git("reflog", "expire", "--expire=now", "--all")
    found = read(here, repository.path).one
    assert (found.place.path, found.place.commit) == ("gone.py", brought)
    assert found.history and found.history.refs == ()


def test_only_in_the_reflog(here: Workstation, repository: GitRepository) -> None:
    brought = repository.added("gone.py", f"key = '{token()}'\n")
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    found = read(here, repository.path).one
    assert (found.place.path, found.place.commit) == ("gone.py", brought)
    assert found.history and found.history.refs == ()


def test_only_staged(here: Workstation, repository: GitRepository) -> None:
    repository.write("new.py", f"key = '{token()}'\n")
    repository.git("add", "new.py")
    (repository.path / "new.py").unlink()
    found = read(here, repository.path).one
    assert (found.place.path, found.place.commit) == ("new.py", None)
    assert found.history and found.history.staged


def test_a_blob_that_nothing_names(here: Workstation, repository: GitRepository) -> None:
    text = f"key = '{token()}'\n"
    blob = repository.git("hash-object", "-w", "--stdin", given=text.encode())
    found = read(here, repository.path).one
    assert (found.place.blob, found.place.path) == (blob, f"unnamed object {blob[:12]}")


@pytest.mark.parametrize("options", [(), ("--allow-empty",)], ids=["with a file", "alone"])
def test_in_a_commit_message(here: Workstation, repository: GitRepository, options: tuple[str, ...]) -> None:
    repository.write("x", "x\n")
    repository.git("add", "x")
    repository.git("commit", "--quiet", *options, "-m", f"deploy\n\nwith {token()}")
    found = read(here, repository.path).one
    assert (found.place.field, found.place.commit) == ("commit message", repository.head)
    assert found.place.line == 3
    assert found.history and found.history.author == "Ada Example"
    assert found.history.refs == ("refs/heads/main",)


def test_in_a_tag_message(here: Workstation, repository: GitRepository) -> None:
    repository.git("tag", "-a", "v1", "-m", f"made with {token()}")
    found = read(here, repository.path).one
    assert (found.place.path, found.place.field) == ("tag message of v1", "tag message")
    assert found.place.commit == repository.head
    assert found.history and found.history.author == "Ada Example"


def test_in_a_note(here: Workstation, repository: GitRepository) -> None:
    repository.git("notes", "add", "-m", f"key = '{token()}'")
    found = read(here, repository.path).one
    assert found.place.path == f"note on {repository.head[:12]}"


def test_in_a_binary(here: Workstation, repository: GitRepository) -> None:
    secret = token()
    repository.added("program.bin", b"\x7fELF\x00\x01" + bytes(range(256)) * 8 + secret.encode() + b"\0\x01\x02\xff")
    found = read(here, repository.path).one
    assert found.secret and found.secret.reveal() == secret
    assert (found.place.path, found.place.line) == ("program.bin", None)


def test_noise_is_no_secret(here: Workstation, repository: GitRepository) -> None:
    repository.added("data.gz", gzip.compress(b"".join(b"%d\n" % number for number in range(90_000))))
    assert read(here, repository.path).findings == []


def test_in_the_name_of_a_file(here: Workstation, repository: GitRepository) -> None:
    secret = token()
    repository.added(f"backup/{secret}/notes.txt", f"key = '{random_token('dckr_pat_', 27)}'\n")
    told = read(here, repository.path)
    assert len(told.findings) == 2
    assert all(secret not in repr(one) for one in told.findings)
    (name,) = [one for one in told.findings if one.place.field == "file name"]
    assert name.secret and name.secret.reveal() == secret
    assert name.place.path == f"backup/[dckr_pat_...{secret[-4:]}]/notes.txt"


def test_before_a_rename(here: Workstation, repository: GitRepository) -> None:
    brought = repository.added("old name.py", "# a line\n" * 30 + f"key = '{token()}'\n")
    repository.git("mv", "old name.py", "new.py")
    repository.commit("rename")
    told = read(here, repository.path)
    assert told.places == {"old name.py", "new.py"}
    assert next(one for one in told.findings if one.place.path == "old name.py").place.commit == brought


def test_formats_are_known_by_their_names(here: Workstation, repository: GitRepository) -> None:
    password = random_password()
    repository.write(".docker/config.json", f'{{"auths": {{"ghcr.io": {{"auth": "{encoded("alice", password)}"}}}}}}')
    repository.write("app/.netrc", f"machine ghcr.io\n login bob\n password {random_password()}\n")
    repository.commit()
    repository.removed(".")
    told = read(here, repository.path)
    assert told.places == {".docker/config.json", "app/.netrc"}
    docker = next(one for one in told.findings if one.place.path == ".docker/config.json")
    assert (docker.registry, docker.username) == ("ghcr.io", "alice")
    assert docker.check == "git-history"


def test_in_a_submodule(here: Workstation, tmp_path: Path, repository: GitRepository) -> None:
    inner = GitRepository.new(tmp_path / "inner")
    inner.added("inner.py", f"key = '{token()}'\n")
    inner.removed("inner.py")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "libs/inner")
    repository.commit("a submodule")
    told = read(here, repository.path / "libs/inner", repository.path, repository.path / ".git/modules/libs/inner")
    assert told.one.place.repository == str(repository.path / "libs/inner")
    assert told.one.history and told.one.history.remotes == ("refs/remotes/origin/HEAD", "refs/remotes/origin/main")


def test_a_linked_work_tree_is_the_same_repository(
    here: Workstation, tmp_path: Path, repository: GitRepository
) -> None:
    linked = GitRepository(tmp_path / "linked")
    repository.git("worktree", "add", "--quiet", str(linked.path))
    linked.write("staged.py", f"key = '{token()}'\n")
    linked.git("add", "staged.py")
    for folders in ([linked.path], [linked.path, repository.path], [repository.path, linked.path]):
        found = read(here, *folders).one
        assert found.place.repository == str(repository.path)
        assert found.history and found.history.staged


def test_a_bare_one(here: Workstation, tmp_path: Path, repository: GitRepository) -> None:
    repository.added("a.py", f"key = '{token()}'\n")
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert read(here, tmp_path / "bare.git").one.place.repository == str(tmp_path / "bare.git")


def test_what_was_pushed_and_where(here: Workstation, tmp_path: Path, repository: GitRepository) -> None:
    server = GitRepository.new(tmp_path / "server.git", "--bare")
    repository.git("remote", "add", "team/origin", str(server.path))
    pushed = token()
    repository.added("pushed.py", f"key = '{pushed}'\n")
    repository.git("push", "--quiet", "team/origin", "main")
    repository.git("config", "remote.team/origin.url", "https://bob:word@git.example.com/acme/shop.git")
    repository.added("local.py", f"key = '{token()}'\n")
    findings = {one.place.path: one.history for one in read(here, repository.path).findings}
    first, second = findings["pushed.py"], findings["local.py"]
    assert first and (first.remotes, first.hosts) == (("refs/remotes/team/origin/main",), ("git.example.com",))
    assert second and (second.remotes, second.hosts) == ((), ())


def test_names_that_are_no_text(here: Workstation, repository: GitRepository) -> None:
    repository.added("a\nb\x1b[2J\udcff.py", f"key = '{token()}'\n")
    repository.git("branch", "odd-\udcfe")
    found = read(here, repository.path).one
    assert found.place.path == "a\nb\x1b[2J\udcff.py"
    assert found.history and "refs/heads/odd-\udcfe" in found.history.refs


def test_sha256(here: Workstation, tmp_path: Path) -> None:
    made = GitRepository.new(tmp_path / "new", "--object-format=sha256")
    brought = made.added("a.py", f"key = '{token()}'\n")
    assert len(brought) == 64
    assert read(here, made.path).one.place.commit == brought


def test_without_a_commit(here: Workstation, tmp_path: Path) -> None:
    made = GitRepository.new(tmp_path / "empty")
    assert read(here, made.path) == Told()
    made.write("a.py", f"key = '{token()}'\n")
    made.git("add", "a.py")
    assert read(here, made.path).one.place.path == "a.py"


def test_too_large_is_said(workstation: MakeWorkstation, repository: GitRepository) -> None:
    here = workstation(environment={"PATH": os.defpath})
    here = replace(here, limits=replace(here.limits, text_bytes=1024 * 1024))
    repository.added("large.txt", "x\n" * 700_000)
    (skipped,) = read(here, repository.path).skipped
    assert skipped.files == 1
    assert skipped.size == 1_400_000
    assert "larger than 1 MiB" in skipped.reason


def test_a_marker_in_any_version_decides_for_the_file(here: Workstation, repository: GitRepository) -> None:
    secret = token()
    repository.added("a.py", f"key = '{secret}'\n")
    repository.added("a.py", f"x = 1\nkey = '{secret}'  # dockhygiene: ignore\n")
    repository.added("b.py", f"key = '{secret}'\n")
    findings = {one.place.path: one for one in read(here, repository.path).findings}
    assert "ignore" in findings["a.py"].ignored
    assert findings["b.py"].ignored == ""


class TestAgain:
    @pytest.fixture
    def trees(self, tmp_path: Path) -> Trees:
        state = tmp_path / "state"
        state.mkdir(mode=0o700)
        return Trees(state=state)

    def test_what_gave_nothing_away_is_not_read_again(
        self, here: Workstation, repository: GitRepository, trees: Trees
    ) -> None:
        repository.added("clean.py", "x = 1\n")
        secret = token()
        repository.added("a/.env", f"HUB_TOKEN={secret}\n")
        first = read(here, repository.path, trees=trees)
        again = read(here, repository.path, trees=trees)
        assert first.objects > again.objects == 1
        assert again.findings == first.findings
        assert len(first.findings) == 1

    def test_a_new_commit_costs_its_own_objects(
        self, here: Workstation, repository: GitRepository, trees: Trees
    ) -> None:
        read(here, repository.path, trees=trees)
        repository.added("b/.env", f"HUB_TOKEN={random_password()}\n")
        told = read(here, repository.path, trees=trees)
        assert told.objects == 2  # the file and the commit
        assert told.one.place.path == "b/.env"

    def test_what_moved_meanwhile_is_told(
        self, here: Workstation, repository: GitRepository, trees: Trees, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = f"key = '{token()}'\n"
        repository.added("a.py", text)
        first = read(here, repository.path, trees=trees).one
        repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
        repository.git("rm", "--quiet", "--cached", "a.py")
        asked: list[str] = []
        monkeypatch.setattr("checks.git.hits.arrivals", lambda *_: asked.append("git log") or iter(()))
        again = read(here, repository.path, trees=trees).one
        assert asked == []  # no new commit: where it came in is known
        assert replace(again, history=None) == replace(first, history=None)
        assert again.history and again.history.remotes == ("refs/remotes/origin/main",)
        monkeypatch.undo()
        repository.added("b.py", text)
        assert read(here, repository.path, trees=trees).places == {"a.py", "b.py"}

    def test_a_scan_that_ran_out_of_time_is_gone_on_with(
        self, here: Workstation, repository: GitRepository, trees: Trees, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repository.added("a.py", f"key = '{token()}'\n")
        repository.added("b.py", f"key = '{token()}'\n")
        monkeypatch.setattr("checks.git.plan._MOST_OBJECTS", 1)
        clock = iter([0.0, 1.0])  # the first repository is begun, and one object of it is read, whichever comes first
        monkeypatch.setattr("checks.git.history.time", SimpleNamespace(monotonic=lambda: next(clock, 9.0)))
        told = read(here, repository.path, trees=trees, deadline=5.0)
        assert any("the time for this scan was spent" in one.reason for one in told.skipped)
        assert len(told.findings) < 2
        assert read(here, repository.path, trees=trees).places == {"a.py", "b.py"}

    def test_other_rules_read_all_again(
        self, here: Workstation, repository: GitRepository, trees: Trees, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = read(here, repository.path, trees=trees)
        monkeypatch.setattr("checks.git.history.program_version", lambda: "another")
        assert read(here, repository.path, trees=trees).objects == first.objects > 0

    def test_nothing_of_a_secret_is_kept(self, here: Workstation, repository: GitRepository, trees: Trees) -> None:
        secrets: Sequence[str] = [token() for _ in range(3)]
        repository.added(f"name/{secrets[0]}.py", f"a = '{secrets[1]}'\n", f"with {secrets[2]}")
        first = read(here, repository.path, trees=trees)
        assert len(first.findings) == 3
        assert trees.state
        kept = b"".join(path.read_bytes() for path in trees.state.iterdir())
        assert kept
        assert not any(secret.encode() in kept for secret in secrets)
        again = read(here, repository.path, trees=trees)
        assert {one.secret for one in again.findings} == {one.secret for one in first.findings}

    def test_a_damaged_record_is_dropped(self, here: Workstation, repository: GitRepository, trees: Trees) -> None:
        first = read(here, repository.path, trees=trees)
        assert trees.state
        (record,) = trees.state.iterdir()
        for damaged in (b"", b"{", record.read_bytes()[:30], b"\xff" * 400, b'{"version": 3}\n'):
            record.write_bytes(damaged)
            assert read(here, repository.path, trees=trees).objects == first.objects
