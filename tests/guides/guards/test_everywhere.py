"""The guard of all repositories: every hook of a repository keeps running, and git does what it did."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from guides.guards.asking import GuardError
from guides.guards.changes import diff
from guides.guards.everywhere import person_file, plan_global_install
from guides.guards.scripts import CLIENT
from guides.guards.status import look_everywhere
from tests.guides.guards.scene import Scene, tree


def test_all_repositories_are_guarded(scene: Scene) -> None:
    config = scene.home / ".gitconfig"
    config.write_text("[user]\n\tname = somebody\n[core]\n\teditor = vi")
    config.chmod(0o600)
    scene.install_everywhere()
    assert config.read_text().startswith("[user]\n\tname = somebody\n[core]\n\teditor = vi\n[core]")
    assert config.stat().st_mode & 0o777 == 0o600
    scene.commit()
    scene.git("push", "-q", "origin", "main")
    assert scene.calls() == ["[guard][run][--staged]", f"[guard][run][--pre-push][origin][{scene.remote}]"]
    assert all(one.good for one in scene.status()) and all(
        one.good for one in look_everywhere(scene.environment, scene.own)
    )
    scene.answer(1)
    scene.commit(code=1)
    scene.git("push", "-q", "origin", "HEAD:refs/heads/new", code=1)
    assert scene.install_everywhere().changes == ()
    scene.uninstall_everywhere()
    assert config.read_text() == "[user]\n\tname = somebody\n[core]\n\teditor = vi\n"
    assert not scene.own.parent.exists() and scene.uninstall_everywhere().changes == ()
    scene.commit()
    assert look_everywhere(scene.environment, scene.own) == []


def test_the_repositorys_own_hooks_run(scene: Scene) -> None:
    for hook in ("pre-commit", "pre-push", "commit-msg", "post-commit", "post-checkout", "post-rewrite"):
        scene.hook(hook, scene.noting(hook))
    scene.hook("prepare-commit-msg", scene.noting("prepare"), mode=0o644)
    scene.install_everywhere()
    scene.commit()
    assert scene.note("commit-msg.args") == "[.git/COMMIT_EDITMSG]" and scene.note("post-commit.args") == "[]"
    assert scene.note("prepare.args") == ""
    scene.git("commit", "-q", "--amend", "-m", "n")
    assert scene.note("post-rewrite.args") == "[amend]" and len(scene.note("post-rewrite").split()) == 2
    scene.git("push", "-q", "origin", "main")
    stdin = scene.stdin()
    assert stdin and scene.note("pre-push") == stdin
    linked = scene.top / "linked"
    scene.git("worktree", "add", "-q", "-b", "other", str(linked))
    assert scene.note("post-checkout.args").endswith("[1]")
    scene.note("pre-commit.args")
    scene.commit(cwd=linked)
    assert scene.note("pre-commit.args") == "[]"
    scene.hook("commit-msg", "#!/bin/sh\nexit 1\n")
    scene.commit(code=1)


def test_a_repository_with_a_guard_of_its_own_is_looked_at_once(scene: Scene) -> None:
    scene.hook("pre-push", scene.noting("theirs"))
    scene.install()
    scene.install_everywhere()
    scene.commit()
    scene.git("push", "-q", "origin", "main")
    assert len(scene.calls()) == 2
    assert scene.note("theirs") == scene.stdin() != ""
    assert scene.install().changes == ()
    scene.uninstall()
    assert (scene.repository / ".git/hooks/pre-push").read_text() == scene.noting("theirs")


def test_where_others_push_to(scene: Scene) -> None:
    """A hook that is there changes what git does: push-to-checkout most of all."""
    for hook in ("pre-receive", "post-receive", "update"):
        scene.hook(hook, scene.noting(hook), folder=scene.remote / "hooks")
    scene.install_everywhere()
    scene.commit()
    scene.git("push", "-q", "origin", "main")
    assert scene.note("pre-receive") == scene.note("post-receive") != ""
    assert scene.note("update.args").startswith("[refs/heads/main]")
    unborn = scene.top / "served"
    scene.git("init", "-q", "-b", "main", str(unborn))
    scene.git("config", "receive.denyCurrentBranch", "updateInstead", cwd=unborn)
    scene.git("push", "-q", str(unborn), "main")
    assert (unborn / "a").read_text() == "line\n"
    scene.commit()
    scene.git("push", "-q", str(unborn), "main")
    assert (unborn / "a").read_text() == "line\nline\n"
    (unborn / "a").write_text("edited")
    scene.commit()
    scene.git("push", "-q", str(unborn), "main", code=1)
    assert (unborn / "a").read_text() == "edited"
    scene.git("add", "a", cwd=unborn)
    scene.git("push", "-q", str(unborn), "main", code=1)


def test_a_hooks_path_of_its_own_is_not_touched_but_told(scene: Scene) -> None:
    scene.install_everywhere()
    scene.git("config", "core.hooksPath", "theirs")
    scene.commit()
    assert scene.calls() == []
    told = scene.status()
    assert [one.good for one in told[:2]] == [False, False]
    assert any("for all repositories do not run here" in one.text for one in told)
    scene.extra["PATH"] = os.pathsep.join((str(scene.program.parent), os.environ["PATH"]))
    scene.install()
    scene.commit()
    assert len(scene.calls()) == 1


def test_a_folder_that_is_set_already_stays_set(scene: Scene) -> None:
    (scene.home / ".gitconfig").write_text("[core]\n\thooksPath = ~/my hooks\n")
    scene.hook("pre-commit", scene.noting("mine"), folder=scene.home / "my hooks")
    before = tree(scene.home)
    scene.install_everywhere()
    scene.commit()
    assert scene.note("mine.args") == "[]" and len(scene.calls()) == 1
    assert not scene.own.exists()
    assert all(one.good for one in scene.status())
    scene.uninstall_everywhere()
    assert tree(scene.home) == before


@pytest.mark.parametrize(
    ("value", "words"), [("hooks", "another folder in each"), ("/dev/null", "switches all hooks off")]
)
def test_what_is_set_may_be_no_folder(scene: Scene, value: str, words: str) -> None:
    (scene.home / ".gitconfig").write_text(f"[core]\n\thooksPath = {value}\n")
    with pytest.raises(GuardError, match=words):
        scene.install_everywhere()


def test_the_setting_of_the_machine_stays(scene: Scene) -> None:
    system = scene.top / "system"
    system.write_text(f'[core]\n\thooksPath = "{scene.top}/machine"\n')
    scene.extra |= {"GIT_CONFIG_SYSTEM": str(system), "GIT_CONFIG_NOSYSTEM": "0"}
    scene.install_everywhere()
    assert (scene.top / "machine/pre-push").exists() and not (scene.home / ".gitconfig").exists()


def test_which_file_git_would_write(scene: Scene) -> None:
    home, usual = scene.home, scene.home / ".gitconfig"
    assert person_file({}, home) == usual
    beside = home / ".config/git/config"
    beside.parent.mkdir(parents=True)
    beside.write_text("")
    assert person_file({}, home) == beside
    assert person_file({"XDG_CONFIG_HOME": str(scene.top)}, home) == usual
    usual.symlink_to(scene.top / "dotfiles")
    (scene.top / "dotfiles").write_text("")
    assert person_file({}, home) == scene.top / "dotfiles"
    assert person_file({"GIT_CONFIG_GLOBAL": str(scene.top / "g")}, home) == scene.top / "g"
    with pytest.raises(GuardError, match="GIT_CONFIG_GLOBAL"):
        person_file({"GIT_CONFIG_GLOBAL": "/dev/null"}, home)


def test_a_linked_file_of_another_name(scene: Scene) -> None:
    config = scene.top / "my config"
    scene.extra["GIT_CONFIG_GLOBAL"] = str(config)
    scene.install_everywhere()
    scene.commit()
    assert scene.calls()
    scene.uninstall_everywhere()
    assert not config.exists()


def test_odd_folders(scene: Scene) -> None:
    odd = scene.top / 'a "b" \\ c # é'
    scene.extra["XDG_CONFIG_HOME"] = str(odd)
    scene.install_everywhere()
    assert scene.place().folder == odd / "dockhygiene/git-hooks"
    scene.commit()
    assert scene.calls()
    scene.uninstall_everywhere()
    assert not scene.place().settings


def test_secrets_of_the_file_are_not_shown(scene: Scene) -> None:
    word = os.urandom(12).hex()
    (scene.home / ".gitconfig").write_text(f"[http]\n\textraHeader = Authorization: Bearer {word}\n")
    plan = plan_global_install(scene.environment, scene.home, scene.program)
    assert word not in repr(plan) and not any(word in line for change in plan.changes for line in diff(change))


def test_what_was_changed_since_stops_all_of_it(scene: Scene) -> None:
    scene.install_everywhere()
    before = tree(scene.home)
    for path, text in ((scene.own / "commit-msg", "exit 0\n"), (scene.own / "mine", "")):
        with path.open("a") as file:
            file.write(text)
        with pytest.raises(GuardError, match=path.name):
            scene.uninstall_everywhere()
        if path.name == "mine":
            path.unlink()
        else:
            path.write_bytes(before[str(path.relative_to(scene.home))][1])
    assert tree(scene.home) == before
    (scene.home / ".gitconfig").write_text(f"[core]\n\thooksPath = {scene.own}\n\tbare = false\n")
    with pytest.raises(GuardError, match="as dockhygiene wrote it") as error:
        scene.uninstall_everywhere()
    assert "--unset core.hooksPath" in error.value.mend


def test_a_lost_folder_is_told(scene: Scene) -> None:
    scene.install_everywhere()
    (scene.own / "commit-msg").chmod(0o644)
    assert any("commit-msg" in one.text and not one.good for one in scene.status())
    shutil.rmtree(scene.own)
    assert not any(one.good for one in scene.status())
    assert not any(one.good for one in look_everywhere(scene.environment, scene.own))
    scene.install_everywhere()
    assert {path.name for path in scene.own.iterdir()} == set(CLIENT)


def test_interrupted_at_any_file(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting comes last and goes first: no repository ever looks for hooks in half a folder."""
    plan = plan_global_install(scene.environment, scene.home, scene.program)
    assert plan.changes[-1].path == scene.home / ".gitconfig" and len(plan.changes) == len(CLIENT) + 1
    scene.install_everywhere()
    from guides.guards.everywhere import plan_global_uninstall

    assert plan_global_uninstall(scene.environment, scene.home).changes[0].path == Path(scene.home, ".gitconfig")
