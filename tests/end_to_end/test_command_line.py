"""The command itself: exit codes, what it imports, and what it writes."""

from __future__ import annotations

import json
import os
import secrets
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from checks.catalog import CHECKS
from tests.end_to_end.command import PROGRAM, dockhygiene, environment, said
from tests.end_to_end.keeping_helper import SUFFIX, KeepingHelper
from tests.end_to_end.planting import HOST, everything, plant
from tests.guides.move.machine import entry, fresh
from tests.services.processes import wait_until
from tui import __version__


def test_nothing_found(home: Path) -> None:
    done = dockhygiene(home, "scan")
    assert done.returncode == 0, said(done)
    assert "Nothing exposed was found" in done.stdout
    assert "dockhygiene scan ~ reads all of it" in done.stdout
    assert "scan ~" not in dockhygiene(home, "scan", str(home)).stdout
    assert dockhygiene(home, "move", "--all", "--yes").returncode == 0
    assert dockhygiene(home, "undo").returncode == 0


def test_something_found(home: Path) -> None:
    plant(home)
    assert dockhygiene(home, "scan").returncode == 1
    assert dockhygiene(home, "scan", "--fail-on", "critical").returncode == 0
    assert dockhygiene(home, "scan", "--fail-on", "high").returncode == 1
    assert dockhygiene(home, "scan", "--skip", "docker-config").returncode == 0
    assert dockhygiene(home, "scan", "--only", "docker-config").returncode == 1


@pytest.mark.parametrize(
    "args",
    [
        ("no-such-command",),
        ("scan", "--no-such-option"),
        ("scan", "--only", "no-such-check"),
        ("scan", "--skip", "docker-config,no-such-check"),
        ("scan", "--only", "docker-config", "--skip", "docker-config"),
        ("scan", "--fail-on", "terrible"),
        ("scan", "--format", "xml"),
        ("undo", "no-such-move"),
        ("undo", "last"),
    ],
)
def test_wrong_usage(home: Path, args: tuple[str, ...]) -> None:
    done = dockhygiene(home, *args)
    assert done.returncode == 2, said(done)
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_check_is_told_the_known_ones(home: Path) -> None:
    told = dockhygiene(home, "scan", "--only", "no-such-check").stderr
    assert "no-such-check" in told
    assert all(check.id in told for check in CHECKS)


def test_a_path_that_is_not_there(home: Path) -> None:
    plant(home)
    done = dockhygiene(home, "scan", "nowhere")
    assert done.returncode == 3
    assert "nowhere: not there" in done.stderr
    both = dockhygiene(home, "scan", "nowhere", ".docker")
    assert both.returncode == 3
    assert HOST in both.stdout


def test_no_store(home: Path) -> None:
    plant(home)
    done = dockhygiene(home, "move", "--all", "--yes")
    assert done.returncode == 3
    assert "No credential store works here" in done.stdout
    assert dockhygiene(home, "doctor").returncode == 1


def test_some_logins_remain(home: Path) -> None:
    KeepingHelper(home)
    plant(home, **{"stays.example": {"registrytoken": fresh()}})
    done = dockhygiene(home, "move", "--all", "--yes")
    assert done.returncode == 1, said(done)
    assert "stays.example" in done.stdout and "next:" in done.stdout
    assert dockhygiene(home, "move", HOST, "--yes").returncode == 0


def test_a_state_folder_of_somebody_else_is_refused(home: Path) -> None:
    state = home / ".local/state/dockhygiene"
    state.parent.mkdir(parents=True)
    state.symlink_to(home / ".docker")
    for args in (("move", "--all", "--yes"), ("undo",), ("doctor",)):
        done = dockhygiene(home, *args)
        assert done.returncode == 2, said(done)
        assert "dockhygiene" in done.stderr
    assert dockhygiene(home, "scan").returncode == 0  # looking is possible without it


WAIT_ONCE = "if [ ! -e '{kept}/.waits' ]; then : >'{kept}/.waits'; exec /bin/sleep 30; fi"


def test_interrupted_with_ctrl_c(home: Path) -> None:
    """At a moment when a helper keeps it waiting; what was under way is told at the next start."""
    plant(home)
    helper = KeepingHelper(home, WAIT_ONCE.format(kept=home / "kept"))
    with subprocess.Popen(
        [PROGRAM, "move", "--all", "--yes"],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        wait_until((helper.folder / ".waits").exists, 30, "the helper was started")
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err


def test_the_version_is_told(home: Path) -> None:
    done = dockhygiene(home, "--version")
    assert (done.returncode, done.stdout) == (0, f"dockhygiene {__version__}\n")


HEAVY = ("textual", "rich", "requests", "docker", "keyring", "jeepney", "git", "yaml", "urllib3")


@pytest.mark.parametrize(
    "args", [["--version"], ["--help"], ["scan", "--help"], ["scan"], ["scan", "--format", "json"], ["undo"]]
)
def test_nothing_heavy_is_imported(home: Path, args: list[str]) -> None:
    plant(home)
    heavy = HEAVY if args != ["scan"] and args[1:] != ["--format", "json"] else set(HEAVY) - {"yaml"}
    code = (
        "import sys\n"
        "from tui.main import main\n"
        f"try: main({args!r})\n"
        "except SystemExit: pass\n"
        f"print([name for name in {sorted(heavy)!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(home),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.splitlines()[-1] == "[]", done.stderr


def test_a_reader_that_goes_away(home: Path) -> None:
    auths = {f"r{number}.example": entry() for number in range(3000)}
    plant(home, **auths)
    for args in (("scan",), ("scan", "--format", "json")):
        with subprocess.Popen(
            [PROGRAM, *args],
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as running:
            assert running.stdout and running.stderr
            running.stdout.read(10)
            running.stdout.close()
            err = running.stderr.read()
            code = running.wait(60)
        assert b"Traceback" not in err and b"BrokenPipe" not in err, err
        assert code == 1


def test_a_move_does_not_stop_when_its_reader_goes_away(home: Path) -> None:
    helper = KeepingHelper(home)
    plant(home)
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [PROGRAM, "move", "--all", "--yes"],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(write)
    assert done.returncode == 0, done.stderr
    assert HOST in helper.records()


def test_a_report_in_a_file_is_private(home: Path) -> None:
    word = plant(home)
    report = home / "report.json"
    old = os.umask(0)
    try:
        done = dockhygiene(home, "scan", "--format", "json", "--output", str(report))
    finally:
        os.umask(old)
    assert (done.returncode, done.stdout) == (1, "")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert json.loads(report.read_text())["findings"]
    assert word not in report.read_text()


def test_a_report_over_an_older_one_becomes_private(home: Path) -> None:
    plant(home)
    report = home / "report.json"
    report.write_text("older")
    report.chmod(0o644)
    dockhygiene(home, "scan", "--format", "json", "--output", str(report))
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_a_report_that_cannot_be_written(home: Path) -> None:
    plant(home)
    done = dockhygiene(home, "scan", "--output", str(home / "no/such/folder"))
    assert done.returncode == 3
    assert "was not written" in done.stderr


def test_looking_writes_only_to_the_state_folder(home: Path) -> None:
    plant(home)
    KeepingHelper(home)
    before = everything(home)
    for args in (("scan",), ("scan", "."), ("scan", "--format", "json"), ("undo",), ("--version",), ("--help",)):
        dockhygiene(home, *args)
        assert everything(home) == before
    assert {path.name for path in (home / ".local/state").iterdir()} == {"dockhygiene"}
    assert stat.S_IMODE((home / ".local/state/dockhygiene").stat().st_mode) == 0o700


def test_a_dry_run_changes_nothing(home: Path) -> None:
    plant(home)
    helper = KeepingHelper(home)
    before = everything(home)
    done = dockhygiene(home, "move", "--all", "--dry-run")
    assert done.returncode == 1
    assert "Nothing was changed" in done.stdout
    assert f'"{HOST}": "{SUFFIX}"' in done.stdout
    assert {path: held for path, held in everything(home).items() if "/kept/" not in path} == before
    assert helper.records() == {}
    assert not list((home / ".local/state/dockhygiene").glob("move-*"))


def test_without_a_terminal_nothing_is_confirmed(home: Path) -> None:
    plant(home)
    helper = KeepingHelper(home)
    for args in (("move",), ("move", "--all"), ("move", HOST)):
        done = dockhygiene(home, *args, stdin="move\nmove\n")
        assert done.returncode == 1, said(done)
        assert "--yes" in done.stderr
    assert helper.records() == {}


def test_without_a_terminal_and_command_it_is_the_plain_scan(home: Path) -> None:
    plant(home)
    done, scanned = dockhygiene(home), dockhygiene(home, "scan")
    assert (done.returncode, done.stdout) == (scanned.returncode, scanned.stdout)


def test_the_report_does_not_depend_on_how_many_processes_read(home: Path, tmp_path: Path) -> None:
    for number in range(60):
        path = tmp_path / "tree" / f"{number % 7}" / f"f{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'password = "{secrets.token_hex(8)}x7"\napi_token = "{secrets.token_urlsafe(24)}9Aa"\n')
    reports = [
        json.loads(dockhygiene(home, "scan", str(tmp_path / "tree"), "--format", "json", "--jobs", jobs).stdout)
        for jobs in ("1", "3", "3")
    ]
    assert len(reports[0]["findings"]) >= 100
    assert reports[0]["findings"] == reports[1]["findings"] == reports[2]["findings"]


def test_a_baseline_tells_only_what_is_new(home: Path, tmp_path: Path) -> None:
    tree, baseline = tmp_path / "tree", tmp_path / "tree" / "known.json"
    tree.mkdir()
    (tree / "a.py").write_text(f'password = "{secrets.token_hex(8)}x7"\n')
    first = dockhygiene(home, "scan", str(tree), "--baseline", str(baseline))
    assert (first.returncode, baseline.exists()) == (0, True)
    again = dockhygiene(home, "scan", str(tree), "--baseline", str(baseline))
    assert (again.returncode, "1 finding ignored" in again.stdout) == (0, True)
    (tree / "b.py").write_text(f'password = "{secrets.token_hex(8)}x7"\n')
    new = dockhygiene(home, "scan", str(tree), "--baseline", str(baseline))
    assert (new.returncode, "b.py" in new.stdout, "a.py" in new.stdout) == (1, True, False)
    baseline.write_text("no json")
    assert dockhygiene(home, "scan", str(tree), "--baseline", str(baseline)).returncode == 2


def test_markers_and_ignore_files(home: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a.py").write_text(f'password = "{secrets.token_hex(8)}x7"  # gitleaks:allow\n')
    (tree / "b.py").write_text(f'password = "{secrets.token_hex(8)}x7"\n')
    (tree / ".dockhygiene.yaml").write_text(
        "version: 1\nignore:\n  - path: b.py\n    reason: made up\n  - path: gone.py\n    reason: old\n"
    )
    done = dockhygiene(home, "scan", str(tree))
    assert done.returncode == 0
    assert "2 findings ignored" in done.stdout
    assert "gone.py ignores nothing" in done.stdout.replace("`", "")
    report = json.loads(dockhygiene(home, "scan", str(tree), "--format", "json").stdout)
    assert report["findings"] == []
    assert sorted(Path(one["place"]["path"]).name for one in report["ignored"]) == ["a.py", "b.py"]
    (home / ".dockhygiene.yaml").write_text("version: 1\nignore: nonsense\n")
    broken = dockhygiene(home, "scan", str(tree))
    assert (broken.returncode, ".dockhygiene.yaml" in broken.stderr) == (2, True)


@pytest.mark.parametrize("option", [("--jobs", "0"), ("--budget", "-1"), ("--max-size", "0"), ("--budget", "soon")])
def test_options_out_of_bounds(home: Path, option: tuple[str, str]) -> None:
    assert dockhygiene(home, "scan", *option).returncode == 2


def test_a_sarif_report_without_the_secret(home: Path, tmp_path: Path) -> None:
    word = secrets.token_hex(8) + "x7"
    (tmp_path / "a.py").write_text(f'password = "{word}"\n')
    report = tmp_path / "out.sarif"
    done = dockhygiene(home, "scan", str(tmp_path / "a.py"), "--format", "sarif", "--output", str(report))
    (result,) = json.loads(report.read_text())["runs"][0]["results"]
    assert (done.returncode, result["ruleId"], stat.S_IMODE(report.stat().st_mode)) == (1, "named-secret", 0o600)
    assert word not in report.read_text()


def test_the_largest_size_can_be_chosen(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(f'password = "{secrets.token_hex(8)}x7"\n' + "a line\n" * 300_000)
    assert dockhygiene(home, "scan", str(path)).returncode == 1
    left = dockhygiene(home, "scan", str(path), "--max-size", "1", "--skipped")
    assert (left.returncode, "too large" in left.stdout) == (0, True)


def test_our_own_repository_has_nothing_to_tell(home: Path) -> None:
    """`make run` on a new machine scans it, since it lies below the home folder."""
    root = Path(__file__).parents[2]
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    for name in filter(None, os.fsdecode(tracked).split("\0")):
        if (root / name).is_file():
            (home / "src" / name).parent.mkdir(parents=True, exist_ok=True)
            (home / "src" / name).write_bytes((root / name).read_bytes())
    done = dockhygiene(home, "scan", str(home / "src"))
    assert done.returncode == 0, done.stdout
