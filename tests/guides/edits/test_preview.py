"""A preview shows where a file changes, and no secret of it, moved or not."""

from __future__ import annotations

import json

from hypothesis import given

from checks.formats.docker_auth import read_auth_file
from guides.edits.credential_file import take_out
from guides.edits.preview import preview
from tests.guides.edits.documents import FIELDS, Document, documents, spellings
from tests.guides.move.machine import auth, docker_text, entry, fresh, token_entry

HOST = "registry.example"


def shown(text: str, helpers: dict[str, str], store: str | None = None) -> tuple[str, ...]:
    before = read_auth_file(text.encode())
    fields = dict.fromkeys(range(len(before.entries)), FIELDS)
    return preview(before, take_out(before, fields, helpers, store).text)


def test_it_says_what_goes_and_what_comes() -> None:
    text = docker_text({"auths": {HOST: entry("alice", "twelve chars")}})
    assert shown(text, {HOST: "pass"}, "pass") == (
        "@@ -2,6 +2,8 @@",
        '     "auths": {',
        f'-        "{HOST}": {{',
        '-            "auth": "<alice, 12 characters>"',
        "-        }",
        "-    }",
        f'+        "{HOST}": {{}}',
        "+    },",
        '+    "credHelpers": {',
        f'+        "{HOST}": "pass"',
        "+    },",
        '+    "credsStore": "pass"',
        " }",
    )


def test_an_identity_token_stands_beside_an_empty_password() -> None:
    token = fresh(24)
    lines = "\n".join(shown(docker_text({"auths": {HOST: token_entry("alice", token)}}), {HOST: "pass"}))
    assert '"auth": "<alice, no password>"' in lines
    assert f'"identitytoken": "<{len(token)} characters>"' in lines


def test_neighbours_are_masked_too() -> None:
    words = [fresh() for _ in range(6)]
    one_line = json.dumps(
        {
            "auths": {HOST: {"auth": auth("alice", words[0]), "registrytoken": words[1], "x": [words[2]]}},
            "HttpHeaders": {"Authorization": words[3]},
            "proxies": {"default": {"httpProxy": f"http://u:{words[4]}@proxy.example"}},
            "myTool": {"token": words[5]},
            "currentContext": "default",
        }
    )
    lines = "\n".join(shown(one_line, {HOST: "pass"}))
    for word in words:
        assert not any(spelling in lines for spelling in spellings(word))
    assert '"currentContext": "default"' in lines


def test_a_name_with_a_login_in_it_is_masked() -> None:
    word = fresh()
    key = f"https://alice:{word}@{HOST}/"
    document = {"auths": {key: entry()}, "credHelpers": {key: "pass"}, key: "x"}
    for text in (json.dumps(document), docker_text(document)):
        lines = "\n".join(shown(text, {HOST: "pass"}))
        assert word not in lines
        assert "<a name with a login in it>" in lines


def test_what_follows_the_first_value_is_not_shown() -> None:
    """docker does not read it, and an editor's half-saved copy holds the same logins."""
    word = fresh()
    text = json.dumps({"auths": {HOST: entry("alice", word)}})
    lines = "\n".join(shown(text + text, {HOST: "pass"}))
    assert lines
    assert not any(spelling in lines for spelling in spellings(word))


def test_nothing_to_show() -> None:
    before = read_auth_file(b'{"auths": {}}')
    assert preview(before, before.text) == ()


@given(documents())
def test_no_secret_of_any_document_is_shown(document: Document) -> None:
    before = document.read()
    helpers = {before.entries[index].key: "pass" for index in document.moving}
    lines = "\n".join(preview(before, take_out(before, document.moving, helpers, "pass").text))
    assert lines
    for secret in (*document.secrets.values(), *document.others):
        for spelling in spellings(secret):
            assert spelling not in lines
