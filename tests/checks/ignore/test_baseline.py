from __future__ import annotations

import json
import os
import secrets
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.ignore import baseline as module
from checks.ignore.baseline import BaselineError, read, write
from checks.ignore.fingerprints import SharedKey
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity
from checks.model.secret import Secret
from tests.checks.conftest import random_password, random_token
from tests.checks.conftest import write as put


def finding(path: str, secret: Secret | None = None, **fields: Any) -> Finding:
    rule = fields.pop("rule", "named-secret")
    return Finding("c", rule, "t", Severity.LOW, Confidence.CERTAIN, Place(path, **fields), secret=secret)


def token() -> Secret:
    return Secret(random_token("ghp_", 36))


def password() -> Secret:
    return Secret(random_password())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "co").mkdir(parents=True)
    return tmp_path / "home"


def test_round_trip(home: Path) -> None:
    file, co = home / "co" / "baseline.json", home / "co"
    known = [
        finding(f"{co}/a.py", token(), line=3),
        finding(f"{co}/a.py", password(), line=4),
        finding(f"{co}/a.py", password(), line=5),
        finding(f"{home}/.docker/config.json", password()),
        finding("/etc/x", None, rule="weak"),
        finding("API_KEY", token(), kind=PlaceKind.ENVIRONMENT),
        finding("/x", token(), kind=PlaceKind.IMAGE, image="app:1"),
        finding("src/a", token(), kind=PlaceKind.GIT, repository=str(co)),
        finding(f"{co}/~/a", password()),
        finding(f"{co}/\udcff", password()),
    ]
    assert write(file, known, home) == len(known)
    held = json.loads(file.read_bytes())
    assert [one["path"] for one in held["findings"]] == sorted(
        ["a.py", "a.py", "~/.docker/config.json", "/etc/x", "API_KEY", "app:1:/x", "src/a", "./~/a", "\udcff"]
    )
    assert [one["count"] for one in held["findings"] if one["path"] == "a.py"] == [2, 1]
    found = read(file, home)
    assert all(found.knows(one) for one in known)
    assert not list(found.not_met())
    assert found.size == 9


def test_what_is_new(home: Path) -> None:
    file, co = home / "co" / "baseline.json", home / "co"
    one, secret, env = token(), password(), finding("KEY", token(), kind=PlaceKind.ENVIRONMENT)
    write(file, [finding(f"{co}/a", one), finding(f"{co}/a", secret), env], home)
    found = read(file, home)
    assert not found.knows(finding(f"{co}/a", token()))
    assert not found.knows(finding(f"{co}/b", one))
    assert not found.knows(finding(f"{co}/a", one, rule="other"))
    assert not found.knows(finding(f"{co}/KEY", env.secret))
    assert not found.knows(replace(env, secret=token()))
    assert found.knows(finding(f"{co}/a", one)) and found.knows(finding(f"{co}/a", one))
    assert found.knows(finding(f"{co}/a", password()))
    assert not found.knows(finding(f"{co}/a", secret))
    assert list(found.not_met()) == [None]


def test_the_same_on_a_colleagues_machine(home: Path, tmp_path: Path) -> None:
    file, other_home = home / "co" / "baseline.json", tmp_path / "elsewhere"
    one, secret = token(), password()
    write(file, [finding(f"{home}/co/sub/a", one, line=1), finding(f"{home}/.netrc", secret, line=2)], home)
    (other_home / "work").mkdir(parents=True)
    copy = put(other_home / "work" / "b.json", file.read_bytes())
    found = read(copy, other_home)
    assert sorted(map(str, found.not_met())) == [f"{other_home}/.netrc", f"{other_home}/work/sub/a"]
    assert found.knows(finding(f"{other_home}/work/sub/a", one, line=99))
    assert found.knows(finding(f"{other_home}/.netrc", secret, line=7))
    assert not found.knows(finding(f"{home}/co/sub/a", one))


def test_links_in_the_way_make_no_difference(home: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home / "co")
    known = finding(f"{tmp_path}/link/a", password())
    write(tmp_path / "link" / "baseline.json", [known], home)
    assert read(home / "co" / "baseline.json", home).knows(finding(f"{home}/co/a", password()))


def test_no_secret_in_it(home: Path) -> None:
    values = [random_token("ghp_", 36), random_password(), random_token("dckr_pat_", 27)]
    write(home / "b.json", [finding(f"{home}/a", Secret(value)) for value in values], home)
    text = (home / "b.json").read_text()
    assert text.isascii()
    assert not any(value[4:] in text or value[:-4] in text for value in values)


def test_stable(home: Path) -> None:
    findings = [finding(f"{home}/{name}", token()) for name in "cab"] + [finding(f"{home}/a", password())]
    key = SharedKey.new()
    write(home / "one.json", findings, home, key)
    write(home / "two.json", findings[::-1], home, read(home / "one.json", home).key)
    assert (home / "one.json").read_bytes() == (home / "two.json").read_bytes()
    write(home / "two.json", findings, home)
    assert (home / "one.json").read_bytes() != (home / "two.json").read_bytes()


def test_ignored_findings_are_not_in_it(home: Path) -> None:
    marked = replace(finding(f"{home}/a", token()), ignored="marked gitleaks:allow in the line")
    assert write(home / "b.json", [marked], home) == 0
    assert not read(home / "b.json", home).knows(marked)


def test_mode_and_leftovers(home: Path) -> None:
    file = put(home / "b.json", "old", mode=0o600)
    before = os.umask(0o077)
    try:
        write(file, [], home)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    (home / "link").symlink_to(file)
    write(home / "link", [finding("/x")], home)
    assert (home / "link").is_symlink()
    assert read(file, home).size == 1
    assert sorted(path.name for path in home.iterdir()) == ["b.json", "co", "link"]


def test_not_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BaselineError, match="not written"):
        write(home / "no" / "b.json", [], home)
    file = put(home / "b.json", "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(BaselineError, match="No space"):
        write(file, [], home)
    assert file.read_text() == "old"
    assert sorted(path.name for path in home.iterdir()) == ["b.json", "co"]


GOOD = {"rule": "a", "path": "b", "kind": "file", "fingerprint": None, "count": 1}


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"1" * 10_000, "not JSON"),
        (b"[]", "not a baseline"),
        ({"schema": 1}, "not a baseline"),
        ({"schema": 2, "findings": []}, "another version"),
        ({"schema": 1, "findings": []}, "its key"),
        ({"schema": 1, "key": "00", "findings": []}, "its key"),
        ({"schema": 1, "key": "0" * 64, "findings": {}}, "entry 1"),
        ({"schema": 1, "key": "0" * 64, "findings": [GOOD, 1]}, "entry 2"),
        *(
            ({"schema": 1, "key": "0" * 64, "findings": [GOOD | wrong]}, "entry 1")
            for wrong in (
                {"rule": None},
                {"path": 1},
                {"kind": []},
                {"count": 0},
                {"count": True},
                {"count": 1.5},
                {"fingerprint": "zz"},
                {"fingerprint": 1},
            )
        ),
    ],
)
def test_damaged(home: Path, held: Any, said: str) -> None:
    file = put(home / "b.json", held if isinstance(held, bytes) else json.dumps(held))
    with pytest.raises(BaselineError, match=said) as raised:
        read(file, home)
    assert str(file) in str(raised.value)


def test_not_read(home: Path) -> None:
    for path, said in ((home / "no", "not there"), (home, "not a regular file")):
        with pytest.raises(BaselineError, match=said):
            read(path, home)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30),
    rule=st.text(max_size=10),
)
def test_any_name(home: Path, path: str, rule: str) -> None:
    known = finding(f"{home}/co/{path}", Secret(secrets.token_urlsafe()), rule=rule)
    write(home / "co" / "b.json", [known], home)
    found = read(home / "co" / "b.json", home)
    assert found.knows(known)
    assert not found.knows(known)
