"""What any text gives away, in the shapes that programs, settings and notes have."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.detect.free_text.engine import MOST_FOUND, Engine, engine
from checks.detect.free_text.found import Found, Probe
from checks.detect.free_text.named_values import NAMED_VALUES
from checks.detect.literals import portable_finder
from checks.model.finding import Confidence
from checks.model.secret import Secret
from tests.checks.conftest import encoded, random_password, random_token


def look(text: str | bytes, path: str = "settings.conf") -> list[Found]:
    return engine().look(text if isinstance(text, bytes) else text.encode(), path)


def secret() -> str:
    return random_password()[:14] + "x7"


NAMED = [
    ("a.py", 'DB_PASSWORD = "{}"'),
    ("a.py", "config['db_password'] = '{}'"),
    ("a.py", 'os.environ.setdefault("API_TOKEN", "{}")'),
    ("a.py", 'def login(user, password: str = "{}"):'),
    ("a.js", "const c = {{ apiKey: '{}' }}"),
    ("a.ts", 'private readonly clientSecret: string = "{}";'),
    ("a.java", 'connection.setPassword("{}");'),
    ("A.cs", '"Server=db;User=sa;Password={};"'),
    ("a.php", "define('DB_PASSWORD', '{}');"),
    ("a.rb", "password: '{}',"),
    ("a.go", 'Password: "{}",'),
    ("a.rs", 'let auth_token = "{}";'),
    ("a.sql", "CREATE USER a IDENTIFIED BY '{}'"),
    ("app.properties", "spring.datasource.password={}"),
    ("app.ini", "password = {}"),
    ("app.toml", 'api_key = "{}"'),
    ("a.xml", "<password>{}</password>"),
    ("web.config", '<add key="dbPassword" value="{}"/>'),
    ("a.json", '{{"password": "{}"}}'),
    ("a.json", '{{"name": "DB_PASSWORD", "value": "{}"}}'),
    ("a.json", '"{{\\"password\\":\\"{}\\"}}"'),
    ("notes.txt", "the registry password: {}"),
    ("url.conf", "https://corp.io/?client_secret={}&x=1"),
]


@pytest.mark.parametrize(("path", "text"), NAMED)
def test_a_value_whose_name_says_it(path: str, text: str) -> None:
    value = secret()
    written = text.format(value)
    (found,) = look(written, path)
    assert found.secret == Secret(value)
    assert found.confidence is Confidence.LIKELY
    assert written[found.start : found.end] == value


QUIET = [
    ("a.py", 'password = os.environ["DB_PASSWORD"]'),
    ("a.py", "password = getpass.getpass()"),
    ("a.py", 'password = f"{user}-{salt}x7Q"'),
    ("a.py", 'PASSWORD_FIELD = "current_password1"'),
    ("a.py", 'raise ValueError("password: must be 8 characters")'),
    ("a.py", "names = ['access_token', 'refresh2Token9']"),
    ("a.ts", "password: string;"),
    ("a.js", "token = params.token1;"),
    ("a.conf", "password = ${DB_PASSWORD}"),
    ("a.conf", "password = $(pass show db)"),
    ("a.conf", "password = <your-password>"),
    ("a.conf", "password = changeme"),
    ("a.conf", "password = vault:secret/db#password1"),
    ("a.conf", "password_hash = $2b$12$abcdefghijklmnopqrstuv"),
    ("a.conf", "token_url = https://login.corp.test/oauth2/token1"),
    ("a.conf", "max_tokens = 4096"),
    ("a.conf", "nextToken = abcDEF123456ghijkl7890"),
    ("package-lock.json", '"password": "hunter22hunter3x"'),
    ("a.md", "Set `password: {{ vault_password1 }}` in the file"),
    ("a.yml", "sha: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"),
]


@pytest.mark.parametrize(("path", "text"), QUIET)
def test_what_is_none(path: str, text: str) -> None:
    assert [one for one in look(text, path) if one.confidence > Confidence.POSSIBLE] == []


@pytest.mark.parametrize("path", ["tests/test_login.py", "docs/setup.md", "fixtures/a.json", "node_modules/x/a.js"])
def test_in_tests_and_manuals_a_password_is_possible_and_a_token_certain(path: str) -> None:
    token = random_token("dckr_pat_", 27)
    found = look(f'password = "{secret()}"\nkey = "{token}"\n', path)
    assert [one.confidence for one in found] == [Confidence.POSSIBLE, Confidence.CERTAIN]


def test_what_a_folder_above_is_called_says_nothing() -> None:
    (found,) = look(f'password = "{secret()}"', "src/login.py")
    assert found.confidence is Confidence.LIKELY


URLS = [
    ("postgres://alice:{}@db.corp.io/app", "alice", "db.corp.io"),
    ("https://alice:{}@git.corp.io/x.git", "alice", "git.corp.io"),
    ("mongodb+srv://u:{}@cluster0.abcde.mongodb.net/?retryWrites=true", "u", "cluster0.abcde.mongodb.net"),
    ("redis://:{}@cache.corp.io:6379/0", "", "cache.corp.io"),
    ("jdbc:postgresql://bob:{}@db.corp.io:5432/x", "bob", "db.corp.io"),
]


@pytest.mark.parametrize(("url", "user", "host"), URLS)
def test_a_login_in_a_url(url: str, user: str, host: str) -> None:
    value = secret()
    (found,) = look(f"see {url.format(value)} for it")
    assert (found.secret, found.username or "", found.confidence) == (Secret(value), user, Confidence.LIKELY)
    assert host in found.title


@pytest.mark.parametrize(
    "url",
    [
        "https://user:pass@example.com/",
        "postgres://postgres:postgres@localhost/x",
        "https://user:$PASSWORD@corp.io",
        "https://{user}:{password}@corp.io",
        "git@github.com:a/b.git",
        "https://corp.io:8080/path@x",
        "https://user@corp.io",
    ],
)
def test_a_url_without_a_secret(url: str) -> None:
    assert [one for one in look(url) if one.confidence > Confidence.POSSIBLE] == []


def test_a_token_in_the_place_of_the_user() -> None:
    token = random_token("dckr_pat_", 27)
    (found,) = look(f"https://{token}@corp.io/x")
    assert found.secret == Secret(token)


@pytest.mark.parametrize("quote", ['"', "'", '\\"'])
def test_headers(quote: str) -> None:
    value = random_token("", 30) + "x7"
    (found,) = look(f"Authorization{quote}: {quote}Bearer {value}{quote}", "a.js")
    assert (found.rule, found.secret) == ("http-token", Secret(value))
    (basic,) = look(f"curl -H 'Authorization: Basic {encoded('bob', secret())}' https://corp.io", "run.txt")
    assert (basic.rule, basic.username) == ("http-basic-login", "bob")
    assert look("Authorization: Bearer $TOKEN") == []
    assert look("Authorization: Bearer <token>") == []


def test_docker_s_own_logins_wherever_they_were_pasted() -> None:
    password = secret()
    config = json.dumps({"auths": {"ghcr.io": {"auth": encoded("bob", password)}}})
    for text in (config, json.dumps({"x": config}), f"echo '{config}' > ~/.docker/config.json"):
        (found,) = look(text, "deploy.txt")
        assert (found.secret, found.registry, found.username) == (Secret(password), "ghcr.io", "bob")
    (whole,) = look(f"value: {base64.b64encode(config.replace(' ', '').encode()).decode()}", "x.txt")
    assert (whole.secret, whole.registry) == (Secret(password), "ghcr.io")


def test_command_lines_in_any_text() -> None:
    value = secret()
    for path, text in (
        ("Makefile", f"\tdocker login -u bob -p {value} quay.io"),
        ("deploy.py", f'os.system("docker login -u bob -p {value} quay.io")'),
        ("notes.txt", f"$ echo {value} | docker login -u bob --password-stdin quay.io"),
    ):
        (found,) = look(text, path)
        assert (found.secret, found.registry, found.username) == (Secret(value), "quay.io", "bob")
        assert text[found.start : found.end] == value


def test_of_two_that_overlap_the_better_one_is_told() -> None:
    token = random_token("dckr_pat_", 27)
    (found,) = look(f"DOCKER_TOKEN={token}")
    assert found.rule == "docker-hub-pat"


def test_found_in_order_and_bounded() -> None:
    text = "\n".join(f'password_{number} = "{secret()}"' for number in range(MOST_FOUND + 100))
    found = look(text, "a.py")
    assert len(found) == MOST_FOUND
    assert [one.start for one in found] == sorted(one.start for one in found)


def test_cancelled_is_asked() -> None:
    text = (f'password = "{secret()}"\n' * 2000).encode()
    assert len(engine().look(text, "a.py", lambda: True)) < 2000


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(["a.py", "a.conf", "package-lock.json", "tests/a.md"]))
def test_any_bytes_are_looked_at_without_an_error(data: bytes, path: str) -> None:
    for one in engine().look(data, path):
        assert 0 <= one.start <= one.end <= len(data)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([b"password", b"=", b'"', b"://", b"u:p@", b"token", b" ", b"\n", b"x7Q9z" * 4, b"\\", b"auth"])
    )
)
def test_pieces_of_what_is_looked_for(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    for one in engine().look(data, "a.conf"):
        assert data[one.start : one.end]


def test_with_the_portable_finder_the_same_is_found() -> None:
    text = "\n".join(text.format(secret()) for _, text in NAMED).encode()
    portable = Engine((NAMED_VALUES,), portable_finder)
    fast = Engine((NAMED_VALUES,))
    assert portable.look(text, "a.conf") == fast.look(text, "a.conf") != []


def test_a_text_that_is_looked_at_by_window_is_looked_at_once() -> None:
    looked: list[int] = []

    def find(data: bytes, start: int, context: object):  # type: ignore[no-untyped-def]
        looked.append(start)
        return iter(())

    Engine((Probe((b"word",), find, window=lambda data, start, context: (0, len(data))),)).look(b"word word word", "f")
    assert looked == [0]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        b"password=" * 200_000,
        b'password = "' * 150_000,
        b"://" * 400_000,
        b"://a:" + b"b" * 1_000_000,
        b'"auth": "' * 100_000,
        b"authorization: basic " * 60_000,
        b"<password>" * 100_000,
        b"\\" * 1_000_000 + b"password",
        b"token " * 200_000,
        b"eyJ" * 300_000,
        b"-----begin " * 100_000,
        b"docker login -p " * 20_000,
        b"x" * 5_000_000 + b" password = y",
        b"deadbeef" * 8 + b"\n" + (b"0123456789abcdef" * 4 + b"\n") * 60_000,
    ],
    ids=lambda text: text[:12].decode(),
)
def test_no_text_takes_long(text: bytes) -> None:
    """All are far below the timeout on any machine; a runaway takes hours."""
    assert all(text[one.start : one.end] for one in look(text, "a.conf"))
