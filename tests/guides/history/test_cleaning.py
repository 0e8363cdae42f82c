"""Every place that a secret can stand in, cleaned and verified; and what must not happen on the way."""

from __future__ import annotations

import base64
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from checks.git.repository import Repository, repository_at
from checks.model.secret import Secret
from guides.history import cleaning, rewriting
from guides.history.backup import Seal
from guides.history.cleaning import Order, check, clean, plan
from guides.history.clone import clone_of, write_bundle
from guides.history.objects import Part
from guides.history.outcome import outcome_of
from guides.history.proving import prove
from guides.history.spellings import spellings_of
from guides.history.trouble import CleaningFailed
from tests.checks.conftest import random_password
from tests.guides.history.repositories import Repo, holds, snapshot

HARD = "pass word/with+\"quotes\" & 'more' \u00e4\\"
"""Characters that every spelling writes in another way, before random ones."""


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "shop")


def order_for(repo: Repo, folder: Path | None = None, seal: Seal = Seal.PLAIN, recipient: str = "") -> Order:
    found = repository_at(repo.folder)
    assert isinstance(found, Repository)
    where = folder or repo.folder.parent / "cleaned"
    return Order(found, where, "shop", seal, recipient, repo.secret, "alice", repo.environment)


def cleaned(repo: Repo) -> Path:
    order = order_for(repo)
    list(clean(repo.reading, order))
    return order.clone


def text(repo: Repo) -> None:
    repo.write(".env", b"TOKEN=" + repo.value + b"\n")
    repo.commit("add")
    repo.write(".env", b"TOKEN=\n")
    repo.commit("remove")


def binary(repo: Repo) -> None:
    repo.write("data.bin", b"\0\1\2" + repo.value + b"\0" * 9)
    repo.commit("binary")


def utf16(repo: Repo) -> None:
    repo.write("a.reg", ("\ufeffkey=" + repo.secret.reveal()).encode("utf-16-le"))
    repo.write("b.reg", ("key=" + repo.secret.reveal()).encode("utf-16-be"))
    repo.commit("wide")


def base64_form(repo: Repo) -> None:
    repo.write("config.json", b'{"auth": "' + repo.login() + b'"}')
    for before in range(3):
        repo.write(f"{before}.b64", base64.b64encode(b"x" * before + repo.value + b"tail"))
    repo.commit("encoded")


def file_name(repo: Repo) -> None:
    repo.write(f"logs/{repo.secret.reveal()}/out.txt", b"nothing\n")
    repo.commit("a name")


def commit_message(repo: Repo) -> None:
    repo.commit(f"login with {repo.secret.reveal()}")


def author(repo: Repo) -> None:
    repo.commit("by", GIT_AUTHOR_NAME=repo.secret.reveal(), GIT_COMMITTER_EMAIL=f"{repo.secret.reveal()}@example.com")


def tag_message(repo: Repo) -> None:
    repo.git("tag", "-a", "v1", "-m", f"release with {repo.secret.reveal()}")


def tag_name(repo: Repo) -> None:
    repo.git("tag", f"v-{repo.secret.reveal()}")
    repo.git("tag", "-a", f"w-{repo.secret.reveal()}", "-m", "noted")


def branch_name(repo: Repo) -> None:
    repo.git("branch", f"fix/{repo.secret.reveal()}")
    repo.git("branch", "fix/REMOVED")


def note(repo: Repo) -> None:
    repo.git("notes", "add", "-m", f"uses {repo.secret.reveal()}")


def stash(repo: Repo) -> None:
    (repo.folder / "README").write_bytes(repo.value)
    repo.git("stash")


def submodule(repo: Repo) -> None:
    inner = Repo(repo.folder.parent / "inner", repo.secret)
    inner.write(".env", repo.value)
    inner.commit("inside")
    address = f"https://alice:{repo.secret.reveal()}@example.com/inner.git"
    repo.write(".gitmodules", f'[submodule "inner"]\n\tpath = inner\n\turl = {address}\n'.encode())
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{inner.git('rev-parse', 'HEAD').decode().strip()},inner")
    repo.commit("a submodule")


def lfs_pointer(repo: Repo) -> None:
    digest = hashlib.sha256(repo.value).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(repo.value)}\n"
    repo.write("large.bin", pointer.encode())
    repo.write(f"{repo.secret.reveal()}.bin", pointer.encode())
    repo.commit("a pointer")


def packed_references(repo: Repo) -> None:
    text(repo)
    repo.git("branch", repo.secret.reveal())
    repo.git("tag", "-a", "v2", "-m", repo.secret.reveal())
    repo.git("pack-refs", "--all")
    repo.git("gc", "-q")


def merge(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("side")
    repo.git("checkout", "-q", "main")
    repo.commit("main")
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")
    repo.write("only-here", repo.value)
    repo.commit("merged")


def pull_request(repo: Repo) -> None:
    text(repo)
    repo.git("update-ref", "refs/pull/1/head", "HEAD")


PLACES: dict[str, tuple[Callable[[Repo], None], frozenset[Part]]] = {
    "text": (text, frozenset({Part.TEXT})),
    "binary": (binary, frozenset({Part.BINARY})),
    "utf-16": (utf16, frozenset({Part.WIDE})),
    "base64": (base64_form, frozenset({Part.TEXT})),
    "file name": (file_name, frozenset({Part.NAME})),
    "commit message": (commit_message, frozenset({Part.MESSAGE})),
    "author": (author, frozenset({Part.AUTHOR})),
    "tag message": (tag_message, frozenset({Part.TAG})),
    "tag name": (tag_name, frozenset({Part.TAG, Part.REFERENCE})),
    "branch name": (branch_name, frozenset({Part.REFERENCE})),
    "note": (note, frozenset({Part.TEXT})),
    "stash": (stash, frozenset({Part.TEXT})),
    "submodule": (submodule, frozenset({Part.TEXT})),
    "LFS pointer": (lfs_pointer, frozenset({Part.NAME})),
    "packed references": (packed_references, frozenset({Part.TEXT, Part.TAG, Part.REFERENCE})),
    "merge": (merge, frozenset({Part.TEXT})),
    "pull request": (pull_request, frozenset({Part.TEXT})),
}


@pytest.mark.parametrize("place", PLACES)
def test_each_place_is_counted_cleaned_and_proven(repo: Repo, place: str) -> None:
    plant, parts = PLACES[place]
    plant(repo)
    found = plan(repo.reading, repo.secret, "alice")
    assert frozenset(found.parts) == parts
    assert found.stash == (place == "stash") and found.notes == (place == "note")
    before = snapshot(repo.folder)
    clone = cleaned(repo)
    assert snapshot(repo.folder) == before, "the person's own repository was touched"
    assert not holds(clone, repo.value, repo.program) and not holds(clone, repo.login(), repo.program)
    assert not any(repo.value in path.read_bytes() for path in clone.rglob("*") if path.is_file())
    assert check(repo.reading.__class__(repo.program, clone), repo.secret, "alice")
    assert sorted(path.name for path in clone.parent.iterdir()) == ["shop.bundle", "shop.git"]


def test_all_at_once(repo: Repo) -> None:
    for plant, _ in (PLACES[name] for name in PLACES if name not in ("packed references", "merge", "pull request")):
        plant(repo)
    clone = cleaned(repo)
    assert not holds(clone, repo.value, repo.program)


@pytest.mark.parametrize(
    "spell",
    [
        lambda value: value.encode(),
        lambda value: quote(value, safe="").encode(),
        lambda value: quote(value).encode(),
        lambda value: quote(value, safe="").lower().encode() if value.islower() else quote(value, safe="").encode(),
        lambda value: __import__("json").dumps({"a": value}).encode(),
        lambda value: __import__("json").dumps({"a": value}, ensure_ascii=False).encode(),
        lambda value: value.encode("utf-16"),
        lambda value: base64.b64encode(b"ab" + value.encode() + b"c"),
        lambda value: base64.urlsafe_b64encode(b"a" + value.encode() + b"cd"),
    ],
    ids=["plain", "percent", "path", "percent small", "json", "json unescaped", "utf-16", "base64", "base64 url"],
)
def test_every_spelling_of_a_value_with_odd_characters(tmp_path: Path, spell: Callable[[str], bytes]) -> None:
    repo = Repo(tmp_path / "shop", Secret(HARD + random_password()))
    repo.write("file", b"before " + spell(repo.secret.reveal()) + b" behind")
    repo.commit("spelled")
    assert plan(repo.reading, repo.secret, "").parts
    assert not holds(cleaned(repo), spell(repo.secret.reveal()), repo.program)


def test_what_stands_there_afterwards(repo: Repo) -> None:
    repo.write("text", b"a " + repo.value + b" b\n")
    repo.write("binary", b"\0a" + repo.value + b"b\0")
    repo.write("wide", ("\ufeff<" + repo.secret.reveal() + ">").encode("utf-16-le"))
    repo.write("encoded", b"auth " + base64.b64encode(b"u:" + repo.value + b"!") + b" end")
    repo.write("other", b"stays as it is\r\n")
    repo.commit("all")
    clone = cleaned(repo)

    def now(name: str) -> bytes:
        return repo.git(f"--git-dir={clone}", "cat-file", "blob", f"main:{name}")

    assert now("text") == b"a ***REMOVED*** b\n"
    assert now("binary") == b"\0a" + b"***REMOVED***".ljust(16, b"*") + b"b\0"
    wide = now("wide").decode("utf-16-le")
    assert wide == "\ufeff<" + "***REMOVED***".ljust(16, "*") + ">"
    assert b"***REMOVED***" in now("encoded") and now("encoded").startswith(b"auth ")
    assert now("other") == b"stays as it is\r\n"


def test_base64_keeps_no_bits_of_it_at_its_edges(repo: Repo) -> None:
    for before in range(3):
        repo.write(f"{before}", base64.b64encode(b"x" * before + repo.value + b"yy"))
    repo.commit("encoded")
    clone = cleaned(repo)
    for before in range(3):
        left = repo.git(f"--git-dir={clone}", "cat-file", "blob", f"main:{before}")
        head, _, tail = left.partition(b"***REMOVED***")
        other = base64.b64encode(b"x" * before + random_password().encode() + b"yy")
        assert other.startswith(head) and other.endswith(tail), "what is left is the same for any other secret"


def test_unchanged_commits_keep_their_ids_and_nothing_is_lost(repo: Repo) -> None:
    first = repo.git("rev-parse", "HEAD").decode().strip()
    text(repo)
    repo.git("branch", "other", first)
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    clone = cleaned(repo)
    assert repo.git(f"--git-dir={clone}", "rev-parse", "other").decode().strip() == first
    outcome = outcome_of(clone)
    assert outcome.commits == 2 and len(outcome.first) == 1
    assert outcome.first[0] == repo.git("rev-parse", "main~1").decode().strip()
    assert [one.name for one in outcome.branches] == ["refs/heads/main"]
    assert [one.name for one in outcome.remote_branches] == ["refs/remotes/origin/main"]
    now = repo.git(f"--git-dir={clone}", "rev-parse", "main").decode().strip()
    assert (outcome.branches[0].old, outcome.branches[0].new) == (repo.git("rev-parse", "main").decode().strip(), now)


def test_commits_in_other_encodings_keep_their_ids(repo: Repo) -> None:
    repo.git("-c", "i18n.commitEncoding=latin1", "commit", "-q", "--allow-empty", "-F", "-", stdin=b"gr\xfc\xdfe")
    kept = repo.git("rev-parse", "HEAD")
    repo.git("branch", "kept")
    text(repo)
    assert repo.git(f"--git-dir={cleaned(repo)}", "rev-parse", "kept") == kept


def test_the_proof_fails_on_a_survivor(repo: Repo, tmp_path: Path) -> None:
    """The clone as it is before the rewriting: each kind of place is named."""
    text(repo)
    tag_message(repo)
    spellings = spellings_of(repo.secret, "alice")
    bundle = write_bundle(repo.reading, tmp_path, spellings)
    clone = clone_of(bundle, repo.reading, tmp_path / "clone", spellings)
    with pytest.raises(CleaningFailed, match=f"still there: tags: 1, {Part.TEXT}: 1"):
        prove(clone)


def test_a_tag_on_a_blob_is_cleaned(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=repo.value).decode().strip()
    repo.git("tag", "-a", "key", "-m", "a key", blob)
    assert repo.git(f"--git-dir={cleaned(repo)}", "cat-file", "blob", "key^{}") == b"***REMOVED***"


def test_what_git_filter_repo_cannot_rewrite_is_told_and_nothing_is_left(repo: Repo) -> None:
    """A tag on a tree: git's own export passes over it."""
    file_name(repo)
    tree = repo.git("rev-parse", "HEAD^{tree}").decode().strip()
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.git("tag", "-a", "tree", "-m", "a tree", tree)
    before = snapshot(repo.folder)
    with pytest.raises(CleaningFailed, match=f"still there: {Part.NAME}") as failed:
        cleaned(repo)
    assert repo.secret.reveal() not in str(failed.value)
    assert not (repo.folder.parent / "cleaned").exists() and snapshot(repo.folder) == before


def test_what_only_this_clone_has_is_told(repo: Repo) -> None:
    repo.git("hash-object", "-w", "--stdin", stdin=repo.value)
    found = plan(repo.reading, repo.secret, "alice")
    assert not found.parts and found.unreachable == 1


def test_a_shallow_clone_is_refused(repo: Repo, tmp_path: Path) -> None:
    text(repo)
    shallow = tmp_path / "shallow"
    repo.git("clone", "-q", "--depth=1", f"file://{repo.folder}", str(shallow))
    repo.folder = shallow
    with pytest.raises(CleaningFailed, match="shallow"):
        cleaned(repo)


def test_a_sha256_repository_is_refused(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    new = tmp_path / "new"
    repo.git("init", "-q", "--object-format=sha256", str(new))
    repo.folder = new
    text(repo)
    with pytest.raises(CleaningFailed, match="SHA-256"):
        cleaned(repo)


def test_a_short_secret_is_refused(repo: Repo) -> None:
    repo.secret = Secret("shop1")
    with pytest.raises(CleaningFailed, match="ordinary words"):
        cleaned(repo)


def test_a_folder_within_the_repository_and_one_that_is_taken_are_refused(repo: Repo, tmp_path: Path) -> None:
    text(repo)
    with pytest.raises(CleaningFailed, match="in the repository itself"):
        list(clean(repo.reading, order_for(repo, repo.folder / "inside")))
    taken = tmp_path / "taken"
    (taken / "shop.git").mkdir(parents=True)
    with pytest.raises(CleaningFailed, match="is there already"):
        list(clean(repo.reading, order_for(repo, taken)))
    assert [path.name for path in taken.iterdir()] == ["shop.git"]


def test_the_backup_brings_everything_back(repo: Repo, tmp_path: Path) -> None:
    text(repo)
    order = order_for(repo)
    list(clean(repo.reading, order))
    assert order.backup.stat().st_mode & 0o777 == 0o600 and order.folder.stat().st_mode & 0o777 == 0o700
    repo.git("clone", "-q", "--mirror", str(order.backup), str(tmp_path / "back"))
    assert repo.git(f"--git-dir={tmp_path / 'back'}", "rev-parse", "main") == repo.git("rev-parse", "main")


def test_a_failed_rewriting_leaves_nothing(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    text(repo)
    monkeypatch.setattr(rewriting, "MODULE", "no_such_module")
    with pytest.raises(CleaningFailed, match="not installed"):
        cleaned(repo)
    assert not (repo.folder.parent / "cleaned").exists()


def test_killed_it_leaves_no_expressions_and_can_be_tidied(repo: Repo, tmp_path: Path) -> None:
    """Killed while git-filter-repo runs: the secret stood in no file beside the clone's own objects, then nor later."""
    for number in range(300):
        repo.write("file", repo.value + b"%d\n" % number)
        repo.commit(f"{number}")
    before, order = snapshot(repo.folder), order_for(repo)
    child = os.fork()
    if child == 0:
        os.environ["TMPDIR"] = str(tmp_path)
        original = subprocess.Popen.communicate

        def dying(self: subprocess.Popen[bytes], *arguments: object, **named: object) -> tuple[bytes, bytes]:
            if "filtering.py" in " ".join(map(str, self.args)):  # type: ignore[arg-type]
                self.stdin.write(arguments[0])  # type: ignore[union-attr, arg-type]
                self.stdin.close()  # type: ignore[union-attr]
                os.kill(os.getpid(), signal.SIGKILL)
            return original(self, *arguments, **named)  # type: ignore[arg-type]

        subprocess.Popen.communicate = dying  # type: ignore[method-assign, assignment]
        try:
            list(clean(repo.reading, order))
        finally:
            os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    plain = [path for path in order.folder.rglob("*") if path.is_file() and repo.value in path.read_bytes()]
    assert not plain, "objects are compressed; nothing else may hold it"
    assert snapshot(repo.folder) == before
    for _ in range(200):  # the orphaned filter ends by itself; what it still writes goes with the folder
        cleaning.tidy(order.folder, order.clone, order.backup)
        if not order.folder.exists() and not _running(order.folder):
            break
        time.sleep(0.05)
    assert not order.folder.exists()
    list(clean(repo.reading, order))
    assert not holds(order.clone, repo.value, repo.program)


def _running(folder: Path) -> bool:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in str((process / "cwd").readlink()):
                return True
        except OSError:
            continue
    return False


def test_neither_arguments_nor_environment_hold_it(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    text(repo)
    branch_name(repo)
    started: list[str] = []
    original = subprocess.Popen.__init__

    def noting(self: object, *arguments: object, **named: object) -> None:
        started.append(f"{arguments} {named.get('args')} {named.get('env')}")
        original(self, *arguments, **named)  # type: ignore[arg-type, call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", noting)
    cleaned(repo)
    assert any("filtering.py" in one for one in started)
    spelled = {one.find.decode("latin-1") for one in spellings_of(repo.secret, "alice")}
    assert not [one for one in started if any(form in one for form in spelled) or repo.value.hex() in one]
    assert sys.executable
