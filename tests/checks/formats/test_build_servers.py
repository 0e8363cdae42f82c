"""Maven's and Jenkins' files beyond what tests/checks/tool_files says of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.jenkins_credentials import read_jenkins_credentials
from checks.formats.maven_settings import is_encrypted, read_maven_settings
from tests.checks.conftest import random_password


def test_maven_servers_and_properties() -> None:
    word, passphrase = random_password(), random_password()
    text = (
        f"<settings>\n<localRepository>/x</localRepository>\n<servers><server><id>ghcr.io</id><username>ann</username>"
        f"<password>{word}</password><privateKey>/home/a/.ssh/id</privateKey><passphrase>{passphrase}</passphrase>"
        "</server></servers>\n<profiles><profile><properties><docker.password>p</docker.password></properties>"
        "</profile></profiles></settings>"
    )
    found = [(one.field, one.host, one.username, one.secret.line, one.named) for one in read_maven_settings(text).found]
    assert found == [
        ("settings/localRepository", "", "", 2, True),
        ("servers/ghcr.io/password", "ghcr.io", "ann", 3, False),
        ("servers/ghcr.io/passphrase", "ghcr.io", "ann", 3, False),
        ("settings/profiles/profile/properties/docker.password", "", "", 4, True),
    ]


@pytest.mark.parametrize(
    ("value", "encrypted"),
    [
        ("{a=}", True),
        ("note {a=} note", True),
        ("\\{a\\}", False),
        ("{}", False),
        ("a{", False),
        ("", False),
        ("a", False),
    ],
)
def test_maven_s_braces(value: str, encrypted: bool) -> None:
    assert is_encrypted(value) is encrypted


def test_jenkins_entries() -> None:
    one, two, key = random_password(), random_password(), random_password()
    text = (
        "<c><list>\n<u><scope>GLOBAL</scope><id>hub</id><username>ann</username>\n"
        f"<password>{one}</password></u>\n<s><description>note</description><secret>{two}</secret></s>"
        f"<k><id>ssh</id><username>bob</username><source><privateKey>{key}</privateKey></source></k>"
        f"<e><id>e</id><password>{{AQAAABAAAAAQ{key}=}}</password></e></list></c>"
    )
    found = [
        (one.field, one.username, one.secret.text, one.secret.line) for one in read_jenkins_credentials(text).found
    ]
    assert found == [
        ("u/hub/password", "ann", one, 3),
        ("s/note/secret", "", two, 4),
        ("source/ssh/privateKey", "bob", key, 4),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<a><server>" + "<password>x</password>" * 10_000 + "</server></a>",
        "<a>" + "<server><password>x</password></server>" * 10_000 + "</a>",
        "<a>" + "<e><password>x</password></e>" * 10_000 + "</a>",
        "<a>" * 190 + "<password>x</password>" * 10_000,
    ],
)
def test_many_of_them(text: str) -> None:
    assert len(read_maven_settings(text).found) == 10_000
    assert len(read_jenkins_credentials(text).found) == 10_000


@given(
    st.lists(
        st.sampled_from(["<server>", "</server>", "<id>", "</id>", "<password>", "</password>", "x", "{", "}", "\\"])
    )
)
def test_any_text(pieces: list[str]) -> None:
    for text in ("".join(pieces), f"<a>{''.join(pieces)}</a>"):
        for login in (*read_maven_settings(text).found, *read_jenkins_credentials(text).found):
            assert login.secret.text
