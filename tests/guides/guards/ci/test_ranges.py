"""Which commits each set-up looks at, event by event: its own shell text, run in real clones by bash and dash."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guides.guards.ci.conftest import SHELLS, Server, run_set_up
from tests.guides.guards.ci.events import NOTHING, Event

SYSTEMS = ("github", "gitlab", "bitbucket", "circleci", "travis", "jenkins")
TELL_THE_BASE = ("github", "gitlab", "bitbucket", "travis")
"""In a pull request, also as a commit."""
TELL_BEFORE = ("github", "gitlab", "circleci", "travis", "jenkins")
PULL_REQUESTS = ("github", "gitlab", "bitbucket", "travis", "jenkins")
"""CircleCI builds pushes only."""

both_shells = pytest.mark.parametrize("shell", SHELLS)


@both_shells
@pytest.mark.parametrize("system", PULL_REQUESTS)
def test_a_pull_request_from_where_it_left_its_target(system: str, shell: str, server: Server, tmp_path: Path) -> None:
    server.git("checkout", "-q", "main")
    third = server.commit("third", "echo third\n")
    server.push("main")
    clone = server.clone(tmp_path / "ci", server.at["last"])
    event = Event(branch="feature", target="main", base=third, after=server.at["last"])
    ran = run_set_up(system, event, clone, server, shell=shell)
    assert ran.code == 0, ran.said
    assert set(ran.ranges) == {f"{server.at['second']}..{server.at['last']}"}


@pytest.mark.parametrize("system", PULL_REQUESTS)
def test_a_pull_request_that_was_merged_to_be_tried(system: str, server: Server, tmp_path: Path) -> None:
    server.git("checkout", "-q", "main")
    third = server.commit("third", "echo third\n")
    server.push("main")
    clone = server.clone(tmp_path / "ci", third)
    server.git("merge", "-q", "--no-ff", "-m", "merge", "origin/feature", folder=clone)
    merged = server.git("rev-parse", "HEAD", folder=clone)
    event = Event(branch="feature", target="main", base=third, after=server.at["last"])
    ran = run_set_up(system, event, clone, server)
    assert ran.code == 0, ran.said
    assert set(ran.ranges) == {f"{third}..{merged}"}


@pytest.mark.parametrize("system", PULL_REQUESTS)
def test_the_target_is_fetched_where_the_clone_has_one_branch(system: str, server: Server, tmp_path: Path) -> None:
    clone = server.clone(tmp_path / "ci", server.at["last"], "--single-branch", "--branch", "feature")
    event = Event(branch="feature", target="main", base=server.at["second"], after=server.at["last"])
    ran = run_set_up(system, event, clone, server)
    assert ran.code == 0, ran.said
    assert set(ran.ranges) == {f"{server.at['second']}..{server.at['last']}"}


@pytest.mark.parametrize("system", PULL_REQUESTS)
def test_without_target_and_base_the_change_fails(system: str, server: Server, tmp_path: Path) -> None:
    clone = server.clone(tmp_path / "ci", server.at["last"], "--single-branch", "--branch", "feature")
    server.git("remote", "set-url", "origin", str(tmp_path / "gone.git"), folder=clone)
    ran = run_set_up(system, Event(branch="feature", target="main", base="1" * 40), clone, server)
    assert ran.code == 3
    assert "dockhygiene: the branch main is not in this clone" in ran.said
    assert not ran.ranges


@pytest.mark.parametrize("system", TELL_THE_BASE)
def test_the_base_alone_is_enough(system: str, server: Server, tmp_path: Path) -> None:
    clone = server.clone(tmp_path / "ci", server.at["last"], "--single-branch", "--branch", "feature")
    server.git("remote", "set-url", "origin", str(tmp_path / "gone.git"), folder=clone)
    base = server.at["second"]
    ran = run_set_up(system, Event(branch="feature", target="main", base=base), clone, server)
    assert ran.code == 0, ran.said
    told = base[:12] if system == "bitbucket" else base
    assert set(ran.ranges) == {f"{told}..{server.at['last']}"}


@both_shells
@pytest.mark.parametrize("branch", ["feature", "main"])
@pytest.mark.parametrize("system", TELL_BEFORE)
def test_a_push_from_where_the_branch_was(system: str, branch: str, shell: str, server: Server, tmp_path: Path) -> None:
    before, after = ("first", "last") if branch == "feature" else ("old", "second")
    clone = server.clone(tmp_path / "ci", server.at[after])
    event = Event(branch=branch, before=server.at[before], after=server.at[after])
    ran = run_set_up(system, event, clone, server, shell=shell)
    assert ran.code == 0, ran.said
    assert set(ran.ranges) == {f"{server.at[before]}..{server.at[after]}"}


@both_shells
@pytest.mark.parametrize("before", [NOTHING, "1" * 40], ids=["new", "forced"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_new_branch_or_a_forced_push_from_the_main_branch(
    system: str, before: str, shell: str, server: Server, tmp_path: Path
) -> None:
    clone = server.clone(tmp_path / "ci", server.at["last"])
    ran = run_set_up(
        system, Event(branch="feature", before=before, after=server.at["last"]), clone, server, shell=shell
    )
    assert ran.code == 0, ran.said
    assert set(ran.ranges) == {f"{server.at['second']}..{server.at['last']}"}


@pytest.mark.parametrize("before", [NOTHING, "1" * 40], ids=["new", "forced"])
@pytest.mark.parametrize("system", TELL_BEFORE)
def test_all_of_a_main_branch_that_is_new_or_was_forced(
    system: str, before: str, server: Server, tmp_path: Path
) -> None:
    clone = server.clone(tmp_path / "ci", server.at["second"])
    ran = run_set_up(system, Event(branch="main", before=before, after=server.at["second"]), clone, server)
    assert ran.code == 0, ran.said
    assert set(ran.ranges) == {f"{NOTHING}..{server.at['second']}"}


def test_bitbucket_knows_only_the_last_commit_of_the_main_branch(server: Server, tmp_path: Path) -> None:
    clone = server.clone(tmp_path / "ci", server.at["second"])
    ran = run_set_up("bitbucket", Event(branch="main"), clone, server)
    assert ran.ranges == [f"HEAD^..{server.at['second']}"]
    server.git("checkout", "-q", server.at["old"], folder=clone)
    ran = run_set_up("bitbucket", Event(branch="main"), clone, server)
    assert ran.ranges[-1] == f"{NOTHING}..{server.at['old']}"


@pytest.mark.parametrize("system", SYSTEMS)
def test_all_of_a_branch_with_a_history_of_its_own(system: str, server: Server, tmp_path: Path) -> None:
    server.git("checkout", "-q", "--orphan", "pages")
    alone = server.commit("alone", "echo alone\n")
    server.push("pages")
    clone = server.clone(tmp_path / "ci", alone)
    ran = run_set_up(system, Event(branch="pages", after=alone), clone, server)
    assert ran.code == 0, ran.said
    assert set(ran.ranges) == {f"{NOTHING}..{alone}"}


@pytest.mark.parametrize("annotated", [True, False], ids=["annotated", "light"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_tag_from_the_main_branch(system: str, annotated: bool, server: Server, tmp_path: Path) -> None:
    server.git("tag", *(["-am", "release"] if annotated else []), "v1", server.at["last"])
    server.push("v1")
    clone = server.clone(tmp_path / "ci", server.at["last"])
    ran = run_set_up(system, Event(tag="v1", after=server.at["last"]), clone, server)
    assert ran.code == 0, ran.said
    assert set(ran.ranges) == {f"{server.at['second']}..{server.git('rev-parse', 'v1')}"}


@both_shells
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_shallow_clone_fails(system: str, shell: str, server: Server, tmp_path: Path) -> None:
    clone = server.clone(tmp_path / "ci", "HEAD", "--depth", "1", "--branch", "feature")
    event = Event(branch="feature", before=server.at["middle"], after=server.at["last"])
    ran = run_set_up(system, event, clone, server, shell=shell)
    assert ran.code == 3
    assert "dockhygiene: this clone is shallow" in ran.said
    assert not ran.ranges


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_missing_main_branch_fails(system: str, server: Server, tmp_path: Path) -> None:
    server.git("push", "-q", "origin", "main:trunk", "feature:refs/heads/feature")
    server.git("symbolic-ref", "HEAD", "refs/heads/trunk", folder=server.bare)
    server.git("push", "-q", "origin", ":main")
    clone = server.clone(tmp_path / "ci", server.at["last"])
    ran = run_set_up(system, Event(branch="feature"), clone, server)
    assert ran.code == 3
    assert "name your main branch" in ran.said


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_branch_with_the_name_of_a_command_runs_nothing(system: str, server: Server, tmp_path: Path) -> None:
    name = 'a;touch${IFS}"$RECORD.run"`touch${IFS}x`$(touch${IFS}y)'
    server.git("push", "-q", "origin", f"feature:refs/heads/{name}")
    clone = server.clone(tmp_path / "ci", server.at["last"])
    ran = run_set_up(system, Event(branch=name, after=server.at["last"]), clone, server)
    assert ran.code == 0, ran.said
    assert sorted(path.name for path in clone.iterdir()) == [".git", "first.sh", "last.sh", "old.sh", "second.sh"]
    assert not (tmp_path / "record.run").exists()


@pytest.mark.parametrize("system", SYSTEMS)
def test_dockhygiene_is_installed_first_in_a_pinned_version(system: str, server: Server, tmp_path: Path) -> None:
    clone = server.clone(tmp_path / "ci", server.at["last"])
    ran = run_set_up(system, Event(branch="feature", after=server.at["last"]), clone, server)
    assert ran.calls[0].startswith("pip install ")
    assert ran.calls[0].endswith(" dockhygiene==0.1.0")
    assert len(ran.calls) == (3 if system in ("github", "gitlab") else 2)  # one more for the SARIF report
    assert ran.calls[-1].endswith(" --fail-on medium")
