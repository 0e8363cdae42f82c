"""A secret moves from a `.env` file into each manager, and a program that is started through us still gets it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from tests.end_to_end.command import PROGRAM
from tests.guides.case.scene import act
from tests.guides.steps.test_keeping import NEW, case_with_a_new_one
from tests.guides.stores.managers.test_aws import enter
from tests.services.authority import Authority
from tests.services.conjur_double import running_conjur
from tests.services.keepass import keepass_file
from tests.services.moto_server import AwsDouble
from tests.services.openbao import OpenBao
from tests.services.secret_service import SecretServiceHome

SHOW = "import hashlib, os; print(hashlib.sha256(os.environ['REGISTRY_PASSWORD'].encode()).hexdigest())"
SEEN = hashlib.sha256(NEW.reveal().encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """Where the secret goes, the person's environment, and a master password where there is one."""

    environ: dict[str, str]
    name: str
    field: str = ""
    master: Secret | None = None


@pytest.fixture
def keyring(keyring_home: SecretServiceHome) -> Kept:
    return Kept(keyring_home.environ, "docker/shop")


@pytest.fixture(name="pass")
def pass_(pass_environ: dict[str, str]) -> Kept:
    return Kept(pass_environ, "docker/shop", "token")


@pytest.fixture
def keepass() -> Iterator[Kept]:
    master = Secret("master of the tests")
    with keepass_file(master) as file:
        yield Kept(file.environ, "~/team.kdbx/docker/shop", "api key", master)


@pytest.fixture
def vault(openbao: OpenBao, fresh: str) -> Kept:
    return Kept(openbao.environ, f"secret/{fresh}", "token")


@pytest.fixture
def aws(aws_server: AwsDouble, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh: str) -> Kept:
    enter(aws_server, monkeypatch, tmp_path)
    here = {name: value for name, value in os.environ.items() if name.startswith("AWS_") or name == "HOME"}
    return Kept(here, f"docker/{fresh}", "token")


@pytest.fixture
def conjur(tmp_path_factory: pytest.TempPathFactory, fresh: str) -> Iterator[Kept]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with running_conjur(authority.server("127.0.0.1")) as double:
        double.values[f"dev/{fresh}"] = None
        trusted = {"CONJUR_CERT_FILE": str(authority.trust_in(authority.folder / "trust"))}
        yield Kept({**double.environ, **trusted}, f"dev/{fresh}")


@pytest.mark.parametrize("manager", ["keyring", "pass", "keepass", "vault", "aws", "conjur"])
def test_from_a_file_into_a_manager_and_on_to_the_program(
    manager: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kept: Kept = request.getfixturevalue(manager)
    environ = {"PATH": "/usr/bin:/bin", **kept.environ}
    (tmp_path / "case").mkdir()
    with case_with_a_new_one(tmp_path / "case", environ) as walk:
        env = tmp_path / "case/shop/.env"
        before = env.read_bytes()
        asked: dict[str, str | Secret] = {"manager": manager, "name": kept.name, "field": kept.field}
        act(walk, StepId.UPDATE, "manager", **asked, **({"master": kept.master} if kept.master else {}))
        act(walk, StepId.UPDATE, "file-0", way="reference", started="run")
        assert f"dockhygiene://{manager}/" in env.read_text()

        assert SEEN in _started(env, environ, kept.master)
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and _holds(path)]

        act(walk, StepId.UPDATE, "undo-0")
        assert env.read_bytes() == before


def _started(env: Path, environ: dict[str, str], master: Secret | None) -> str:
    """What the program prints; a master password is typed on the terminal that it shares with us."""
    argv = [PROGRAM, "run", "--env-file", env.name, "--", sys.executable, "-c", SHOW]
    if master is None:
        done = subprocess.run(argv, cwd=env.parent, env=environ, capture_output=True, text=True, timeout=100)
        assert done.returncode == 0, done.stderr
        return done.stdout
    child = pexpect.spawn(argv[0], argv[1:], cwd=str(env.parent), env=environ, encoding="utf-8", timeout=60)
    child.expect("not shown")
    child.sendline(master.reveal())
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    return child.before or ""


def _holds(path: Path) -> bool:
    return NEW.reveal().encode() in path.read_bytes()
