"""Lines of build histories, as builders write them."""

from __future__ import annotations

import pytest

from checks.images.history import listed_words, named_values, read_history_line

LINES = [
    ("/bin/sh -c #(nop)  ENV A=b", ("ENV", "A=b", ())),
    ('/bin/sh -c #(nop)  CMD ["node" "x.js"]', ("CMD", '["node" "x.js"]', ())),
    ("/bin/sh -c apt-get update", ("RUN", "apt-get update", ())),
    ("|2 A=1 B=two words /bin/sh -c make", ("RUN", "make", (("A", "1"), ("B", "two words")))),
    ("RUN |1 A=1 /bin/bash -o pipefail -c make all # buildkit", ("RUN", "make all", (("A", "1"),))),
    ("RUN /bin/sh -c make # buildkit", ("RUN", "make", ())),
    ("RUN make", ("RUN", "make", ())),
    ("ENV A=b", ("ENV", "A=b", ())),
    ("ARG A=b", ("ARG", "A=b", ())),
    ("COPY .env /app/ # buildkit", ("COPY", ".env /app/", ())),
    ("umoci insert", ("", "umoci insert", ())),
    ("cmd /S /C dir", ("RUN", "dir", ())),
    ("powershell -Command ls", ("RUN", "ls", ())),
    ("RUN |1 A=1", ("RUN", "", (("A", "1"),))),
    ("", ("", "", ())),
]


@pytest.mark.parametrize("number", range(len(LINES)))
def test_lines(number: int) -> None:
    line, expected = LINES[number]
    made = read_history_line(line)
    assert (made.instruction, made.text, made.arguments) == expected


def test_values_reach_to_the_next_name() -> None:
    assert named_values("A=x y B='z' org.a-b/c=\"d e\" F=") == (
        ("A", "x y"),
        ("B", "z"),
        ("org.a-b/c", "d e"),
        ("F", ""),
    )


def test_lists_of_words() -> None:
    assert listed_words('["a" "b c" "d\\"e"]') == ["a", "b c", 'd"e']
    assert listed_words('["a", "b"]') == ["a", "b"]
    assert listed_words('&{["CMD-SHELL" "curl -f x"] "30s" "0s" \'\\x03\'}') == ["CMD-SHELL", "curl -f x"]
    assert listed_words("none") == []


LONG = ["|1 " + "A= " * 300_000, '["' * 500_000, "/bin/sh " + "-a " * 300_000, " " * 10**6]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("line", LONG, ids=range(len(LONG)))
def test_long_lines_take_linear_time(line: str) -> None:
    made = read_history_line(line)
    listed_words(made.text)
    named_values(made.text)
