"""A store made from within a case, with the real pass and gpg."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.opening import case_secrets
from guides.case.secrets import CaseSecrets
from guides.steps.catalog import STEPS, actions_of
from guides.steps.step import StepFailed
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act
from tests.services.pass_store import empty_gpg_home
from tests.services.require import require


@pytest.mark.parametrize("passphrase", ["", "a long passphrase"])
def test_pass_is_set_up_and_the_case_goes_on(passphrase: str) -> None:
    require("docker-credential-pass", "golang-docker-credential-helpers")
    with empty_gpg_home() as environ:
        scene = Scene(Path(environ["HOME"]), Secret(random_password()))
        scene.environment = environ
        scene.workstation = type(scene.workstation)(scene.home, environ, scene.state.key())
        env = scene.write("shop/.env", f"REGISTRY_PASSWORD={scene.secret.reveal()}\n")
        with scene.walk(scene.credential(env)) as walk:
            walk.secrets = case_secrets(walk.around, walk.case)
            assert [one.id for one in actions_of(walk, STEPS[StepId.GENERATE])] == ["store", "skip"]
            given = Secret(passphrase)
            if passphrase:
                with pytest.raises(StepFailed, match="not the same"):
                    act(walk, StepId.GENERATE, "store", passphrase=given, again=Secret("another"))
            lines = act(walk, StepId.GENERATE, "store", passphrase=given, again=given)
            assert any("pass" in line and "works" in line for line in lines)
            walk.log(StepId.UNDERSTAND, "no registry", registry=None)
            new = Secret(random_password())
            act(walk, StepId.GENERATE, "paste", secret=new, username="alice")
            assert walk.new() == new


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    scene = Scene(tmp_path, Secret(random_password()))
    env = scene.write("shop/.env", f"REGISTRY_PASSWORD={scene.secret.reveal()}\n")
    with scene.walk(scene.credential(env)) as walk:
        walk.secrets = CaseSecrets(walk.case.id, None, "nothing works")
        with pytest.raises(StepFailed, match="sudo apt install"):
            act(walk, StepId.GENERATE, "store")
