from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.dockercfg_ini import is_dockercfg_ini, read_dockercfg_ini
from checks.formats.registry_names import HUB_SERVER
from tests.checks.conftest import encoded, random_password


def test_the_form_of_2013() -> None:
    password = random_password()
    text = f"auth = {encoded('sakuya', password)}  \r\nemail = sakuya@scarlet.net\n"
    auth_file = read_dockercfg_ini(text.encode())
    (entry,) = auth_file.entries
    assert (entry.key, entry.username, entry.problem) == (HUB_SERVER, "sakuya", "")
    assert entry.password is not None
    assert entry.password.reveal() == password
    node = entry.secrets[0].node
    assert text[node.start + 1 : node.end - 1] == encoded("sakuya", password)
    assert auth_file.lines.at(node.start + 1) == (1, 8)


@pytest.mark.parametrize(
    ("data", "ini"),
    [(b"auth = x\nemail = y", True), (b"\n auth=x", True), (b'{"h": {"auth": "a = b"}}', False), (b"", False)],
)
def test_tells_the_two_forms_apart(data: bytes, ini: bool) -> None:
    assert is_dockercfg_ini(data) is ini


@given(st.binary())
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    is_dockercfg_ini(data)
    read_dockercfg_ini(data)


@pytest.mark.timeout(60)
def test_a_line_of_blanks_is_read_in_linear_time() -> None:
    read_dockercfg_ini(b"auth = a" + b" " * 4_000_000 + b"b")
