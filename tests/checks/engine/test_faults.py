"""Engines that cannot be asked, or that answer badly: each is skipped with what happened and what to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks import containers, docker_images
from checks.engine import client, reading
from checks.engine.layers import read_layers
from checks.trees.trees import KNOWN_PLACES, Trees
from tests.checks.conftest import MakeWorkstation, seen, unprivileged
from tests.checks.engine.double import VERSION, Script, engine_of, on_socket
from tests.checks.engine.looking import around, layers_of, looked
from tests.checks.images.planting import Planted, both_files, docker_files, oci_files, planted, tar_of

BLOCK = 512


def reason(workstation: MakeWorkstation, socket_file: Path, script: Script) -> str:
    with on_socket(socket_file, script) as url:
        got = seen(docker_images.survey(workstation(around(url, socket_file.parent))))
    (skipped,) = got.skipped
    assert not got.findings
    assert skipped.path == url
    return skipped.reason


def test_an_engine_that_hangs(workstation: MakeWorkstation, socket_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "HELLO_SECONDS", 0.3)
    assert reason(workstation, socket_file, Script(silent=True)).startswith("it gave no answer within 0.3 seconds")


def test_a_hanging_engine_does_not_hold_a_scan_that_was_ended(workstation: MakeWorkstation, socket_file: Path) -> None:
    here = workstation({"DOCKER_HOST": f"unix://{socket_file}"})
    script = Script(silent=True)
    with on_socket(socket_file, script):
        threading.Timer(0.1, here.cancelled.set).start()
        assert not seen(docker_images.survey(here)).skipped
    assert script.asked == ["/_ping"]


ANSWERS = {
    "nonsense": (b"<html>hello</html>", 200, "no container engine"),
    "no-engine": ({"hello": 1}, 200, "says no version"),
    "too-old": (VERSION | {"ApiVersion": "1.18"}, 200, "version 1.18, is older than 1.24"),
    "refuses": ({"message": "not \x1b[31mtoday"}, 503, r"HTTP 503 (not \x1b[31mtoday)"),
}


@pytest.mark.parametrize("name", list(ANSWERS))
def test_engines_that_answer_badly(workstation: MakeWorkstation, socket_file: Path, name: str) -> None:
    answer, status, expected = ANSWERS[name]
    script = Script()
    script.say("/version", answer, status)
    told = reason(workstation, socket_file, script)
    assert expected in told
    assert "\x1b" not in told


def test_a_list_that_is_none(workstation: MakeWorkstation, socket_file: Path) -> None:
    script = engine_of()
    script.say("/images/json", {"message": "hello"})
    assert "its list of images is none" in reason(workstation, socket_file, script)


def test_an_image_that_is_gone_and_a_history_that_fails(workstation: MakeWorkstation, socket_file: Path) -> None:
    """The others are told; so is what the configuration says of an image whose history is not to be had."""
    gone, rest = planted(), planted()
    rest.tag = "demo/rest:1"
    script = engine_of(gone, rest)
    first, second = (path for path in script.answers if path.endswith("/history"))
    del script.answers[first.replace("/history", "/json")], script.answers[second]
    with on_socket(socket_file, script) as url:
        got = seen(docker_images.survey(workstation(around(url, socket_file.parent))))
    assert {one.path for one in got.skipped} == {gone.tag, f"{rest.tag} history"}
    assert rest.secrets["env"] in {one.secret.reveal() for one in got.findings if one.secret}


def test_a_socket_that_may_not_be_used(workstation: MakeWorkstation, socket_file: Path) -> None:
    with on_socket(socket_file, engine_of()) as url:
        socket_file.chmod(0)
        socket_file.parent.chmod(0o755)
        with unprivileged():
            got = seen(docker_images.survey(workstation({"DOCKER_HOST": url})))
    assert ["usermod -aG docker" in one.reason for one in got.skipped] == [True]


def test_nothing_there_and_nothing_listening(workstation: MakeWorkstation, socket_file: Path) -> None:
    assert not seen(docker_images.survey(workstation())).skipped  # a laptop without docker
    here = workstation({"DOCKER_HOST": f"unix://{socket_file}"})
    assert "nothing is there" in seen(docker_images.survey(here)).skipped[0].reason
    with on_socket(socket_file, engine_of()):
        pass
    assert "nothing listens" in seen(docker_images.survey(here)).skipped[0].reason
    assert not seen(containers.survey(workstation())).skipped


SAVES = {
    "before-25": lambda image: docker_files([image]),
    "since-25": lambda image: both_files([image]),
    "containerd-gzip": lambda image: both_files([image], "gzip"),
    "containerd-zstd": lambda image: both_files([image], "zstd"),
    "layout": lambda image: oci_files([image], "gzip"),
}


@pytest.mark.parametrize("form", list(SAVES))
def test_every_form_of_a_save(workstation: MakeWorkstation, socket_file: Path, tmp_path: Path, form: str) -> None:
    """Layers are known by their content, whatever they are called; the next scan passes over the clean ones."""
    image = planted()
    trees = Trees(state=tmp_path)
    with on_socket(socket_file, engine_of(image, save=tar_of(SAVES[form](image)))) as url:
        here = workstation(around(url, socket_file.parent))
        got, again = looked(here, trees), layers_of(here, trees)
    values = {one.secret.reveal() for one in got.findings if one.secret}
    assert {name for name, value in image.secrets.items() if value not in values} == {"key"}
    assert any(one.rule == "openssh-private-key" for one in got.findings)
    assert {one.place.field for one in got.findings if one.place.layer} == {"layer 2: COPY . /app"}
    assert [one.title for one in again.findings] == [one.title for one in got.findings if one.place.layer]
    assert [(one.reason, one.files) for one in again.skipped] == [(one.reason, one.files) for one in got.skipped]


def test_a_save_that_breaks_off(workstation: MakeWorkstation, socket_file: Path) -> None:
    """What was read before is told, with its image; that the rest was not is said."""
    image = planted()
    files = docker_files([image])
    order = [*list(files)[1:2], *list(files)[:1], *list(files)[2:]]
    whole = tar_of({name: files[name] for name in order})
    cut = BLOCK + len(image.layers[1]) + 3 * BLOCK
    with on_socket(socket_file, engine_of(image, save=whole[:cut])) as url:
        got = layers_of(workstation(around(url, socket_file.parent)))
    assert {one.place.path for one in got.findings if one.place.image == image.tag} >= {"/app/.env", "/root/.npmrc"}
    assert "it was cut short" in " ".join(got.reasons(image.tag))


def test_ending_the_scan_in_the_middle_of_a_save(workstation: MakeWorkstation, socket_file: Path) -> None:
    image, sent = planted(), threading.Event()

    def endless() -> Iterator[bytes]:
        yield tar_of({f"{'a' * 64}/layer.tar": tar_of({"big": bytes(4096)})})[: 3 * BLOCK]
        while True:
            sent.set()
            yield bytes(BLOCK)
            time.sleep(0.01)

    script = engine_of(image, save=endless)
    with on_socket(socket_file, script) as url:
        here = workstation(around(url, socket_file.parent))
        threading.Thread(target=lambda: (sent.wait(20), here.cancelled.set())).start()
        assert list(read_layers(here, KNOWN_PLACES)) == []
    assert sent.is_set()


def test_the_budget_and_the_room(
    workstation: MakeWorkstation, socket_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = planted()
    size = sum(map(len, image.layers))
    with on_socket(socket_file, engine_of(image, save=tar_of(docker_files([image])))) as url:
        here = workstation(around(url, socket_file.parent))
        over = layers_of(here, deadline=0.0)
        assert [(one.path, one.reason, one.size) for one in over.skipped] == [(image.tag, reading.SPENT, size)]
        assert "--images" in reading.SPENT
        monkeypatch.setattr(reading, "free_bytes", lambda _: 1000)
        full = layers_of(here)
        assert [(one.path, one.size) for one in full.skipped] == [(image.tag, size)]
        assert "docker system prune" in full.skipped[0].reason
        monkeypatch.setattr(reading, "free_bytes", lambda _: None)
        assert layers_of(here).findings


def test_a_damaged_cache_is_no_cache(workstation: MakeWorkstation, socket_file: Path, tmp_path: Path) -> None:
    image = Planted([tar_of({"etc/motd": b"hello\n"})], {}, [])
    for damage in (b"", b"[]", b"\xff", b'{"version": 1}'):
        (tmp_path / "layers.seen").write_bytes(damage)
        with on_socket(socket_file, engine_of(image, save=tar_of(docker_files([image])))) as url:
            assert len(layers_of(workstation(around(url, socket_file.parent)), Trees(state=tmp_path)).layers) == 1
        socket_file.unlink()


def test_a_layer_that_is_not_what_its_name_says(
    workstation: MakeWorkstation, socket_file: Path, tmp_path: Path
) -> None:
    """A name that was known, and other content: it is said, and read by the next scan."""
    clean = Planted([tar_of({"etc/motd": b"hello\n"})], {}, [])
    other = planted()
    files = docker_files([clean])
    swapped = {name: other.layers[1] if name.endswith("layer.tar") else data for name, data in files.items()}
    trees = Trees(state=tmp_path)
    script = engine_of(clean, save=tar_of(files))
    with on_socket(socket_file, script) as url:
        here = workstation(around(url, socket_file.parent))
        assert not layers_of(here, trees).findings
        more = engine_of(other)
        script.answers |= {path: one for path, one in more.answers.items() if other.tag and path != "/images/get"}
        script.say("/images/get", tar_of(swapped))
        assert any("the next scan reads it" in one for one in layers_of(here, trees).reasons())
        assert layers_of(here, trees).findings
