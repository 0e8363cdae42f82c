"""Logins at registries: every spelling gives host, user, secret and the place where the secret stands."""

from __future__ import annotations

import secrets
import shlex
import shutil
import string
import subprocess

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from checks.detect.command_logins import CommandSecret, argument_secrets, command_secrets
from checks.detect.telling_words import telling_offsets
from checks.detect.values import not_a_secret
from checks.formats.shell_words import Word
from checks.model.finding import Confidence
from checks.model.secret import Secret
from tests.checks.conftest import encoded, random_password

LOGINS = [
    ("docker login -u bob -p {} ghcr.io", "ghcr.io", "bob"),
    ("docker login -ubob -p{} ghcr.io", "ghcr.io", "bob"),
    ("docker login --username=bob --password={} ghcr.io", "ghcr.io", "bob"),
    ("docker login --username bob --password '{}' ghcr.io", "ghcr.io", "bob"),
    ('docker login ghcr.io -u bob -p "{}"', "ghcr.io", "bob"),
    ("docker login -u=bob -p={} ghcr.io", "ghcr.io", "bob"),
    ("docker --config /tmp login -u bob -p {}", "docker.io", "bob"),
    ("sudo docker login -u bob -p {}", "docker.io", "bob"),
    ("podman login -u bob -p {} quay.io", "quay.io", "bob"),
    ("podman login --tls-verify=false -u bob -p {} quay.io", "quay.io", "bob"),
    ("podman login --tls-verify -u bob -p {} quay.io", "quay.io", "bob"),
    ("nerdctl login -u bob -p {} quay.io", "quay.io", "bob"),
    ("buildah login -u bob -p {} quay.io", "quay.io", "bob"),
    ("skopeo login -u bob -p {} quay.io", "quay.io", "bob"),
    ("helm registry login -u bob -p {} quay.io", "quay.io", "bob"),
    ("helm registry login quay.io --username bob --password {}", "quay.io", "bob"),
    ("oras login -u bob -p {} quay.io", "quay.io", "bob"),
    ("crane auth login -u bob -p {} quay.io", "quay.io", "bob"),
    ("crane login -u bob -p {} quay.io", "quay.io", "bob"),
    ("echo {} | docker login -u bob --password-stdin", "docker.io", "bob"),
    ("echo '{}' | docker login ghcr.io -u bob --password-stdin", "ghcr.io", "bob"),
    ("echo -n {} | docker login ghcr.io -u bob --password-stdin", "ghcr.io", "bob"),
    ("printf '%s' {} | docker login ghcr.io -u bob --password-stdin", "ghcr.io", "bob"),
    ("printf '%s\\n' {} | sudo docker login ghcr.io -u bob --password-stdin", "ghcr.io", "bob"),
    ("printf {} | docker login ghcr.io -u bob --password-stdin", "ghcr.io", "bob"),
    ("docker login -u bob --password-stdin <<< {}", "docker.io", "bob"),
    ("docker login -u bob --password-stdin ghcr.io <<<'{}'", "ghcr.io", "bob"),
    ("<<<'{}' docker login -u bob --password-stdin ghcr.io", "ghcr.io", "bob"),
    ("docker login -u bob --password-stdin ghcr.io <<EOF\n{}\nEOF\n", "ghcr.io", "bob"),
    ("docker login -u bob --password-stdin ghcr.io <<-'EOF'\n\t{}\n\tEOF\n", "ghcr.io", "bob"),
    ("cat <<EOF | docker login -u bob --password-stdin ghcr.io\n{}\nEOF\n", "ghcr.io", "bob"),
    ("cat << EOF |\n{}\nEOF\ndocker login -u bob --password-stdin ghcr.io\n", "ghcr.io", "bob"),
    ("docker login -u bob --password-stdin < <(echo {})", "docker.io", "bob"),
    ("docker login -u bob -p $(echo {})", "docker.io", "bob"),
    ("read -r X; DOCKER_USER=bob; DOCKER_PASSWORD={}", "docker.io", "bob"),
    ("curl -u 'bob:{}' https://ghcr.io/v2/", "ghcr.io", "bob"),
    ("skopeo copy --src-creds bob:{} docker://quay.io/a/b docker://x.example.com/y", "quay.io", "bob"),
    ("skopeo copy --dest-creds=bob:{} docker://quay.io/a/b docker://x.example.com/y", "x.example.com", "bob"),
    ("skopeo inspect --creds bob:{} docker://quay.io/a/b", "quay.io", "bob"),
    ("podman pull --creds bob:{} quay.io/a/b", "quay.io", "bob"),
    ("podman pull --creds=bob:{} quay.io/a/b", "quay.io", "bob"),
    (
        "kubectl create secret docker-registry r --docker-server=ghcr.io --docker-username=bob --docker-password={}",
        "ghcr.io",
        "bob",
    ),
    (
        "kubectl create secret docker-registry r --docker-server ghcr.io --docker-username bob --docker-password {}",
        "ghcr.io",
        "bob",
    ),
    ("az acr login -n myreg -u bob -p {}", "myreg.azurecr.io", "bob"),
    ("ssh host 'docker login -u bob -p {} ghcr.io'", "ghcr.io", "bob"),
    ("bash -c \"docker login -u bob -p '{}' ghcr.io\"", "ghcr.io", "bob"),
    ("ssh h bash -c \"'docker login -u bob -p {} ghcr.io'\"", "ghcr.io", "bob"),
    ("alias dl='docker login -u bob -p {} ghcr.io'", "ghcr.io", "bob"),
    ("if true; then docker login -u bob -p {} ghcr.io; fi", "ghcr.io", "bob"),
    ("f() {{ docker login -u bob -p {} ghcr.io; }}", "ghcr.io", "bob"),
    ("(cd x && docker login -u bob -p {} ghcr.io)", "ghcr.io", "bob"),
    ("a && docker login -u bob \\\n  -p {} \\\n ghcr.io", "ghcr.io", "bob"),
    ("case $x in\n a) docker login -u bob -p {} ghcr.io ;;\nesac", "ghcr.io", "bob"),
    ("TOKEN=$(curl -s -u bob:{} https://auth.docker.io/token)", "docker.io", "bob"),
    ("docker login https://index.docker.io/v1/ -u bob -p {}", "docker.io", "bob"),
    ('docker login -u bob -p "${{X:-{}}}" ghcr.io', "ghcr.io", "bob"),
    ("cosign login ghcr.io -u bob -p {}", "ghcr.io", "bob"),
    ("regctl registry login ghcr.io -u bob -p {}", "ghcr.io", "bob"),
    (
        "docker login -u AWS -p {} https://123456789012.dkr.ecr.us-east-1.amazonaws.com",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com",
        "AWS",
    ),
    ('DOCKER_AUTH_CONFIG=\'{{"auths":{{"ghcr.io":{{"username":"bob","password":"{}"}}}}}}\' x', "ghcr.io", "bob"),
    ("time docker login -u bob -p {} ghcr.io", "ghcr.io", "bob"),
    ("xargs docker login -u bob -p {} ghcr.io", "ghcr.io", "bob"),
    ("echo ghcr.io | xargs docker login -u bob -p {}", "docker.io", "bob"),
    ("while ! docker login -u bob -p {} ghcr.io; do sleep 1; done", "ghcr.io", "bob"),
    ("winpty docker login -u bob -p {} ghcr.io", "ghcr.io", "bob"),
    ("wsl docker login -u bob -p {} ghcr.io", "ghcr.io", "bob"),
    ("docker.exe login -u bob -p {} ghcr.io", "ghcr.io", "bob"),
    ("& docker login -u bob -p {} ghcr.io", "ghcr.io", "bob"),
]
"""A command with `{}` for the secret, the registry, the user."""


def one(text: str) -> CommandSecret:
    (found,) = command_secrets(text)
    return found


@pytest.mark.parametrize(("command", "registry", "username"), LOGINS)
def test_every_spelling(command: str, registry: str, username: str) -> None:
    word = random_password()
    text = command.format(word)
    found = one(text)
    assert found.secret == Secret(word)
    assert (found.registry, found.username) == (registry, username)
    assert text[found.start : found.end] == word
    assert found.confidence >= Confidence.LIKELY


@pytest.mark.parametrize("command", [command for command, _, _ in LOGINS])
def test_a_search_for_telling_words_passes_none_over(command: str) -> None:
    assert any(True for _ in telling_offsets(command.format("x")))


@pytest.mark.parametrize("command", [command for command, _, _ in LOGINS])
def test_a_variable_instead_of_the_secret_is_none(command: str) -> None:
    """Where no quote keeps the shell from looking it up."""
    for reference in ("$SECRET", "${SECRET}", "$(pass show x)"):
        text = command.format(reference)
        quoted = any(f"{mark}{reference}" in text or f"{reference}{mark}" in text for mark in "'")
        if not quoted:
            assert list(command_secrets(text)) == []


ANY = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\x85"), min_size=9)


@given(middle=ANY)
@example(middle="0 -Token ")
def test_any_password_in_any_quotes(middle: str) -> None:
    value = f"Zq7{middle}9Kx"
    assume(not not_a_secret(value))
    double = "".join(f"\\{sign}" if sign in '\\"$`' else sign for sign in value)
    for quoted in (shlex.quote(value), f'"{double}"'):
        for text in (
            f"docker login -u bob -p {quoted} ghcr.io",
            f"printf %s {quoted} | docker login ghcr.io -u bob --password-stdin",
        ):
            found = one(text)
            assert (found.secret, found.registry, found.username) == (Secret(value), "ghcr.io", "bob")
            assert text[found.start : found.end] in quoted and found.end - found.start >= len(value)


@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_whatever_stands_in_the_lines_around(before: str, after: str) -> None:
    before = before.translate({ord(sign): "_" for sign in "\\'\"`$<(|#{}"})
    word = random_password()
    text = f"{before}\ndocker login -u bob -p {word} ghcr.io\n{after}"
    assert any(
        found.secret == Secret(word) and text[found.start : found.end] == word for found in command_secrets(text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "docker login -u bob -p {} ghcr.io",
        "bash -c 'echo {} | docker login -u bob --password-stdin'",
        "X=$(curl -u bob:{} x)",
    ],
)
def test_windows_ends_of_lines(text: str) -> None:
    word = random_password()
    crlf = f"echo one\r\n{text.format(word)}\r\necho two\r\n"
    assert crlf[one(crlf).start : one(crlf).end] == word


@pytest.mark.parametrize("flag", ["-p ", "--password ", "-p=", "--password="])
def test_a_password_may_begin_with_a_dash_but_an_option_is_none(flag: str) -> None:
    """docker takes the next word for the value, whatever it begins with."""
    password = f"-{random_password()}7"
    (found,) = command_secrets(f"docker login ghcr.io -u bob {flag}{password}")
    assert found.secret.reveal() == password
    for other in ("-", "-u", "--password-stdin", "--username=bob"):
        assert list(command_secrets(f"docker login ghcr.io {flag}{other}")) == []


def test_a_well_known_password_opens_a_registry_all_the_same() -> None:
    assert one("docker login -u admin -p Harbor12345 harbor.example").confidence is Confidence.LIKELY
    assert one("mysql -u root -proot").confidence is Confidence.POSSIBLE


@pytest.mark.parametrize("letters", [string.ascii_letters + string.digits, string.ascii_letters])
def test_a_token_is_known_by_its_form(letters: str) -> None:
    token = "dckr_pat_" + "".join(secrets.choice(letters) for _ in range(27))
    found = one(f"docker login -u bob -p {token}")
    assert (found.secret.kind, found.confidence) == ("docker-hub-pat", Confidence.CERTAIN)
    assert one(f"some-program {token}").confidence is Confidence.CERTAIN
    assert one(f"git clone https://{token}@git.example/a").secret == Secret(token)


def test_variables_tell_registry_and_user() -> None:
    word = random_password()
    text = f"export REGISTRY_USER=bob\nexport REGISTRY=registry.example:5000\nexport REGISTRY_PASSWORD='{word}'\n"
    found = one(text)
    assert (found.registry, found.username, found.what) == (
        "registry.example:5000",
        "bob",
        "variable REGISTRY_PASSWORD",
    )
    (found,) = command_secrets(f"REGISTRY_PASSWORD={word}", {"REGISTRY": "ghcr.io"})
    assert found.registry == "ghcr.io"


def test_a_header_s_basic_login_is_decoded() -> None:
    word = random_password()
    found = one(f"curl -H 'Authorization: Basic {encoded('bob', word)}' https://x.example")
    assert (found.secret, found.username) == (Secret(word), "bob")


def test_a_password_in_a_url_is_decoded() -> None:
    text = "git clone https://bob:Zq7%2FfK29@git.example/a"
    found = one(text)
    assert found.secret == Secret("Zq7/fK29")
    assert text[found.start : found.end] == "Zq7%2FfK29"


@pytest.mark.parametrize("comment", ["# ", "#", "  ## "])
def test_a_command_that_was_commented_out(comment: str) -> None:
    word = random_password()
    text = f"echo\n{comment}docker login -u bob -p {word} ghcr.io\n"
    found = one(text)
    assert (found.secret, found.confidence) == (Secret(word), Confidence.LIKELY)
    assert text[found.start : found.end] == word
    assert one(f"{comment}export DB_PASSWORD={word}").confidence is Confidence.POSSIBLE


def test_words_that_are_already_apart() -> None:
    word = random_password()
    texts, words, position = ["docker", "login", "-u", "bob", "-p", word, "ghcr.io"], [], 0
    for text in texts:
        words.append(Word(text, position, position + len(text)))
        position += len(text) + 1
    (found,) = argument_secrets(words)
    assert (found.secret, found.registry) == (Secret(word), "ghcr.io")
    assert " ".join(texts)[found.start : found.end] == word
    assert list(argument_secrets([])) == []


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
@given(middle=ANY)
def test_fish_quotes_in_its_own_way(middle: str) -> None:
    value = f"Zq7{middle}9Kx"
    assume(not not_a_secret(value))
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    (found,) = command_secrets(f"set -gx DOCKER_PASSWORD '{quoted}'", fish=True)
    assert found.secret == Secret(value)


def test_each_place_is_found_once() -> None:
    word = random_password()
    text = f"docker login -u bob -p {word} ghcr.io\n" * 3
    places = [found.start for found in command_secrets(text)]
    assert len(places) == len(set(places)) == 3


def test_nothing_prints_the_secret() -> None:
    word = random_password()
    assert word not in repr(one(f"docker login -u bob -p {word}"))


def test_every_line_of_the_table_is_a_shell_s() -> None:
    posix = [text.format("x") for text, _, _ in LOGINS if not text.startswith(("&", "f()"))]
    for text in posix:
        assert subprocess.run(["bash", "-n", "-c", text], check=False, capture_output=True).returncode == 0, text


@pytest.mark.parametrize(
    "part",
    ['"', "$(", "`", '"$(', "a|", "docker ", "docker login -p ", "a://b:c@", "A_REGISTRY_TOKEN=abc ", "bash -c '",
     "x-token:",
     "echo a |", "--token=a ", "# export A=b\n", '"a":"b",', "cat <<A\n", "$(a) "],
)  # fmt: skip
def test_no_text_takes_long(part: str) -> None:
    """Nothing here may be quadratic: such a text would take hours."""
    text = part * (200_000 // len(part))
    assert sum(1 for _ in command_secrets(text)) <= len(text)


@pytest.mark.parametrize("sign", ["\ud800", "\udcff", "\udfff"])
def test_signs_that_are_no_text(sign: str) -> None:
    """Half a character, as a broken JSON escape leaves it, or a byte that is no UTF-8."""
    config = f'{{"auths":{{"ghcr.io":{{"username":"bob","password":"{sign}Zq7fK29"}}}}}}'
    for text in (
        f"DOCKER_AUTH_CONFIG='{config}'",
        f"docker login -p {sign}Zq7fK29",
        f"export DB_PASSWORD={sign}Zq7fK29",
    ):
        assert len(list(command_secrets(text))) == 1


def test_blanks_belong_to_a_setting() -> None:
    word = f"{random_password()} {random_password()}"
    assert one(f"docker run -e 'DB_PASSWORD={word}' x").secret == Secret(word)
    assert one(f'docker build --build-arg "DB_PASSWORD={word}" .').secret == Secret(word)
