"""The hooks of one repository: real commits and pushes pass and stop, and hooks that were there keep running."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from guides.edits.atomic import ChangedMeanwhile, NotWritten
from guides.guards.asking import GuardError
from guides.guards.changes import diff, make
from guides.guards.plan import plan_install
from guides.guards.scripts import CLIENT, GUARDED, global_hook, local_hook, read_written
from tests.guides.guards.scene import Scene, tree


def test_commits_and_pushes_pass_and_stop(scene: Scene) -> None:
    scene.install()
    scene.commit()
    assert scene.calls() == ["[guard][run][--staged]"]
    scene.git("push", "-q", "origin", "main")
    assert scene.calls() == [f"[guard][run][--pre-push][origin][{scene.remote}]"]
    head = scene.git("rev-parse", "HEAD").stdout.strip()
    assert scene.stdin() == f"refs/heads/main {head} refs/heads/main {'0' * 40}\n"
    scene.git("push", "-q", str(scene.remote), "HEAD:refs/heads/other")
    assert scene.calls() == [f"[guard][run][--pre-push][{scene.remote}][{scene.remote}]"]
    for code in (1, 3, 70):
        scene.answer(code)
        scene.commit(code=1)
        scene.git("push", "-q", "origin", "HEAD:refs/heads/new", code=1)
    assert scene.git("rev-parse", "HEAD").stdout.strip() == head
    assert "new" not in scene.git("ls-remote", "origin").stdout
    scene.git("commit", "-qm", "m", "--no-verify")
    scene.git("push", "-q", "--no-verify", "origin", "HEAD:refs/heads/new")


def test_hooks_that_were_there_run_first_with_all_they_had(scene: Scene) -> None:
    scene.hook("pre-push", scene.noting("theirs"))
    scene.hook("pre-commit", scene.noting("theirs"), mode=0o711)
    kept = tree(scene.repository / ".git/hooks")
    scene.install()
    scene.commit()
    assert scene.note("theirs.args") == "[]" and len(scene.calls()) == 1
    scene.git("push", "-q", "origin", "main", "HEAD:refs/tags/t")
    stdin = scene.stdin()
    assert stdin.count("\n") == 2 and scene.note("theirs") == stdin
    assert scene.note("theirs.args") == f"[origin][{scene.remote}]"
    assert (scene.repository / ".git/hooks/pre-commit.dockhygiene-prev").stat().st_mode & 0o777 == 0o711
    scene.uninstall()
    assert tree(scene.repository / ".git/hooks") == kept


@pytest.mark.parametrize("code", [1, 7])
def test_their_refusal_stands(scene: Scene, code: int) -> None:
    scene.hook("pre-commit", f"#!/bin/sh\nexit {code}\n")
    path = scene.hook("pre-push", f"#!/bin/sh\nexit {code}\n")
    scene.install()
    scene.commit(code=1)
    assert scene.calls() == []
    done = subprocess.run([path, "origin", "url"], cwd=scene.repository, env=scene.environment, input=b"a b c d\n")
    assert done.returncode == code


def test_a_hook_that_git_did_not_run_is_not_run_now(scene: Scene) -> None:
    scene.hook("pre-commit", "#!/bin/sh\nexit 1\n", mode=0o644)
    scene.install()
    scene.commit()
    assert scene.calls()
    assert any("not executable" in one.text for one in scene.status())


@pytest.mark.parametrize("lines", [b"", b"a", b"a\n", b"a\n\n", b"\n", b"\xff\xc3 \\n %s\n", b"b c d e\n" * 50_000],
                         ids=["nothing", "no-end", "one", "two-ends", "end", "bytes", "many"])  # fmt: skip
@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_both_get_the_input_byte_for_byte(scene: Scene, lines: bytes, shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    scene.hook("pre-push", scene.noting("theirs"))
    scene.install()
    path = scene.repository / ".git/hooks/pre-push"
    done = subprocess.run([shell, path, "r", "u"], cwd=scene.repository, env=scene.environment, input=lines)
    assert done.returncode == 0
    assert (scene.top / "theirs").read_bytes() == lines == (scene.top / "called.stdin").read_bytes()


def test_a_hook_that_reads_nothing_of_a_long_input(scene: Scene) -> None:
    scene.hook("pre-push", "#!/bin/sh\nexit 0\n")
    scene.install()
    path = scene.repository / ".git/hooks/pre-push"
    lines = b"b c d e\n" * 50_000
    done = subprocess.run([path], cwd=scene.repository, env=scene.environment, input=lines, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"") and (scene.top / "called.stdin").read_bytes() == lines


def test_no_program_stops_and_says_how_to_go_on(scene: Scene) -> None:
    scene.install()
    scene.extra["PATH"] = os.pathsep.join(("/usr/bin", "/bin"))
    scene.program.unlink()
    said = scene.commit(code=1)
    assert "git commit --no-verify" in said
    scene.git("commit", "-qm", "m", "--no-verify")
    assert "git push --no-verify" in scene.git("push", "origin", "main", code=1).stderr
    assert [one.good for one in scene.status()] == [False, False]
    other = scene.top / "other"
    other.mkdir()
    scene.answer(0)
    scene.program.rename(other / "dockhygiene")
    scene.extra["PATH"] = os.pathsep.join((str(other), "/usr/bin", "/bin"))
    scene.commit()
    assert all(one.good for one in scene.status())
    scene.extra["PATH"] = os.pathsep.join(("../other", "/usr/bin", "/bin"))
    scene.commit(code=1)  # a program found relative to the repository could be the repository's


def test_twice_changes_nothing(scene: Scene) -> None:
    scene.hook("pre-commit", "#!/bin/sh\n")
    scene.install()
    before = tree(scene.repository / ".git")
    assert scene.install().changes == ()
    assert tree(scene.repository / ".git") == before
    scene.program = scene.program.rename(scene.program.with_name("dockhygiene-2"))
    assert [change.previous for change in scene.install().changes] == [None, None]
    scene.uninstall()
    assert (scene.repository / ".git/hooks/pre-commit").read_text() == "#!/bin/sh\n"
    assert scene.uninstall().changes == ()


def test_what_was_changed_since_is_left(scene: Scene) -> None:
    scene.hook("pre-push", "#!/bin/sh\n")
    scene.install()
    path = scene.repository / ".git/hooks/pre-push"
    path.write_bytes(path.read_bytes() + b"echo mine\n")
    before = tree(scene.repository / ".git/hooks")
    with pytest.raises(GuardError, match="changed since") as error:
        scene.uninstall()
    assert f"mv {path}.dockhygiene-prev {path}" in error.value.mend
    with pytest.raises(GuardError, match="changed since"):
        scene.install()
    assert tree(scene.repository / ".git/hooks") == before
    assert any(not one.good and "changed since" in one.text for one in scene.status())


def test_a_link_stays_a_link(scene: Scene) -> None:
    (scene.repository / "scripts").mkdir()
    target = scene.repository / "scripts/check"
    target.write_text(scene.noting("theirs"))
    target.chmod(0o755)
    path = scene.repository / ".git/hooks/pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.symlink_to("../../scripts/check")
    scene.install()
    assert not path.is_symlink() and target.read_text() == scene.noting("theirs")
    scene.commit()
    assert scene.note("theirs.args") == "[]"
    scene.uninstall()
    assert path.readlink() == Path("../../scripts/check")


def test_interrupted_between_keeping_and_placing(scene: Scene) -> None:
    """The crash that matters: the old hook has its second name, ours is not there yet."""
    path = scene.hook("pre-push", scene.noting("theirs"))
    os.link(path, f"{path}.dockhygiene-prev")
    left = path.with_name(".pre-push.dockhygiene-0123456789ab")
    left.write_bytes(local_hook("pre-push", scene.program))
    scene.commit()
    scene.git("push", "-q", "origin", "main")
    assert scene.note("theirs")
    scene.install()
    assert not left.exists()
    scene.commit()
    scene.git("push", "-q", "origin", "main")
    assert scene.note("theirs") == scene.stdin() != ""


def test_somebody_elses_file_in_the_way(scene: Scene) -> None:
    path = scene.hook("pre-commit", "#!/bin/sh\n")
    path.with_name("pre-commit.dockhygiene-prev").write_text("other")
    with pytest.raises(GuardError, match="is there already"):
        scene.install()
    assert path.read_text() == "#!/bin/sh\n"


@pytest.mark.parametrize("there", [True, False], ids=["hook", "none"])
def test_a_write_in_between_is_not_lost(scene: Scene, there: bool) -> None:
    if there:
        scene.hook("pre-commit", "#!/bin/sh\n")
    plan = plan_install(scene.place(), scene.program, scene.own)
    path = scene.hook("pre-commit", "#!/bin/sh\n# newer\n")
    with pytest.raises(ChangedMeanwhile):
        make(plan.changes[0])
    assert path.read_text() == "#!/bin/sh\n# newer\n"
    assert [name.name for name in path.parent.iterdir() if "dockhygiene" in name.name] == []


def test_a_foreign_hook_is_not_shown(scene: Scene) -> None:
    word = os.urandom(12).hex()
    scene.hook("pre-commit", f"#!/bin/sh\ncurl -H 'Authorization: {word}'\n")
    plan = plan_install(scene.place(), scene.program, scene.own)
    lines = list(diff(plan.changes[0]))
    assert not any(word in line for line in lines) and word not in repr(plan)
    assert any("pre-commit.dockhygiene-prev, and runs first" in line for line in lines)
    assert any(line.startswith("+exec") for line in lines)


def test_a_folder_that_cannot_be_written(scene: Scene) -> None:
    folder = scene.repository / ".git/hooks"
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("root writes everywhere")
    try:
        with pytest.raises(GuardError, match="cannot be written"):
            scene.install()
    finally:
        folder.chmod(0o755)


def test_a_hook_that_is_no_file(scene: Scene) -> None:
    path = scene.repository / ".git/hooks/pre-commit"
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)
    with pytest.raises(GuardError, match="not a regular file"):
        scene.install()
    assert path.is_fifo()


def test_the_folder_may_be_missing(scene: Scene) -> None:
    shutil.rmtree(scene.repository / ".git/hooks", ignore_errors=True)
    scene.install()
    scene.commit()
    assert scene.calls()


@pytest.mark.parametrize("hook", CLIENT)
def test_the_mark_knows_its_own_text(hook: str, tmp_path: Path) -> None:
    data = global_hook(hook, tmp_path / "dockhygiene")
    written = read_written(data)
    assert written and written.intact and written.guards == (hook in GUARDED)
    changed = read_written(data + b"\n")
    assert changed and not changed.intact
    assert read_written(b"#!/bin/sh\n" + data) is None


def test_the_scripts_are_posix(tmp_path: Path) -> None:
    texts = {f"global-{hook}": global_hook(hook, tmp_path / "a'b c") for hook in CLIENT}
    texts |= {f"local-{hook}": local_hook(hook, tmp_path / "é $x") for hook in GUARDED}
    for name, data in texts.items():
        (tmp_path / name).write_bytes(data)
        assert subprocess.run(["sh", "-n", tmp_path / name]).returncode == 0
    if shellcheck := shutil.which("shellcheck"):
        options = ("-s", "sh", "-e", "SC2016")  # a folder with `$` in its name is quoted on purpose
        assert subprocess.run([shellcheck, *options, *(tmp_path / name for name in texts)]).returncode == 0


def test_not_written_is_said(scene: Scene) -> None:
    scene.hook("pre-commit", "#!/bin/sh\n")
    plan = plan_install(scene.place(), scene.program, scene.own)
    scene.hook("pre-commit.dockhygiene-prev", "another")
    with pytest.raises(NotWritten, match="is there already"):
        make(plan.changes[0])
