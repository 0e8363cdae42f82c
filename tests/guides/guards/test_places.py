"""Where git looks for hooks: work trees, submodules, bare repositories, core.hooksPath; and nothing of theirs runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guides.guards.asking import GuardError, everywhere, find_place
from tests.guides.guards.scene import Scene, on_path


def test_a_linked_work_tree(scene: Scene) -> None:
    scene.commit()
    linked = scene.top / "linked tree"
    scene.git("worktree", "add", "-q", "-b", "other", str(linked))
    scene.install(linked)
    assert (scene.repository / ".git/hooks/pre-commit").is_file()
    scene.commit(cwd=linked)
    scene.commit()
    assert len(scene.calls()) == 2
    assert scene.place(linked).folder == scene.place().folder
    assert all(one.good for one in scene.status(linked))


def test_from_a_folder_below(scene: Scene) -> None:
    below = scene.repository / "a/b"
    below.mkdir(parents=True)
    assert scene.place(below) == scene.place()
    scene.git("config", "core.hooksPath", "our hooks")
    assert scene.place(below).folder == scene.repository / "our hooks"


def test_a_submodule(scene: Scene) -> None:
    scene.commit()
    outer = scene.top / "outer"
    scene.git("init", "-q", str(outer))
    scene.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(scene.repository), "sub", cwd=outer)
    scene.install(outer / "sub")
    assert (outer / ".git/modules/sub/hooks/pre-commit").is_file()
    scene.commit(cwd=outer / "sub")
    assert scene.calls() == ["[guard][run][--staged]"]


def test_a_bare_repository(scene: Scene) -> None:
    assert scene.place(scene.remote).folder == scene.remote / "hooks"
    scene.install(scene.remote)
    assert (scene.remote / "hooks/pre-push").is_file()


def test_a_folder_of_the_work_tree_reaches_everybody(scene: Scene) -> None:
    scene.git("config", "core.hooksPath", ".githooks")
    theirs = scene.hook("pre-commit", scene.noting("theirs"), folder=scene.repository / ".githooks")
    on_path(scene)
    plan = scene.install()
    assert any("reaches everybody" in note for note in plan.notes)
    assert str(scene.program).encode() not in theirs.read_bytes()  # the path of one machine means nothing on another
    scene.commit()
    assert scene.note("theirs.args") == "[]" and scene.calls() == ["[guard][run][--staged]"]
    assert all(one.good for one in scene.status())
    linked = scene.top / "linked"
    scene.git("worktree", "add", "-q", str(linked), "-b", "other")
    assert scene.place(linked).folder == linked / ".githooks"
    scene.uninstall()
    assert theirs.read_text() == scene.noting("theirs")


def test_a_folder_elsewhere(scene: Scene) -> None:
    scene.git("config", "core.hooksPath", "~/hooks")
    plan = scene.install()
    assert (scene.home / "hooks/pre-commit").is_file() and any("every repository whose" in one for one in plan.notes)
    scene.commit()
    assert scene.calls()


def test_hooks_switched_off(scene: Scene) -> None:
    scene.git("config", "core.hooksPath", "/dev/null")
    with pytest.raises(GuardError, match="switched off"):
        scene.install()
    assert not any(one.good for one in scene.status()[:2])


def test_the_last_setting_counts(scene: Scene) -> None:
    (scene.home / ".gitconfig").write_text("[include]\n\tpath = more\n")
    (scene.home / "more").write_text("[core]\n\thooksPath = ~/a\n\thooksPath = ~/b\n")
    place = scene.place()
    assert place.folder == scene.home / "b" == Path(place.settings[-1].folder)
    assert place.settings[-1].scope == "global" and place.settings[-1].where == str(scene.home / "more")
    assert everywhere(scene.environment) == place.settings
    with pytest.raises(GuardError, match="for all repositories"):
        scene.install()
    scene.git("config", "extensions.worktreeConfig", "true")
    scene.git("config", "--worktree", "core.hooksPath", "w")
    assert scene.place().setting and scene.place().settings[-1].scope == "worktree"


def test_no_repository(scene: Scene) -> None:
    with pytest.raises(GuardError, match="not a git repository"):
        scene.place(scene.home)
    with pytest.raises(GuardError, match="inside a git folder"):
        scene.place(scene.repository / ".git/refs")


def test_git_dir_counts_where_none_was_named(scene: Scene) -> None:
    environment = {**scene.environment, "GIT_DIR": str(scene.remote)}
    assert find_place(environment, scene.repository, named=False).own == scene.remote / "hooks"
    assert find_place(environment, scene.repository, named=True).own == scene.repository / ".git/hooks"


def test_nothing_of_the_repository_runs(scene: Scene) -> None:
    scene.commit()
    fired = scene.top / "fired"
    payload = scene.top / "payload"
    payload.write_text(f"#!/bin/sh\ntouch '{fired}'\n")
    payload.chmod(0o755)
    for setting in (
        "core.fsmonitor",
        "core.pager",
        "pager.config",
        "pager.rev-parse",
        "core.sshCommand",
        "core.editor",
    ):
        scene.git("config", setting, str(payload))
    scene.git("config", "alias.rev-parse", f"!{payload}")
    scene.git("config", "alias.config", f"!{payload}")
    scene.hook("post-index-change", f"#!/bin/sh\ntouch '{fired}'\n")
    scene.git("status", code=None)
    assert fired.exists()  # the payload fires under plain git
    fired.unlink()
    scene.install()
    scene.status()
    scene.uninstall()
    assert not fired.exists()


def test_a_line_end_in_the_path(scene: Scene) -> None:
    moved = scene.top / "two\nlines "
    shutil.move(scene.repository, moved)
    assert scene.place(moved).folder == moved / ".git/hooks"
    scene.install(moved)
    scene.commit(cwd=moved)
    assert scene.calls() == ["[guard][run][--staged]"]


def test_hooks_of_the_configuration_are_named(scene: Scene) -> None:
    scene.git("config", "hook.theirs.command", "true")
    scene.git("config", "hook.theirs.event", "pre-push")
    assert any("theirs" in one.text for one in scene.status() if one.subject == "configuration")
