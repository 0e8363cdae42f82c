"""The new value is read back by the programs whose file it is, not by our checks alone; all other bytes stay."""

from __future__ import annotations

import ast
import base64
import configparser
import json
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checks import docker_config, environment_files
from checks.model.secret import Secret
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.value_edit import plan_edit, ways_for
from tests.checks.conftest import encoded, random_password, random_token
from tests.guides.edits.scene import Scene, assert_shows_nothing, made, there_and_back

VISIBLE = st.text(
    st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("äß€Ω漢😀"), min_size=8, max_size=16
)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def bash_value(path: Path) -> str:
    script = f'. "{path}"; printf %s "$DB_PASSWORD"'
    return subprocess.run(["bash", "--norc", "-c", script], capture_output=True, check=True, text=True).stdout


def yaml_value(path: Path) -> Any:
    return yaml.safe_load(path.read_text())["db_password"]


def fish_value(path: Path) -> str:
    run = ["fish", "--no-config", "-c", f"source {path}; printf %s $DB_PASSWORD"]
    return subprocess.run(run, capture_output=True, check=True, text=True).stdout


def git_value(path: Path) -> str:
    run = ["git", "config", "--file", str(path), "url.x.password"]
    return subprocess.run(run, capture_output=True, check=True, text=True).stdout.removesuffix("\n")


def xml_value(path: Path) -> str:
    return ElementTree.parse(path).findtext(".//password") or ""


def ini_value(path: Path) -> str:
    parser = configparser.RawConfigParser()
    parser.read_string(path.read_text())
    return parser["acme"]["password"]


def python_value(path: Path) -> Any:
    assigned = ast.parse(path.read_text()).body[0]
    assert isinstance(assigned, ast.Assign)
    return ast.literal_eval(assigned.value)


def netrc_value(path: Path) -> str:
    import netrc

    login = netrc.netrc(str(path)).authenticators("ghcr.io")
    return login[2] if login else ""


_MAVEN = "<settings><servers><server><id>a</id><password>%</password></server></servers></settings>"
READERS: dict[str, tuple[str, str, Callable[[Path], Any]]] = {
    "bash, bare": (".bashrc", "export DB_PASSWORD=%\n", bash_value),
    "bash, single": (".bashrc", "export DB_PASSWORD='%'\n", bash_value),
    "bash, double": (".bashrc", 'export DB_PASSWORD="%"\n', bash_value),
    "fish": (".config/fish/config.fish", "set -gx DB_PASSWORD '%'\n", fish_value),
    "fish, double": (".config/fish/config.fish", 'set -gx DB_PASSWORD "%"\n', fish_value),
    "YAML, plain": ("group_vars/all.yml", "db_password: %\n", yaml_value),
    "YAML, single": ("app/settings.yml", "db_password: '%'\n", yaml_value),
    "YAML, double": ("app/settings.yml", 'db_password: "%"\n', yaml_value),
    "YAML, in a flow": ("app/settings.yml", "db: {password: %, port: 1}\n",
                        lambda path: yaml.safe_load(path.read_text())["db"]["password"]),
    "JSON": (".composer/auth.json", '{"http-basic": {"x.org": {"username": "a", "password": "%"}}}',
             lambda path: json.loads(path.read_text())["http-basic"]["x.org"]["password"]),
    "TOML": (".cargo/credentials.toml", "[registry]\ntoken = \"%\"\n",
             lambda path: tomllib.loads(path.read_text())["registry"]["token"]),
    "TOML, literal": (".cargo/credentials.toml", "[registry]\ntoken = '%'\n",
                      lambda path: tomllib.loads(path.read_text())["registry"]["token"]),
    "XML": (".m2/settings.xml", _MAVEN, xml_value),
    "CDATA": (".m2/settings.xml", _MAVEN.replace("%", "<![CDATA[%]]>"), xml_value),
    "INI": (".pypirc", "[acme]\nusername = a\npassword = %\n", ini_value),
    "Python": ("settings.py", 'DB_PASSWORD = "%"\n', python_value),
    "netrc": (".netrc", "machine ghcr.io login a password %\n", netrc_value),
}  # fmt: skip


@pytest.mark.parametrize("format_", READERS)
@MANY
@given(new=VISIBLE)
@example(new='it\'s "5$" `x` \\ #1')
@example(new="$(touch x)${HOME}")
@example(new="1234567890")
@example(new="true-or-false")
@example(new="trailing\\")
@example(new="<a>&amp;]]>")
@example(new="{{ x }} ${{ y }}")
def test_what_is_written_is_what_its_program_reads(
    tmp_path_factory: pytest.TempPathFactory, format_: str, new: str
) -> None:
    name, text, read = READERS[format_]
    if read in (bash_value, fish_value) and not shutil.which(format_.partition(",")[0]):
        pytest.skip("this shell is not installed")
    scene, old = Scene(tmp_path_factory.mktemp("read")), random_token("glpat-", 20)
    path = scene.write(name, text.replace("%", old))
    planned = scene.plan(path, old, new, Way.VALUE)
    if isinstance(planned, ToDo):
        assert new not in planned.reason + planned.how
        return
    assert_shows_nothing(planned, old, new)
    path.write_bytes(there_and_back(scene, planned))
    assert read(path) == new


@pytest.mark.parametrize("format_", READERS)
def test_a_token_is_never_left_to_a_person(scene: Scene, format_: str) -> None:
    name, text, read = READERS[format_]
    if read is fish_value and not shutil.which("fish"):
        pytest.skip("fish is not installed")
    old, new = random_token("glpat-", 20), random_token("dckr_pat_", 27)
    path = scene.write(name, text.replace("%", old))
    made(scene.edit(path, old, new))
    assert path.read_text() == text.replace("%", new)
    assert read(path) == new


def test_a_number_gets_quotes_in_yaml(scene: Scene) -> None:
    old = random_password()
    path = scene.write("group_vars/all.yml", f"db_password: {old}\n")
    made(scene.edit(path, old, "8374650912"))
    assert yaml.safe_load(path.read_text()) == {"db_password": "8374650912"}


def test_docker_logins_in_base64(scene: Scene) -> None:
    old, new, other = random_password(), 'p"w:ü/x', random_password()
    text = '{"auths": {"a.io": {"auth": "%s"}, "b.io": {"auth": "%s"}, "c.io": {"username": "u", "password": "%s"}}}'
    path = scene.write(".docker/config.json", text % (encoded("me", old), encoded("you", other), old))
    edit = scene.edit(path, old, new)
    assert_shows_nothing(edit, old, new, other, encoded("me", old), encoded("you", other), encoded("me", new))
    path.write_bytes(there_and_back(scene, edit))
    auths = json.loads(path.read_text())["auths"]
    assert base64.b64decode(auths["a.io"]["auth"]).decode() == f"me:{new}"
    assert base64.b64decode(auths["b.io"]["auth"]).decode() == f"you:{other}"
    assert auths["c.io"] == {"username": "u", "password": new}


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_pull_secret_of_kubernetes_holds_base64_in_base64(scene: Scene, wrapped: bool) -> None:
    old, new, other = random_password(), random_token("dckr_pat_", 27), random_password()
    document = {"auths": {"ghcr.io": {"username": "me", "password": old, "auth": encoded("me", old)},
                          "quay.io": {"auth": encoded("you", other)}}}  # fmt: skip
    data = base64.b64encode(json.dumps(document).encode()).decode()
    value = "|\n    " + "\n    ".join(data[at : at + 76] for at in range(0, len(data), 76)) if wrapped else data
    head = "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/dockerconfigjson\n"
    text = f"{head}data:\n  .dockerconfigjson: {value}\n# end\n"
    path = scene.write("k8s/pull.yaml", text)
    path.write_bytes(there_and_back(scene, scene.edit(path, old, new)))
    held = yaml.safe_load(path.read_text())["data"][".dockerconfigjson"]
    auths = json.loads(base64.b64decode("".join(held.split())))["auths"]
    assert auths["ghcr.io"] == {"username": "me", "password": new, "auth": encoded("me", new)}
    assert auths["quay.io"] == {"auth": encoded("you", other)}


def test_a_secret_of_kubernetes_with_a_newline_at_its_end(scene: Scene) -> None:
    old, new = random_token("ghp_", 36), random_token("ghp_", 36)
    held = base64.b64encode(f"{old}\n".encode()).decode()
    path = scene.write("k8s/s.yaml", f"apiVersion: v1\nkind: Secret\ndata:\n  api-token: {held}\n")
    finder = scene.finder(path, Secret(old)) or scene.finder(path, Secret(f"{old}\n"))
    assert finder
    found = next(one for one in scene.found(path, finder))
    planned = plan_edit(scene.workstation, finder, path, found, Secret(new), Way.VALUE)
    assert isinstance(planned, ValueEdit), planned
    made(planned)
    data = yaml.safe_load(path.read_text())["data"]["api-token"]
    assert base64.b64decode(data).decode().rstrip("\n") == new


def test_a_login_in_a_url_is_percent_encoded(scene: Scene) -> None:
    old, new = random_password(), "p@ss:w/rd?#%"
    path = scene.write(".git-credentials", f"https://me:{old}@github.com\nhttps://you:x@gitlab.com\n")
    made(scene.edit(path, old, new))
    assert path.read_text().splitlines()[0] == "https://me:p%40ss%3Aw%2Frd%3F%23%25@github.com"


ENCODINGS = {
    "utf-8 with a mark": ("utf-8-sig", "\n"), "utf-16": ("utf-16", "\n"), "utf-16, big end first": ("utf-16-be", "\n"),
    "windows lines": ("utf-8", "\r\n"), "old mac lines": ("utf-8", "\r"), "utf-16, windows lines": ("utf-16", "\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("trailing", [True, False])
def test_encoding_and_line_ends_stay(scene: Scene, encoding: str, trailing: bool) -> None:
    codec, ending = ENCODINGS[encoding]
    old, new = random_password(), random_token("dckr_pat_", 27)
    text = ending.join(["# Grüße", "PORT=1", f"DB_PASSWORD='{old}'", "X=2"]) + (ending if trailing else "")
    path = scene.write("shop/.env", text.encode(codec))
    planned = plan_edit(scene.workstation, environment_files, path, Secret(old), Secret(new), Way.VALUE)
    assert isinstance(planned, ValueEdit), planned
    assert there_and_back(scene, planned) == text.replace(old, new).encode(codec)


def test_bytes_that_are_no_text_stay(scene: Scene) -> None:
    old, new = random_password(), random_token("dckr_pat_", 27)
    path = scene.write("shop/.env", b"# caf\xe9 \xff\nDB_PASSWORD=" + old.encode() + b"\nX=\xe4\n")
    made(scene.edit(path, old, new))
    assert path.read_bytes() == b"# caf\xe9 \xff\nDB_PASSWORD=" + new.encode() + b"\nX=\xe4\n"
    assert "encoding" in scene.left(path, new, "Grüße-an-alle").reason


def test_all_places_of_a_file_in_one_edit(scene: Scene) -> None:
    old, new = random_token("ghp_", 36), random_token("ghp_", 36)
    text = f"# old one: {old}\nGH_TOKEN={old}\nURL=https://me:{old}@github.com/a\nB64={encoded('me', old)}\n"
    path = scene.write("x/.env", text)
    edit = scene.edit(path, old, new)
    path.write_bytes(there_and_back(scene, edit))
    assert Secret(old) not in scene.found(path)
    assert f"# old one: {new}\nGH_TOKEN={new}\nURL=https://me:{new}@github.com/a\n" in path.read_text()


def test_what_no_check_reads_is_left_and_told(scene: Scene) -> None:
    old, new = random_password(), random_password()
    path = scene.write("x/.env", f"# was {old} before\nDB_PASSWORD={old}\n")
    edit = scene.edit(path, old, new)
    if old in path.read_text().replace(f"DB_PASSWORD={old}", ""):
        assert any("line 1" in note for note in edit.notes)
    assert_shows_nothing(edit, old, new)


def test_an_ordinary_word_is_changed_only_where_it_is_the_password(scene: Scene) -> None:
    text = "POSTGRES_USER=postgres\nPOSTGRES_HOST=postgres\nURL=postgres://postgres:postgres@postgres:5432/postgres\n"
    path = scene.write("x/.env", text)
    if not scene.finder(path, Secret("postgres")):
        pytest.skip("no check takes it for a password")
    new = random_password()
    made(scene.edit(path, "postgres", new))
    assert path.read_text() == text.replace(":postgres@", f":{new}@")


def test_the_preview_is_a_diff_without_a_secret(scene: Scene) -> None:
    old, new, other = random_password(), random_token("dckr_pat_", 27), random_password()
    text = f"A=1\nDB_PASSWORD={old}\nSMTP_PASSWORD={other}\nX=postgres://a:{old}@h/x?password={other}\n"
    path = scene.write("x/.env", text)
    edit = scene.edit(path, old, new)
    masked = f"<dckr_pat_...{new[-4:]}>"
    assert edit.preview[:3] == ("@@ -2,1 +2,1 @@", "-DB_PASSWORD=<16 characters>", f"+DB_PASSWORD={masked}")
    assert_shows_nothing(edit, old, new, other)
    assert "still plain text" in " ".join(edit.notes)


def test_hostile_text_is_made_printable(scene: Scene) -> None:
    old, new = random_password(), random_password()
    path = scene.write("x/.env", f"DB_PASSWORD='{old}' # \x1b[31m\u202e red [bold]\n")
    shown = "\n".join(scene.edit(path, old, new).preview)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\x1b" in shown


@pytest.mark.parametrize("new", ["two\nlines", "nul\x00", "bell\x07", "\ud800", "", "line\u2028sep"])
def test_values_that_fit_into_no_line(scene: Scene, new: str) -> None:
    old = random_password()
    path = scene.write("x/.env", f"DB_PASSWORD={old}\n")
    assert scene.left(path, old, new).reason


def test_the_same_value_is_no_change(scene: Scene) -> None:
    old = random_password()
    path = scene.write("x/.env", f"DB_PASSWORD={old}\n")
    assert "the old one" in scene.left(path, old, old).reason


def test_planning_again_after_it_was_made(scene: Scene) -> None:
    old, new = random_password(), random_password()
    path = scene.write("x/.env", f"DB_PASSWORD={old}\n")
    made(scene.edit(path, old, new))
    again = plan_edit(scene.workstation, environment_files, path, Secret(old), Secret(new), Way.VALUE)
    assert isinstance(again, ToDo)
    assert "not found there any more" in again.reason


def test_planning_changes_nothing(scene: Scene) -> None:
    old = random_password()
    path = scene.write("x/.env", f"DB_PASSWORD={old}\n")
    before = path.stat()
    scene.edit(path, old, random_password())
    assert path.stat() == before
    scene.nothing_is_left_over()


def test_which_ways_there_are(scene: Scene) -> None:
    home = scene.top / "home"
    assert ways_for(docker_config, home / ".docker/config.json", "{}") == (Way.VALUE,)
    assert ways_for(environment_files, home / ".env", "") == (Way.VALUE, Way.VARIABLE, Way.NOTHING)
