"""Where the helper is installed, and what it never touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from guides.stores.own import install as module
from guides.stores.own.install import (
    NAME,
    install,
    installed,
    minimal_path_warning,
    outdated,
    outliving_python,
    plan_install,
    uninstall,
)
from guides.stores.own.program import VERSION
from guides.stores.store import StoreError, StoreMissing


@pytest.fixture(autouse=True)
def _small_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Building takes most of a second and is tested elsewhere."""
    content = b"#!/usr/bin/python3 -IS\n# dockhygiene's credential helper, version %s\nPK" % VERSION.encode()
    monkeypatch.setattr(module, "build", lambda interpreter: content)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    return path


def environ(home: Path, *folders: str) -> dict[str, str]:
    return {"HOME": str(home), "PATH": ":".join(["/usr/bin", *(each.format(home=home) for each in folders)])}


@pytest.mark.parametrize(
    ("folders", "chosen"),
    [
        (("{home}/tools", "{home}/bin", "{home}/.local/bin"), ".local/bin"),
        (("{home}/tools", "{home}/bin"), "bin"),
        (("{home}/go/bin", "{home}/tools"), "go/bin"),
    ],
)
def test_the_preferred_folder_of_path(home: Path, folders: tuple[str, ...], chosen: str) -> None:
    plan = plan_install(environ(home, *folders))
    assert plan.target == home / chosen / NAME
    assert plan.replaces is None
    assert not plan.target.exists(), "planning changes nothing"


@pytest.mark.parametrize("folder", ["bin", ".", "", "{home}/../home/bin", "/usr/local/bin"])
def test_folders_that_are_not_used(home: Path, folder: str) -> None:
    with pytest.raises(StoreMissing, match="is on PATH") as caught:
        plan_install(environ(home, folder))
    assert "~/.profile" in caught.value.mend


def test_a_folder_that_others_can_change_is_not_used(home: Path) -> None:
    (home / "bin").mkdir()
    (home / "bin").chmod(0o777)
    with pytest.raises(StoreMissing):
        plan_install(environ(home, "{home}/bin"))


def test_a_python_environment_is_not_used(home: Path) -> None:
    (home / "venv" / "bin").mkdir(parents=True)
    (home / "venv" / "pyvenv.cfg").touch()
    with pytest.raises(StoreMissing):
        plan_install(environ(home, "{home}/venv/bin"))


def test_a_link_out_of_the_home_folder_is_not_used(home: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (home / "bin").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreMissing):
        plan_install(environ(home, "{home}/bin"))


def test_install_again_and_uninstall(home: Path) -> None:
    env = environ(home, "{home}/.local/bin")
    path = install(plan_install(env))
    assert path.stat().st_mode & 0o7777 == 0o755
    assert installed(env) == (path, VERSION)
    assert not outdated(env)
    assert plan_install(env).replaces == VERSION
    install(plan_install(env))
    assert [each.name for each in path.parent.iterdir()] == [NAME], "no temporary file stays"
    uninstall(path)
    assert installed(env) is None
    uninstall(path)


def test_an_older_version_is_told_and_replaced(home: Path) -> None:
    env = environ(home, "{home}/.local/bin")
    path = install(plan_install(env))
    path.write_bytes(path.read_bytes().replace(VERSION.encode(), b"0.0.1"))
    assert outdated(env)
    assert plan_install(env).replaces == "0.0.1"


def test_a_foreign_file_is_never_touched(home: Path) -> None:
    env = environ(home, "{home}/.local/bin")
    plan = plan_install(env)
    plan.target.parent.mkdir(parents=True)
    plan.target.write_text("#!/bin/sh\necho mine\n")
    for act in (lambda: plan_install(env), lambda: install(plan), lambda: uninstall(plan.target)):
        with pytest.raises(StoreError, match="not ours"):
            act()
    assert plan.target.read_text() == "#!/bin/sh\necho mine\n"
    assert installed(env) is None


def test_a_link_is_not_followed(home: Path) -> None:
    env = environ(home, "{home}/.local/bin")
    path = install(plan_install(env))
    elsewhere = home / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with pytest.raises(StoreError, match="not ours"):
        install(plan_install(env))
    assert elsewhere.exists()


def test_a_folder_without_room_is_an_error_and_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = environ(home, "{home}/.local/bin")
    plan = plan_install(env)

    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        install(plan)
    assert list(plan.target.parent.iterdir()) == []


def test_programs_without_a_login_shell_are_warned_about(home: Path) -> None:
    assert "cron" in minimal_path_warning(home / "bin" / NAME)
    assert minimal_path_warning(Path("/usr/local/bin", NAME)) == ""
    assert plan_install(environ(home, "{home}/bin")).warning


def test_the_interpreter_outlives_an_environment() -> None:
    assert not (outliving_python().parent.parent / "pyvenv.cfg").exists()
