"""The check over the credential files of other tools: where it looks, what it claims, what it says and keeps quiet."""

from __future__ import annotations

import base64
import os
import tempfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from checks import tool_credentials
from checks.model.finding import Confidence, Finding, Severity
from tests.checks.conftest import (
    MakeWorkstation,
    Seen,
    encoded,
    random_password,
    random_token,
    seen,
    unprivileged,
    write,
)


def look(make: MakeWorkstation, path: Path, text: str | bytes) -> Seen:
    return seen(tool_credentials.read(make(), write(path, text)))


def key_text(*, protected: bool = False) -> str:
    encryption = BestAvailableEncryption(b"x") if protected else NoEncryption()
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def revealed(finding: Finding) -> str:
    assert finding.secret
    return finding.secret.reveal()


def test_an_empty_home_has_nothing_to_say(workstation: MakeWorkstation) -> None:
    got = seen(tool_credentials.survey(workstation()))
    assert (got.findings, got.skipped, got.looked) == ([], [], [])


def test_the_usual_places(workstation: MakeWorkstation) -> None:
    station = workstation()
    words = [random_password() for _ in range(6)]
    write(station.home / ".netrc", f"machine ghcr.io login ann password {words[0]}\n")
    write(station.home / ".config/gh/hosts.yml", f"github.com:\n  oauth_token: {words[1]}\n  user: ann\n")
    write(station.home / ".gitconfig", f"[http]\n\tproxy = http://a:{words[2]}@p.example.com:3128\n")
    write(station.home / ".aws/credentials", f"[x]\naws_access_key_id = k\naws_secret_access_key = {words[3]}\n")
    write(
        station.system("/etc/rancher/k3s/registries.yaml"),
        f"configs:\n  r.example.com:\n    auth: {{username: ann, password: {words[4]}}}\n",
    )
    write(station.home / ".gcm/store/git/https/h.example.com/ann.credential", f"{words[5]}\nservice=x\n")
    write(station.home / ".ssh/work", key_text())
    got = seen(tool_credentials.survey(station))
    assert [(one.rule, revealed(one), one.registry, one.username) for one in got.findings if one.secret] == [
        ("netrc-credential", words[0], "ghcr.io", "ann"),
        ("git-config-credential", words[2], "p.example.com:3128", "a"),
        ("git-credential-manager-credential", words[5], None, None),
        ("gh-credential", words[1], "github.com", "ann"),
        ("k3s-credential", words[4], "r.example.com", "ann"),
        ("aws-credential", words[3], None, "k"),
    ]
    assert got.rules.count("ssh-key-without-passphrase") == 1
    assert got.skipped == []
    assert len(got.looked) == 7


def test_variables_move_the_places(workstation: MakeWorkstation, tmp_path: Path) -> None:
    words = [random_password() for _ in range(6)]
    moved = tmp_path / "moved"
    write(moved / "rc", f"//npm.example.com/:_authToken={words[0]}\n")
    write(moved / "cargo/credentials.toml", f'[registries.own]\ntoken = "{words[1]}"\n')
    write(moved / "kube1", f"users:\n- name: u\n  user: {{token: {words[2]}}}\n")
    write(moved / "kube2", f"users:\n- name: u\n  user: {{token: {words[3]}}}\n")
    write(moved / "xdg/git/credentials", f"https://ann:{words[4]}@git.example.com\n")
    write(moved / "hf/token", words[5])
    station = workstation(
        {
            "npm_config_userconfig": str(moved / "rc"),
            "CARGO_HOME": str(moved / "cargo"),
            "KUBECONFIG": f"{moved / 'kube1'}:{moved / 'kube2'}:{moved / 'kube1'}",
            "XDG_CONFIG_HOME": str(moved / "xdg"),
            "HF_HOME": str(moved / "hf"),
            "NETRC": "\0",
            "PIP_CONFIG_FILE": str(moved / "nothing"),
        }
    )
    got = seen(tool_credentials.survey(station))
    assert sorted(map(revealed, got.findings)) == sorted(words)
    assert [one.reason for one in got.skipped] == ["not a possible path: it holds a NUL byte"]


def test_line_column_and_field(workstation: MakeWorkstation, tmp_path: Path) -> None:
    word = random_password()
    got = look(workstation, tmp_path / ".npmrc", f"a=b\r\n//r.example.com/:_authToken = {word}\r\n")
    found = got.one("npm-credential")
    place = found.place
    assert (place.line, place.end_line, place.column) == (2, 2, len("//r.example.com/:_authToken = ") + 1)
    assert (place.field, found.locator) == ("//r.example.com/:_authtoken",) * 2
    assert found.title == "npm token in plain text"
    assert (found.severity, found.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert found.advice


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_encodings_of_editors(encoding: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    word = random_password()
    got = look(workstation, tmp_path / ".pypirc", f"[x]\nusername = ä\npassword = {word}\n".encode(encoding))
    found = got.one("pypi-credential")
    assert (revealed(found), found.username, found.place.line, found.place.column) == (word, "ä", 3, 12)


def test_a_known_token_is_critical_and_loopback_less(workstation: MakeWorkstation, tmp_path: Path) -> None:
    token, word = random_token("ghp_", 36), random_password()
    text = f"https://{token}@github.com\nhttps://ann:{word}@localhost:3000\n"
    first, second = look(workstation, tmp_path / ".git-credentials", text).findings
    assert (revealed(first), first.severity) == (token, Severity.CRITICAL)
    assert (revealed(second), second.severity) == (word, Severity.MEDIUM)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".npmrc", "//r.example.com/:_authToken=${NPM_TOKEN}\n_auth=${AUTH}\n_password=\n"),
        (".yarnrc.yml", 'npmAuthToken: "${NPM_TOKEN:-}"\nnpmAuthIdent: ${IDENT}\n'),
        ("bunfig.toml", '[install.registry]\nurl = "https://r.example.com"\ntoken = "$NPM_TOKEN"\n'),
        ("settings.xml", "<s><servers><server><id>a</id><password>${env.P}</password></server></servers></s>"),
        (
            "nuget.config",
            '<packageSourceCredentials><s><add key="ClearTextPassword" value="%P%"/></s></packageSourceCredentials>',
        ),
        ("gradle.properties", "org.gradle.jvmargs=-Xmx2g\nnexusPassword=${NEXUS}\nsigning.keyId=00000000\n"),
        (".netrc", "machine h.example.com login ann password <token>\n"),
        ("profiles.yml", "a:\n  outputs:\n    dev:\n      password: \"{{ env_var('P') }}\"\n"),
        ("kubeconfig", "users:\n- name: u\n  user:\n    exec: {command: x, env: [{name: PROFILE, value: dev}]}\n"),
        ("pip.conf", "[global]\nindex-url = https://p.example.com/simple\n"),
        (".gitmodules", '[submodule "a"]\n\tpath = a\n\turl = git@github.com:a/b.git\n'),
        ("rclone.conf", "# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\npass = abc\n"),
        ("credentials.xml", "<a><e><id>i</id><password>{AQAAABAAAAAQabcdef=}</password></e></a>"),
        (".pgpass", "# host:port:db:user:password\n"),
    ],
)
def test_what_is_no_secret_is_kept_quiet(name: str, text: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    got = look(workstation, tmp_path / name, text)
    assert (got.findings, got.skipped) == ([], [])
    assert [one.bytes for one in got.looked] == [len(text)]


def test_values_in_base64(workstation: MakeWorkstation, tmp_path: Path) -> None:
    word = random_password()
    text = f"_auth={encoded('ann', word)}\n//a.example.com/:_password={base64.b64encode(word.encode()).decode()}\n"
    found = look(workstation, tmp_path / ".npmrc", text).findings
    assert {revealed(one) for one in found} == {word}


def test_names_that_say_it(workstation: MakeWorkstation, tmp_path: Path) -> None:
    word = random_password()
    found = look(workstation, tmp_path / "gradle.properties", f"nexusUsername=ann\nnexusPassword={word}\n").findings
    assert [(one.title, one.username, one.confidence) for one in found] == [
        ("Gradle setting nexusPassword in plain text", "ann", Confidence.LIKELY)
    ]


def test_maven_s_master_password_is_one_although_it_is_encrypted(workstation: MakeWorkstation, tmp_path: Path) -> None:
    text = "<settingsSecurity><master>{" + random_token("", 44) + "=}</master></settingsSecurity>"
    found = look(workstation, tmp_path / "settings-security.xml", text).one("maven-security-credential")
    assert (found.title, found.severity) == ("Maven master password", Severity.MEDIUM)


def test_one_field_twice_is_told_apart(workstation: MakeWorkstation, tmp_path: Path) -> None:
    text = "".join(f"machine h.example.com login ann password {random_password()}\n" for _ in range(3))
    found = look(workstation, tmp_path / ".netrc", text).findings
    name = "machine h.example.com/password"
    assert [one.locator for one in found] == [name, f"{name}#2", f"{name}#3"]
    station = workstation()
    assert len({one.id(station.key) for one in found}) == 3


def test_what_a_file_calls_its_fields_is_made_printable(workstation: MakeWorkstation, tmp_path: Path) -> None:
    text = f'{{"credentials": {{"h\\u001b[31m.example.com": {{"token": "{random_password()}"}}}}}}'
    found = look(workstation, tmp_path / "credentials.tfrc.json", text).one("terraform-credential")
    assert "\x1b" not in found.locator + (found.place.field or "") + found.title


def test_private_keys_by_name(workstation: MakeWorkstation, tmp_path: Path) -> None:
    text = "Comment\n" + key_text()
    found = look(workstation, tmp_path / "id_ed25519", text).one("ssh-key-without-passphrase")
    assert (found.place.line, found.place.column, found.secret, found.severity) == (2, 1, None, Severity.HIGH)
    assert "ssh-keygen -p -f " in found.advice
    found = look(workstation, tmp_path / "server.key", text).one("private-key-without-passphrase")
    assert found.severity is Severity.MEDIUM
    two = look(workstation, tmp_path / "two.pem", text + key_text()).findings
    assert len({one.locator for one in two}) == 2


@pytest.mark.parametrize("text", [key_text(protected=True), "", "no key", "ssh-ed25519 AAAA x"])
def test_keys_that_are_protected_or_none(text: str, workstation: MakeWorkstation, tmp_path: Path) -> None:
    got = look(workstation, tmp_path / ".ssh" / "work", text)
    assert (got.findings, got.skipped, len(got.looked)) == ([], [], 1)


@pytest.mark.parametrize(
    ("path", "claimed"),
    [
        ("/x/.npmrc", True),
        ("/x/a/.git/config", True),
        ("/x/id_rsa", True),
        ("/x/tls.key", True),
        ("/x/id_rsa.pub", False),
        ("/x/config", False),
        ("/x/.docker/config.json", False),
        ("/x/README.md", False),
        ("/x/a\0b/.npmrc", True),
        ("/nothing/there/.netrc", True),
    ],
)
def test_which_files_are_ours(path: str, claimed: bool) -> None:
    assert tool_credentials.claims(Path(path)) is claimed


def test_claims_touches_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("a file was touched")

    for name in ("stat", "lstat", "open", "listdir", "scandir", "readlink"):
        monkeypatch.setattr(os, name, fail)
    claimed = [tool_credentials.claims(Path(name)) for name in ("/x/.npmrc", "/x/y.pem", "/x/.git/config", "/x/a.json")]
    monkeypatch.undo()
    assert claimed == [True, True, True, False]


def test_a_file_that_is_not_ours_is_left_alone(workstation: MakeWorkstation, tmp_path: Path) -> None:
    got = look(workstation, tmp_path / "notes.txt", f"password = {random_password()}\n")
    assert (got.findings, got.looked) == ([], [])


def test_unreadable_files_are_told(workstation: MakeWorkstation) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        write(home / ".netrc", "machine a login b password c\n", 0)
        (home / ".npmrc").mkdir()
        (home / ".ssh").mkdir(mode=0o700)
        (home / ".pypirc").symlink_to(home / "nothing")
        with unprivileged():
            got = seen(tool_credentials.survey(workstation(home=home, root=home / "root")))
        (home / ".netrc").chmod(0o600)
    reasons = {Path(one.path).name: one.reason for one in got.skipped}
    expected = {
        ".netrc": "not readable: Permission denied",
        ".npmrc": "not a regular file: a folder",
        ".pypirc": "a link to nothing",
    }
    assert reasons.items() >= expected.items()
    assert set(reasons) - set(expected) <= {".ssh"}


def test_too_large_and_broken_files_are_told(workstation: MakeWorkstation, tmp_path: Path) -> None:
    word = random_password()
    station = workstation()
    large = write(tmp_path / ".netrc", b" " * (station.limits.config_bytes + 1))
    (skipped,) = seen(tool_credentials.read(station, large)).skipped
    assert skipped.reason.startswith("too large")
    assert skipped.size == station.limits.config_bytes + 1
    got = look(workstation, tmp_path / ".yarnrc.yml", f"npmAuthToken: {word}\nb: [\n  {word}: {{\n")
    assert [revealed(one) for one in got.findings] == [word]
    assert [one.reason for one in got.skipped] == ["not read to its end: not YAML in line 4"]
    assert look(workstation, tmp_path / "settings.xml", "<a").skipped == []


@pytest.mark.parametrize(
    "name", [".netrc", ".gitconfig", ".npmrc", "settings.xml", ".kube/config", "credentials.toml", "x.pem"]
)
@pytest.mark.parametrize("data", [b"\0" * 1000, b"\xff\xfe\0", bytes(range(256)), b"\x1f\x8b\x08" + b"x" * 99])
def test_files_that_are_no_text(name: str, data: bytes, workstation: MakeWorkstation, tmp_path: Path) -> None:
    got = look(workstation, tmp_path / name, data)
    assert got.findings == []


def test_no_value_is_shown(workstation: MakeWorkstation, tmp_path: Path) -> None:
    word = random_password()
    for name, text in (
        (".netrc", f"machine a login b password {word}\n"),
        (".gitconfig", f'[url "https://b:{word}@a.example.com/"]\n\tinsteadOf = https://a.example.com/\n'),
        (".git-credentials", f"https://b:{word}@a.example.com\n"),
        (".condarc", f"channels: ['https://a.example.com/t/{word}/x']\n"),
    ):
        got = look(workstation, tmp_path / name, text)
        assert len(got.findings) == 1
        assert word not in repr(got)
