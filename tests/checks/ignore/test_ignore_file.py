from __future__ import annotations

import datetime
import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.ignore.fingerprints import SharedKey
from checks.ignore.ignore_file import LARGEST, MOST_ENTRIES, NAME, IgnoreFile, IgnoreFileError, read_ignore_file
from checks.model.finding import Confidence, Finding, Place, Severity
from checks.model.secret import Secret
from tests.checks.conftest import random_token, write

FINDING = Finding("c", "named-secret", "t", Severity.LOW, Confidence.CERTAIN, Place("/x"))


def read(folder: Path, text: str, *, of_person: bool = False) -> IgnoreFile:
    found = read_ignore_file(write(folder / NAME, text), folder, of_person=of_person)
    assert found
    return found


def problems(folder: Path, text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(IgnoreFileError) as raised:
        read(folder, text)
    assert str(folder / NAME) in str(raised.value)
    return [(problem.line, problem.reason) for problem in raised.value.problems]


def entry(**members: str) -> str:
    lines = [f"    {name}: {value}" for name, value in {"reason": "made up", **members}.items()]
    return "version: 1\nignore:\n  -" + "\n".join(lines)[3:] + "\n"


def test_everything(tmp_path: Path) -> None:
    key = SharedKey.new()
    secret = Secret(random_token("ghp_", 36))
    found = read(
        tmp_path,
        f"""# ours
version: 1
key: {key.text}
ignore:
  - path: "tests/**"
    rule: [named-secret, github-pat]
    reason: made-up   values
    expires: 2027-01-31
  - fingerprint: {key.of(secret)}
    reason: rotated on 2026-10-01
  - rule: named-secret
    reason: noisy
""",
    )
    paths, token, rule = found.entries
    assert (paths.line, paths.reason, paths.expires) == (5, "made-up values", datetime.date(2027, 1, 31))
    assert paths.what == "tests/** github-pat, named-secret"
    assert paths.covers(FINDING, (f"{tmp_path}/tests/a",), found.key)
    assert not paths.covers(FINDING, (f"{tmp_path}/src/a",), found.key)
    assert not paths.covers(FINDING, (f"{tmp_path}x/tests/a",), found.key)
    assert not paths.covers(replace(FINDING, rule="other"), (f"{tmp_path}/tests/a",), found.key)
    assert token.covers(replace(FINDING, secret=secret), (), found.key)
    assert not token.covers(replace(FINDING, secret=Secret(random_token("ghp_", 36))), (), found.key)
    assert not token.covers(FINDING, (), found.key)
    assert rule.covers(FINDING, (), None)


def test_missing_and_nothing_in_it(tmp_path: Path) -> None:
    assert read_ignore_file(tmp_path / NAME, tmp_path) is None
    assert read(tmp_path, "version: 1\n").entries == ()
    assert read(tmp_path, "version: 1\nignore:\n").entries == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "one mapping"),
        ("- a\n", 1, "one mapping"),
        ("ignore: []\n", 1, "version: 1"),
        ("version: 2\n", 1, "version: 1"),
        ("version: 1\n---\nversion: 1\n", 1, "one mapping"),
        ("version: 1\nignroe: []\n", 2, "`ignroe` is not known"),
        ("version: 1\nversion: 1\n", 2, "twice"),
        ("version: 1\nkey: abc\n", 2, "64 hexadecimal"),
        ("version: 1\nignore: all\n", 2, "list"),
        ("version: 1\nignore:\n- all\n", 3, "an entry has"),
        ("version: 1\nignore:\n- reason: because\n", 3, "path, a rule or a fingerprint"),
        ("version: 1\nignore:\n- path: a\n", 3, "reason"),
        ("version: 1\nignore:\n- path: a\n  reason: ' '\n", 3, "reason"),
        ("version: 1\nignore:\n- path: a\n  reason: ~\n", 3, "reason"),
        ("version: 1\nignore:\n- path: a\n  reason: b\n  until: c\n", 5, "`until` is not known"),
        ("version: 1\nignore:\n- path: [a]\n  reason: b\n", 3, "text"),
        ("version: 1\nignore:\n- path: ../a\n  reason: b\n", 3, ".."),
        ("version: 1\nignore:\n- rule: A b\n  reason: b\n", 3, "rule's id"),
        ("version: 1\nignore:\n- rule: []\n  reason: b\n", 3, "rule's id"),
        ("version: 1\nignore:\n- rule: a\n  reason: b\n  expires: 2027-02-30\n", 5, "a day"),
        ("version: 1\nignore:\n- rule: a\n  reason: b\n  expires: 20270101\n", 5, "a day"),
        ("version: 1\nignore:\n- fingerprint: abc\n  reason: b\n", 3, "32 hexadecimal"),
        ("version: 1\nignore:\n- fingerprint: " + "a" * 32 + "\n  reason: b\n", 3, "`key`"),
        ("version: 1\nignore:\n- path: 'a\n", None, "not YAML"),
        ("version: 1\nignore:\n- <<: {path: a}\n  rule: b\n  reason: c\n", 3, "not known"),
    ],
)
def test_malformed(tmp_path: Path, text: str, line: int | None, said: str) -> None:
    told = problems(tmp_path, text)
    assert any(said in reason and line in (None, at) for at, reason in told), told


def test_all_problems_at_once(tmp_path: Path) -> None:
    assert [line for line, _ in problems(tmp_path, "a: 1\nb: 2\nversion: 1\nignore: {}\n")] == [1, 2, 4]


def test_no_secret_in_a_message(tmp_path: Path) -> None:
    token = random_token("ghp_", 36)
    for text in (
        f"{token}: 1\n",
        entry(path="a", rule=token),
        entry(path="a", expires=token),
        entry(fingerprint=token),
    ):
        assert token not in str(problems(tmp_path, text))


def test_bounds(tmp_path: Path) -> None:
    assert problems(tmp_path, "#" * (LARGEST + 1))[0][1].startswith("too large")
    many = "version: 1\nignore:\n" + "- {rule: a, reason: b}\n" * MOST_ENTRIES
    assert len(read(tmp_path, many).entries) == MOST_ENTRIES
    assert "baseline" in problems(tmp_path, many + "- {rule: a, reason: b}\n")[0][1]
    aliases = "version: 1\nx: &x [a,a,a,a,a,a,a,a,a]\n" + "".join(f"y{n}: [*x,*x,*x,*x]\n" for n in range(5000))
    assert problems(tmp_path, aliases)
    assert problems(tmp_path, "version: 1\nignore: " + "[" * 100_000)


def test_a_tree_cannot_name_other_places(tmp_path: Path) -> None:
    inside, outside = f"{tmp_path}/etc/x", "/etc/x"
    (one,) = read(tmp_path, entry(path="/etc/**")).entries
    assert one.covers(FINDING, (inside,), None)
    assert not one.covers(FINDING, (outside,), None)


def test_a_person_can(tmp_path: Path) -> None:
    (one,) = read(tmp_path, entry(path="/etc/**"), of_person=True).entries
    assert one.covers(FINDING, ("/etc/x",), None)
    assert not one.covers(FINDING, (f"{tmp_path}/etc/x",), None)
    (two,) = read(tmp_path, entry(path="~/a"), of_person=True).entries
    assert two.covers(FINDING, (f"{tmp_path}/a",), None)
    assert not two.covers(FINDING, (f"{tmp_path}/b/a",), None)
    (three,) = read(tmp_path, entry(path="a"), of_person=True).entries
    assert three.covers(FINDING, (f"{tmp_path}/b/a",), None)


def test_a_password_has_no_fingerprint(tmp_path: Path) -> None:
    """Not even where somebody computed it by hand."""
    import hashlib

    key, password = SharedKey.new(), secrets.token_urlsafe(9)
    digest = hashlib.scrypt(password.encode(), salt=bytes.fromhex(key.text), n=4096, r=8, p=1, dklen=16).hex()
    found = read(tmp_path, f"key: {key.text}\n" + entry(fingerprint=digest))
    assert not found.entries[0].covers(replace(FINDING, secret=Secret(password)), (), found.key)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=200), st.text("version: 1\nignore-[]{}*&!'\"|>~#,pathrule ", max_size=200)))
def test_anything(tmp_path: Path, data: bytes | str) -> None:
    path = write(tmp_path / NAME, data)
    try:
        read_ignore_file(path, tmp_path)
    except IgnoreFileError as error:
        assert error.problems
