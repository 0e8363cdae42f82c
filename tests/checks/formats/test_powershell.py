"""PowerShell's quotes, escapes, assignments and blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.powershell import powershell_commands

passwords = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1)


def words(text: str) -> list[list[str]]:
    return [[word.text for word in command.words] for command in powershell_commands(text)]


def assigned(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.value.text) for command in powershell_commands(text) for one in command.assignments]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("docker login `\n  -u a -p 'b c' x", [["docker", "login", "-u", "a", "-p", "b c", "x"]]),
        ("a; b | c # d\ne", [["a"], ["b"], ["c"], ["e"]]),
        ("a <# b\nc #> d", [["a", "d"]]),
        ("if ($x) { a 'it''s' } else { b \"`$c`n\"\"\" }", [["if"], ["$x"], ["a", "it's"], ["else"], ["b", '$c\n"']]),
        ("& a -b:c", [["a", "-b:c"]]),
        ("'a b' | c", [["echo", "a b"], ["c"]]),
        ("a`b", [["ab"]]),
        ("a \"b\n'c d", [["a", "b"], ["c", "d"]]),
    ],
)
def test_commands(text: str, read: list[list[str]]) -> None:
    assert words(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("$env:A = 'b'", [("A", "b")]),
        ('${env:A}="b"', [("A", "b")]),
        ("[string]$Script:pw = 'b' # c", [("pw", "b")]),
        ("@{ Password = 'b'; User = 'c' }", [("Password", "b"), ("User", "c")]),
        ("$x = @'\na 'b'\n'@\n", [("x", "a 'b'")]),
        ("[Environment]::SetEnvironmentVariable('A', 'b', 'User')", [("A", "b")]),
        ("Set-Item -Path Env:\\A -Value 'b'", [("A", "b")]),
        ("$password = Get-Secret x; $env:A = $b; $x = (c)", []),
        ("if ($a -eq 'b') {}; $a == 'b'", []),
    ],
)
def test_assignments(text: str, read: list[tuple[str, str]]) -> None:
    assert assigned(text) == read


def test_what_only_a_shell_knows() -> None:
    (command,) = powershell_commands('a "b$c" $(d) \'$e\' "`$f" "${g}"')
    assert [word.dynamic for word in command.words] == [False, True, True, False, False, True]


@given(passwords)
def test_any_password_is_read_back_and_found_where_it_stands(password: str) -> None:
    single = password.replace("'", "''")
    double = password.replace("`", "``").replace('"', '`"').replace("$", "`$")
    for written in (f"'{single}'", f'"{double}"'):
        text = f"# x\n$env:A = {written}\nend {written} 'z'\n"
        first, last = powershell_commands(text)
        assert [one.value.text for one in first.assignments] == [password]
        assert last.words[1].text == password
        assert not last.words[1].dynamic
        assert text[last.words[2].first(0)] == "z"


@given(st.text(st.sampled_from("ab'\"`$(){}@|;#<>\n =,&"), max_size=80))
def test_any_text_is_read(text: str) -> None:
    for command in powershell_commands(text):
        for word in command.words:
            assert 0 <= word.start <= word.end <= len(text)


@pytest.mark.parametrize("part", ['"', "$(", "`", "<# ", "@'\n", '("', "$env:X='", '"`'])
def test_no_text_takes_long(part: str) -> None:
    text = part * (50_000 // len(part))
    assert sum(1 for _ in powershell_commands(text)) <= len(text)
