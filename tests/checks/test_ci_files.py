"""Secrets in the files of CI systems, with registry, user and line; and what only looks like one."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from checks import ci_files
from checks.model.finding import Confidence, Finding, Severity
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from tests.checks.conftest import Seen, random_password, random_token, seen, write


def look(workstation, path: Path, text: str) -> Seen:  # type: ignore[no-untyped-def]
    return seen(ci_files.read(workstation(), write(path, text)))


def stands_at(found: Finding, text: str, word: str) -> bool:
    place = found.place
    assert place.line and place.column
    return text.split("\n")[place.line - 1][place.column - 1 :].startswith(word)


@dataclass(frozen=True)
class Case:
    """A file with one secret, at SECRET."""

    name: str
    text: str
    registry: str | None = None
    username: str | None = None


CASES = [
    Case(
        ".github/workflows/a.yml",
        """\
jobs:
  build:
    steps:
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: bob
          password: SECRET
""",
        "ghcr.io",
        "bob",
    ),
    Case(
        ".github/workflows/hub.yml",
        "jobs: {b: {steps: [{uses: docker/login-action@v3, with: {username: bob, password: 'SECRET'}}]}}\n",
        "docker.io",
        "bob",
    ),
    Case(
        ".github/workflows/list.yml",
        """\
jobs:
  build:
    steps:
      - uses: docker/login-action@v4
        with:
          registry-auth: |
            - registry: quay.io
              username: bob
              password: "SECRET"
""",
        "quay.io",
        "bob",
    ),
    Case(".github/workflows/env.yaml", "env:\n  DB_PASSWORD: SECRET\n"),
    Case(
        ".github/workflows/run.yml",
        "jobs:\n  b:\n    steps:\n      - run: |\n          make\n          docker login -u bob -p SECRET quay.io\n",
        "quay.io",
        "bob",
    ),
    Case(
        ".github/workflows/expression.yml",
        "jobs:\n  b:\n    steps:\n      - run: echo ${{ secrets.A }} && docker login -u bob -p SECRET ghcr.io\n",
        "ghcr.io",
        "bob",
    ),
    Case(
        ".github/workflows/folded.yml",
        "jobs:\n  b:\n    steps:\n      - run: >-\n          docker login\n"
        "          -u bob\n          -p SECRET\n          quay.io\n",
        "quay.io",
        "bob",
    ),
    Case(
        ".github/workflows/service.yml",
        """\
jobs:
  b:
    services:
      api:
        image: ghcr.io/acme/api:1
        credentials:
          username: bob
          password: SECRET
""",
        "ghcr.io",
        "bob",
    ),
    Case("actions/setup/action.yml", "inputs:\n  db_password:\n    default: SECRET\n"),
    Case(
        ".gitlab-ci.yml",
        """\
build:
  variables:
    CI_REGISTRY: registry.example.com
    CI_REGISTRY_USER: bob
    CI_REGISTRY_PASSWORD: SECRET
""",
        "registry.example.com",
        "bob",
    ),
    Case(".gitlab-ci.yml", "variables:\n  DB_PASSWORD:\n    value: SECRET\n    description: of the database\n"),
    Case(
        "ci/build.yml",
        "build:\n  script:\n    - make\n    - echo SECRET | docker login -u bob --password-stdin quay.io\n",
        "quay.io",
        "bob",
    ),
    Case(
        ".circleci/config.yml",
        """\
jobs:
  build:
    docker:
      - image: acme/api:1
        auth:
          username: bob
          password: SECRET
""",
        "docker.io",
        "bob",
    ),
    Case(
        ".circleci/steps.yml",
        "jobs:\n  b:\n    steps:\n      - run:\n          command: docker login -u bob -p SECRET ghcr.io\n",
        "ghcr.io",
        "bob",
    ),
    Case(".circleci/environment.yml", "jobs:\n  b:\n    environment:\n      - DB_PASSWORD: SECRET\n"),
    Case(".travis.yml", "env:\n  global:\n    - A=1 DB_PASSWORD=SECRET B=2\n"),
    Case(".travis.yml", "env: DB_PASSWORD=SECRET\n"),
    Case(".travis.yml", "before_install:\n  - docker login -u bob -p SECRET\n", "docker.io", "bob"),
    Case(
        "bitbucket-pipelines.yml",
        "image:\n  name: quay.io/acme/api\n  username: bob\n  password: SECRET\n",
        "quay.io",
        "bob",
    ),
    Case("azure-pipelines.yml", "variables:\n- name: db_password\n  value: SECRET\n"),
    Case("azure-pipelines-release.yml", "steps:\n- bash: docker login -u bob -p SECRET quay.io\n", "quay.io", "bob"),
    Case(
        ".drone.yml",
        "steps:\n- name: push\n  settings:\n    registry: quay.io\n    username: bob\n    password: SECRET\n",
        "quay.io",
        "bob",
    ),
    Case(
        ".woodpecker/a.yaml",
        "steps:\n  push:\n    settings:\n      repo: ghcr.io/acme/a\n      username: bob\n      password: SECRET\n",
        "ghcr.io",
        "bob",
    ),
    Case(".buildkite/pipeline.yml", "steps:\n  - command: docker login -u bob -p 'SECRET' quay.io\n", "quay.io", "bob"),
    Case("appveyor.yml", "environment:\n  db_password: SECRET\n"),
    Case("appveyor.yml", "build_script:\n- ps: docker login -u bob -p SECRET quay.io\n", "quay.io", "bob"),
    Case(
        "cloudbuild.yaml",
        "steps:\n- name: gcr.io/cloud-builders/docker\n  args: ['login', '-u', 'bob', '-p', 'SECRET', 'quay.io']\n",
        "quay.io",
        "bob",
    ),
    Case(
        ".github/dependabot.yml",
        """\
registries:
  acme:
    type: docker-registry
    url: registry.example.com
    username: bob
    password: SECRET
""",
        "registry.example.com",
        "bob",
    ),
    Case(
        "renovate.json",
        '{"hostRules": [{"hostType": "docker", "matchHost": "quay.io", "username": "bob", "password": "SECRET"}]}',
        "quay.io",
        "bob",
    ),
    Case(".renovaterc", '{\n  // why\n  "hostRules": [{"matchHost": "ghcr.io", "token": "SECRET"}],\n}', "ghcr.io"),
    Case("renovate.json5", "{\n  hostRules: [{\n    matchHost: 'quay.io',\n    password: 'SECRET',\n  }],\n}\n"),
    Case(
        "Jenkinsfile",
        """\
pipeline {
  stages { stage('x') { steps {
    sh "make" // docker login -p nothing
    sh '''
      docker login -u bob -p SECRET quay.io
    '''
  } } }
}
""",
        "quay.io",
        "bob",
    ),
    Case(
        "Jenkinsfile", "sh(script: \"docker login -u bob -p 'SECRET' quay.io\", returnStdout: true)\n", "quay.io", "bob"
    ),
    Case("Jenkinsfile", "withEnv(['A=b', 'DB_PASSWORD=SECRET']) {\n}\n"),
    Case("Jenkinsfile", "parameters { string(name: 'DB_PASSWORD', defaultValue: 'SECRET', description: 'x') }\n"),
    Case("ci.jenkinsfile", "environment {\n  DB_PASSWORD = 'SECRET'\n}\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text.split("\n")[0][:20] + case.name[-24:])
def test_every_system(workstation, tmp_path: Path, case: Case) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    assert ci_files.claims(Path("/x") / case.name)
    text = case.text.replace("SECRET", word)
    (found,) = look(workstation, tmp_path / case.name, text).findings
    assert found.secret and found.secret.reveal() == word
    assert (found.registry, found.username) == (case.registry, case.username)
    assert found.confidence >= Confidence.LIKELY or case.name.endswith("5")
    assert found.severity is (Severity.HIGH if case.registry else Severity.MEDIUM)
    assert stands_at(found, text, word)


REFERENCES = [
    (".github/workflows/a.yml", "jobs: {b: {steps: [{uses: docker/login-action@v3, with: {password: '%s'}}]}}\n"),
    (".gitlab-ci.yml", "variables:\n  DB_PASSWORD: '%s'\n"),
    (".travis.yml", "env:\n  - DB_PASSWORD=%s\n"),
    ("azure-pipelines.yml", "variables:\n- name: db_password\n  value: '%s'\n"),
    (".github/workflows/a.yml", "jobs:\n  b:\n    steps:\n      - run: docker login -u bob -p %s quay.io\n"),
]


@pytest.mark.parametrize(("name", "text"), REFERENCES)
@pytest.mark.parametrize(
    "value",
    [
        "${{ secrets.TOKEN }}",
        "$TOKEN",
        "${TOKEN}",
        "$(TOKEN)",
        "<< parameters.token >>",
        "$[[ inputs.token ]]",
        "changeme",
    ],
)
def test_references_are_quiet(workstation, tmp_path: Path, name: str, text: str, value: str) -> None:  # type: ignore[no-untyped-def]
    assert look(workstation, tmp_path / name, text % value).findings == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".travis.yml", "env:\n  global:\n    - secure: 'WORD'\n"),
        ("appveyor.yml", "environment:\n  db_password:\n    secure: WORD\n"),
        (".drone.yml", "steps:\n- settings:\n    password:\n      from_secret: WORD\n"),
        (".gitlab-ci.yml", "a:\n  variables:\n    DB_PASSWORD: !reference [.b, WORD]\n"),
        (".circleci/config.yml", "steps:\n- save_cache:\n    key: deps-v1-WORD\n"),
        (".github/workflows/a.yml", "permissions:\n  id-token: write\n"),
        ("Jenkinsfile", "environment {\n  DB_PASSWORD = credentials('WORD')\n}\n"),
        ("Jenkinsfile", "withCredentials([usernamePassword(credentialsId: 'WORD', passwordVariable: 'PW')]) { }\n"),
        ("Jenkinsfile", 'sh "docker login -u bob -p ${TOKEN} quay.io"\n'),
        ("Jenkinsfile", "sh 'echo $TOKEN | docker login -u bob --password-stdin'\n"),
        ("renovate.json", '{"hostRules": [{"matchHost": "quay.io", "encrypted": {"password": "WORD"}}]}'),
    ],
)
def test_what_is_kept_elsewhere(workstation, tmp_path: Path, name: str, text: str) -> None:  # type: ignore[no-untyped-def]
    assert look(workstation, tmp_path / name, text.replace("WORD", random_password())).findings == []


def test_docker_auth_config(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    auth = base64.b64encode(f"bob:{word}".encode()).decode()
    document = json.dumps({"auths": {"quay.io": {"auth": auth}}})
    text = f"variables:\n  A: b\n  DOCKER_AUTH_CONFIG: '{document}'\n"
    (found,) = look(workstation, tmp_path / ".gitlab-ci.yml", text).findings
    assert found.secret and found.secret.reveal() == word
    assert (found.registry, found.username, found.confidence) == ("quay.io", "bob", Confidence.CERTAIN)
    assert stands_at(found, text, auth)


def test_a_token_is_known_under_any_name(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    token = random_token("dckr_pat_", 27)
    (found,) = look(workstation, tmp_path / ".travis.yml", f"x:\n- {token}\n").findings
    assert (found.confidence, found.severity) == (Confidence.CERTAIN, Severity.CRITICAL)


def test_broken_yaml_is_read_line_by_line(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    text = f'a: "open\nb:\n  DB_PASSWORD: {word}  # why\nscript: [\n'
    (found,) = look(workstation, tmp_path / ".travis.yml", text).findings
    assert found.secret and found.secret.reveal() == word
    assert stands_at(found, text, word)


def test_same_secret_twice_has_two_locators(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    text = f"steps:\n- env: {{DB_PASSWORD: {word}}}\n- env: {{DB_PASSWORD: {word}}}\n"
    found = look(workstation, tmp_path / ".drone.yml", text).findings
    assert [one.place.line for one in found] == [2, 3]
    assert len({one.locator for one in found}) == 2


def test_a_large_file_is_skipped(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    got = look(workstation, tmp_path / ".travis.yml", "#" * (5 * 1024 * 1024))
    assert [one.reason.split(":")[0] for one in got.skipped] == ["too large"]


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        (".github/workflows/ci.yml", True),
        ("action.yaml", True),
        (".gitlab-ci.yml", True),
        (".gitlab/ci/build.yml", True),
        ("Jenkinsfile.release", True),
        ("Renovate.json", True),
        ("docker-compose.yml", False),
        ("values.yaml", False),
        ("ci.json", False),
    ],
)
def test_which_files_are_ours(name: str, claimed: bool) -> None:
    assert ci_files.claims(Path("/x") / name) is claimed


words = (
    st.text("aZ9!#%^*-_=+.,:;?~@é$\\ß\U0001f600", min_size=8, max_size=30)
    .filter(lambda rest: "****" not in rest and "..." not in rest)  # masked, or left out: no secret
    .map(lambda rest: f"Zk9{rest}")
)
scripts = st.lists(
    st.sampled_from(["make", "echo 'a b'", "", "  # why", 'test -n "$X" && make all the things here']), max_size=5
)


@given(words, scripts, scripts, st.sampled_from([None, "'", '"', "|", ">"]), st.integers(0, 3), st.booleans())
def test_the_line_is_the_one_on_which_the_secret_stands(
    tmp_path_factory: pytest.TempPathFactory,
    word: str,
    before: list[str],
    after: list[str],
    style: str | None,
    depth: int,
    crlf: bool,
) -> None:
    script = "\n".join([*before, f"docker login -u bob -p '{word}' quay.io", *after])
    document: object = {"run": script}
    for _ in range(depth):
        document = {"steps": [document]}
    text = yaml.safe_dump(document, default_style=style, allow_unicode=True, width=40)
    assume(yaml.safe_load(text) == document)
    if crlf:
        text = text.replace("\n", "\r\n")
    folder = tmp_path_factory.getbasetemp()
    path = folder / ".travis.yml"
    path.write_bytes(text.encode())
    workstation = Workstation(home=folder, environment={}, key=FingerprintKey(b"k" * 32))
    (found,) = seen(ci_files.read(workstation, path)).findings
    assert found.secret and found.secret.reveal() == word
    assert (found.registry, found.username) == ("quay.io", "bob")
    assert stands_at(found, text, "Zk9")
    assert found.place.line == next(number for number, line in enumerate(text.split("\n"), 1) if "Zk9" in line)


@given(
    st.text(st.characters(exclude_categories=["Cs"])) | st.from_regex(r"(?:password: |- |run: |\{\{|['\"|>&*!\n ]|x)*")
)
def test_nothing_raises(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    workstation = Workstation(home=folder, environment={}, key=FingerprintKey(b"k" * 32))
    for name in (".travis.yml", "Jenkinsfile", "renovate.json5"):
        path = folder / name
        path.write_bytes(f"password: x\n{text}".encode())
        got = seen(ci_files.read(workstation, path))
        assert len(got.looked) == 1
