"""A reference is offered where what reads the file gets the secret, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.edits.edit import Way
from guides.steps.catalog import STEPS, actions_of
from guides.steps.step import Offer, StepFailed
from tests.checks.conftest import random_password
from tests.guides.case.scene import Scene, act

R = "dockhygiene://pass/docker/shop#token"


@contextmanager
def case_of(home: Path, name: str, text: str) -> Iterator[tuple[Walk, Path]]:
    """A case whose new secret a manager keeps."""
    scene = Scene(home, Secret(random_password()))
    path = scene.write(name, text.replace("%", scene.secret.reveal()))
    with scene.walk(scene.credential(path)) as walk:
        walk.log(StepId.UNDERSTAND, "no registry", registry=None)
        act(walk, StepId.GENERATE, "paste", secret=Secret(random_password()), username="alice")
        assert walk.case.new and Way.REFERENCE not in ways(offered(walk)), "no manager keeps it yet"
        walk.log(StepId.UPDATE, "kept", new=replace(walk.case.new, reference=R))
        yield walk, path


def offered(walk: Walk) -> Offer:
    return next(one for one in actions_of(walk, STEPS[StepId.UPDATE]) if one.id == "file-0").prepare()


def ways(offer: Offer) -> list[str]:
    return [name for ask in offer.asks if ask.id == "way" for name, _ in ask.choices]


def questions(walk: Walk) -> list[str]:
    return [ask.id for ask in offered(walk).asks]


def test_an_env_file_only_where_its_reader_is_started_through_us(tmp_path: Path) -> None:
    with case_of(tmp_path, "shop/.env", "REGISTRY_PASSWORD=%\n") as (walk, path):
        before = path.read_bytes()
        assert Way.REFERENCE in ways(offered(walk)) and "started" in questions(walk)
        with pytest.raises(StepFailed, match="would get the reference itself"):
            act(walk, StepId.UPDATE, "file-0", way="reference")
        assert path.read_bytes() == before

        (path.parent / "Makefile").write_text("up:\n\tdockhygiene run --env-file .env -- docker compose up\n")
        assert "started" not in questions(walk)
        assert any("Makefile starts it through dockhygiene run" in effect for effect in offered(walk).effects)
        act(walk, StepId.UPDATE, "file-0", way="reference")
        assert path.read_text() == f'REGISTRY_PASSWORD="{R}"\n'
        act(walk, StepId.UPDATE, "undo-0")
        assert path.read_bytes() == before

        (path.parent / "compose.yaml").write_text("services:\n  a:\n    image: x\n    env_file: .env\n")
        assert Way.REFERENCE not in ways(offered(walk))
        assert any("compose.yaml gives this file to a container" in effect for effect in offered(walk).effects)


def test_a_compose_file_and_the_env_file_beside_it(tmp_path: Path) -> None:
    text = "services:\n  a:\n    image: x\n    environment:\n      REGISTRY_PASSWORD: '%'\n"
    with case_of(tmp_path, "shop/compose.yaml", text) as (walk, path):
        before, env = path.read_bytes(), path.with_name(".env")
        assert any(R in line for line in offered(walk).diff)
        act(walk, StepId.UPDATE, "file-0", way="reference", started="run")
        name = env.read_text().partition("=")[0]
        assert env.read_text() == f'{name}="{R}"\n'
        assert path.read_text() == text.replace("%", f"${{{name}}}")
        act(walk, StepId.UPDATE, "undo-1")
        act(walk, StepId.UPDATE, "undo-0")
        assert path.read_bytes() == before and not env.exists()


def test_a_shell_asks_for_itself(tmp_path: Path) -> None:
    with case_of(tmp_path, ".bashrc", "export REGISTRY_PASSWORD='%'\n") as (walk, path):
        assert "started" not in questions(walk)
        act(walk, StepId.UPDATE, "file-0", way="reference")
        assert path.read_text() == f"export REGISTRY_PASSWORD=\"$(dockhygiene get '{R}')\"\n"
