"""Images in a real dockerd and a real Podman: every planted secret is found, and said where."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from checks import containers
from checks.model.finding import Finding, PlaceKind
from checks.trees.trees import Trees
from tests.checks.conftest import MakeWorkstation, random_password, seen
from tests.checks.engine.looking import around, built, held, layers_of, looked, remove
from tests.checks.images.planting import Planted, digest, planted, tar_of

DOCKER = pytest.mark.parametrize("engine_url", ["docker"], indirect=True)
"""What does not depend on the engine: Podman takes its time."""
DROPPED_BY_PODMAN = {"health", "onbuild"}
"""What a load into Podman loses: OCI's configuration has neither."""


def some(name: str) -> str:
    return f"demo/{name}-{secrets.token_hex(4)}:1"


def tagged() -> Planted:
    return replace(planted(), tag=some("shop"))


def missed(image: Planted, found: list[Finding]) -> set[str]:
    values = {one.secret.reveal() for one in found if one.secret}
    return {
        name
        for name, secret in image.secrets.items()
        if secret not in values and not any("".join(one.split()) in "".join(secret.split()) for one in values)
    }


def test_every_planted_secret(workstation: MakeWorkstation, engine_url: str, tmp_path: Path) -> None:
    """Env, label, build argument, logins in the history, command; six files, one deleted and one overwritten."""
    image = tagged()
    with held(engine_url, image):
        got = looked(workstation(around(engine_url, tmp_path)))
    found = got.of(image.tag)
    assert missed(image, found) <= (DROPPED_BY_PODMAN if "podman" in engine_url else set())
    assert all(one.place.kind is PlaceKind.IMAGE and one.check == "docker-images" for one in found)
    by_secret = {one.secret.reveal(): one for one in found if one.secret}
    dotenv = by_secret[image.secrets["dotenv"]].place
    assert (dotenv.path, dotenv.line, dotenv.layer) == ("/app/.env", 2, digest(image.layers[1]))
    assert dotenv.field == "layer 2: COPY . /app"
    assert by_secret[image.secrets["deleted"]].title.endswith("deleted in layer 3, still in layer 2")
    assert by_secret[image.secrets["overwritten"]].title.endswith("overwritten in layer 3, still in layer 2")
    login = by_secret[image.secrets["login"]].place
    assert (login.path, login.line) == ("build history", 4)
    assert not got.reasons(image.tag)


def test_what_a_build_leaves_behind(workstation: MakeWorkstation, engine_url: str, tmp_path: Path) -> None:
    """The stage of a multi-stage build that is in no tagged image; an ARG, which stands in the history."""
    staged, argument, tag, home = random_password(), random_password(), some("built"), workstation().home
    dockerfile = (
        "FROM scratch AS tools\nCOPY .env /build/.env\nCOPY tool /build/tool\n"
        "FROM scratch\nARG DEPLOY_PASSWORD\nCOPY --from=tools /build/tool /tool\nLABEL stage=last\n"
    )
    files = {"Dockerfile": dockerfile, ".env": f"DB_PASSWORD={staged}\n", "tool": secrets.token_hex(8)}
    with held(engine_url) as client:
        before = {one["Id"] for one in client.images()}
        built(client, files, tag, buildargs={"DEPLOY_PASSWORD": argument}, forcerm=True)
        got = looked(workstation(around(engine_url, home)))
        left = [one["Id"] for one in client.images() if one["Id"] not in before and not one["RepoTags"]]
        remove(client, tag)
        for one in left:
            remove(client, one)
    assert staged in {one.secret.reveal() for one in got.findings if one.secret}
    (leftover,) = [one for one in got.findings if one.secret and one.secret.reveal() == staged]
    assert leftover.place.path == "/build/.env"
    assert tag not in (leftover.place.image or "")


@DOCKER
def test_two_images_that_share_layers(workstation: MakeWorkstation, engine_url: str, tmp_path: Path) -> None:
    """Each layer goes by once; what is found in the shared one is told once, with both images."""
    first = tagged()
    top = tar_of({"app/extra": secrets.token_bytes(9).hex().encode()})
    history = [*first.history, {"created_by": "COPY extra /app/"}]
    second = replace(first, layers=[*first.layers, top], history=history, tag=some("other"))
    with held(engine_url, first, second):
        got = looked(workstation(around(engine_url, tmp_path)))
    (shared,) = [one for one in got.findings if one.secret and one.secret.reveal() == first.secrets["dotenv"]]
    assert "and in 1 more images" in shared.title
    assert len(got.layers) == len(set(got.layers))


@DOCKER
def test_the_next_scan_reads_what_is_new(workstation: MakeWorkstation, engine_url: str, tmp_path: Path) -> None:
    here, trees = workstation(around(engine_url, tmp_path)), Trees(state=tmp_path)
    base = [tar_of({f"etc/{number}": secrets.token_bytes(9).hex().encode()}) for number in range(2)]
    clean = Planted(base, {}, [{"created_by": "COPY etc /etc"}] * 2, tag=some("clean"))
    late = random_password()
    above = [*base, tar_of({"app/.env": f"DB_PASSWORD={late}\n".encode()}), tar_of({"app/.wh..env": b""})]
    grown = Planted(above, {}, [{"created_by": "COPY . /app"}] * 4, tag=some("grown"))
    with held(engine_url, clean) as client:
        assert len(layers_of(here, trees).read(clean.tag)) == 2
        assert layers_of(here, trees).read(clean.tag) == []
        assert len(layers_of(here, Trees()).read(clean.tag)) == 2  # --no-cache
        with held(engine_url, grown):
            got = layers_of(here, trees)
            (found,) = got.of(grown.tag)
            assert found.title.endswith("deleted in layer 4, still in layer 3")
            assert layers_of(here, trees).of(grown.tag) == [found]  # layer 4 is known by now, and still covers
        assert client.images(clean.tag)
    assert late.encode() not in b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.is_file())


@DOCKER
def test_containers(workstation: MakeWorkstation, engine_url: str, tmp_path: Path) -> None:
    image, token, argument, splunk = tagged(), random_password(), random_password(), random_password()
    here = workstation(around(engine_url, tmp_path))
    config = tmp_path / ".docker" / "config.json"
    config.parent.mkdir()
    config.write_text("{}")
    name = f"web-{secrets.token_hex(4)}"
    with held(engine_url, image) as client:
        host = client.create_host_config(
            binds=[f"{config}:/root/.docker/config.json:ro", f"{engine_url[7:]}:/var/run/docker.sock"],
            network_mode="none",
            log_config={"Type": "splunk", "Config": {"splunk-token": splunk, "splunk-url": "https://logs.corp.io"}},
        )
        command = ["tool", "--password", argument]
        made = client.create_container(
            image.tag, command, name=name, environment={"API_PASSWORD": token}, host_config=host
        )
        try:
            got = seen(containers.survey(here))
        finally:
            client.remove_container(made["Id"], force=True)
    mine = [one for one in got.findings if one.place.path == name]
    found = {one.secret.reveal(): one for one in mine if one.secret}
    assert set(found) == {token, argument, splunk}
    assert found[token].place.field == "Env API_PASSWORD"
    assert found[argument].place.field == "Cmd"
    assert found[splunk].place.field == "LogConfig splunk-token"
    assert all(one.place.kind is PlaceKind.CONTAINER and one.place.image == image.tag for one in mine)
    weak = {one.rule: one for one in mine if not one.secret}
    assert set(weak) == {"container-mounts-engine-socket", "container-mounts-credentials"}
    assert ".docker/config.json" in weak["container-mounts-credentials"].title
