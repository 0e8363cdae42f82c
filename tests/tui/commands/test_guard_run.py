"""`dockhygiene guard run` behind git's real hooks: what stops a commit or a push, and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks import by_name, source_text
from checks.catalog import CHECKS
from checks.detect.rule_book import COMPILED
from tests.checks.conftest import encoded, random_password, random_token
from tests.services.git_repository import ALONE, GitRepository

ROOT = Path(__file__).parents[3]
HEAVY = ("textual", "rich", "requests", "docker", "git", "yaml", "hyperscan", "keyring", "asyncio", "ssl")
WAY_ON = "--no-verify"


def token() -> str:
    return random_token("dckr_pat_", 27)


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass
class Guarded:
    """A repository whose hooks call the program, and a server to push to."""

    repository: GitRepository
    home: Path

    def environment(self, **more: str) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "DOCKER_", "XDG_"))},
            **ALONE,
            "HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
            **more,
        }

    def git(self, *arguments: str, given: str = "") -> Done:
        return self._run("git", *arguments, given=given)

    def run(self, *arguments: str, given: str = "", folder: Path | None = None, **more: str) -> Done:
        return self._run(
            sys.executable, "-m", "tui.main", "guard", "run", *arguments, given=given, folder=folder, **more
        )

    def _run(self, *command: str, given: str = "", folder: Path | None = None, **more: str) -> Done:
        done = subprocess.run(
            command, cwd=folder or self.repository.path, env=self.environment(**more), input=given.encode(),
            capture_output=True, timeout=100,
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def stage(self, name: str, content: str | bytes) -> Path:
        path = self.repository.write(name, content)
        self.repository.git("add", "--all")
        return path


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    (tmp_path / "home").mkdir()
    repository = GitRepository.new(tmp_path / "home/shop")
    GitRepository.new(tmp_path / "server.git", "--bare")
    repository.git("remote", "add", "origin", str(tmp_path / "server.git"))
    repository.added("README.md", "# Shop\n")
    repository.git("push", "--quiet", "origin", "main")
    hooks = repository.path / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name, what in (("pre-commit", "--staged"), ("pre-push", '--pre-push "$@"')):
        (hooks / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tui.main guard run {what}\n')
        (hooks / name).chmod(0o755)
    return Guarded(repository, tmp_path / "home")


def test_a_secret_stops_the_commit_and_shows_the_way_out(guarded: Guarded) -> None:
    secret = token()
    guarded.stage("src/deploy.py", f'import os\n\nTOKEN = "{secret}"\n')
    done = guarded.git("commit", "-m", "add")
    assert done.code == 1
    assert "src/deploy.py:3" in done.said
    assert f"dckr_pat_...{secret[-4:]}" in done.said
    assert "this commit is stopped: it brings 1 secret" in done.said
    assert "dockhygiene fix" in done.said and ".dockhygiene.yaml" in done.said and "dockhygiene: ignore" in done.said
    assert secret not in done.said
    assert guarded.repository.git("log", "--format=%s") == "add"  # the first one


def test_a_clean_commit_is_silent(guarded: Guarded) -> None:
    guarded.stage("src/deploy.py", "print('hello')\n")
    done = guarded.git("commit", "--quiet", "-m", "add")
    assert (done.code, done.said) == (0, "")
    assert guarded.run("--staged").said == ""


def test_the_index_counts_not_the_work_tree(guarded: Guarded) -> None:
    guarded.stage("a.py", f'TOKEN = "{token()}"\n')
    guarded.repository.write("a.py", "clean again\n")
    assert guarded.run("--staged").code == 1
    guarded.repository.git("add", "--all")
    guarded.repository.write("a.py", f'TOKEN = "{token()}"\n')
    assert guarded.run("--staged").code == 0


def test_a_commit_of_some_paths_only(guarded: Guarded) -> None:
    """git gives the hook an index of its own."""
    guarded.stage("clean.py", "x = 1\n")
    guarded.stage("leak.py", f'TOKEN = "{token()}"\n')
    assert guarded.git("commit", "-m", "clean", "--", "clean.py").code == 0
    assert guarded.git("commit", "-m", "leak", "--", "leak.py").code == 1
    assert guarded.git("commit", "-a", "-m", "leak").code == 1


def test_formats_are_understood_by_their_names(guarded: Guarded) -> None:
    login = encoded("alice", random_password())
    guarded.stage(".docker/config.json", json.dumps({"auths": {"ghcr.io": {"auth": login}}}))
    guarded.stage("compose.yaml", f"services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: {random_password()}\n")
    guarded.stage("Dockerfile", f"FROM scratch\nENV API_TOKEN={random_password()}\n")
    done = guarded.run("--staged")
    assert done.code == 1
    for name in (".docker/config.json:1", "compose.yaml:4", "Dockerfile:2"):
        assert name in done.out


def test_what_stood_there_before_is_told_and_does_not_stop(guarded: Guarded) -> None:
    secret = token()
    guarded.stage("a.py", f'TOKEN = "{secret}"\n')
    assert guarded.git("commit", "-m", "leak", WAY_ON).code == 0
    guarded.stage("a.py", f'# moved down\nTOKEN = "{secret}"\nx = 1\n')
    done = guarded.run("--staged")
    assert done.code == 0
    assert "a.py:2" in done.out and "stood there before" in done.out
    guarded.stage("a.py", f'TOKEN = "{secret}"\nANOTHER = "{token()}"\n')
    done = guarded.run("--staged")
    assert done.code == 1
    assert "it brings 1 secret" in done.out and "a.py:2" in done.out


def test_a_moved_file_does_not_stop(guarded: Guarded) -> None:
    guarded.stage("a.py", f'TOKEN = "{token()}"\n')
    guarded.git("commit", "-m", "leak", WAY_ON)
    guarded.repository.git("mv", "a.py", "b.py")
    assert guarded.run("--staged").code == 0


def test_markers_and_ignore_files(guarded: Guarded) -> None:
    path = guarded.stage("a.py", f'TOKEN = "{token()}"  # dockhygiene: ignore (made up)\n')
    assert guarded.run("--staged").code == 0
    path.write_text("what lies in the work tree has no marker\n")
    assert guarded.run("--staged").code == 0
    guarded.stage("a.py", f'TOKEN = "{token()}"  # dockhygiene: ignore another-rule\n')
    assert guarded.run("--staged").code == 1
    guarded.repository.write(
        ".dockhygiene.yaml", 'version: 1\nignore:\n  - path: "a.py"\n    reason: made up for the tests\n'
    )
    assert guarded.run("--staged").code == 0
    report = json.loads(guarded.run("--staged", "--format", "json").out)
    assert "made up for the tests" in report["ignored"][0]["reason"]
    guarded.repository.write(".dockhygiene.yaml", "version: 2\n")
    done = guarded.run("--staged")
    assert done.code == 1
    assert ".dockhygiene.yaml:1" in done.out


def test_a_broken_ignore_file_of_ones_own_stops_with_its_place(guarded: Guarded) -> None:
    guarded.stage("a.py", f'TOKEN = "{token()}"\n')
    (guarded.home / ".dockhygiene.yaml").write_text("version: 7\n")
    done = guarded.run("--staged")
    assert done.code not in (0, 1)
    assert ".dockhygiene.yaml:1" in done.err and f"git commit {WAY_ON}" in done.err


def test_the_least_severity_and_what_is_only_possible(guarded: Guarded) -> None:
    guarded.stage("a.py", f'password = "{random_password()}"\n')
    assert guarded.run("--staged").code == 1
    assert guarded.run("--staged", "--fail-on", "critical").code == 0
    guarded.stage("a.py", "")
    guarded.stage("tests/fixtures/a.py", f'password = "{random_password()}"\n')
    report = json.loads(guarded.run("--staged", "--format", "json").out)
    assert {one["confidence"] for one in report["findings"]} == {"possible"}
    assert guarded.run("--staged").code == 0


def test_a_merge(guarded: Guarded) -> None:
    guarded.repository.git("checkout", "--quiet", "-b", "side")
    guarded.stage("a.py", f'TOKEN = "{token()}"\n')
    guarded.git("commit", "-m", "leak", WAY_ON)
    guarded.repository.git("checkout", "--quiet", "main")
    guarded.repository.added("b.py", "x = 1\n")
    guarded.repository.git("merge", "--quiet", "--no-commit", "side")
    done = guarded.git("commit", "-m", "merge")
    assert done.code == 1 and "a.py:1" in done.said


def test_a_push_of_what_a_later_commit_took_out(guarded: Guarded) -> None:
    secret = token()
    commit = guarded.repository.git("rev-parse", "HEAD")
    guarded.stage("a.py", f'x = 1\nTOKEN = "{secret}"\n')
    guarded.git("commit", "-m", "leak", WAY_ON)
    commit = guarded.repository.head
    guarded.repository.git("rm", "--quiet", "a.py")
    guarded.git("commit", "-m", "out again", WAY_ON)
    done = guarded.git("push", "origin", "main")
    assert done.code == 1
    assert f"a.py:2 in {commit[:10]}" in done.said and f"...{secret[-4:]}" in done.said
    assert "git rebase -i" in done.said and f"git push {WAY_ON}" in done.said
    assert secret not in done.said
    assert guarded.git("push", "--quiet", WAY_ON, "origin", "main").code == 0
    guarded.stage("b.py", "x = 1\n")
    guarded.git("commit", "-m", "clean")
    assert guarded.git("push", "--quiet", "origin", "main").said == ""


def test_pushes_of_every_kind(guarded: Guarded) -> None:
    clean, leaks = guarded.repository, [token() for _ in range(4)]
    clean.git("checkout", "--quiet", "-b", "clean")
    clean.added("b.py", "x = 1\n")
    clean.git("branch", "leak", "main")
    clean.git("checkout", "--quiet", "leak")
    guarded.stage("a.py", f'TOKEN = "{leaks[0]}"\n')
    guarded.git("commit", "-m", "leak", WAY_ON)
    clean.git("checkout", "--quiet", "main")
    for command, code in (
        (("origin", "clean"), 0),
        (("origin", "clean:again", "leak"), 1),  # several lines, the first clean
        (("--force", "origin", "leak:main"), 1),
        ((str(guarded.home.parent / "server.git"), "leak"), 1),
        (("--delete", "origin", "clean"), 0),
    ):
        done = guarded.git("push", *command)
        assert done.code == code, done.said
        assert ("a.py:1" in done.said) == bool(code)
    blob = clean.git("hash-object", "-w", "--stdin", given=f'TOKEN = "{leaks[1]}"\n'.encode())
    clean.git("tag", "loose", blob)
    done = guarded.git("push", "origin", "loose")
    assert done.code == 1 and f"unnamed object {blob[:12]}:1" in done.said
    clean.git("tag", "-a", "v1", "-m", f"release\n\nlogged in with {leaks[2]}")
    done = guarded.git("push", "origin", "v1")
    assert done.code == 1 and "tag message of" in done.said and ":3 " in done.said
    clean.git("commit", "--quiet", "--allow-empty", WAY_ON, "-m", f"deploy with {leaks[3]}")
    done = guarded.git("push", "origin", "main")
    assert done.code == 1 and f"commit message of {clean.head[:12]}:1" in done.said
    assert not [leak for leak in leaks if leak in done.said]


def test_a_push_of_an_old_secrets_new_version(guarded: Guarded) -> None:
    secret = token()
    guarded.stage("a.py", f'TOKEN = "{secret}"\n')
    guarded.git("commit", "-m", "leak", WAY_ON)
    guarded.git("push", "--quiet", WAY_ON, "origin", "main")
    guarded.stage("a.py", f'TOKEN = "{secret}"\nx = 1\n')
    assert guarded.git("commit", "-m", "another line").code == 0
    done = guarded.git("push", "origin", "main")
    assert done.code == 0 and "stood there before" in done.said


def test_a_push_without_lines(guarded: Guarded) -> None:
    assert guarded.run("--pre-push", "origin", "x").said == ""
    assert guarded.run("--pre-push").code == 0


def test_a_range(guarded: Guarded) -> None:
    base = guarded.repository.head
    guarded.stage("a.py", f'TOKEN = "{token()}"\n')
    guarded.git("commit", "-m", "leak", WAY_ON)
    guarded.repository.git("rm", "--quiet", "a.py")
    guarded.git("commit", "-m", "out again", WAY_ON)
    done = guarded.run("--range", f"{base}..HEAD")
    assert done.code == 1 and "a.py:1 in" in done.out and WAY_ON not in done.out
    done = guarded.run("--range", "HEAD~1..HEAD")
    assert (done.code, done.out) == (0, "dockhygiene: nothing new is exposed.\n")
    done = guarded.run("--range", "nowhere..HEAD")
    assert done.code == 3 and "fetch-depth" in done.err and WAY_ON not in done.err


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_reports(guarded: Guarded, form: str) -> None:
    secret = token()
    guarded.stage("src/a.py", f'x = 1\nTOKEN = "{secret}"\n')
    file = guarded.home / "report"
    done = guarded.run("--staged", "--format", form, "--output", str(file))
    assert (done.code, done.out) == (1, "")
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert secret not in text
    report = json.loads(text)
    if form == "json":
        place = report["findings"][0]["place"]
        assert (place["kind"], place["path"], place["line"]) == ("git", "src/a.py", 2)
        assert (place["repository"], len(place["blob"])) == (str(guarded.repository.path), 40)
    else:
        location = report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert location["artifactLocation"]["uri"] == "src/a.py"
        assert location["region"]["startLine"] == 2
    assert guarded.run("--staged", "--format", form, "--output", str(guarded.home / "no/where")).code == 3


def test_a_home_that_cannot_be_written(guarded: Guarded) -> None:
    guarded.stage("a.py", f'TOKEN = "{token()}"\n')
    for home in ("/proc", "/proc/nowhere"):
        done = guarded.run("--staged", HOME=home)
        assert done.code == 1 and "a.py:1" in done.out, done.said
        assert json.loads(guarded.run("--staged", "--format", "json", HOME=home).out)["findings"]


def test_it_writes_nothing_at_home(guarded: Guarded) -> None:
    guarded.stage("a.py", f'TOKEN = "{token()}"\n')
    before = sorted(guarded.home.iterdir())
    guarded.run("--staged")
    assert sorted(guarded.home.iterdir()) == before


def test_names_cannot_speak_to_the_terminal(guarded: Guarded) -> None:
    guarded.stage("a\x1b[31m\nThis is fine.py", f'TOKEN = "{token()}"\n')
    done = guarded.run("--staged")
    assert done.code == 1
    assert "\x1b" not in done.said and "\nThis is fine" not in done.said


def test_what_was_not_looked_at_is_said(guarded: Guarded) -> None:
    guarded.stage("gone.py", "x = 1\n")
    blob = guarded.repository.blob("x = 1\n")
    (guarded.repository.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    done = guarded.run("--staged")
    assert done.code == 0 and "gone.py: missing from this clone" in done.out


def test_an_error_stops_too_and_says_how_to_go_on(guarded: Guarded) -> None:
    guarded.stage("a.py", "x = 1\n")
    index = guarded.repository.path / ".git/index"
    index.write_bytes(b"DIRC damaged" + index.read_bytes()[12:])
    done = guarded.run("--staged")
    assert done.code not in (0, 1)
    assert "git ended with" in done.err and f"git commit {WAY_ON} goes on once" in done.err
    done = guarded.run("--pre-push", "origin", "x", given="not what git says\n")
    assert done.code not in (0, 1) and f"git push {WAY_ON} goes on once" in done.err


def test_without_git_it_stops(guarded: Guarded) -> None:
    done = guarded.run("--staged", PATH="/nowhere")
    assert done.code not in (0, 1) and "git is not installed" in done.err


def test_outside_of_a_repository(guarded: Guarded) -> None:
    done = guarded.run("--staged", folder=guarded.home)
    assert done.code not in (0, 1) and "lies in no git repository" in done.err


def test_a_check_that_fails_stops_the_commit(guarded: Guarded, tmp_path: Path) -> None:
    secret = token()
    guarded.stage("compose.yaml", f"services:\n  web:\n    environment:\n      API_TOKEN: {secret}\n")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(
        "import checks.orchestration_files as one\n"
        "def look(workstation, document):\n    raise ValueError(document.data)\n    yield\n"
        "one.look = look\n"
    )
    done = guarded.run("--staged", PYTHONPATH=f"{tmp_path / 'site'}:{ROOT}")
    assert done.code == 3
    assert "orchestration-files failed (ValueError" in done.err and WAY_ON in done.err
    assert "compose.yaml:4" in done.out  # the text check saw it all the same
    assert secret not in done.said


def test_starting_it_loads_little(guarded: Guarded) -> None:
    guarded.stage("a.py", f'TOKEN = "{token()}"\npassword = "{random_password()}"\n')
    show = (
        "import sys\nfrom tui.main import main\n"
        f"code = main(['guard', 'run', '--staged'])\nprint(code, [name for name in {HEAVY} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", show], cwd=guarded.repository.path, env=guarded.environment(), capture_output=True
    )
    assert done.stdout.decode().splitlines()[-1] == "1 []", done.stderr


def test_a_name_asks_for_the_checks_that_may_know_it() -> None:
    looking = [check for check in CHECKS if hasattr(check, "look") or check is source_text]
    paths = [
        "src/a.py",
        "Dockerfile",
        ".env",
        "a/b.yml",
        ".docker/config.json",
        ".npmrc",
        "x/id_rsa",
        ".bashrc",
        "LICENSE",
    ]
    for path in paths:
        folder, _, name = path.rpartition("/")
        expected = [one for one in looking if one.id == "source-text" or one.may_claim(name.lower(), folder)]  # type: ignore[attr-defined]
        assert list(by_name.checks_for(path)) == expected
    assert [one.id for one in by_name.checks_for("src/a.py")] == ["source-text"]
    asked = {one.__name__ for one in by_name._MAY_CLAIM}
    assert asked | {"source_text"} == {one.__name__.removeprefix("checks.") for one in looking}  # type: ignore[attr-defined]


def test_the_rules_need_no_yaml() -> None:
    show = "import sys\nfrom checks.detect.rule_book import rules\nprint(len(rules()), 'yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", show], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.split() == [str(COMPILED.read_bytes().count(b"\n") - 2).encode(), b"False"]


def test_the_pre_commit_frameworks_manifest() -> None:
    program = Path(sys.prefix, "bin", "pre-commit")
    assert program.exists(), "pre-commit is not installed: pip install -e .[dev]"
    done = subprocess.run([program, "validate-manifest", ".pre-commit-hooks.yaml"], cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stdout


def test_the_real_pre_commit_framework(guarded: Guarded) -> None:
    """With this installation in the place of the environment that the framework would make."""
    program = Path(sys.prefix, "bin", "pre-commit")
    entry = f"{sys.executable} -m tui.main guard run"
    guarded.repository.write(
        ".pre-commit-config.yaml",
        "repos:\n- repo: local\n  hooks:\n"
        f"  - {{id: a, name: a, language: system, entry: {entry} --staged, stages: [pre-commit],"
        " pass_filenames: false, always_run: true}\n"
        f"  - {{id: b, name: b, language: system, entry: {entry} --pre-push, stages: [pre-push],"
        " pass_filenames: false, always_run: true}\n",
    )
    for hook in (guarded.repository.path / ".git/hooks").iterdir():
        hook.unlink()
    types = ("--hook-type", "pre-commit", "--hook-type", "pre-push")
    assert guarded._run(str(program), "install", *types).code == 0
    guarded.repository.git("add", "--all")
    assert guarded.git("commit", "-m", "set up").code == 0
    assert guarded.git("push", "origin", "main").code == 0
    guarded.stage("a.py", f'TOKEN = "{token()}"\n')
    done = guarded.git("commit", "-m", "leak")
    assert done.code == 1 and "a.py:1" in done.said, done.said
    guarded.git("commit", "-m", "leak", WAY_ON)
    guarded.repository.git("rm", "--quiet", "a.py")
    guarded.git("commit", "-m", "out again", WAY_ON)
    done = guarded.git("push", "origin", "main")
    assert done.code == 1 and "a.py:1 in" in done.said, done.said
    guarded.repository.git("checkout", "--quiet", "--orphan", "anew")
    guarded.stage("b.py", f'TOKEN = "{token()}"\n')
    guarded.git("commit", "-m", "a history of its own", WAY_ON)
    done = guarded.git("push", "origin", "anew")
    assert done.code == 1 and "b.py:1 in" in done.said, done.said
