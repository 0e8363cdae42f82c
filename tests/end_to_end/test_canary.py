"""Secrets that must not come out anywhere: planted in every place, looked for in everything the program leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from checks.catalog import CHECKS
from tests.end_to_end.command import dockhygiene, environment, said
from tests.end_to_end.keeping_helper import KeepingHelper
from tests.guides.edits.documents import spellings
from tests.guides.move.machine import HUB, docker_text, entry, fresh, token_entry
from tui.arguments.top import parser
from tui.commands import doctor, move, scan, undo
from tui.commands.demo import demo_session
from tui.reports.gathered import gather

ROOT = Path(__file__).parents[2]
LOOK_AT_CHILD = """
/bin/cat /proc/$$/cmdline /proc/$$/environ >>'{kept}/.child'
/bin/cat /proc/$PPID/cmdline >>'{kept}/.parent'
"""


class Scene:
    """A home folder with a secret in every place that dockhygiene reads."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.helper = KeepingHelper(home, LOOK_AT_CHILD.format(kept=home / "kept"))
        awkward = ("password", "header", "unknown", "podman", "legacy")
        self.secrets = {name: f'{fresh()}-{name}"\u20ac' for name in awkward}
        self.secrets |= {name: fresh(24) for name in ("token", "bearer", "variable", "exported")}
        self.variables = {"DOCKER_PASSWORD": self.secrets["variable"], "MY_REGISTRY_TOKEN": self.secrets["exported"]}
        (home / ".docker").mkdir()
        (home / ".config/containers").mkdir(parents=True)
        self.config.write_text(
            docker_text(
                {
                    "auths": {
                        "a.example": entry("alice", self.secrets["password"]),
                        HUB: token_entry("bob", self.secrets["token"]),
                        "c.example": {"registrytoken": self.secrets["bearer"]},
                    },
                    "HttpHeaders": {"Authorization": self.secrets["header"]},
                    "myTool": {"key": self.secrets["unknown"]},
                }
            )
        )
        podman = {"auths": {"p.example": entry("carol", self.secrets["podman"])}}
        (home / ".config/containers/auth.json").write_text(docker_text(podman))
        (home / ".dockercfg").write_text(docker_text({"l.example": entry("dave", self.secrets["legacy"])}))

    @property
    def config(self) -> Path:
        return self.home / ".docker/config.json"

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        done = dockhygiene(self.home, *args, env=self.variables)
        self.assert_clean(said(done), args)
        return done

    def assert_clean(self, text: str, where: object) -> None:
        for name, secret in self.secrets.items():
            assert not any(form in text for form in spellings(secret)), (name, where)

    def assert_nothing_was_left_outside(self) -> None:
        """State, journal, and what the helpers saw of their surroundings."""
        state = list((self.home / ".local/state/dockhygiene").iterdir())
        assert len(state) >= 2
        for path in state:
            self.assert_clean(path.read_bytes().decode("utf-8", "replace"), path)
        for name in (".child", ".parent"):
            seen = (self.helper.folder / name).read_bytes()
            assert seen
            self.assert_clean(seen.decode("utf-8", "replace"), name)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "home")


def test_no_command_lets_a_secret_out(scene: Scene) -> None:
    for args in (
        ("scan",),
        ("scan", "--skipped"),
        ("scan", "--format", "json"),
        ("scan", str(scene.home)),
        ("doctor",),
        ("undo",),
        ("move", "--all", "--dry-run"),
        ("move",),
        ("move", "a.example", "--yes", "--to", "nowhere"),
        ("uninstall",),
    ):
        scene.run(*args)
    assert scene.run("move", "--all", "--yes").returncode == 1  # the registry token stays
    assert scene.run("undo").returncode == 0
    assert scene.run("scan", "--format", "json").returncode == 1
    assert scene.run("doctor").returncode == 0
    assert scene.run("undo", "last", "--yes").returncode == 0
    assert scene.run("undo", "last", "--yes").returncode == 2
    scene.assert_nothing_was_left_outside()


def test_a_report_in_a_file_is_as_clean(scene: Scene) -> None:
    for form in ("text", "json"):
        report = scene.home / f"report.{form}"
        scene.run("scan", "--format", form, "--output", str(report))
        assert report.stat().st_size > 500
        scene.assert_clean(report.read_text(), form)


COMPLAINING = """#!/bin/sh
read -r given
case "$given" in
*dockhygiene-probe*) printf '%s\\n' "$given" | '{working}' "$1"; exit ;;
esac
[ "$1" = store ] || {{ echo "credentials not found in native keychain"; exit 1; }}
echo "boom: $given" >&{stream}
exit 3
"""


@pytest.mark.parametrize("stream", [1, 2])
def test_a_helper_that_repeats_the_secret_in_its_complaint(scene: Scene, stream: int) -> None:
    """What a helper says when it fails is shown; that it says what it was given must not be."""
    working = KeepingHelper(scene.home / "plain").program
    scene.helper.program.write_text(COMPLAINING.format(working=working, stream=stream))
    done = scene.run("move", "--all", "--yes")
    assert done.returncode == 3
    assert "ended with status 3" in done.stdout and "is not shown" in done.stdout, said(done)


def test_files_that_cannot_be_read_are_not_quoted(scene: Scene) -> None:
    text = scene.config.read_text()
    for broken in (text[:-3], "\ufeff" + text, text.replace('"auths"', "auths"), text.replace("}", "],", 1)):
        scene.config.write_text(broken)
        for args in (("scan",), ("scan", "--format", "json"), ("doctor",), ("move", "--all", "--yes")):
            scene.run(*args)


CRASH = """
import logging, sys
logging.basicConfig(level=logging.DEBUG)
import guides.move.apply as applying
from tui.main import main

def fail(*arguments, **named):
    raise RuntimeError("a mistake of ours")

{patch}
{hook}
main(["move", "--all", "--yes"])
"""
PATCHES = (
    "applying.same_record = fail",
    "applying.replace_record = fail",
    "applying._Mover._prove = fail",
    "applying.journal.write = fail",
    "applying.prove = fail",
)
HOOKS = {
    "plain": "",
    "rich": "import rich.traceback; rich.traceback.install(show_locals=True, locals_max_string=None, width=300)",
    "captured": (
        "import traceback\n"
        "def show(kind, error, trace):\n"
        "    e = traceback.TracebackException(kind, error, trace, capture_locals=True)\n"
        "    sys.stderr.write(''.join(e.format()))\n"
        "sys.excepthook = show"
    ),
}


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("patch", PATCHES)
def test_a_crash_shows_no_secret(scene: Scene, hook: str, patch: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH.format(patch=patch, hook=HOOKS[hook])],
        env=environment(scene.home, env=scene.variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "a mistake of ours" in done.stderr
    if hook != "plain":
        assert "plan" in done.stderr, "the locals were shown"
    shown = done.stdout + done.stderr
    scene.assert_clean(shown.replace("\n", ""), patch)
    scene.assert_clean(shown, patch)


def test_the_demo_shows_none_of_what_it_planted(capfd: pytest.CaptureFixture[str]) -> None:
    with demo_session() as session:
        planted = [one.secret for one in gather(session.workstation, CHECKS, ()).findings if one.secret]
        assert len(planted) >= 5
        for command, args in (
            (scan, ["scan", "--skipped"]),
            (scan, ["scan", "--format", "json"]),
            (doctor, ["doctor"]),
            (move, ["move", "--all", "--dry-run"]),
            (move, ["move", "--all", "--yes"]),
            (undo, ["undo", "last", "--yes"]),
        ):
            command.run(parser().parse_args(args), session)
        out, err = capfd.readouterr()
        state = "".join(path.read_text("latin-1") for path in session.state.path.iterdir())
        assert "moved and proven" in out
        for secret in planted:
            assert not any(form in out + err + state for form in spellings(secret.reveal())), secret
