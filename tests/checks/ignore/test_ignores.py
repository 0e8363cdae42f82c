from __future__ import annotations

import datetime
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks import container_builds, source_text
from checks.ignore import baseline
from checks.ignore import ignores as module
from checks.ignore.fingerprints import SharedKey
from checks.ignore.ignore_file import NAME, IgnoreFile, IgnoreFileError
from checks.ignore.ignores import Ignores
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from tests.checks.conftest import MakeWorkstation, random_password, random_token, write


@pytest.fixture
def machine(workstation: MakeWorkstation) -> Workstation:
    return workstation()


def finding(path: Path | str, line: int | None = None, **fields: Any) -> Finding:
    rule, secret = fields.pop("rule", "named-secret"), fields.pop("secret", None)
    place = Place(str(path), line=line, **fields)
    return Finding("c", rule, "t", Severity.LOW, Confidence.CERTAIN, place, secret=secret)


def listed(path: Path, *entries: str, key: SharedKey | None = None) -> Path:
    head = f"version: 1\nkey: {key.text}\n" if key else "version: 1\n"
    body = "".join(f"- {{{entry}, reason: made up}}\n" for entry in entries)
    return write(path, f"{head}ignore:\n{body}")


def judged(ignores: Ignores, one: Finding) -> str:
    found = ignores.judge(one)
    assert replace(found, ignored="") == one
    return found.ignored


def test_nothing_says_so(machine: Workstation) -> None:
    one = finding(machine.home / "a", 1)
    ignores = Ignores(machine)
    assert ignores.judge(one) is one
    assert not ignores.unused() and not ignores.problems()


def test_markers(machine: Workstation) -> None:
    text = "a # gitleaks:allow\nb\nbegin # ggignore\nc\nend\nd # dockhygiene: ignore a-rule\n"
    path, ignores = write(machine.home / "a", text), Ignores(machine)
    assert judged(ignores, finding(path, 1)) == "marked gitleaks:allow in the line"
    assert judged(ignores, finding(path, 2)) == ""
    assert judged(ignores, finding(path, 2, end_line=3)) == "marked ggignore in the line"
    assert judged(ignores, finding(path, 3, end_line=5)) == "marked ggignore in the line"
    assert judged(ignores, finding(path, 2, end_line=4)) == ""
    assert judged(ignores, finding(path)) == ""
    assert judged(ignores, finding(path, 99)) == ""
    assert judged(ignores, finding(path, 1, kind=PlaceKind.GIT)) == ""
    assert judged(ignores, finding("a", 1)) == ""
    assert not ignores.unused()


def test_a_marker_for_another_rule_is_told(machine: Workstation) -> None:
    path, ignores = write(machine.home / "a", "a # dockhygiene: ignore a-rule\n"), Ignores(machine)
    assert judged(ignores, finding(path, 1)) == ""
    (unused,) = ignores.unused()
    assert (unused.file, unused.line, unused.what) == (str(path), 1, "dockhygiene: ignore a-rule")
    assert judged(ignores, finding(path, 1, rule="a-rule")) == "marked dockhygiene: ignore a-rule in the line"
    assert not ignores.unused()


def test_one_long_line_is_searched_once(machine: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    path, ignores, searched = write(machine.home / "a", "x" * 1000), Ignores(machine), []
    monkeypatch.setattr(module, "markers_in", lambda line: searched.append(line) or ())
    for column in range(50):
        judged(ignores, finding(path, 1, column=column))
    assert len(searched) == 1


def test_larger_files_are_not_read_for_markers(machine: Workstation) -> None:
    path = write(machine.home / "a", "x # ggignore\n" + "y" * 100)
    small = replace(machine, limits=replace(machine.limits, text_bytes=50))
    assert judged(Ignores(small), finding(path, 1)) == ""
    assert judged(Ignores(machine), finding(path, 1))


def test_a_trees_file(machine: Workstation) -> None:
    co = machine.home / "co"
    listed(co / NAME, 'path: "tests/**"', "path: /only, rule: a-rule")
    for tops in ([], [co], [machine.home], [co / "tests"]):
        (co / ".git").mkdir(parents=True, exist_ok=True)
        ignores = Ignores(machine, tops)
        assert judged(ignores, finding(co / "tests" / "a")).endswith(f"{NAME}: made up"), tops
    ignores = Ignores(machine, [co])
    assert judged(ignores, finding(co / "tests" / "a")) == f"tests/** in {NAME}: made up"
    assert judged(ignores, finding(co / "src" / "a")) == ""
    assert judged(ignores, finding(co / "only")) == ""
    assert judged(ignores, finding(co / "only", rule="a-rule")) == f"/only a-rule in {NAME}: made up"
    assert judged(ignores, finding(machine.home / "other" / "tests" / "a")) == ""


def test_nearest_first_and_all_are_used(machine: Workstation) -> None:
    co = machine.home / "co"
    listed(co / NAME, "rule: named-secret")
    listed(co / "sub" / NAME, "path: a")
    ignores = Ignores(machine, [co])
    assert judged(ignores, finding(co / "sub" / "a")) == f"a in sub/{NAME}: made up"
    assert not ignores.unused()


def test_tops_in_one_another(machine: Workstation) -> None:
    sub = machine.home / "co" / "sub"
    sub.mkdir(parents=True)
    listed(machine.home / "co" / NAME, "rule: named-secret")
    for tops in ([sub.parent, sub], [sub, sub.parent]):
        assert judged(Ignores(machine, tops), finding(sub / "a"))


def test_not_above_the_scan_but_up_to_the_repository(machine: Workstation) -> None:
    listed(machine.home / "co" / NAME, "rule: named-secret")
    inner = machine.home / "co" / "repo" / "sub"
    inner.mkdir(parents=True)
    assert judged(Ignores(machine, [inner]), finding(inner / "a")) == ""
    (inner.parent / ".git").mkdir()
    assert judged(Ignores(machine, [inner]), finding(inner / "a")) == ""
    listed(inner.parent / NAME, "path: sub")
    assert judged(Ignores(machine, [inner]), finding(inner / "a")).startswith("sub in ")
    assert judged(Ignores(machine, [inner / "a"]), finding(inner / "a")).startswith("sub in ")
    assert judged(Ignores(machine, [machine.home / "co"]), finding(inner / "a"))


def test_not_above_the_home_folder(machine: Workstation) -> None:
    listed(machine.home.parent / NAME, "rule: named-secret")
    (machine.home.parent / ".git").mkdir()
    top = machine.home / "co"
    top.mkdir()
    for tops in ([], [top], [machine.home]):
        assert judged(Ignores(machine, tops), finding(top / "a")) == "", tops
    assert judged(Ignores(machine, [machine.home.parent]), finding(top / "a"))


def test_outside_what_is_scanned(machine: Workstation, tmp_path: Path) -> None:
    listed(tmp_path / "etc" / NAME, "rule: named-secret")
    assert judged(Ignores(machine), finding(tmp_path / "etc" / "a")) == ""
    assert judged(Ignores(machine, [tmp_path / "etc"]), finding(tmp_path / "etc" / "a"))


def test_through_links(machine: Workstation, tmp_path: Path) -> None:
    listed(machine.home / "co" / NAME, "path: a/b")
    (tmp_path / "link").symlink_to(machine.home / "co")
    assert judged(Ignores(machine, [tmp_path / "link"]), finding(tmp_path / "link" / "a" / "b"))
    (machine.home / "co" / "a").mkdir()
    assert judged(Ignores(machine, [machine.home / "co" / "a" / ".."]), finding(machine.home / "co/a/../a/b"))


def test_the_persons_files(workstation: MakeWorkstation, tmp_path: Path) -> None:
    machine = workstation({"XDG_CONFIG_HOME": str(tmp_path / "xdg")})
    listed(machine.home / NAME, "path: co/a", "path: /srv/x")
    listed(tmp_path / "xdg" / "dockhygiene" / "ignore.yaml", "path: ~/b", "rule: a-rule")
    ignores = Ignores(machine)
    assert judged(ignores, finding(machine.home / "co" / "a")) == f"co/a in ~/{NAME}: made up"
    assert judged(ignores, finding("/srv/x/y")).startswith("/srv/x in ")
    assert judged(ignores, finding(machine.home / "b"))
    assert judged(ignores, finding(machine.home / "c" / "b")) == ""
    assert judged(ignores, finding(machine.home / "srv" / "x")) == ""
    assert judged(ignores, finding(machine.home / "co" / "a" / ".." / "b")) == ""
    (tmp_path / "link").symlink_to(machine.home)
    listed(machine.home / NAME, f"path: {tmp_path}/link/x")
    assert judged(Ignores(machine), finding(tmp_path / "link" / "x"))
    listed(machine.home / NAME, "path: co/a", "path: /srv/x")
    for kind in (PlaceKind.ENVIRONMENT, PlaceKind.IMAGE, PlaceKind.CONTAINER):
        assert judged(ignores, finding("/srv/x", kind=kind)) == ""
        assert judged(ignores, finding("/srv/x", kind=kind, rule="a-rule"))
    assert not ignores.unused()
    assert judged(Ignores(machine, [tmp_path]), finding(machine.home / "co" / "a"))


def test_a_trees_rule_does_not_reach_the_environment(machine: Workstation) -> None:
    listed(machine.home / "co" / NAME, "rule: named-secret")
    ignores = Ignores(machine, [machine.home / "co"])
    assert judged(ignores, finding("NAME", kind=PlaceKind.ENVIRONMENT)) == ""


def test_git_history(machine: Workstation) -> None:
    co = machine.home / "co"
    listed(co / NAME, "path: tests/")
    ignores = Ignores(machine, [co])
    for path in (str(co / "tests" / "a"), "tests/a"):
        assert judged(ignores, finding(path, kind=PlaceKind.GIT, repository=str(co), commit="c"))


def test_by_fingerprint(machine: Workstation) -> None:
    co, key, token = machine.home / "co", SharedKey.new(), Secret(random_token("ghp_", 36))
    listed(co / NAME, f"fingerprint: {key.of(token)}", key=key)
    ignores = Ignores(machine, [co])
    assert judged(ignores, finding(co / "a", secret=token)).startswith("fingerprint ")
    assert judged(ignores, finding(co / "a", secret=Secret(random_token("ghp_", 36)))) == ""
    assert judged(ignores, finding(co / "a", secret=Secret(random_password()))) == ""


def test_expired(machine: Workstation) -> None:
    co = machine.home / "co"
    path = listed(co / NAME, "path: a, expires: 2027-01-31")
    for today, ignored in ((datetime.date(2027, 1, 31), True), (datetime.date(2027, 2, 1), False)):
        ignores = Ignores(machine, [co], today=today)
        assert bool(judged(ignores, finding(co / "a"))) is ignored
        told = [(one.file, one.line, one.why) for one in ignores.unused()]
        assert told == ([] if ignored else [(str(path), 3, "it expired on 2027-01-31")])


def test_unused(machine: Workstation) -> None:
    co = machine.home / "co"
    tree = listed(co / NAME, "path: a", "path: b")
    own = listed(machine.home / NAME, "path: c")
    (co / "sub" / ".git").mkdir(parents=True)
    ignores = Ignores(machine, [co])
    assert judged(ignores, finding(co / "a"))
    assert [(one.file, one.line, one.what, one.why) for one in ignores.unused()] == [
        (str(tree), 4, "b", "it matched nothing")
    ]
    assert {one.file for one in Ignores(machine, [co]).unused()} == {str(tree)}
    assert {one.file for one in Ignores(machine, []).unused()} == {str(own)}
    assert {one.file for one in Ignores(machine, [machine.home]).unused()} == {str(own)}
    assert not Ignores(machine, [co / "sub"]).unused()
    assert not Ignores(machine, [co / "a"]).unused()


def test_malformed_tree(machine: Workstation) -> None:
    co = machine.home / "co"
    path = write(co / NAME, "version: 1\nignore:\n- path: a\n  reason: b\n- path: a\n")
    ignores = Ignores(machine, [co])
    assert judged(ignores, finding(co / "a")) == ""
    (problem,) = ignores.problems()
    assert (problem.file, problem.line) == (str(path), 5)
    assert str(problem) == f"{path}:5: an entry needs a reason"
    assert not ignores.unused()


def test_malformed_own(machine: Workstation) -> None:
    path = write(machine.home / NAME, "version: 1\nignore: 1\n")
    with pytest.raises(IgnoreFileError, match=f"{path}:2"):
        Ignores(machine)


def test_anothers_file_above_what_is_scanned(machine: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    co = machine.home / "co"
    listed(co / NAME, "path: a")
    (co / ".git").mkdir()
    (co / "sub").mkdir()
    anothers = replace(machine, uid=machine.uid + 1)

    def read(path: Path, base: Path, *, of_person: bool = False) -> IgnoreFile | None:
        found = real(path, base, of_person=of_person)
        return found and found._replace(uid=4711)

    real = module.read_ignore_file
    monkeypatch.setattr(module, "read_ignore_file", read)
    for tops in ([co / "sub"], []):
        ignores = Ignores(anothers, tops)
        assert judged(ignores, finding(co / "sub" / "a")) == ""
        assert [problem.file for problem in ignores.problems()] == [str(co / NAME)]
    assert judged(Ignores(anothers, [co]), finding(co / "sub" / "a"))


def test_baseline(machine: Workstation) -> None:
    co = machine.home / "co"
    co.mkdir()
    known = [finding(co / "a", secret=Secret(random_password())), finding(co / "gone")]
    baseline.write(co / "b.json", [*known, finding(machine.home / "elsewhere")], machine.home)
    listed(co / NAME, "rule: a-rule")
    ignores = Ignores(machine, [co], baseline.read(co / "b.json", machine.home))
    assert judged(ignores, finding(co / "a", rule="a-rule")) == f"a-rule in {NAME}: made up"
    assert judged(ignores, known[0]) == "in the baseline b.json"
    assert judged(ignores, known[0]) == ""
    assert [(one.line, one.what) for one in ignores.unused()] == [(None, "1 of 3 entries")]


def test_what_is_ignored_otherwise_does_not_use_up_the_baseline(machine: Workstation) -> None:
    path = write(machine.home / "a", "x # ggignore\ny\n")
    one = finding(path, 2, secret=Secret(random_password()))
    baseline.write(machine.home / "b.json", [one], machine.home)
    ignores = Ignores(machine, [], baseline.read(machine.home / "b.json", machine.home))
    assert judged(ignores, replace(one, place=replace(one.place, line=1))).startswith("marked")
    assert judged(ignores, one).startswith("in the baseline")


def test_judged_once(machine: Workstation) -> None:
    one = replace(finding(write(machine.home / "a", "# ggignore"), 1), ignored="already")
    assert Ignores(machine).judge(one) is one


def test_hostile_paths(machine: Workstation) -> None:
    ignores = Ignores(machine, [machine.home])
    (machine.home / "loop").symlink_to("loop")
    for path in ("/\0", f"{machine.home}/\udcff/a", "/" * 5000, f"{machine.home}/loop/a", "/" + "a/" * 3000):
        assert judged(ignores, finding(path, 1)) == ""


def test_side_by_side(machine: Workstation) -> None:
    paths = [write(machine.home / f"f{number}", "x\n" * number + "y # ggignore\n") for number in range(20)]
    ignores, wrong = Ignores(machine), []

    def look() -> None:
        for number, path in enumerate(paths):
            if not ignores.judge(finding(path, number + 1)).ignored:
                wrong.append(path)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_changes_nothing(machine: Workstation) -> None:
    listed(machine.home / "co" / NAME, "path: a")
    before = sorted(os.walk(machine.home))
    ignores = Ignores(machine, [machine.home / "co"])
    judged(ignores, finding(machine.home / "co" / "a", 1))
    assert sorted(os.walk(machine.home)) == before


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_are_counted_as_the_checks_count_them(machine: Workstation, end: str, encoding: str) -> None:
    tokens = [random_token("ghp_", 36) for _ in range(2)]
    text = end.join(["", "", "FROM a", f"ENV A_TOKEN={tokens[0]} B=gitleaks:allow", f"ENV B_TOKEN={tokens[1]}", ""])
    path = write(machine.home / "Dockerfile", text.encode(encoding))
    ignores = Ignores(machine)
    for check in (container_builds, source_text):
        found = [one for one in check.read(machine, path) if isinstance(one, Finding)]
        assert [(one.secret, bool(ignores.judge(one).ignored)) for one in found] == [
            (Secret(tokens[0]), True),
            (Secret(tokens[1]), False),
        ], check.id
