"""A service account's key, in a key file and in docker's own login: doubled, moved, disabled, deleted, proven dead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from guides.case.model import Settled, StepId
from guides.case.walk import Surroundings, Walk
from guides.registries.google_keys import Shape, in_shape, service_key
from guides.steps.step import StepFailed
from tests.guides.case.scene import Scene, act
from tests.services.double import Fault
from tests.services.google_double import GoogleDouble, GoogleKey

U, E, G, P, T, R, _, M, C = StepId
EMAIL = "ci@acme.iam.gserviceaccount.com"


@pytest.fixture
def google() -> Iterator[GoogleDouble]:
    with GoogleDouble() as double:
        yield double


@pytest.fixture
def leaked(google: GoogleDouble) -> GoogleKey:
    return google.issue(EMAIL)


def key_file(home: Path, google: GoogleDouble, leaked: GoogleKey) -> tuple[Scene, Path]:
    """The key as it was downloaded, where the private key is what a scan finds."""
    scene = Scene(home, in_shape(leaked.file, Shape.PEM), api_hosts={"google": google.base_url})
    return scene, scene.write("shop/key.json", leaked.file.reveal())


def test_the_whole_of_it(tmp_path: Path, google: GoogleDouble, leaked: GoogleKey) -> None:
    scene, path = key_file(tmp_path, google, leaked)
    admin = google.admin()
    google.viewers.add(admin.reveal())
    with scene.walk(scene.credential(path)) as walk:
        assert (walk.provider.id, walk.kind.id) == ("google", "google-service-account-key")
        act(walk, U, "order", order="generate-first")
        lines = act(walk, E, "google", token=admin)
        assert any("1 keys" in line for line in lines) and any("2027-01-10" in line for line in lines)
        act(walk, E, "note")
        act(walk, G, "google", token=admin)
        new = walk.case.new
        assert new and new.accepted and new.remote_id in google.keys
        move(walk)
        held = json.loads(path.read_text())
        assert held["private_key_id"] == new.remote_id, "the id changes with the key"
        made = service_key(in_shape(google.keys[new.remote_id].file, Shape.JSON), {})
        assert made and held["private_key"] == made.private_key.reveal()
        act(walk, T, "google")
        act(walk, R, "google-off", token=admin)
        act(walk, R, "google-on", token=admin)
        act(walk, R, "google-off", token=admin)
        assert walk.case.old.dead is None
        lines = act(walk, R, "google-delete", token=admin, word="revoke")
        assert any(line.startswith("Proven: ") for line in lines) and walk.case.old.dead
    assert set(google.keys) == {new.remote_id}


def move(walk: Walk) -> None:
    while any(place.state is Settled.OPEN for place in walk.case.places):
        act(walk, P, "google-file-0")
    act(walk, P, "everywhere")


@pytest.mark.parametrize(("user", "shape"), [("_json_key", Shape.JSON), ("_json_key_base64", Shape.BASE64)])
def test_dockers_own_login(tmp_path: Path, google: GoogleDouble, leaked: GoogleKey, user: str, shape: Shape) -> None:
    """The whole key is the password. The registry itself cannot be reached here, which loses nothing."""
    scene = Scene(tmp_path, in_shape(leaked.file, shape), "europe-docker.pkg.dev", user)
    scene.api_hosts = {"google": google.base_url}
    scene.log_in()
    google.managing.add(EMAIL)
    with scene.walk(scene.credential()) as walk:
        assert walk.kind.id == "google-service-account-key"
        walk.around = local(walk)
        act(walk, G, "google", login="itself")
        new = walk.new()
        assert new and walk.case.new and walk.case.new.accepted
        found = service_key(new, {})
        assert found and found.id == walk.case.new.remote_id != leaked.id
        lines = act(walk, P, "gcloud")
        assert json.dumps({"credHelpers": {"europe-docker.pkg.dev": "gcloud"}}) in lines
        act(walk, R, "google-delete", login="itself", word="revoke")
        assert walk.case.old.dead and leaked.id not in google.keys


def local(walk: Walk) -> Surroundings:
    """The same surroundings, from which nothing but this machine is reached."""
    return replace(walk.around, network=replace(walk.around.network, local_only=True))


def test_the_network_is_lost_after_the_key_was_made(tmp_path: Path, google: GoogleDouble, leaked: GoogleKey) -> None:
    scene, path = key_file(tmp_path, google, leaked)
    with scene.walk(scene.credential(path)) as walk:
        google.fail(Fault("lost"), "POST", "/v1/")
        with pytest.raises(StepFailed, match="may exist that nobody has"):
            act(walk, G, "google", token=google.admin())
        assert walk.case.new is None and walk.case.pending


def test_a_wrong_clock_proves_no_death(tmp_path: Path, google: GoogleDouble, leaked: GoogleKey) -> None:
    scene, path = key_file(tmp_path, google, leaked)
    late = {"error": "invalid_grant", "error_description": "Invalid JWT: Check your iat and exp values"}
    with scene.walk(scene.credential(path)) as walk:
        act(walk, G, "google", token=google.admin())
        google.fail(Fault("status", 400, content=late), "POST", "/token")
        with pytest.raises(StepFailed, match="set this machine's clock"):
            act(walk, R, "google-prove", word="revoke")
        assert walk.case.old.dead is None
