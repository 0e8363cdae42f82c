"""The steps of a case whose secret is in an image: understood, built anew, proven, and settled in Clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from guides.case.model import Order, Settled, StepId, StepState
from guides.steps.catalog import STEPS, actions_of
from guides.steps.step import StepFailed
from tests.guides.case.scene import Scene, act, told
from tests.guides.images.scenes import TAG, archive, image, image_scene

K = StepId.CLEAN


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return image_scene(tmp_path)[0]


def test_an_image_is_understood_built_anew_proven_and_settled(scene: Scene) -> None:
    saved, shop = scene.home / "shop.tar", scene.home / "shop"
    dockerfile, ignore = shop / "Dockerfile", shop / ".dockerignore"
    before = dockerfile.read_text()
    with scene.walk(scene.credential(saved)) as walk:
        case = walk.case
        assert case.order is Order.REVOKE_FIRST and K in case.path
        assert not case.repositories, "an archive is no repository"
        assert "still in the layer before" in told(walk, StepId.UNDERSTAND)
        assert "may have been pushed to ghcr.io" in told(walk, StepId.UNDERSTAND)

        assert act(walk, StepId.UPDATE, "dockerfile")[-1] == "It fits ~/shop/Dockerfile."
        offer = next(one for one in actions_of(walk, STEPS[K]) if one.id == "dockerfile-0").prepare()
        assert offer.confirm and any(line.startswith("-ARG GHCR_TOKEN") for line in offer.diff)
        assert any("docker build --secret id=GHCR_TOKEN,env=GHCR_TOKEN" in line for line in offer.effects)
        act(walk, K, "ignore-0")
        act(walk, K, "dockerfile-0")
        assert ".netrc" in ignore.read_text().splitlines()
        after = dockerfile.read_text()
        assert "ARG" not in after and "COPY package.json ./\n" in after
        assert "RUN --mount=type=secret,id=netrc,target=/app/.netrc,required=true npm ci\n" in after
        assert 'export GHCR_TOKEN="$(cat /run/secrets/GHCR_TOKEN)"; curl' in after
        for action_id in ("undo-1", "undo-0"):
            act(walk, StepId.UPDATE, action_id)
        assert dockerfile.read_text() == before and not ignore.exists()

        with pytest.raises(StepFailed, match="still holds it"):
            act(walk, K, "new-image", path=str(saved))
        with pytest.raises(StepFailed, match="no image"):
            act(walk, K, "new-image", path=str(dockerfile))
        assert any(line.startswith("Still there") for line in act(walk, K, "images"))
        assert "images-done" not in [one.id for one in actions_of(walk, STEPS[K])]
        archive(scene.home / "new.tar", image())
        assert act(walk, K, "new-image", path=str(scene.home / "new.tar")) == [
            "Proven: new.tar was read, and does not hold it."
        ]
        saved.unlink()
        assert any(line.startswith("Proven: ") for line in act(walk, K, "images"))
        act(walk, K, "images-done", note="the team knows")
        record = walk.case.step(K)
        assert record.state is StepState.DONE and record.note.endswith("the team knows")
        assert "no image" in record.proof
        assert {one.state for one in walk.case.places} == {Settled.CHANGED}


def test_a_damaged_archive_proves_nothing(scene: Scene) -> None:
    saved = scene.home / "shop.tar"
    with scene.walk(scene.credential(saved)) as walk:
        saved.write_bytes(saved.read_bytes()[:3000])
        lines = act(walk, K, "images")
        assert lines and all(line.startswith("Not known") for line in lines)
        assert {one.state for one in walk.case.places} == {Settled.OPEN}
        place = walk.case.places[0]
        with pytest.raises(StepFailed, match="reason"):
            act(walk, K, f"image-{place.id}", way="left")
        act(walk, K, f"image-{place.id}", way="left", note="an auditor keeps it")
        assert walk.case.places[0].state is Settled.LEFT and walk.case.places[1].state is Settled.OPEN


def test_the_commands_are_shown_and_masked(scene: Scene) -> None:
    with scene.walk(scene.credential(scene.home / "shop.tar")) as walk:
        text = told(walk, K)
    assert "rm -- ~/shop.tar" in text and "docker builder prune --all" in text
    assert "gh api --method DELETE /users/acme/packages/container/shop/versions/NUMBER" in text
    assert TAG.rpartition("/")[0] in text and scene.secret.reveal() not in text
    assert "Deleting a tag does not delete the image" in text and "no names" in text
