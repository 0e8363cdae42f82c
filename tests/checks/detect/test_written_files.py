"""Credential files that commands write: each is read as its owner reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.detect.command_logins import CommandSecret, command_secrets
from checks.detect.values import not_a_secret
from checks.model.finding import Confidence
from checks.model.secret import Secret
from tests.checks.conftest import encoded, random_password

NETRC = "machine ghcr.io\n  login bob\n  password {}"
WRITTEN = [
    ("cat > ~/.netrc <<EOF\n" + NETRC + "\nEOF\n", "ghcr.io", "bob"),
    ("cat <<'EOF' >> \"$HOME/.netrc\"\n" + NETRC + "\nEOF\n", "ghcr.io", "bob"),
    ("cat <<-EOF | sudo tee -a /root/.netrc >/dev/null\n\tmachine ghcr.io\n\tlogin bob password {}\n\tEOF\n",
     "ghcr.io", "bob"),
    ("sudo tee /root/.netrc <<EOF >/dev/null\n" + NETRC + "\nEOF\n", "ghcr.io", "bob"),
    ("sudo sh -c 'cat > /root/.netrc <<EOF\n" + NETRC + "\nEOF\n'", "ghcr.io", "bob"),
    ("printf 'machine %s login %s password %s\\n' ghcr.io bob {} > ~/.netrc", "ghcr.io", "bob"),
    ("printf '%s\\n' 'machine ghcr.io' 'login bob' 'password {}' > ~/.netrc", "ghcr.io", "bob"),
    ("printf 'machine ghcr.io\\nlogin bob\\npassword {}\\n' | tee ~/.netrc", "ghcr.io", "bob"),
    ('echo "machine ghcr.io login bob password {}" >> ~/.netrc', "ghcr.io", "bob"),
    ("echo 'password {}' >> ~/.netrc", None, None),
    ("cat > ~/.netrc <<< 'machine ghcr.io login bob password {}'", "ghcr.io", "bob"),
    ("echo 'db:5432:shop:bob:{}' > ~/.pgpass", None, "bob"),
    ("cat > ~/.my.cnf <<EOF\n[client]\nuser = bob\npassword = {}\nEOF\n", None, "bob"),
    ("printf '[client]\\nuser=bob\\npassword=\"%s\"\\n' {} > ~/.my.cnf", None, "bob"),
    ("cat > .npmrc <<EOF\n//ghcr.io/:_authToken={}\nEOF\n", "ghcr.io", None),
    ("echo 'https://bob:{}@ghcr.io' > ~/.git-credentials", "ghcr.io", "bob"),
    ('cat > ~/.docker/config.json <<EOF\n{{"auths": {{"ghcr.io":\n {{"username": "bob", "password": "{}"}}}}}}\nEOF\n',
     "ghcr.io", "bob"),
    ("cat > app/.env <<EOF\nA=1\nDB_PASSWORD={}\nEOF\n", None, None),
]  # fmt: skip
"""A command with `{}` for the secret, the registry, the user."""

passwords = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"], exclude_characters="'\"#\\"), min_size=6
).filter(lambda text: not not_a_secret(text) and text[0] != "<" and text not in ("machine", "default", "macdef"))


def one(text: str) -> CommandSecret:
    (found,) = command_secrets(text)
    return found


@pytest.mark.parametrize(("command", "registry", "username"), WRITTEN)
def test_every_way_to_write_one(command: str, registry: str | None, username: str | None) -> None:
    word = random_password()
    text = command.format(word)
    found = one(text)
    assert (found.secret, found.registry, found.username) == (Secret(word), registry, username)
    assert text[found.start : found.end] == word
    assert found.confidence > Confidence.POSSIBLE
    assert word not in found.what


def test_the_login_of_an_auth_is_decoded() -> None:
    word = random_password()
    text = f'cat > ~/.docker/config.json <<EOF\n{{"auths": {{"ghcr.io": {{"auth": "{encoded("bob", word)}"}}}}}}\nEOF\n'
    found = one(text)
    assert (found.secret, found.registry, found.username) == (Secret(word), "ghcr.io", "bob")
    assert text[found.start : found.end] == encoded("bob", word)


@given(passwords)
def test_any_password_of_a_document_is_read_back(password: str) -> None:
    escaped = password.replace("$", "\\$").replace("`", "\\`")
    for end, written in (("EOF", escaped), ("'EOF'", password)):
        text = f"cat > ~/.netrc <<{end}\nmachine h.example\nlogin bob\npassword {written}\nEOF\n"
        found = next(iter(command_secrets(text)))
        assert found.secret == Secret(password)
        assert text[found.start : found.end] == written


@given(passwords)
def test_any_password_that_is_printed_is_read_back(password: str) -> None:
    for text in (
        f"echo 'machine h.example login bob password {password}' >> ~/.netrc",
        f"printf 'machine h.example login bob password %s\\n' '{password}' > ~/.netrc",
    ):
        found = next(iter(command_secrets(text)))
        assert found.secret == Secret(password)
        assert text[found.start : found.end] == password


@pytest.mark.parametrize(
    "text",
    [
        "cat > ~/.netrc <<EOF\nmachine h login bob password $TOKEN\nEOF\n",
        "cat > ~/.netrc <<EOF\nmachine h\nlogin bob\npassword $(pass show x)\nEOF\n",
        "cat > ~/.netrc <<EOF\nmachine h\nlogin bob\npassword <your token>\nEOF\n",
        "printf 'machine %s login %s password %s\\n' h bob \"$TOKEN\" > ~/.netrc",
        'echo "machine h login bob password ${TOKEN}" > ~/.netrc',
        "echo 'db:5432:shop:bob:changeme' > ~/.pgpass",
        "cat secrets > ~/.netrc",
        "vault read -field=netrc x > ~/.netrc",
        "cat > notes <<EOF\nmachine h\nlogin bob\nthe password Wren48Tern is old\nEOF\n",
        "echo \"//h.example/:_authToken=\\${NPM_TOKEN}\" > .npmrc",
        'cat > ~/.docker/config.json <<EOF\n{"auths": {"h": {"auth": "$(echo -n bob:$TOKEN | base64)"}}}\nEOF\n',
        'echo "[client]\npassword=$MYSQL_PASSWORD" > ~/.my.cnf',
    ],
)  # fmt: skip
def test_references_are_no_secrets(text: str) -> None:
    assert not list(command_secrets(text))
