"""`dockhygiene snippet`, as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guides.snippets.catalog import snippets
from guides.snippets.names import Names
from tests.end_to_end.command import dockhygiene, said
from tests.tui.conftest import made_up
from tui.exit_codes import ExitCode
from tui.main import main


def test_the_snippet_alone_is_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snippet", "python", "vault", "--name", "A_B", "--path", "team/x", "--field", "tok'en"]) == ExitCode.OK
    printed = capsys.readouterr()
    compile(printed.out, "snippet", "exec")
    assert 'path="team/x"' in printed.out and '"tok\'en"' in printed.out
    assert "ran: our tests read a secret with it" in printed.err


@pytest.mark.parametrize(
    ("arguments", "held"),
    [
        (["vault", "--path", "/team/x/"], 'path="team/x"'),
        (["aws", "--path", "/team/x"], 'SecretId="/team/x"'),
        (["conjur", "--path", "dev/app/password"], 'get("dev/app/password")'),
        (["conjur", "--path", "dev/app", "--field", "token"], 'get("dev/app/token")'),
    ],
)
def test_a_path_means_what_it_means_in_its_manager(
    arguments: list[str], held: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["snippet", "python", *arguments]) == ExitCode.OK
    assert held in capsys.readouterr().out


def test_it_is_written_to_a_new_file_and_over_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.sh").symlink_to("elsewhere")
    assert main(["snippet", "bash", "env", "--output", "read.sh"]) == ExitCode.OK
    first = (tmp_path / "read.sh").read_text()
    assert first.startswith("#!/usr/bin/env bash") and capsys.readouterr().out == ""
    for name in ("read.sh", "link.sh", "not-there/read.sh"):
        assert main(["snippet", "go", "env", "--output", name]) == ExitCode.INCOMPLETE
    said = capsys.readouterr().err
    assert "read.sh is there already, and stays as it is" in said
    assert (tmp_path / "read.sh").read_text() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.sh", "read.sh"]


def test_the_list_has_every_cell_with_its_label(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snippet", "--list"]) == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 60
    assert {line.split()[3] for line in lines} <= {"ran", "compiled", "syntax-checked", "unchecked"}
    assert main(["snippet", "rust", "--list"]) == ExitCode.OK
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == {"rust"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say LANGUAGE and SOURCE"),
        (["python"], "say LANGUAGE and SOURCE"),
        (["cobol", "env"], "no snippets in that language"),
        (["python", "keepass"], "a secret comes from env, aws, vault, conjur"),
        (["python", "env", "--name", "a;b"], "the variable's name must be letters"),
        (["github", "vault", "--path", "a | b"], "cannot quote the path here"),
        (["python", "vault", "--field", ""], "needs a field"),
        (["rust", "aws", "--plain"], "no plain snippet"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_what_cannot_be_had_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snippet", *arguments]) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert printed.out == "" and said in printed.err


def test_a_finding_gives_its_names(tmp_path: Path) -> None:
    secret = made_up("ghp_")
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    (project / ".env").write_text(f"GHCR_IO_PUSH_TOKEN={secret}\n")
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text(json.dumps({"auths": {"ghcr.io": {"registrytoken": secret}}}))
    report = json.loads(dockhygiene(tmp_path, "scan", "--format", "json").stdout)
    credential = next(one["id"] for one in report["credentials"])
    done = dockhygiene(tmp_path, "snippet", "ruby", "env", "--finding", credential)
    assert done.returncode == 0, done.stderr
    assert "name = 'GHCR_" in done.stdout
    assert secret not in done.stdout + done.stderr
    unknown = dockhygiene(tmp_path, "snippet", "ruby", "env", "--finding", "nothing")
    assert unknown.returncode == ExitCode.USAGE and "no finding of the known places is called nothing" in unknown.stderr


def test_no_snippet_looks_like_what_it_is_against(tmp_path: Path) -> None:
    """Whoever writes them into a repository is not told that there are secrets in them."""
    for number, one in enumerate(snippets()):
        path = tmp_path / "src" / f"{number:02}" / one.language.file
        path.parent.mkdir(parents=True)
        path.write_text(one.render(Names()))
    done = dockhygiene(tmp_path, "scan", "src")
    assert done.returncode == 0, said(done)
