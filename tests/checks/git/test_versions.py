"""Looking at versions one after the other tells what looking at each whole text tells."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.catalog import CHECKS
from checks.git.objects import Object
from checks.git.reading import _Looking
from checks.git.versions import Versions
from checks.model.finding import Finding, Skipped
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from checks.trees.batch import Objects
from checks.trees.contents import Contents
from tests.checks.conftest import random_password, random_token

_ORDINARY = [
    "import os", "", "def main() -> None:", "    return value", "# a comment that explains it", "x = 1", "}", "{",
    "name: web", "    image: example/app:1.2", "const url = 'https://example.com/path';", "password = os.environ['P']",
    '  "version": "1.2.3",', "print('hello world, this is a line of text')", "-----END CERTIFICATE-----", "token:",
]  # fmt: skip
_PLANTS = ("token", "password", "url", "login", "key", "split", "marker")
_Edit = tuple[str, int, int]


def planted(kind: str) -> list[str]:
    if kind == "token":
        return [f"value = '{random_token('dckr_pat_', 27)}'"]
    if kind == "password":
        return [f"db_password = '{random_password()}'"]
    if kind == "url":
        return [f"url = https://bob:{random_password()}@registry.example.com/v2/"]
    if kind == "login":
        return [f"docker login -u bob -p {random_password()} ghcr.io"]
    if kind == "split":
        return ["docker login ghcr.io \\", "  -u bob \\", f"  -p {random_password()}"]
    if kind == "marker":
        return [f"token = '{random_token('dckr_pat_', 27)}'  # dockhygiene:ignore"]
    begin, end = (f"-----{word} RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
    return [begin, *(random_token("", 64) for _ in range(6)), end]


@pytest.fixture(scope="module")
def contents() -> Contents:
    return Contents(Workstation(Path("/nowhere"), {"PATH": os.defpath}, FingerprintKey(b"k" * 32)), CHECKS)


edits = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "change", "undo", *_PLANTS]), st.integers(0, 200), st.integers(0, 15)),
    min_size=1,
    max_size=10,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(st.sampled_from(_ORDINARY), min_size=60, max_size=120), edits=edits)
def test_tells_the_same(contents: Contents, first: list[str], edits: list[_Edit]) -> None:
    looking = _Looking(contents, Objects("/nowhere", "git", (), ()))
    texts = versions_of(first, edits)
    for number, text in enumerate(texts):
        one = Object(f"{number:040}", "blob", "\n".join(text).encode())
        told = shown(looking.at_file(one, "src/file.txt"))
        whole = shown(list(contents.look_at_text("src/file.txt", one.data)))
        assert told == whole


def versions_of(first: list[str], edits: list[_Edit]) -> list[list[str]]:
    texts = [first]
    for what, where, choice in edits:
        text = list(texts[-1])
        at = where % (len(text) + 1)
        if what == "add":
            text[at:at] = [_ORDINARY[choice]]
        elif what == "remove":
            del text[at : at + choice]
        elif what == "change":
            text[at : at + 1] = [f"{_ORDINARY[choice]} changed"]
        elif what == "undo":
            text = list(texts[choice % len(texts)])
        else:
            text[at:at] = planted(what)
        texts.append(text)
    return texts


def shown(found: list[Finding | Skipped]) -> set[tuple[object, ...]]:
    return {
        (one.rule, one.secret, one.place.line, one.confidence) if isinstance(one, Finding) else (one.reason,)
        for one in found
    }


class TestParts:
    text = b"\n".join(b"a line of text, number %d" % number for number in range(100))

    def test_the_first_is_read_whole(self) -> None:
        assert Versions().new_part("a", self.text) is None

    def test_then_only_what_is_new(self) -> None:
        versions = Versions()
        versions.new_part("a", self.text)
        versions.was_clean()
        assert versions.new_part("a", self.text) == b""
        part = versions.new_part("a", self.text.replace(b"number 50", b"changed"))
        assert part and b"changed" in part
        assert b"number 49" in part
        assert b"number 51" in part
        assert b"number 5\n" not in part

    def test_what_was_not_clean_is_asked_again(self) -> None:
        versions = Versions()
        versions.new_part("a", self.text)
        assert versions.new_part("a", self.text) is None

    def test_another_file_is_read_whole(self) -> None:
        versions = Versions()
        versions.new_part("a", self.text)
        versions.was_clean()
        assert versions.new_part("b", self.text) is None

    @pytest.mark.parametrize("data", [b"", b"short\n" * 10, b"x" * 100_000], ids=["empty", "short", "one line"])
    def test_what_has_few_lines_is_read_whole(self, data: bytes) -> None:
        versions = Versions()
        versions.new_part("a", self.text)
        versions.was_clean()
        assert versions.new_part("a", data) is None

    def test_every_place_of_a_line(self) -> None:
        versions = Versions()
        lines = [b"line of text %d" % number for number in random.Random(1).sample(range(1000), 200)]
        versions.new_part("a", b"\n".join(lines))
        versions.was_clean()
        lines[20], lines[150] = b"twice", b"twice"
        part = versions.new_part("a", b"\n".join(lines))
        assert part and part.count(b"twice") == 2
