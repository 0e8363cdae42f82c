"""`dockhygiene uses`, the real command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.command import dockhygiene, said
from tests.guides.edits.documents import spellings
from tests.guides.move.machine import docker_text, entry, fresh

USE = {"id", "kind", "title", "path", "line", "registry", "implied", "username", "name", "repository", "pushes", "secret", "update"}  # fmt: skip  # noqa: E501


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / ".docker").mkdir(parents=True)
    return home


@pytest.fixture
def word(home: Path) -> str:
    """Two logins, and a work tree that uses one of them three times."""
    word = fresh()
    config = home / ".docker/config.json"
    auths = {"https://index.docker.io/v1/": entry("alice", word), "quay.io": entry("bob", fresh())}
    config.write_text(docker_text({"auths": auths}))
    config.chmod(0o600)
    shop = home / "src/shop"
    (shop / ".git").mkdir(parents=True)
    (shop / ".git/config").write_text('[remote "origin"]\n\turl = git@github.com:acme/shop.git\n')
    (shop / ".github/workflows").mkdir(parents=True)
    (shop / ".github/workflows/publish.yml").write_text(
        "jobs:\n  push:\n    steps:\n    - uses: docker/login-action@v3\n      with:\n        username: alice\n"
        "        password: ${{ secrets.DOCKERHUB_TOKEN }}\n"
    )
    (shop / "deploy.sh").write_text(f"docker login -u alice -p {word}\ndocker push acme/shop:1\n")
    (shop / "stack.sh").write_text("docker stack deploy --with-registry-auth -c a b\n")
    return word


def test_each_credential_with_its_uses(home: Path, word: str) -> None:
    done = dockhygiene(home, "uses")
    assert done.returncode == 0, said(done)
    lines = done.stdout.split("\n")
    assert lines[0].startswith("Docker Hub  alice")
    assert lines[1] == "  ~/src/shop/deploy.sh:1  docker login"
    assert "the same secret: certain; pushes acme/shop" in lines[2]
    assert lines[4] == "  ~/src/shop/.github/workflows/publish.yml:7  docker/login-action in the job push"
    assert "same registry and user: likely; named DOCKERHUB_TOKEN" in lines[5]
    assert "https://github.com/acme/shop/settings/secrets/actions" in lines[6]
    assert lines[7].startswith("quay.io  bob")
    assert lines[8] == "  No use was found."
    assert "--with-registry-auth" in done.stdout
    assert "Nothing found is not proof" in done.stdout
    assert not any(form in done.stdout for form in spellings(word))


def test_one_credential_by_registry_and_by_id(home: Path, word: str) -> None:
    report = json.loads(dockhygiene(home, "uses", "--format", "json").stdout)
    assert len(report["credentials"]) == 2
    (hub,) = [one for one in report["credentials"] if one["registry"] == "docker.io"]
    assert [one["match"] for one in hub["uses"]] == ["secret", "registry-and-user"]
    uses = {one["id"]: one for one in report["uses"]}
    assert all(set(one) == USE for one in report["uses"])
    assert uses[hub["uses"][1]["id"]]["name"] == "DOCKERHUB_TOKEN"
    assert uses[hub["uses"][1]["id"]]["line"] == 7
    assert uses[hub["uses"][0]["id"]]["secret"]["masked"] == "16 characters"
    assert not any(form in json.dumps(report) for form in spellings(word))
    for wanted in (hub["id"], "docker.io", "https://index.docker.io/v1/"):
        done = dockhygiene(home, "uses", wanted)
        assert done.returncode == 0, said(done)
        assert "publish.yml" in done.stdout
        assert "quay.io" not in done.stdout


def test_a_registry_of_which_no_credential_lies_here(home: Path, word: str) -> None:
    (home / "src/shop/more.sh").write_text("docker login -u carol -p $X ghcr.io\n")
    done = dockhygiene(home, "uses", "ghcr.io")
    assert done.returncode == 0, said(done)
    assert "more.sh:1" in done.stdout
    assert word not in done.stdout


def test_named_paths(home: Path, word: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "run.sh").write_text("docker login -u alice -p $HUB\n")
    done = dockhygiene(home, "uses", "docker.io", "--path", str(other))
    assert done.returncode == 0, said(done)
    assert "run.sh:1" in done.stdout
    assert "publish.yml" not in done.stdout
    missing = dockhygiene(home, "uses", "--path", str(other / "nothing"))
    assert missing.returncode == 3
    assert "not there" in missing.stderr
    assert word not in done.stdout


def test_wrong_usage(home: Path) -> None:
    done = dockhygiene(home, "uses", "nobody")
    assert done.returncode == 2
    assert "no credential is called nobody" in done.stderr


def test_nothing_at_all(home: Path) -> None:
    done = dockhygiene(home, "uses")
    assert done.returncode == 0
    assert "No credential was found here." in done.stdout
    assert "not proof" in done.stdout


def test_a_scan_looks_for_no_uses(home: Path, word: str) -> None:
    report = json.loads(dockhygiene(home, "scan", "--format", "json").stdout)
    assert report["uses"] == []
    assert all(one["uses"] == [] for one in report["credentials"])
    assert word not in json.dumps(report)


def test_foreign_names_do_not_reach_the_terminal_raw(home: Path) -> None:
    folder = home / "src/\u202eevil"
    (folder / ".git").mkdir(parents=True)
    (folder / "a\x1b[31m.sh").write_text("# a script\n" * 20 + "docker login -u 'x\x1b]0;t\x07' -p $Y quay.io\n")
    for arguments in (("uses", "quay.io"), ("uses", "quay.io", "--format", "json")):
        done = dockhygiene(home, *arguments)
        assert done.returncode == 0, said(done)
        assert not any(sign in done.stdout for sign in "\x1b\x07\u202e")
