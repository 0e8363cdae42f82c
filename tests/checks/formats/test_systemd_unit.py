"""Units of systemd: lines that go on, quotes, escapes, specifiers and variables."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks.formats.systemd_unit import credential, read_unit, unit_words
from checks.formats.traced_text import Traced

passwords = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0\x85\u2028\u2029"), min_size=1)


def value_of(text: str) -> Traced:
    (setting,) = read_unit(text)
    return setting.value


def words(text: str, *, command: bool = False) -> list[str]:
    return [word.text for word in unit_words(value_of(f"[Service]\nX={text}\n"), command=command)]


def quoted(value: str, *, command: bool = False) -> str:
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), *([("$", "$$")] if command else [])):
        value = value.replace(sign, written)
    return f'"{value}"'


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a b  c", ["a", "b", "c"]),
        ('"A=b c" \'D=e "f\' G=h', ["A=b c", 'D=e "f', "G=h"]),
        ('A="b c"d', ["A=b cd"]),
        ("a\\x41\\101\\u00e9\\s\\t\\\\ b", ["aAAé \t\\", "b"]),
        ("100%% %i", ["100%", "%i"]),
        ('""', [""]),
        ("a \\\n  # why\n  b \\\n; why\nc", ["a", "b", "c"]),
        ("$$A ${B}", ["$$A", "${B}"]),
    ],
)
def test_words(written: str, read: list[str]) -> None:
    assert words(written) == read


def test_a_command_line() -> None:
    text = "[Service]\nExecStart=-@/bin/sh -c 'a $$b' ${X} $Y %h 5$$\n"
    read = unit_words(value_of(text), command=True)
    assert [word.text for word in read] == ["/bin/sh", "-c", "a $b", "${X}", "$Y", "%h", "5$"]
    assert [word.dynamic for word in read] == [False, False, False, True, True, True, False]
    assert text[read[0].start :].startswith("/bin/sh")


@given(passwords, st.booleans())
@example("it's\\n", False)
def test_any_password_is_read_back_and_found_where_it_stands(password: str, command: bool) -> None:
    text = f"[Service]\nA=x \\\n  {quoted(password, command=command)} end\n"
    word, end = unit_words(value_of(text), command=command)[1:]
    assert word.text == password
    assert not word.dynamic
    assert text[end.first(0) : end.last(3)] == "end"


def test_a_credential() -> None:
    text = "SetCredential=db.password:a:b\\x41 c\n"
    name, content = credential(value_of(text))
    assert (name, content.text) == ("db.password", "a:bA c")
    assert text[content.first(0) :].startswith("a:b")


@given(st.text(st.sampled_from("[]A=\\\n\r \"'%$#;x{}u0"), max_size=60))
def test_any_text_is_read(text: str) -> None:
    for setting in read_unit(text):
        for word in unit_words(setting.value, command=True):
            assert 0 <= word.start <= word.end <= len(text)
        credential(setting.value)


def test_no_text_takes_long() -> None:
    for part in ('"', "\\", "A=\\\n", "A=%", "A=$", "\\\n"):
        for setting in read_unit("A=" + part * 10_000):
            unit_words(setting.value, command=True)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("sign", ["${", "\\ ", '"', "%"])
def test_a_value_longer_than_anybody_writes_is_not_taken_apart(sign: str) -> None:
    value = value_of(f"[Service]\nX={sign * 100_000}\n")
    assert unit_words(value, command=True) == ()
    assert len(credential(value)[1].text) <= len(value.text)
