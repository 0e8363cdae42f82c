"""Secrets in compose files, manifests, Ansible, Terraform and any other YAML; and what only looks like one."""

# ruff: noqa: E501  one case a line
from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import orchestration_files
from checks.files.reading import Document
from checks.model.finding import Confidence, Finding, Severity
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from tests.checks.conftest import Seen, encoded, random_password, random_token, seen, write


def look(workstation, path: Path, text: str) -> Seen:  # type: ignore[no-untyped-def]
    return seen(orchestration_files.read(workstation(), write(path, text)))


def stands_at(found: Finding, text: str, word: str) -> bool:
    place = found.place
    assert place.line and place.column
    return text.split("\n")[place.line - 1][place.column - 1 :].startswith(word)


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@dataclass(frozen=True)
class Case:
    """A file with one secret, at SECRET."""

    name: str
    text: str
    rule: str
    registry: str | None = None
    username: str | None = None


COMPOSE, KUBERNETES, ANSIBLE, TERRAFORM = "compose-secret", "kubernetes-secret", "ansible-secret", "terraform-secret"
CASES = [
    Case("docker-compose.yml", "services: {db: {environment: {DB_PASSWORD: SECRET}}}\n", COMPOSE),
    Case("compose.prod.yaml", "services:\n  db:\n    environment:\n    - A=b\n    - DB_PASSWORD=SECRET\n", COMPOSE),
    Case("docker-compose.yml", "services:\n  db:\n    build:\n      args:\n        DB_PASSWORD: SECRET\n", COMPOSE),
    Case("docker-compose.yml", "services:\n  db:\n    build:\n      args:\n      - DB_PASSWORD=SECRET\n", COMPOSE),
    Case("docker-compose.yml", "services:\n  db:\n    labels:\n    - acme.password=SECRET\n", COMPOSE),
    Case("docker-compose.yml", "services:\n  db:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD:-SECRET}\n", COMPOSE),
    Case("compose.yml", "services:\n  db:\n    command: api --db-password SECRET\n", COMPOSE),
    Case("compose.yml", "services:\n  db:\n    command: [api, --db-password, SECRET]\n", COMPOSE),
    Case("compose.yml", "services:\n  db:\n    healthcheck:\n      test: [CMD, mysqladmin, -u, bob, -pSECRET, ping]\n", COMPOSE, None, "bob"),
    Case("compose.yml", "services:\n  db:\n    healthcheck:\n      test: [CMD-SHELL, 'mongosh -u bob -p SECRET']\n", COMPOSE, None, "bob"),
    Case("compose.yml", "services:\n  db:\n    healthcheck:\n      test:\n      - CMD\n      - redis-cli\n      - -a\n      - SECRET\n", COMPOSE),
    Case("compose.yml", "services:\n  db:\n    healthcheck:\n      test: [CMD-SHELL, 'psql \"user=bob password=SECRET\"']\n", COMPOSE),
    Case("compose.yml", "services:\n  db:\n    entrypoint: ['sh', '-c', 'docker login -u bob -p SECRET quay.io']\n", COMPOSE, "quay.io", "bob"),
    Case("compose.yml", "x-common: &c\n  DB_PASSWORD: SECRET\nservices:\n  a: {environment: *c}\n  b: {environment: *c}\n", COMPOSE),
    Case("compose.yml", "x-p: &p SECRET\nservices: {a: {environment: {DB_PASSWORD: *p}}}\n", COMPOSE),
    Case("kustomization.yaml", "secretGenerator:\n- literals:\n  - db-password=SECRET\n", "yaml-secret"),
    Case("compose.yml", "configs:\n  db_password:\n    content: SECRET\n", COMPOSE),
    Case("compose.yml", "services:\n  w:\n    environment:\n      DATABASE_URL: postgres://bob:SECRET@db/x\n", COMPOSE, "db", "bob"),
    Case("docker-stack.yml", "services:\n  w:\n    environment:\n      REGISTRY_USERNAME: bob\n      REGISTRY_PASSWORD: SECRET\n      REGISTRY_HOST: quay.io\n", COMPOSE, "quay.io", "bob"),
    Case("secret.yaml", "apiVersion: v1\nkind: Secret\nstringData:\n  username: bob\n  password: SECRET\n", KUBERNETES, None, "bob"),
    Case("config.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  db-password: SECRET\n", KUBERNETES),
    Case("config.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  app.properties: |\n    a=b\n    db.password=SECRET\n", KUBERNETES),
    Case("config.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  app.yaml: |\n    db:\n      host: x\n      password: SECRET\n", KUBERNETES),
    Case("pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - name: DB_PASSWORD\n      value: SECRET\n", KUBERNETES),
    Case("pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - args: [--db-password=SECRET]\n", KUBERNETES),
    Case("list.yaml", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  stringData: {password: SECRET}\n", KUBERNETES),
    Case("values.yaml", "imageCredentials:\n  registry: quay.io\n  username: bob\n  password: SECRET\n", "helm-secret", "quay.io", "bob"),
    Case("values-prod.yaml", "postgresql:\n  auth:\n    postgresPassword: SECRET\n", "helm-secret"),
    Case("templates/secret.yaml", "apiVersion: v1\nkind: Secret\n{{- if .Values.x }}\nmetadata:\n  name: {{ .Release.Name }}\nstringData:\n  password: SECRET\n{{- end }}\n", KUBERNETES),
    Case("group_vars/all.yml", "db_password: SECRET\n", ANSIBLE),
    Case("playbook.yml", "- hosts: all\n  tasks:\n  - community.docker.docker_login:\n      registry_url: quay.io\n      username: bob\n      password: SECRET\n", ANSIBLE, "quay.io", "bob"),
    Case("playbook.yml", "- hosts: all\n  tasks:\n  - docker_login:\n      username: bob\n      password: SECRET\n", ANSIBLE, "docker.io", "bob"),
    Case("playbook.yml", "- hosts: all\n  tasks:\n  - ansible.builtin.shell: docker login -u bob -p SECRET quay.io\n", ANSIBLE, "quay.io", "bob"),
    Case("playbook.yml", "- hosts: all\n  tasks:\n  - mysql_user: name=bob password=SECRET state=present\n", ANSIBLE),
    Case("inventory/hosts.yaml", "all:\n  hosts:\n    a:\n      ansible_password: SECRET\n", "yaml-secret"),
    Case("main.tf", 'provider "docker" {\n  registry_auth {\n    address  = "quay.io"\n    username = "bob"\n    password = "SECRET"\n  }\n}\n', TERRAFORM, "quay.io", "bob"),
    Case("main.tf", 'variable "db_password" {\n  type    = string\n  default = "SECRET"\n}\n', TERRAFORM),
    Case("main.tf", 'variable "x" {\n  default   = "SECRET"\n  sensitive = true\n}\n', TERRAFORM),
    Case("main.tf", 'resource "a" "b" {\n  user_data = <<-EOT\n    #!/bin/sh\n    docker login -u bob -p SECRET quay.io\n  EOT\n}\n', TERRAFORM, "quay.io", "bob"),
    Case("main.tf", 'x = jsonencode({ db = { password = "SECRET" } })\n', TERRAFORM),
    Case("main.tf", 'x = jsonencode({ auths = { "quay.io" = { auth = base64encode("bob:SECRET") } } })\n', TERRAFORM, "quay.io", "bob"),
    Case("prod.tfvars", 'region = "eu"\ndb_password = "SECRET"\n', TERRAFORM),
    Case("api.nomad.hcl", 'config {\n  image = "a"\n  auth {\n    username = "bob"\n    password = "SECRET"\n    server_address = "quay.io"\n  }\n}\n', TERRAFORM, "quay.io", "bob"),
    Case("a.tfstate", '{"outputs": {"x": {"value": "SECRET", "type": "string", "sensitive": true}}}', TERRAFORM),
    Case("a.tfstate", '{"resources": [{"instances": [{"attributes": {"password": "SECRET", "id": "1"}}]}]}', TERRAFORM),
    Case("a.tfstate.backup", '{"resources": [{"instances": [{"attributes": {"x": "SECRET", "y": "none of it"}, "sensitive_attributes": [[{"type": "get_attr", "value": "x"}]]}]}]}', TERRAFORM),
    Case("devcontainer.json", '{\n  // why\n  "containerEnv": {"DB_PASSWORD": "SECRET"},\n}', "devcontainer-secret"),
    Case(".devcontainer/devcontainer.json", '{"postCreateCommand": "docker login -u bob -p SECRET quay.io"}', "devcontainer-secret", "quay.io", "bob"),
    Case("Pulumi.dev.yaml", "config:\n  app:dbPassword: SECRET\n", "pulumi-secret"),
    Case("serverless.yml", "provider:\n  environment:\n    DB_PASSWORD: SECRET\n", "serverless-secret"),
    Case("template.yaml", "Parameters:\n  DbPassword:\n    Type: String\n    Default: SECRET\n", "yaml-secret"),
    Case("config/application.yml", "spring:\n  datasource:\n    password: 'SECRET'\n", "yaml-secret"),
    Case("deep.yml", "auths:\n  quay.io:\n    username: bob\n    password: SECRET\n", "yaml-secret", "quay.io", "bob"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}-{case.text[:20]!r}")
def test_every_kind(workstation, tmp_path: Path, case: Case) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    assert orchestration_files.claims(Path("/x") / case.name)
    text = case.text.replace("SECRET", word)
    folder = tmp_path / "tree"
    (found,) = look(workstation, folder / case.name, text).findings
    assert found.secret and found.secret.reveal() == word
    assert (found.rule, found.registry, found.username) == (case.rule, case.registry, case.username)
    sample = case.name.startswith("template")
    assert found.confidence >= (Confidence.POSSIBLE if sample else Confidence.LIKELY)
    assert found.severity is (Severity.HIGH if case.registry else Severity.MEDIUM)
    assert stands_at(found, text, word)


REFERENCES = [
    ("compose.yml", "services:\n  db:\n    environment:\n      DB_PASSWORD: '%s'\n"),
    ("compose.yml", "services:\n  db:\n    environment:\n    - DB_PASSWORD=%s\n"),
    ("values.yaml", "imageCredentials: {registry: quay.io, password: '%s'}\n"),
    ("main.tf", 'resource "a" "b" {\n  password = "%s"\n}\n'),
    ("playbook.yml", "- shell: docker login -u bob -p '%s' quay.io\n"),
    ("secret.yaml", "kind: Secret\nstringData:\n  password: '%s'\n"),
]
VALUES = [
    "",
    "$TOKEN",
    "${TOKEN}",
    "${TOKEN:?missing}",
    "{{ vault_password }}",
    "{{ a }}-{{ b }}",
    "x{{ a }}",
    "${var.password}",
    "changeme",
    "<password>",
    "ENC[AES256_GCM,data:abcdef,iv:x,tag:y,type:str]",
    "vault:secret/data/x#password",
    "op://vault/item/password",
    "db_password",
]


@pytest.mark.parametrize(("name", "text"), REFERENCES)
@pytest.mark.parametrize("value", VALUES)
def test_references_are_quiet(workstation, tmp_path: Path, name: str, text: str, value: str) -> None:  # type: ignore[no-untyped-def]
    assert [one for one in look(workstation, tmp_path / name, text % value).findings if "shell" not in text] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pod.yaml", "env:\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: WORD, key: password}\n"),
        ("sealed.yaml", "kind: SealedSecret\nspec:\n  encryptedData:\n    password: WORD\n"),
        (
            "external.yaml",
            "kind: ExternalSecret\nspec:\n  data:\n  - secretKey: password\n    remoteRef: {key: WORD}\n",
        ),
        ("crd.yaml", "kind: CustomResourceDefinition\nspec:\n  password: WORD\n"),
        ("vars.yml", "db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  616263WORD\n"),
        ("home.yaml", "password: !secret WORD\n"),
        ("cloudformation.yaml", "Password: !Ref WORD\n"),
        ("Pulumi.dev.yaml", "config:\n  app:dbPassword:\n    secure: v1:WORD\n"),
        ("compose.yml", "secrets:\n  db_password:\n    file: ./WORD\n"),
        ("compose.yml", "services:\n  db:\n    environment:\n      DB_PASSWORD_FILE: /run/secrets/WORD\n"),
        ("main.tf", "resource a b {\n  password = var.WORD\n}\n"),
        ("main.tf", "resource a b {\n  password = random_password.WORD.result\n}\n"),
        ("main.tf", '# password = "WORD"\n/* password = "WORD" */\n'),
        ("a.yml", "# password: WORD\na: 1\n"),
        ("locales/de.yml", "de:\n  password: WORD\n"),
        ("a.yml", "update_password: on_create\n"),
        ("secret.yaml", "kind: Secret\ndata:\n  password: {{ .Values.WORD | b64enc }}\n"),
        ("secret.yaml", "kind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: WORD\n"),
    ],
)
def test_what_is_kept_elsewhere(workstation, tmp_path: Path, name: str, text: str) -> None:  # type: ignore[no-untyped-def]
    assert look(workstation, tmp_path / name, text.replace("WORD", random_password())).findings == []


@pytest.mark.parametrize("field", ["data", "stringData"])
@pytest.mark.parametrize(("key", "flat"), [(".dockerconfigjson", False), (".dockercfg", True)])
def test_registry_secrets(workstation, tmp_path: Path, field: str, key: str, flat: bool) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    entries = {"quay.io": {"auth": encoded("bob", word)}}
    document = json.dumps(entries if flat else {"auths": entries})
    value = base64_of(document) if field == "data" else f"'{document}'"
    text = f"apiVersion: v1\nkind: Secret\ntype: kubernetes.io/x\n{field}:\n  {key}: {value}\n"
    (found,) = look(workstation, tmp_path / "secret.yaml", text).findings
    assert found.secret and found.secret.reveal() == word
    assert (found.registry, found.username, found.confidence) == ("quay.io", "bob", Confidence.CERTAIN)
    assert stands_at(found, text, value if field == "data" else encoded("bob", word))


def test_a_credential_file_in_base64_under_any_name(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    for indent in (None, 2, 4, "\t"):
        value = base64_of(json.dumps({"auths": {"quay.io": {"auth": encoded("bob", word)}}}, indent=indent))
        (found,) = look(workstation, tmp_path / "values.yaml", f"a: b\npullSecret: {value}\n").findings
        assert found.secret and found.secret.reveal() == word
        assert (found.registry, found.username, found.place.line) == ("quay.io", "bob", 2)


def test_opaque_data(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word, setting, token = random_password(), random_password(), random_token("ghp_", 36)
    values = {"username": "bob", "password": word, "app.env": f"A=b\nDB_PASSWORD={setting}\n", "x": token}
    lines = "".join(f"  {name}: {base64_of(value)}\n" for name, value in values.items())
    text = f"apiVersion: v1\nkind: Secret\ndata:\n{lines}"
    found = {one.place.line: one for one in look(workstation, tmp_path / "secret.yaml", text).findings}
    assert {line: one.secret.reveal() for line, one in found.items() if one.secret} == {5: word, 6: setting, 7: token}
    assert found[5].username == "bob"
    assert found[7].severity is Severity.CRITICAL


def test_the_copy_that_kubectl_keeps(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    copy = json.dumps({"apiVersion": "v1", "kind": "Secret", "data": {"password": base64_of(word)}})
    text = (
        "apiVersion: v1\nkind: Deployment\nmetadata:\n  annotations:\n"
        f"    kubectl.kubernetes.io/last-applied-configuration: |\n      {copy}\n"
    )
    (found,) = look(workstation, tmp_path / "a.yaml", text).findings
    assert found.secret and found.secret.reveal() == word
    assert stands_at(found, text, base64_of(word))


def test_private_key(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    label = "RSA PRIVATE" + " KEY"
    body = "\n".join("  " + random_token("", 64) for _ in range(4))
    text = f"tls_key: |\n  -----BEGIN {label}-----\n{body}\n  -----END {label}-----\n"
    (found,) = look(workstation, tmp_path / "a.yml", text).findings
    assert (found.severity, found.place.line, found.place.end_line) == (Severity.CRITICAL, 2, 7)


def test_a_sample_is_only_possible(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    text = f"db_password: {random_password()}\n"
    for name in ("examples/a.yml", "a.sample.yaml", "a.yml.example"):
        (found,) = look(workstation, tmp_path / name, text).findings
        assert found.confidence is Confidence.POSSIBLE, name


def test_a_user_called_test(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    home = tmp_path / "test"
    path = write(home / "a.yml", f"db_password: {random_password()}\n")
    (found,) = seen(orchestration_files.read(workstation(home=home), path)).findings
    assert found.confidence is Confidence.LIKELY


def test_an_installed_package_is_only_possible(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    text = f"db_password: {random_password()}\n"
    (found,) = look(workstation, tmp_path / "node_modules" / "x" / "a.yml", text).findings
    assert found.confidence is Confidence.POSSIBLE


@pytest.mark.parametrize(("name", "text"), [("a.tf", "a {" * 300), ("a.tfstate", "[" * 11_000)])
def test_what_lies_too_deep_is_said(workstation, tmp_path: Path, name: str, text: str) -> None:  # type: ignore[no-untyped-def]
    got = look(workstation, tmp_path / name, f'{text}"password"')
    assert [one.reason.split(":")[0] for one in got.skipped] == ["not read to its end"]


def test_utf16(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    write(tmp_path / "a.yml", f"a: 1\r\ndb_password: {word}\r\n".encode("utf-16"))
    (found,) = seen(orchestration_files.read(workstation(), tmp_path / "a.yml")).findings
    assert found.secret and found.secret.reveal() == word
    assert found.place.line == 2


def test_a_token_in_a_name_is_not_shown(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    token = random_token("ghp_", 36)
    (found,) = look(workstation, tmp_path / "a.yml", f"{token}:\n  password: {random_password()}\n").findings
    assert token not in repr(found)


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("docker-compose.yml", True),
        ("anything.yaml", True),
        ("main.tf", True),
        ("terraform.tfstate", True),
        (".devcontainer/devcontainer.json", True),
        (".github/workflows/ci.yml", False),
        (".gitlab-ci.yml", False),
        ("pnpm-lock.yaml", False),
        (".terraform.lock.hcl", False),
        ("package.json", False),
    ],
)
def test_which_files_are_ours(name: str, claimed: bool) -> None:
    assert orchestration_files.claims(Path("/x") / name) is claimed


@given(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.from_regex(r'(?:password(?:: |=)|- |\{\{|[\'"|>&*!{}\[\]\n ]|x)*')
)
def test_nothing_raises(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    workstation = Workstation(home=folder, environment={}, key=FingerprintKey(b"k" * 32))
    for name in ("a.yml", "a.tf", "a.tfstate"):
        path = folder / name
        path.write_bytes(f"password: x\nkind: Secret\n{text}".encode())
        assert len(seen(orchestration_files.read(workstation, path)).looked) == 1


@given(st.text("ab7$!+-", min_size=4))
def test_compose_takes_two_dollars_for_one(password: str) -> None:
    word = f"Wren{password}48"
    written = json.dumps(word.replace("$", "$$"), ensure_ascii=False)
    text = f"services:\n  db:\n    image: x\n    environment:\n      DB_PASSWORD: {written}\n"
    document = Document(Path("compose.yml"), text.encode(), 0o600, 0, 0)
    machine = Workstation(home=Path("/h"), environment={}, key=FingerprintKey(b"k" * 32), root=Path("/r"))
    found = seen(orchestration_files.look(machine, document)).findings
    assert [one.secret and one.secret.reveal() for one in found] == [word]


INVENTORY = """\
[web]
web1 ansible_user=ops {}
[web:vars]
x=1
"""


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("hosts", "ansible_password={}"),
        ("inventory/production", "ansible_ssh_pass='{}'"),
        ("inventory.ini", "ansible_become_pass={}"),
        ("hosts.ini", "ansible_sudo_pass={} ansible_port=22 # old"),
        ("inventories/prod.ini", 'db_password="{}"'),
    ],
)
def test_inventories_of_ansible(workstation, tmp_path: Path, name: str, setting: str) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    text = INVENTORY.format(setting.format(word))
    (found,) = look(workstation, tmp_path / name, text).findings
    assert found.secret and found.secret.reveal() == word
    assert (found.rule, found.username, found.confidence) == (ANSIBLE, "ops", Confidence.LIKELY)
    assert stands_at(found, text, word)
    assert orchestration_files.may_claim(Path(name).name, str((tmp_path / name).parent))


@pytest.mark.parametrize("value", ["{{ vault_password }}", "", "changeme", "$ANSIBLE_VAULT;1.1;AES256"])
def test_inventories_without_secrets(workstation, tmp_path: Path, value: str) -> None:  # type: ignore[no-untyped-def]
    text = f"[web]\nweb1 ansible_ssh_private_key_file=/x/y\n[web:vars]\nansible_ssh_pass={value}\n"
    assert not look(workstation, tmp_path / "hosts", text).findings
