"""crontab(5): settings, times, users, and the percent sign."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.crontab import CronSetting, read_crontab

TEXT = """\
# m h dom mon dow command
SHELL=/bin/sh
 "MAILTO" = 'ops at acme'
PLAIN = a b
17 * * * * root cd / && run-parts
*/5 1-3,8 * jan mon,tue bob echo $(date +\\%F)%input
@daily root backup
\t0 0 1 1 0 root x
nonsense
"""


def commands(text: str, *, users: bool = True) -> list[str]:
    return [one.text for one in read_crontab(text, users=users) if not isinstance(one, CronSetting)]


def test_a_crontab_of_the_system() -> None:
    assert commands(TEXT) == ["cd / && run-parts", "echo $(date +%F)", "backup", "x"]
    found = [one for one in read_crontab(TEXT, users=True) if isinstance(one, CronSetting)]
    assert [(one.name, one.value.text) for one in found] == [
        ("SHELL", "/bin/sh"),
        ("MAILTO", "ops at acme"),
        ("PLAIN", "a b"),
    ]
    assert all(TEXT[one.value.start : one.value.end] == one.value.text for one in found)


@pytest.mark.parametrize("text", ["0 0 * * * root x", "@hourly root x", "0 0 * * 1-5 root x\r"])
def test_without_users_the_word_belongs_to_the_command(text: str) -> None:
    assert commands(text, users=False) == ["root x"]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0\\"), min_size=1))
def test_any_word_is_read_back_and_stands_where_it_stands(word: str) -> None:
    text = f"A=1\n0 0 * * * run '{word.replace('%', chr(92) + '%')}' end\n"
    (command,) = (one for one in read_crontab(text, users=False) if not isinstance(one, CronSetting))
    assert command.text == f"run '{word}' end"
    assert text[command.first(command.text.rindex("end")) :].startswith("end")


@given(st.text(st.sampled_from("0*@ \t=%\\'\"#A\nroot-"), max_size=60))
def test_any_text_is_read(text: str) -> None:
    for users in (True, False):
        for one in read_crontab(text, users=users):
            value = one.value if isinstance(one, CronSetting) else one
            assert 0 <= value.start <= value.end <= len(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text", ['A="' + " " * 200_000 + "x", "*" * 200_000, "a " * 100_000], ids=["blanks", "stars", "words"]
)
def test_no_text_takes_longer_than_its_length(text: str) -> None:
    assert len(list(read_crontab(text, users=True))) <= 1
