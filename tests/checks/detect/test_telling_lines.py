"""What is asked before YAML is read: it may be too generous, it may never drop a secret."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.detect.document_secrets import yaml_secrets
from checks.detect.telling_lines import may_hold
from checks.detect.telling_text import may_tell, may_tell_in_yaml
from tests.checks.test_ci_files import CASES as CI_CASES
from tests.checks.test_orchestration_files import CASES as OTHER_CASES

WORD = "K7Qm2Zt9Xb4Lw8Rc5Vn1Hd6Jf3"
GITHUB = f"ghp_{WORD}{WORD[:10]}"
LOGIN = f"https://bob:{WORD}@registry.example/v2"
NAMES = (
    "password",
    "DB_PASSWORD",
    "apiToken",
    "auth",
    "key",
    "pin",
    "registry",
    "image",
    "username",
    "name",
    "value",
    "default",
    "kind",
    "data",
    "sensitive",
    "run",
    "shell",
    "my_command",
    "env",
    "environment",
    "ansible.builtin.x",
    "docker_pass",
    "update_password",
    "password_url",
    "secret_name",
    "github_token",
    "a",
    "2",
    "auths",
    "config.json",
    "values.yaml",
    "with",
    "settings",
    "credentials",
    "a password",
    "password (old)",
    "the/token",
)
VALUES = (
    WORD,
    GITHUB,
    LOGIN,
    "hunter2 and more",
    "",
    "yes",
    "{{ vault_password }}",
    "${TOKEN}",
    "${TOKEN:-" + WORD + "}",
    "changeme",
    "Secret",
    "#" + WORD,
    "a: b",
    f"password={WORD}",
    f"PASSWORD=test {WORD}",
    f"TOKEN='{WORD}'",
    f"export X_TOKEN={WORD}",
    f"curl -u bob:{WORD} https://x.example",
    f"docker login -p {WORD} x.example",
    f"set --token={WORD} here",
    f"a=b\npassword: {WORD}\n",
    f'{{"password": "{WORD}"}}',
    f"bob:{WORD}@host",
    f"it's {WORD}",
    "ghp_" + WORD * 2,
    "x" * 70,
    "TOKEN={{ x }} y",
    "db_password",
    "-----BEGIN",
    "true",
    f"pa$$word{WORD}",
    f"Set the password: {WORD}",
    "&x",
    "*y",
    "ghcr.io/acme/api:1",
    f"token = {WORD}",
)

values = st.one_of(st.sampled_from(VALUES), st.integers(0, 99_999_999), st.booleans(), st.none(), st.text(max_size=12))
names = st.sampled_from(NAMES)
documents = st.recursive(
    values,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)),
    max_leaves=12,
)


def assert_nothing_is_dropped(text: str) -> None:
    if not may_hold(text) and may_tell(text):
        assert not list(yaml_secrets(text)), text
        assert not may_tell_in_yaml(text)


@settings(max_examples=600, deadline=None)
@given(
    documents,
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([None, True, False]),
    st.sampled_from([10, 30, 80, 1000]),
)
def test_documents_as_pyyaml_writes_them(document: Any, style: str | None, flow: bool | None, width: int) -> None:
    assert_nothing_is_dropped(
        yaml.safe_dump(document, default_style=style, default_flow_style=flow, width=width, allow_unicode=True)
    )


PIECES = (
    *(f"{name}: " for name in NAMES[:20]),
    *(f"{value}\n" for value in VALUES),
    "- ",
    "  ",
    "\n",
    "\n  ",
    "\n    ",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "|\n  ",
    ">-\n    ",
    "&x ",
    "*x ",
    "!vault ",
    "!!str ",
    "? ",
    "\n: ",
    "# ",
    " # ",
    "{{ x }}",
    "{% if a %}",
    "\\n",
    "\\x70assword: ",
    "\t",
    "\r\n",
    "\u2028",
    "export ",
    "=",
    "---\n",
    "<<: *x\n",
    "password=",
    "TOKEN = ",
    "'secret': ",
    '"token":',
    "name: db password\nvalue: ",
    "password\n",
    "&p ",
    "KEY=",
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_texts_that_are_nearly_yaml(pieces: list[str]) -> None:
    assert_nothing_is_dropped("".join(pieces))


@settings(deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    assert_nothing_is_dropped(text)


@pytest.mark.parametrize(
    "text",
    [
        f"password: {WORD}",
        f"- a\n- DB_PASSWORD={WORD}",
        f"password:\n  {WORD}",
        f"password: |-\n  {WORD}",
        f"password: test\n  {WORD}",
        f"x: &p {WORD}\npassword: *p",
        f"? password\n: {WORD}",
        f'"\\x70assword": {WORD}\ntoken:',
        f"token: #{WORD}\n}}",
        f"db_password:\n  default: {WORD}",
        f"- name: DB_PASSWORD\n  value: {WORD}",
        f"x: {LOGIN}",
        f"x: {GITHUB}",
        f"run: docker login -p {WORD} x.example",
        f"output:\n  sensitive: true\n  value: {WORD}",
        f"github_token:\n- {'ghp_' + WORD * 2}",
        f"kind: Secret\nstringData: {{x: {WORD}}}",
        f"{{password: {WORD}}}",
    ],
)
def test_what_holds_a_secret_is_read(text: str) -> None:
    assert may_tell_in_yaml(text)


@pytest.mark.parametrize(
    "text",
    [
        "password: '{{ vault_password }}'\nupdate_password: always",
        "description: Pass the token to the module, or set the password.",
        "bugfixes:\n- docker_login - the password was not passed on (https://github.com/x/y/pull/1).",
        "password_policy: strict\nauth_type: basic\nkey_name: web",
        "- name: Create the secret store\n  module: {state: present, token: ''}",
        "when: db_password == other_password",
    ],
)
def test_what_only_speaks_of_secrets_is_not_read(text: str) -> None:
    assert may_tell(text)
    assert not may_tell_in_yaml(text)
    assert not list(yaml_secrets(text))


@pytest.mark.parametrize("case", [*CI_CASES, *OTHER_CASES], ids=lambda case: case.name)
def test_no_known_document_is_dropped(case: Any) -> None:
    assert_nothing_is_dropped(case.text.replace("SECRET", WORD))


def test_no_document_of_an_installed_package_is_dropped() -> None:
    for path in sorted(Path(sysconfig.get_path("purelib")).rglob("*.y*ml"))[:300]:
        assert_nothing_is_dropped(path.read_text("utf-8", "surrogateescape"))


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["a: ", "token: ", "token=$X ", "+asb", "A_", "token: x\n", "password", "{{ token: ", "'=token"]
)
def test_no_text_takes_long(piece: str) -> None:
    may_hold(piece * (2_000_000 // len(piece)))
