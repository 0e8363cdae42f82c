from __future__ import annotations

import base64
import json
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.docker_auth import AuthFile, decode_auth, encode_auth, read_auth_file
from checks.formats.registry_names import HUB_SERVER
from checks.model.secret import Secret
from tests.checks.conftest import encoded, random_password, random_token


def read(document: object, *, flat: bool = False) -> AuthFile:
    return read_auth_file(json.dumps(document).encode(), flat=flat)


def logins(auth_file: AuthFile) -> dict[str, tuple[str, str]]:
    return {
        entry.key: (entry.username, entry.password.reveal() if entry.password else "")
        for entry in auth_file.entries
        if not entry.replaced
    }


def refused(auth_file: AuthFile) -> bool:
    return bool(auth_file.problem) or any(entry.problem for entry in auth_file.entries)


# The reading cases of docker/cli's config_test.go and of configfile's file_test.go.


def test_a_login_in_auth() -> None:
    password = random_password()
    auth_file = read({"auths": {HUB_SERVER: {"auth": encoded("joejoe", password), "email": "user@example.com"}}})
    assert logins(auth_file) == {HUB_SERVER: ("joejoe", password)}
    assert not refused(auth_file)


def test_a_login_in_username_and_password() -> None:
    password = random_password()
    auth_file = read({"auths": {"h": {"username": "joe", "password": password}}})
    assert logins(auth_file) == {"h": ("joe", password)}


def test_auth_wins_over_username_and_password() -> None:
    password, other = random_password(), random_password()
    auth_file = read({"auths": {"h": {"username": "ann", "password": other, "auth": encoded("joe", password)}}})
    assert logins(auth_file) == {"h": ("joe", password)}
    assert {held.secret.reveal() for held in auth_file.entries[0].secrets} == {password, other}


@pytest.mark.parametrize("text", ["", " \n", "{}", "null", '{"auths":null}', '{"auths":{}}', '{"auths":{"h":null}}'])
def test_nothing_is_no_mistake(text: str) -> None:
    auth_file = read_auth_file(text.encode())
    assert not refused(auth_file)
    assert not any(entry.secrets for entry in auth_file.entries)


def test_other_settings_are_no_logins() -> None:
    auth_file = read(
        {"auths": {"h": {"auth": encoded("u", "p")}}, "psFormat": "table {{.ID}}", "credsStore": "crazy-secure-storage"}
    )
    assert not refused(auth_file)
    assert auth_file.creds_store == "crazy-secure-storage"
    auth_file = read({"auths": {}, "credHelpers": {"images.io": "images-io", "containers.com": "crazy"}})
    assert auth_file.cred_helpers == {"images.io": "images-io", "containers.com": "crazy"}


@pytest.mark.parametrize(
    "document",
    [
        {"auths": []},
        {"auths": {"h": 5}},
        {"auths": {"h": {"auth": 5}}},
        {"auths": {"h": {"serveraddress": 5}}},
        {"auths": {"h": {"email": {}}}},
        {"credsStore": 5},
        {"credHelpers": {"h": {}}},
        {"HttpHeaders": {"a": 1}},
        {"features": {"buildkit": True}},
        {"proxies": {"default": {"httpProxy": 5}}},
        {"plugins": {"a": {"b": True}}},
        {"pruneFilters": [1]},
        {"cliPluginsExtraDirs": "x"},
        {"detachKeys": []},
        [],
        5,
        "text",
    ],
)
def test_a_value_of_the_wrong_type_spoils_the_file(document: object) -> None:
    assert refused(read(document))


@pytest.mark.parametrize(
    "document",
    [
        {"unknown": 5, "kubernetes": [], "features": {"a": None}, "pruneFilters": [None], "proxies": {"h": {"x": 5}}},
        {"auths": {"h": {"unknown": 5, "auth": None}}, "credHelpers": {"h": None}, "plugins": None},
    ],
)
def test_unknown_names_and_nulls_are_no_mistake(document: object) -> None:
    assert not refused(read(document))


def test_names_are_equal_but_for_case() -> None:
    password = random_password()
    auth_file = read({"AUTHS": {"h": {"AUTH": encoded("u", password)}}, "CREDSSTORE": "x", "credhelpers": {"h": "y"}})
    assert logins(auth_file) == {"h": ("u", password)}
    assert (auth_file.creds_store, auth_file.cred_helpers) == ("x", {"h": "y"})
    assert refused(read({"auths": {"h": {"pa\u017f\u017fword": 5}}}))  # Go takes the long s for an s
    assert not refused(read({"auths": {"h": {"pa\u00dfword": 5}}}))  # but no sharp s for two


def test_repeated_auths_are_merged_and_the_last_entry_of_a_name_counts() -> None:
    first, second = random_password(), random_password()
    text = (
        f'{{"auths":{{"a":{{"auth":"{encoded("u", first)}"}},"b":{{"auth":"{encoded("u", first)}"}}}},'
        f'"Auths":{{"b":{{"auth":"{encoded("v", second)}"}}}}}}'
    )
    auth_file = read_auth_file(text.encode())
    assert logins(auth_file) == {"a": ("u", first), "b": ("v", second)}
    assert [(entry.key, entry.replaced) for entry in auth_file.entries] == [("a", False), ("b", True), ("b", False)]


def test_a_null_forgets_what_came_before() -> None:
    password = random_password()
    text = f'{{"auths":{{"a":{{"auth":"{encoded("u", password)}"}}}},"auths":null,"auths":{{"b":{{}}}}}}'
    auth_file = read_auth_file(text.encode())
    assert [(entry.key, entry.replaced) for entry in auth_file.entries] == [("a", True), ("b", False)]
    assert read_auth_file(b'{"credHelpers":{"h":"x"},"credHelpers":null}').cred_helpers == {}
    assert read_auth_file(b'{"credHelpers":{"h":"x","h":null}}').cred_helpers == {"h": ""}
    assert read_auth_file(b'{"credsStore":"x","credsStore":null}').creds_store == "x"


def test_a_repeated_field_counts_once_and_is_found_twice() -> None:
    first, second = random_password(), random_password()
    text = f'{{"auths":{{"h":{{"auth":"{encoded("u", first)}","auth":"{encoded("v", second)}"}}}}}}'
    (entry,) = read_auth_file(text.encode()).entries
    assert entry.username == "v"
    assert entry.password == Secret(second)
    assert [held.replaced for held in entry.secrets] == [True, False]
    (entry,) = read_auth_file(b'{"auths":{"h":{"auth":"!!","AUTH":""}}}').entries
    assert not entry.problem


def test_an_identity_token_beside_an_empty_password() -> None:
    token = random_token("", 40)
    auth_file = read({"auths": {"h": {"auth": encoded("alice", ""), "identitytoken": token}}})
    (entry,) = auth_file.entries
    assert (entry.username, entry.password, entry.problem) == ("alice", None, "")
    assert entry.identity_token == Secret(token)


def test_what_follows_the_first_value_is_ignored() -> None:
    assert not refused(read_auth_file(b'{"auths":{"h":{}}} and more }'))


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_mark_at_the_start_is_reported_and_the_login_found(mark: bytes) -> None:
    password = random_password()
    text = json.dumps({"auths": {"h": {"auth": encoded("u", password)}}})
    encodings = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    auth_file = read_auth_file(mark + text.encode(encodings[mark]))
    assert auth_file.problem
    assert logins(auth_file) == {"h": ("u", password)}


# The load cases of docker-py's auth_test.py.


def test_the_flat_form() -> None:
    password = random_password()
    document = {"your.registry": {"auth": encoded("sakuya", password), "email": "sakuya@scarlet.net"}}
    assert logins(read(document, flat=True)) == {"your.registry": ("sakuya", password)}
    auth_file = read(document)
    assert logins(auth_file) == {}
    assert [entry.username for entry in auth_file.flat_entries()] == ["sakuya"]
    assert read({**document, "credsStore": "x"}).flat_entries() == ()


def test_the_newer_form_where_the_flat_one_is_expected() -> None:
    password = random_password()
    auth_file = read({"auths": {"h": {"auth": encoded("u", password)}}}, flat=True)
    assert not auth_file.flat
    assert logins(auth_file) == {"h": ("u", password)}


def test_unknown_keys_only() -> None:
    auth_file = read({"detachKeys": "ctrl-q, ctrl-u, ctrl-i"})
    assert not refused(auth_file)
    assert not any(entry.secrets for entry in auth_file.flat_entries())


def test_an_entry_that_is_no_object() -> None:
    assert refused(read({"auths": {"sakuya": "izayoi"}}))


def test_credentials_in_utf8() -> None:
    password = random_password() + "✡🐱"
    assert logins(read({"auths": {"h": {"auth": encoded("⽉", password)}}})) == {"h": ("⽉", password)}


# The data of containers/image's pkg/docker/config.


def test_namespaced_keys_are_entries_of_their_own() -> None:
    document = {"auths": {key: {"auth": encoded("u", key)} for key in ("example.org", "example.org/repo", "h/a/b")}}
    assert logins(read(document)) == {key: ("u", key) for key in document["auths"]}


@pytest.mark.parametrize("text", ["auths", "{", '{"auths":', "garbage"])
def test_bad_input_is_a_problem(text: str) -> None:
    assert read_auth_file(text.encode()).problem


# decode_auth against the rules of Go's base64 and of docker's decodeAuth.


@pytest.mark.parametrize(
    ("plain", "username", "password"),
    [
        (b"user:pass", "user", "pass"),
        (b"user:a:b::c", "user", "a:b::c"),
        (b"user:pass\0\0", "user", "pass"),
        (b"user:\0pass", "user", "pass"),
        (b"user:p\xffss", "user", "p\udcffss"),
        (b"us er: p ", "us er", " p "),
    ],
)
def test_a_login_is_divided_at_its_first_colon(plain: bytes, username: str, password: str) -> None:
    assert decode_auth(base64.b64encode(plain).decode()) == (username, Secret(password), "")


def test_line_breaks_are_allowed_anywhere() -> None:
    password = random_password()
    text = encoded("user", password)
    for broken in (f"{text[:4]}\n{text[4:]}", f"{text[:3]}\r\n{text[3:]}\n", f"\n{text}"):
        assert decode_auth(broken) == ("user", Secret(password), "")


@pytest.mark.parametrize(
    "change",
    [lambda t: t.rstrip("="), lambda t: f" {t}", lambda t: f"{t}====", lambda t: f"{t[:5]}-{t[5:]}", lambda t: f"{t}!"],
)
def test_what_other_clients_take_is_found_and_refused(change: object) -> None:
    password = random_token("", 15)  # 15 + 5 characters: the base64 ends in padding
    text = change(encoded("user", password))  # type: ignore[operator]
    username, secret, problem = decode_auth(text)
    assert problem
    if "-" not in text:
        assert (username, secret) == ("user", Secret(password))


@pytest.mark.parametrize("text", ["YWJj", "\n", "A", "====", "dQ==", "Og==", "a:b", "ü"])
def test_what_docker_refuses(text: str) -> None:
    assert decode_auth(text)[2]


def test_a_login_that_nobody_encoded_is_found() -> None:
    password = random_password()
    username, secret, problem = decode_auth(f"user:{password}")
    assert (username, secret) == ("user", Secret(password))
    assert problem


def test_a_bare_token_is_found() -> None:
    token = random_token("ghp_", 36)
    assert decode_auth(token)[1] == Secret(token)
    assert decode_auth(base64.b64encode(token.encode()).decode())[1] == Secret(token)


@given(
    st.text(st.characters(codec="utf-8", exclude_characters=":\0"), min_size=1),
    st.text(st.characters(codec="utf-8", exclude_characters="\0")),
)
def test_encoding_and_decoding(username: str, password: str) -> None:
    text = encode_auth(username, Secret(password)).reveal()
    assert decode_auth(text) == (username, Secret(password) if password else None, "")


@given(st.text())
def test_any_text_decodes_to_something(text: str) -> None:
    decode_auth(text)


@given(st.binary(), st.booleans())
def test_any_bytes_are_read_without_an_exception(data: bytes, flat: bool) -> None:
    auth_file = read_auth_file(data, flat=flat)
    repr(auth_file), auth_file.flat_entries(), list(auth_file.strings_below("proxies"))


def test_the_position_of_a_secret() -> None:
    password = random_password()
    text = json.dumps({"auths": {"h": {"auth": encoded("u", password)}}}, indent=2)
    auth_file = read_auth_file(text.encode())
    node = auth_file.entries[0].secrets[0].node
    assert text[node.start + 1 : node.end - 1] == encoded("u", password)
    assert auth_file.lines.at(node.start)[0] == 4


def test_no_secret_in_the_repr_of_a_file() -> None:
    password = secrets.token_hex(16)
    auth_file = read({"auths": {"h": {"auth": encoded("u", password), "password": password}}})
    assert password not in repr(auth_file)
    assert encoded("u", password) not in repr(auth_file)


@pytest.mark.timeout(60)
def test_hostile_depth_below_the_headers() -> None:
    name = "n" * 300
    text = '{"HttpHeaders":' + f'{{"{name}":' * 9_000 + "1" + "}" * 9_001
    assert list(read_auth_file(text.encode()).strings_below("HttpHeaders")) == []
