"""husky, lefthook and pre-commit keep their set-ups, get an entry, and their real programs run it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from guides.guards.asking import GuardError
from tests.guides.guards.scene import Scene, on_path, tree
from tests.services.require import missing

CONFIG = """\
# what we run
repos:
  # ours
  - repo: local
    hooks:
      - id: theirs
        name: theirs
        entry: sh -c 'echo >theirs-ran'
        language: system
        always_run: true
        pass_filenames: false
"""


def program(name: str) -> str:
    """A program of the development environment, or of the machine."""
    beside = Path(sys.prefix, "bin", name)
    return (
        str(beside)
        if beside.exists()
        else shutil.which(name) or missing(f"{name} is not installed: pip install {name}")
    )


def husky_by_its_layout(scene: Scene) -> None:
    folder = scene.repository / ".husky/_"
    folder.mkdir(parents=True)
    (folder / ".gitignore").write_text("*")
    start = '#!/bin/sh\nscript="$(dirname "$(dirname "$0")")/$(basename "$0")"\n[ -f "$script" ] || exit 0\n'
    (folder / "h").write_text("")
    for hook in ("pre-commit", "pre-push", "commit-msg"):
        scene.hook(hook, start + 'exec sh -e "$script" "$@"\n', folder=folder)
    scene.git("config", "core.hooksPath", ".husky/_")


def husky_itself(scene: Scene) -> None:
    """husky as npm brings it. It is no program that a distribution packs: without a registry this is not run."""
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    (scene.repository / "package.json").write_text('{"name": "a", "version": "1.0.0", "private": true}')
    (scene.repository / ".gitignore").write_text("node_modules\n")
    environment = {**os.environ, **scene.environment, "npm_config_audit": "false", "npm_config_fund": "false"}
    environment |= {name: value for name, value in os.environ.items() if name.lower().startswith("npm_")}
    for command in (["npm", "install", "--no-save", "--prefer-offline", "husky@9"], ["npx", "--no-install", "husky"]):
        done = subprocess.run(
            command, cwd=scene.repository, env=environment, capture_output=True, text=True, timeout=90
        )
        if done.returncode:
            pytest.skip(f"husky could not be installed by npm here: exit {done.returncode}")


@pytest.mark.parametrize("set_up", [husky_by_its_layout, husky_itself], ids=["layout", "real"])
def test_husky(scene: Scene, set_up: object) -> None:
    assert callable(set_up)
    set_up(scene)
    on_path(scene)
    scripts = scene.repository / ".husky"
    (scripts / "pre-push").write_text(
        f"cat >'{scene.top}/theirs'\nprintf '[%s]' \"$@\" >'{scene.top}/theirs.args'\nexit 0\n"
    )
    before = tree(scripts)
    plan = scene.install()
    assert any("reaches everybody" in note for note in plan.notes)
    assert tree(scripts / "_") == {n[2:]: v for n, v in before.items() if n.startswith("_/")}
    scene.commit()
    assert scene.calls() == ["[guard][run][--staged]"]
    scene.git("push", "-q", "origin", "main", "HEAD:refs/heads/two")
    stdin = scene.stdin()
    assert stdin.count("\n") == 2 and scene.note("theirs") == stdin
    assert scene.note("theirs.args") == f"[origin][{scene.remote}]"
    assert scene.calls() == [f"[guard][run][--pre-push][origin][{scene.remote}]"]
    assert all(one.good for one in scene.status())
    assert scene.install().changes == ()
    scene.answer(1)
    scene.commit(code=1)
    scene.git("push", "-q", "origin", "HEAD:refs/heads/new", code=1)
    scene.uninstall()
    assert tree(scripts) == before


@pytest.mark.parametrize("lines", [b"", b"a b c d\n", b"a b c d\n" * 30_000, b"a\\n $x `y`\n"],
                         ids=["none", "one", "many", "signs"])  # fmt: skip
@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_what_follows_in_a_script_of_husky_gets_the_same_input(scene: Scene, lines: bytes, shell: str) -> None:
    husky_by_its_layout(scene)
    on_path(scene)
    script = scene.repository / ".husky/pre-push"
    script.write_text(f"#!/bin/sh\ncat >'{scene.top}/theirs'\n")
    scene.install()
    assert script.read_text().startswith("#!/bin/sh\n# dockhygiene")
    done = subprocess.run([shell, "-e", script, "r"], cwd=scene.repository, env=scene.environment, input=lines)
    assert done.returncode == 0
    assert (scene.top / "theirs").read_bytes() == lines == (scene.top / "called.stdin").read_bytes()


def test_lines_in_husky_that_were_changed_stay(scene: Scene) -> None:
    husky_by_its_layout(scene)
    on_path(scene)
    scene.install()
    script = scene.repository / ".husky/pre-commit"
    script.write_text(script.read_text().replace("--staged", "--staged --fail-on high"))
    before = script.read_text()
    assert scene.install().changes == ()
    assert any("stays" in line for line in scene.uninstall().standing)
    assert script.read_text() == before and not (script.parent / "pre-push").exists()


def test_husky_that_is_not_set_up_is_told(scene: Scene) -> None:
    (scene.repository / ".husky").mkdir()
    assert any("husky" in note for note in scene.install().notes)


@pytest.mark.parametrize(
    "text",
    [
        "pre-commit:\n  commands:\n    theirs:\n      run: touch theirs-ran # why\n",
        "# ours\npre-commit:\n  parallel: true\n  jobs:\n    - run: touch theirs-ran\n"
        "pre-push:\n  jobs:\n  - run: cat >theirs-in\n    use_stdin: true",
        "colors: false\n",
        "pre-push:\n    parallel: true\n    scripts:\n        x.sh:\n            runner: sh\n",
    ],
    ids=["commands", "jobs", "none", "scripts"],
)  # fmt: skip
def test_lefthook(scene: Scene, text: str) -> None:
    lefthook = program("lefthook")
    on_path(scene)
    config = scene.repository / "lefthook.yml"
    config.write_text(text if "pre-commit" in text else text + "commit-msg:\n  jobs:\n    - run: 'true'\n")
    if "scripts" in text:
        (scene.repository / ".lefthook/pre-push").mkdir(parents=True)
        (scene.repository / ".lefthook/pre-push/x.sh").write_text("exit 0\n")
    environment = scene.environment

    def install() -> None:
        done = subprocess.run(
            [lefthook, "install"], cwd=scene.repository, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    install()
    if (
        not (scene.repository / ".git/hooks/pre-commit").exists()
        and not (scene.repository / ".git/hooks/pre-push").exists()
    ):
        scene.hook("prepare-commit-msg", (scene.repository / ".git/hooks/commit-msg").read_text())
    before = config.read_text()
    scene.install()
    assert all(line in config.read_text().splitlines() for line in before.splitlines())
    install()
    scene.commit()
    assert scene.calls() == ["[guard][run][--staged]"]
    if "theirs-ran" in text:
        assert (scene.repository / "theirs-ran").exists()
    scene.git("push", "-q", "origin", "main", "HEAD:refs/heads/two")
    assert scene.calls() == [f"[guard][run][--pre-push][origin][{scene.remote}]"]
    stdin = scene.stdin()
    assert stdin.count("\n") == 2
    if "theirs-in" in text:
        assert (scene.repository / "theirs-in").read_text() == stdin
    assert all(one.good for one in scene.status())
    assert scene.install().changes == ()
    scene.answer(1)
    scene.commit(code=1)
    scene.git("push", "-q", "origin", "HEAD:refs/heads/new", code=1)
    scene.uninstall()
    assert config.read_text().rstrip("\n") == before.rstrip("\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lefthook.yml", "pre-commit: {jobs: [{run: 'true'}]}\n"),
        ("lefthook.yml", "a: [\n"),
        ("lefthook.yml", "pre-commit:\n"),
        ("lefthook.toml", "[pre-commit]\n"),
    ],
    ids=["flow", "broken", "empty", "toml"],
)
def test_what_is_not_edited_is_left_to_the_person(scene: Scene, name: str, text: str) -> None:
    config = scene.repository / name
    config.write_text(text)
    scene.hook("pre-commit", "#!/bin/sh\ncall_lefthook() { :; }\n")
    with pytest.raises(GuardError, match="is not edited") as error:
        scene.install()
    assert "dockhygiene guard run --staged" in error.value.mend and config.read_text() == text


def test_pre_commit(scene: Scene) -> None:
    precommit = program("pre-commit")
    on_path(scene)
    config = scene.repository / ".pre-commit-config.yaml"
    config.write_text(CONFIG)
    scene.git("add", ".")
    environment = scene.environment
    subprocess.run([precommit, "install"], cwd=scene.repository, env=environment, check=True, capture_output=True)
    plan = scene.install()
    assert any("git add" in note for note in plan.notes)
    for line in CONFIG.splitlines():
        assert line in config.read_text().splitlines()
    scene.commit()
    assert scene.calls() == ["[guard][run][--staged]"] and (scene.repository / "theirs-ran").exists()
    scene.git("push", "-q", "origin", "main", "HEAD:refs/heads/two")
    assert scene.calls() == [f"[guard][run][--pre-push][origin][{scene.remote}]"] and scene.stdin().count("\n") == 2
    assert all(one.good for one in scene.status())
    assert scene.install().changes == ()
    scene.answer(1)
    scene.commit(code=1)
    scene.uninstall()
    assert config.read_text() == CONFIG


def test_pre_commit_that_comes_later(scene: Scene) -> None:
    """It moves our hook aside and runs it first; the one before ours still runs too."""
    precommit = program("pre-commit")
    scene.hook("pre-push", scene.noting("theirs"))
    scene.install()
    (scene.repository / ".pre-commit-config.yaml").write_text("repos: []\n")
    for kind in ("pre-commit", "pre-push"):
        command = [precommit, "install", "--hook-type", kind]
        subprocess.run(command, cwd=scene.repository, env=scene.environment, check=True, capture_output=True)
    scene.commit()
    scene.git("push", "-q", "origin", "main")
    assert len(scene.calls()) == 2 and scene.note("theirs") == scene.stdin() != ""
    assert all(one.good for one in scene.status())
    assert scene.install().changes == ()
    scene.uninstall()
    scene.commit()
    scene.git("push", "-q", "origin", "main")
    assert scene.calls() == [] and scene.note("theirs")


def test_an_entry_of_their_own_counts(scene: Scene) -> None:
    config = scene.repository / ".pre-commit-config.yaml"
    config.write_text("repos:\n  - repo: local\n    hooks:\n      - id: dockhygiene-staged\n        entry: x\n")
    scene.hook("pre-commit", "#!/bin/sh\n# File generated by pre-commit: somewhere\n")
    before = config.read_text()
    scene.install()
    assert config.read_text() == before
    assert scene.status()[0].good and any("stays" in line for line in scene.uninstall().standing)
