"""The same steps for an image in a real engine: its Dockerfile by the engine's history, its digests, its removal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checks import docker_images
from checks.model.credential import group
from checks.model.finding import Finding
from guides.case.model import Settled, StepId, StepState
from guides.steps.step import StepFailed
from tests.checks.conftest import random_token
from tests.checks.engine.looking import around, held
from tests.guides.case.scene import act, told
from tests.guides.images.scenes import image, image_scene
from tests.services.dockerd import dockerd

K = StepId.CLEAN


def test_an_image_in_an_engine_is_found_again_until_it_is_gone(tmp_path: Path) -> None:
    tag = f"ghcr.io/acme/shop-{random_token('', 8).lower()}:1"
    scene, files = image_scene(tmp_path)
    files[0].unlink()
    with dockerd() as url:
        scene.environment = {**scene.environment, **around(url, tmp_path)}
        scene.workstation = replace(scene.workstation, environment=scene.environment)
        with held(url, replace(image(scene.secret.reveal()), tag=tag)) as client:
            seen = [one for one in docker_images.survey(scene.workstation) if isinstance(one, Finding)]
            mine = [one for one in seen if one.secret == scene.secret]
            with scene.walk(group(mine, scene.workstation.key)[0]) as walk:
                assert [one.state for one in walk.case.places] == [Settled.OPEN]
                assert f"docker image rm {tag}" in told(walk, K)
                assert act(walk, K, "dockerfile")[-1] == "It fits ~/shop/Dockerfile."
                assert act(walk, K, "pushed")[-1].startswith("No registry knows it")
                assert any(line.startswith("Still there") for line in act(walk, K, "images"))
                assert len(walk.case.places) == 2, "the file in its layer was found too"
                with pytest.raises(AssertionError):
                    act(walk, K, "images-done")
                client.remove_image(tag, force=True)
                assert "Proven: 2 places where it is not found any more." in act(walk, K, "images")
                act(walk, K, "images-done")
                assert walk.case.step(K).state is StepState.DONE
                with pytest.raises(StepFailed):
                    act(walk, K, "new-image", path=str(tmp_path / "none.tar"))
