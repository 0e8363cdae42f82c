"""The new secret of a case, kept in a manager too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.steps import keeping
from guides.steps.step import AskKind, StepFailed
from guides.stores.managers.catalog import MANAGERS
from guides.stores.managers.manager import Setting
from guides.stores.managers.pass_store import PassManager
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act
from tests.services.pass_store import running_pass_store

NEW = Secret(random_password())


@contextmanager
def case_with_a_new_one(home: Path, environ: dict[str, str]) -> Iterator[Walk]:
    scene = Scene(home, Secret(random_password()))
    scene.environment = environ
    scene.workstation = type(scene.workstation)(scene.home, environ, scene.state.key(), root=home / "root")
    env = scene.write("shop/.env", f"REGISTRY_PASSWORD={scene.secret.reveal()}\n")
    with scene.walk(scene.credential(env)) as walk:
        walk.log(StepId.UNDERSTAND, "no registry", registry=None)
        act(walk, StepId.GENERATE, "paste", secret=NEW, username="alice")
        yield walk


def test_kept_in_pass_and_told_by_its_reference(tmp_path: Path) -> None:
    with running_pass_store() as environ, case_with_a_new_one(tmp_path, {**environ, "VAULT_ADDR": ""}) as walk:
        offer = keeping.keep(walk).prepare()
        told = "\n".join(offer.effects)
        assert "pass (files encrypted with gpg): it stays on this machine" in told
        assert ".gpg-id" in told, "rotation and rights of each are told beside it"
        assert "Vault" not in told, "what is not set up is not offered"
        lines = act(walk, StepId.UPDATE, "manager", manager="pass", name="docker/ghcr.io", field="token")
        assert "dockhygiene://pass/docker/ghcr.io#token" in lines[-1]
        manager = PassManager(Setting(environ))
        assert manager.get("docker/ghcr.io", "token") == NEW
        assert "dockhygiene://pass/docker/ghcr.io#token" in walk.case.journal[-1].text
        assert act(walk, StepId.UPDATE, "manager", manager="pass", name="docker/ghcr.io", field="token")

        manager.put("docker/other", "", Secret("something else"))
        with pytest.raises(StepFailed, match="something else under this name"):
            act(walk, StepId.UPDATE, "manager", manager="pass", name="docker/other")
        assert manager.get("docker/other") == Secret("something else")
        with pytest.raises(StepFailed, match="not kept there"):
            act(walk, StepId.UPDATE, "manager", manager="pass", name="../docker")
        with pytest.raises(StepFailed, match="control characters"):
            act(walk, StepId.UPDATE, "manager", manager="pass", name="a\x1bb")


def test_hosts_are_named_before_and_unproven_ones_labelled(tmp_path: Path) -> None:
    (tmp_path / "gopass").write_text("#!/bin/sh\n")
    (tmp_path / "gopass").chmod(0o755)
    environ = {"PATH": str(tmp_path), "VAULT_ADDR": "https://vault.example.com:8200", "VAULT_TOKEN": "t"}
    with case_with_a_new_one(tmp_path, environ) as walk:
        offer = keeping.keep(walk).prepare()
        assert any("the new one is sent to vault.example.com:8200" in line for line in offer.effects)
        assert any(line.startswith("gopass (tried against a fake program only)") for line in offer.effects)
        assert offer.confirm and [ask.kind for ask in offer.asks].count(AskKind.SECRET) <= 1


def test_every_manager_has_its_words(tmp_path: Path) -> None:
    with case_with_a_new_one(tmp_path, {"PATH": "/nonexistent"}) as walk:
        for id_ in MANAGERS:
            (text,) = keeping.paragraphs(walk, "managers", id_)
            assert "otat" in text or "history" in text or id_ == "bitwarden", id_
