from __future__ import annotations

import pytest

from checks.formats.leaves import ini_leaves, json_leaves, xml_leaves, yaml_leaves
from checks.tool_files.fields import Fields
from tests.checks.conftest import encoded, random_password


def test_user_and_host_stand_beside_the_secret() -> None:
    one, two = random_password(), random_password()
    read = Fields(yaml_leaves, ("logins/token",), users=("user", "name"), hosts=("url",))
    found = read(
        f"logins:\n- {{name: ann, url: https://a.example.com/x, token: {one}}}\n"
        f"- {{user: bob, name: n, url: https://b.example.com:8443, Token: {two}}}\ntoken: {two}\n"
    ).found
    assert [(one.host, one.username, one.secret.text, one.field) for one in found] == [
        ("a.example.com", "ann", one, "logins/token"),
        ("b.example.com:8443", "bob", two, "logins/Token"),
    ]


def test_a_name_may_be_the_host_or_the_user() -> None:
    word = random_password()
    text = f'{{"hosts": {{"git.example.com": {{"ann": {{"token": "{word}"}}}}}}}}'
    (found,) = Fields(json_leaves, ("hosts/{host}/{user}/token",))(text).found
    assert (found.host, found.username, found.secret.text, found.secret.line) == ("git.example.com", "ann", word, 1)
    assert Fields(json_leaves, ("hosts/{host}/token",))(text).found == ()
    assert len(Fields(json_leaves, ("hosts/*/*/token",))(text).found) == 1


def test_the_host_where_the_file_does_not_say() -> None:
    (found,) = Fields(ini_leaves, ("token",), hosts=("host",), host="r.example.com")("[a]\ntoken = x\n").found
    assert found.host == "r.example.com"


def test_headers() -> None:
    word = random_password()
    text = f'{{"custom-headers": {{"c.example.com": ["X-Note: 1", "Authorization: Basic {encoded("ann", word)}"]}}}}'
    note, login = Fields(json_leaves, headers=("custom-headers/{host}",))(text).found
    assert (login.host, login.username, login.secret.text, login.named) == ("c.example.com", "ann", word, False)
    assert note.named


def test_urls_count_under_any_name_and_other_values_only_when_asked() -> None:
    word = random_password()
    text = f"[a]\nmirror = https://ann:{word}@m.example.com/ x\nnote = {word}\n"
    (url,) = Fields(ini_leaves)(text).found
    assert (url.host, url.username, url.secret.text, url.secret.column) == ("m.example.com", "ann", word, 22)
    _, note = Fields(ini_leaves, others=True)(text).found
    assert (note.field, note.named) == ("a/note", True)


@pytest.mark.parametrize("text", ["", "<", "<a/>", "<a><password/></a>"])
def test_nothing_to_find(text: str) -> None:
    assert Fields(xml_leaves, ("password",))(text).found == ()
