"""References that their readers understand, and none where no rule is known."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess

import pytest
import yaml

from guides.edits.edit import Way
from tests.checks.conftest import random_password, random_token
from tests.guides.edits.scene import Scene, there_and_back

N = "DOCKERHUB_TOKEN"
REFERENCES = [
    ("compose.yaml", "services:\n  a:\n    image: x\n    environment:\n      DB_PASSWORD: '%'\n",
     "'${DOCKERHUB_TOKEN}'"),
    (".github/workflows/a.yml", "on: push\nenv:\n  DB_PASSWORD: %\n", "${{ secrets.DOCKERHUB_TOKEN }}"),
    (".github/dependabot.yml", "registries:\n  a:\n    type: docker-registry\n    password: %\n",
     "${{ secrets.DOCKERHUB_TOKEN }}"),
    (".gitlab-ci.yml", "variables:\n  DB_PASSWORD: '%'\n", "'$DOCKERHUB_TOKEN'"),
    ("azure-pipelines.yml", "variables:\n  DB_PASSWORD: '%'\n", "'$(DOCKERHUB_TOKEN)'"),
    (".drone.yml", "steps:\n  - name: a\n    settings:\n      password: '%'\n", "{from_secret: DOCKERHUB_TOKEN}"),
    (".npmrc", "//npm.acme.org/:_authToken=%\n", "${DOCKERHUB_TOKEN}"),
    (".yarnrc.yml", 'npmAuthToken: "%"\n', '"${DOCKERHUB_TOKEN}"'),
    (".m2/settings.xml", "<settings><servers><server><id>a</id><password>%</password></server></servers></settings>",
     "${env.DOCKERHUB_TOKEN}"),
    ("x/.env", "DB_PASSWORD='%'\n", '"${DOCKERHUB_TOKEN}"'),
    ("deploy.sh", "docker login -u a -p '%' ghcr.io\n", '"${DOCKERHUB_TOKEN}"'),
    ("deploy.sh", "docker login -u a -p % ghcr.io\n", '"${DOCKERHUB_TOKEN}"'),
    ("main.tf", 'provider "docker" {\n  registry_auth {\n    address = "a.io"\n    password = "%"\n  }\n}\n',
     "var.DOCKERHUB_TOKEN"),
    ("group_vars/all.yml", "db_password: '%'\n", "\"{{ lookup('env', 'DOCKERHUB_TOKEN') }}\""),
    ("group_vars/all.yml", "db_password: %\n", "\"{{ lookup('env', 'DOCKERHUB_TOKEN') }}\""),
    (".devcontainer/devcontainer.json", '{"containerEnv": {"DB_PASSWORD": "%"}}', '"${localEnv:DOCKERHUB_TOKEN}"'),
    ("a.py", 'DB_PASSWORD = "%"\n', 'os.environ["DOCKERHUB_TOKEN"]'),
    ("a.js", "const dbPassword = '%';\n", "process.env.DOCKERHUB_TOKEN"),
    ("a.go", '\tdbPassword := "%"\n', 'os.Getenv("DOCKERHUB_TOKEN")'),
    ("A.java", 'String dbPassword = "%";\n', 'System.getenv("DOCKERHUB_TOKEN")'),
    ("a.cs", 'var dbPassword = "%";\n', 'Environment.GetEnvironmentVariable("DOCKERHUB_TOKEN")'),
    ("a.rb", "db_password = '%'\n", 'ENV.fetch("DOCKERHUB_TOKEN")'),
    ("a.php", "<?php $db_password = '%';\n", "getenv('DOCKERHUB_TOKEN')"),
    ("a.rs", '    let db_password = "%";\n', 'std::env::var("DOCKERHUB_TOKEN").expect("DOCKERHUB_TOKEN is not set")'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "reference"), REFERENCES)
def test_the_reference_stands_where_the_value_stood(scene: Scene, name: str, text: str, reference: str) -> None:
    old = random_token("glpat-", 20)
    path = scene.write(name, text.replace("%", old))
    edit = scene.edit(path, old, None, Way.VARIABLE, N)
    written = there_and_back(scene, edit).decode()
    quoted = next(mark for mark in ('"%"', "'%'", "%") if mark in text)
    assert reference in written
    assert written.replace(reference, "#") in (text.replace(quoted, "#"), text.replace("%", "#"))
    assert any(N in note for note in edit.notes)


def test_a_shell_reads_the_variable_as_one_word(scene: Scene) -> None:
    old = random_password()
    value = 'it\'s $HOME * "x"'
    path = scene.write(
        "deploy.sh", f"printf '%s' {old} > out; docker_login() {{ printf '<%s>' --password '{old}' end; }}\n"
    )
    path.write_text(f"set -- login -p '{old}' ghcr.io\nDB_PASSWORD={old}\nprintf '<%s>' \"$@\" \"$DB_PASSWORD\"\n")
    path.write_bytes(there_and_back(scene, scene.edit(path, old, None, Way.VARIABLE, N)))
    run = subprocess.run(["sh", str(path)], env={**os.environ, N: value}, capture_output=True, text=True, check=True)
    assert f"<{value}>" in run.stdout


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
def test_fish_reads_the_variable_as_one_word(scene: Scene) -> None:
    old, value = random_password(), "it's $HOME * x"
    path = scene.write("keys.fish", f"set -gx DB_PASSWORD '{old}'\nprintf '<%s>' $DB_PASSWORD\n")
    path.write_bytes(there_and_back(scene, scene.edit(path, old, None, Way.VARIABLE, N)))
    run = ["fish", "--no-config", str(path)]
    done = subprocess.run(run, env={**os.environ, N: value}, capture_output=True, text=True, check=True)
    assert done.stdout == f"<{value}>"


def test_python_still_parses(scene: Scene) -> None:
    old = random_password()
    path = scene.write("a.py", f"DATABASES = {{'default': {{'PASSWORD': '{old}'}}}}\n")
    ast.parse(there_and_back(scene, scene.edit(path, old, None, Way.VARIABLE, N)))


def test_in_a_flow_of_yaml_it_is_quoted(scene: Scene) -> None:
    old = random_password()
    path = scene.write("compose.yml", f"services: {{a: {{image: x, environment: {{DB_PASSWORD: {old}}}}}}}\n")
    made = there_and_back(scene, scene.edit(path, old, None, Way.VARIABLE, N)).decode()
    assert yaml.safe_load(made)["services"]["a"]["environment"] == {"DB_PASSWORD": "${DOCKERHUB_TOKEN}"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Dockerfile", "FROM x\nENV DB_PASSWORD=%\n"),
        (".netrc", "machine ghcr.io login a password %\n"),
        ("k8s/s.yaml", "apiVersion: v1\nkind: Secret\nstringData:\n  db-password: %\n"),
        ("a.go", 'const dbPassword = "%"\n'),
        ("a.py", "DB_URL = f'postgres://a:%@db/x'\n"),
        ("values.yaml", "db:\n  password: %\n"),
        ("prod.tfvars", 'db_password = "%"\n'),
    ],
)
def test_where_no_rule_is_known_it_says_what_to_do(scene: Scene, name: str, text: str) -> None:
    old = random_token("glpat-", 20)
    path = scene.write(name, text.replace("%", old))
    left = scene.left(path, old, None, Way.VARIABLE, N)
    assert left.reason
    assert left.how
    assert old not in f"{left.reason}{left.how}"


def test_a_variable_does_not_refer_to_itself(scene: Scene) -> None:
    old = random_password()
    path = scene.write(".bashrc", f"export {N}='{old}'\n")
    assert scene.left(path, old, None, Way.VARIABLE, N).reason
    assert scene.edit(path, old, None, Way.VARIABLE, "ANOTHER").preview


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "$(x)", "A" * 200, "Ä"])
def test_names_that_are_none(scene: Scene, name: str) -> None:
    old = random_password()
    path = scene.write("x/.env", f"DB_PASSWORD={old}\n")
    assert "name" in scene.left(path, old, None, Way.VARIABLE, name).reason


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        (".bashrc", "a=1\nexport DB_PASSWORD='%'  # mine\nb=2\n", "a=1\nb=2\n"),
        (".bashrc", "a=1\nDB_PASSWORD=%", "a=1\n"),
        (".config/fish/config.fish", "set -gx DB_PASSWORD '%'\nset -x B 1\n", "set -x B 1\n"),
        (".cshrc", "setenv DB_PASSWORD '%'\nset a=1\n", "set a=1\n"),
        ("x/.env", "A=1\r\nDB_PASSWORD=%\r\nB=2\r\n", "A=1\r\nB=2\r\n"),
        (".npmrc", "registry=https://a.org/\n//a.org/:_authToken=%\n", "registry=https://a.org/\n"),
        (".git-credentials", "https://a:%@github.com\nhttps://b:c@x.org\n", "https://b:c@x.org\n"),
    ],
)
def test_a_line_that_only_sets_it_goes(scene: Scene, name: str, text: str, left: str) -> None:
    old = random_token("glpat-", 20)
    path = scene.write(name, text.replace("%", old))
    assert there_and_back(scene, scene.edit(path, old, None, Way.NOTHING)).decode() == left


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".bashrc", "export DB_PASSWORD='%' && ./deploy\n"),
        (".bashrc", "DB_PASSWORD=% ./deploy\n"),
        (".bashrc", "f() { docker login -u a -p % ghcr.io; }\n"),
        (".bashrc", "export A=1 \\\n  DB_PASSWORD=%\n"),
        ("x/.env", "URL=postgres://a:%@db/x\n"),
        (".docker/config.json", '{"auths": {"a.io": {"identitytoken": "%"}}}'),
    ],
)
def test_a_line_that_does_more_stays(scene: Scene, name: str, text: str) -> None:
    old = random_token("glpat-", 20)
    path = scene.write(name, text.replace("%", old))
    assert scene.left(path, old, None, Way.NOTHING).reason
