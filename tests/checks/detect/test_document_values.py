"""Arguments as one line of a shell, and what is hidden from a shell."""

from __future__ import annotations

import shlex

from hypothesis import example, given
from hypothesis import strategies as st

from checks.detect.document_secrets import yaml_secrets
from checks.detect.document_values import (
    ALONE,
    Beside,
    command_line,
    holds_nothing,
    item_secrets,
    may_hold_item,
    shell_secrets,
    value_secrets,
)
from checks.formats.traced_text import Traced
from checks.formats.yaml_positions import parse
from checks.formats.yaml_trace import trace
from tests.checks.conftest import random_password

arguments = st.lists(st.text("aZ0 '\"\\$`\n;|é", max_size=12), min_size=1, max_size=5)


@given(arguments)
@example(["it's", "''", 'a"b', ""])
def test_a_shell_reads_the_same_words(words: list[str]) -> None:
    source, values = "", []
    for word in words:
        values.append(Traced(word, len(source) + 2, len(source) + 2 + len(word)))
        source += f"- {word}\n"
    line = command_line(values, "docker")
    assert shlex.split(line.text) == ["docker", *words]
    for value in values:
        for sign in set(value.text) - set("'\""):
            start = value.first(value.text.index(sign))
            assert any(line.first(i) == start for i, held in enumerate(line.text) if held == sign)


def test_offsets_of_arguments() -> None:
    word = random_password()
    text = f"command:\n- docker\n- login\n- -u\n- bob\n- \"-p\"\n- '{word}'\n- quay.io\n"
    (found,) = yaml_secrets(text)
    assert text[found.start : found.end] == word
    assert (found.registry, found.username) == ("quay.io", "bob")


def test_expressions_are_no_here_documents() -> None:
    word = random_password()
    text = (
        f"run: |\n  echo << parameters.x >> $[[ inputs.y ]] ${{{{ a.b }}}}\n  docker login -u bob -p {word} quay.io\n"
    )
    (root,) = parse(text).documents
    (found,) = shell_secrets(("run",), trace(text, root.members[0].value))
    assert text[found.start : found.end] == word


def test_billion_laughs_end() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 40))
    text = f"l0: &l0 {{password: {random_password()}}}\n{levels}"
    assert len(list(yaml_secrets(text))) == 1


names = st.one_of(
    st.sampled_from(
        ("image", "auth", "psswd", "PSSWD", "dbPassword", "apiKey", "pin", "x-token", "DOCKER_AUTH_CONFIG")
    ),
    st.text("paskeytokn_-PX", max_size=12),
)
values = st.one_of(
    st.text("aZ09 :/.@='\"${}-\n\\", max_size=40),
    st.builds(random_password),
    st.builds(lambda: "ghp_" + random_password()),
    st.builds(lambda: f"https://bob:{random_password()}@host.example.com"),
)


@given(names, values)
def test_what_holds_nothing_holds_nothing(name: str, text: str) -> None:
    value = Traced(text, 0, len(text))
    for beside in (ALONE, Beside({}, "quay.io", "bob")):
        if holds_nothing(name, text):
            assert not list(value_secrets((name,), value, beside))
    if not may_hold_item(text):
        assert not list(item_secrets((name,), value, ALONE))


def test_a_plain_word_holds_nothing_and_a_password_may() -> None:
    assert holds_nothing("image", "postgres")
    assert not holds_nothing("password", random_password())
    assert not may_hold_item("postgres")
