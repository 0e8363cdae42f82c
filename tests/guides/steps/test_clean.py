"""The step Clean: leaving it is the usual choice, insisting wants a word, and what is made is proven and remembered."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from checks.files.state import StateFolder
from checks.model.secret import Secret
from guides.case import file
from guides.case.model import CleaningStage, Order, StepId, StepState
from guides.case.opening import look_again
from guides.case.walk import Walk
from guides.steps.catalog import STEPS, actions_of
from guides.steps.clean import remains
from guides.steps.cleaning import recover_cleanings
from guides.steps.printed import printed_guide
from guides.steps.step import AskKind, StepFailed
from tests.checks.conftest import random_token
from tests.guides.case.scene import Scene, act, told
from tests.guides.history.repositories import Repo, holds, snapshot

K = StepId.CLEAN


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A token that was committed, and taken out of the file by the next commit but for the last line."""
    made = Repo(tmp_path / "home/shop", Secret(random_token("ghp_", 36)))
    made.write(".env", b"GHCR_USER=alice\nGHCR_TOKEN=" + made.value + b"\n")
    made.commit("add the login")
    made.git("remote", "add", "origin", f"https://alice:{made.secret.reveal()}@github.com/acme/shop.git")
    return made


@pytest.fixture
def scene(repo: Repo) -> Scene:
    path = os.pathsep.join(("/usr/bin", "/bin"))
    return Scene(repo.folder.parent, repo.secret, "ghcr.io", path=path)


def in_git(walk: Walk, repo: Repo) -> None:
    """The file's place is known to be tracked."""
    places = tuple(replace(one, repository=str(repo.folder)) for one in walk.case.places)
    walk.file.keep(replace(walk.case, places=places))


def die(walk: Walk) -> None:
    """The old one is proven dead, and forgotten by the case and this session."""
    walk.file.keep(replace(walk.case, old=replace(walk.case.old, dead=walk.around.clock(), saved=False)))
    walk.secrets.erase("old")
    walk.findings = ()


def offered(walk: Walk) -> dict[str, bool]:
    return {one.id: one.recommended for one in actions_of(walk, STEPS[K])}


def test_it_is_a_step_only_where_git_holds_the_secret(scene: Scene, repo: Repo) -> None:
    with scene.walk(scene.credential(repo.folder / ".env")) as walk:
        walk.file.keep(replace(walk.case, places=tuple(replace(one, repository=None) for one in walk.case.places)))
        assert K not in walk.case.path
        in_git(walk, repo)
        for order in Order:
            walk.file.keep(replace(walk.case, order=order))
            path = walk.case.path
            assert path.index(StepId.REVOKE) < path.index(K) == path.index(StepId.MONITOR) - 1


def test_leaving_a_dead_secret_is_proposed_with_its_reason(scene: Scene, repo: Repo) -> None:
    with scene.walk(scene.credential(repo.folder / ".env")) as walk:
        in_git(walk, repo)
        assert not offered(walk)["leave"]
        die(walk)
        assert offered(walk)["leave"]
        act(walk, K, "leave")
        assert walk.case.step(K).state is StepState.SKIPPED
        assert "proven dead" in walk.case.step(K).note


def test_before_the_old_one_is_dead_it_wants_a_typed_word(scene: Scene, repo: Repo) -> None:
    with scene.walk(scene.credential(repo.folder / ".env")) as walk:
        in_git(walk, repo)
        act(walk, K, "look-0")
        offer = next(one for one in actions_of(walk, STEPS[K]) if one.id == "clean-0").prepare()
        assert offer.irreversible and any(ask.kind is AskKind.WORD for ask in offer.asks)
        with pytest.raises(StepFailed, match="not proven dead"):
            act(walk, K, "clean-0", seal="plain")
        act(walk, K, "clean-0", seal="plain", word="rewrite")
        assert walk.case.cleanings[0].stage is CleaningStage.DONE


def test_it_is_counted_cleaned_proven_and_finished(scene: Scene, repo: Repo) -> None:
    """The case does not keep a dead secret: it is read once more from the repository itself."""
    with scene.walk(scene.credential(repo.folder / ".env")) as walk:
        in_git(walk, repo)
        repo.write(".env", b"GHCR_TOKEN=\n")
        repo.commit("take it out")
        repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
        die(walk)
        assert walk.old_value() is None
        before = snapshot(repo.folder)
        lines = act(walk, K, "look-0")
        assert "text of files: 1" in lines
        lines = act(walk, K, "clean-0", seal="plain")
        assert any(line.startswith("Proven: ") for line in lines)
        assert snapshot(repo.folder) == before
        done = walk.case.cleanings[0]
        assert not holds(Path(done.clone), repo.value, repo.program)
        text = told(walk, K)
        assert (
            "git push --force-with-lease=refs/heads/main:" in text
            and "refs/remotes/origin/main:refs/heads/main" in text
        )
        assert "git remote add origin https://github.com/acme/shop.git" in text
        assert "refs/pull" in text and "forks" in text and "git gc --prune=now" in text
        assert repo.git("rev-parse", "main~1").decode().strip() in text
        assert f"rm -- {shlex.quote(done.backup).replace(str(scene.home), '~')}" in text
        assert any("No" not in line and "rm -- " in line for line in remains(walk))
        act(walk, K, "check-0")
        act(walk, K, "finish", end="pushed", note="the shop team was told")
        assert walk.case.step(K).state is StepState.DONE
        with pytest.raises(StepFailed, match="still there"):
            act(walk, K, "deleted-0")
        Path(done.backup).unlink()
        act(walk, K, "deleted-0")
        assert not list(remains(walk))
        guide = printed_guide(walk)
        assert "Clean" in guide
    held = "".join(path.read_text() for path in scene.state.path.glob("case-*.json"))
    assert repo.secret.reveal() not in held + guide


def test_the_push_commands_bring_a_host_to_the_clean_state_and_refuse_where_it_moved(
    scene: Scene, repo: Repo, tmp_path: Path
) -> None:
    """As printed, run by a real shell against a real bare repository; only the address is another one."""
    host = tmp_path / "host.git"
    repo.git("clone", "-q", "--bare", str(repo.folder), str(host))
    repo.git("config", "remote.origin.url", str(host))
    repo.git("fetch", "-q", "origin")
    repo.git("tag", "-a", "v1", "-m", f"with {repo.secret.reveal()}")
    repo.git("push", "-q", "origin", "v1")
    with scene.walk(scene.credential(repo.folder / ".env")) as walk:
        in_git(walk, repo)
        die(walk)
        act(walk, K, "look-0")
        act(walk, K, "clean-0", seal="plain")
        chapter = next(one for one in STEPS[K].chapters(walk) if one.title.startswith("Push "))
        script = "set -e\n" + "\n".join(command for _, command in chapter.rows)
    other = tmp_path / "other"
    repo.git("clone", "-q", str(host), str(other))
    subprocess.run(
        ["sh", "-c", "echo new >new; git add new; git commit -qm new; git push -q"],
        cwd=other, env=repo.environment, check=True, capture_output=True,
    )  # fmt: skip
    environment = repo.environment | {"HOME": str(scene.home)}
    moved = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True)
    assert moved.returncode and "stale info" in moved.stderr
    repo.git(f"--git-dir={host}", "update-ref", "refs/heads/main", "refs/heads/main~1")
    again = script.replace("git remote add", "git remote set-url")
    subprocess.run(["sh", "-c", again], env=environment, check=True, capture_output=True)
    fresh = tmp_path / "fresh"
    repo.git("clone", "-q", "--mirror", f"file://{host}", str(fresh))
    assert not holds(fresh, repo.value, repo.program)
    assert repo.git(f"--git-dir={fresh}", "rev-list", "--count", "--all") == b"2\n"


def test_a_mirror_clone_of_the_host_can_be_named(scene: Scene, repo: Repo) -> None:
    mirror = scene.home / "mirror.git"
    repo.git("clone", "-q", "--mirror", f"file://{repo.folder}", str(mirror))
    with scene.walk(scene.credential(repo.folder / ".env")) as walk:
        in_git(walk, repo)
        die(walk)
        act(walk, K, "name", path="~/mirror.git")
        act(walk, K, "look-1")
        act(walk, K, "clean-1", seal="plain")
        assert "git push --force --mirror origin" in told(walk, K)
        with pytest.raises(StepFailed, match="no repository"):
            act(walk, K, "name", path="~/nowhere")
        with pytest.raises(StepFailed, match="absolute"):
            act(walk, K, "name", path="mirror.git")


def test_where_it_stands_nowhere_any_more_it_says_so(scene: Scene, repo: Repo) -> None:
    with scene.walk(scene.credential(repo.folder / ".env")) as walk:
        in_git(walk, repo)
        die(walk)
        shutil.rmtree(repo.folder)
        Repo(repo.folder)
        with pytest.raises(StepFailed, match="found in none"):
            act(walk, K, "look-0")


@pytest.mark.parametrize("write", range(4))
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_a_journal_write_it_can_be_done_again(scene: Scene, repo: Repo, write: int, after: bool) -> None:
    with scene.walk(scene.credential(repo.folder / ".env")) as walk:
        in_git(walk, repo)
        die(walk)
        case = walk.case
    before = snapshot(repo.folder)
    killed = _killed(scene, write, after=after)
    assert killed == (write < 3)
    assert snapshot(repo.folder) == before
    case = file.read_all(scene.state).cases[0]
    with scene.walk(case) as walk:
        recover_cleanings(walk)
        assert not list(scene.home.rglob(".dockhygiene-making"))
        if not any(one.stage is CleaningStage.DONE for one in walk.case.cleanings):
            assert not list(scene.home.glob("dockhygiene-clean-*"))
            look_again(walk)
            act(walk, K, "look-0")
            act(walk, K, "clean-0", seal="plain")
        done = walk.case.cleanings[0]
        assert not holds(Path(done.clone), repo.value, repo.program)
        act(walk, K, "finish")


def _killed(scene: Scene, write: int, *, after: bool) -> bool:
    """Looks and cleans in a process that dies before or after the write of this number. False: it came to its end."""
    child = os.fork()
    if child == 0:
        written = 0
        original = StateFolder.write

        def counting(self: StateFolder, name: str, data: bytes) -> None:
            nonlocal written
            if written == write and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            original(self, name, data)
            if written == write and after:
                os.kill(os.getpid(), signal.SIGKILL)
            written += 1

        try:
            with scene.walk(file.read_all(scene.state).cases[0]) as walk:
                StateFolder.write = counting  # type: ignore[method-assign]
                act(walk, K, "look-0")
                act(walk, K, "clean-0", seal="plain")
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
