"""Layers that several processes read are as one process reads them; a process that is lost is said."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from checks import image_archives
from checks.formats.streams import Stream
from checks.images import layers, side_by_side
from checks.images.layers import LayerReader, ReadLayer
from checks.model.finding import Finding, Observation, Skipped
from checks.model.workstation import Limits
from tests.checks.conftest import MakeWorkstation, random_password
from tests.checks.images.planting import Planted, docker_files, oci_files, planted, tar_of, write_folder


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two processes for whatever is there; neither the runner's threads nor another scan on this machine counts."""
    monkeypatch.setattr(side_by_side, "_OURS", tmp_path)
    monkeypatch.setattr(side_by_side, "_WORTH_IT", 0)
    monkeypatch.setattr(side_by_side, "cores", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], int]:
    """How many layers were read by this process, and by others: a line a layer, in a file they share."""
    log, read, here = tmp_path / "log", LayerReader.read, os.getpid()

    def logged(self: LayerReader, stream: Stream, name: str) -> ReadLayer:
        with log.open("a") as out:
            out.write(f"{os.getpid() != here}\n")
        return read(self, stream, name)

    monkeypatch.setattr(LayerReader, "read", logged)
    return lambda: log.read_text().split().count("True")


def image() -> Planted:
    """With names that are no text, an emptied folder, something packed, and a large file."""
    one = planted()
    word = random_password()
    files = {"srv/\udcff.env": f"DB_PASSWORD={word}\n".encode(), "a.png": b"\x89PNG" + bytes(99), "big": b"x" * 900_000}
    one.layers += [tar_of(files), tar_of({"srv/.wh..wh..opq": b""})]
    one.secrets["odd"] = word
    return one


def alike(observed: list[Observation]) -> list[str]:
    return sorted(
        f"{one!r} {one.secret.reveal() if isinstance(one, Finding) and one.secret else ''}" for one in observed
    )


@pytest.mark.parametrize("form", ["archive", "layout"])
def test_what_several_processes_find(
    workstation: MakeWorkstation,
    tmp_path: Path,
    forking: None,
    elsewhere: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    made, machine = image(), workstation(limits=Limits(text_bytes=800_000))
    if form == "archive":
        path = tmp_path / "image.tar"
        path.write_bytes(tar_of(docker_files([made])))
    else:
        path = write_folder(tmp_path / "layout", oci_files([made])) / "index.json"
    together = alike(list(image_archives.read(machine, path)))
    assert elsewhere() == len(made.layers)
    monkeypatch.setattr(side_by_side, "cores", lambda: 1)
    assert alike(list(image_archives.read(machine, path))) == together
    assert elsewhere() == len(made.layers)
    assert sum("deleted in layer 5" in one for one in together) == 1


def test_a_process_that_is_killed(
    workstation: MakeWorkstation, tmp_path: Path, forking: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the system, for want of memory: its layer is said, the others are read."""
    made, find = planted(), layers.LayerReader.read
    path = tmp_path / "image.tar"
    path.write_bytes(tar_of(docker_files([made])))
    lost = next(name for name in docker_files([made]) if name.endswith("layer.tar"))

    def read(self: LayerReader, stream: Stream, name: str) -> ReadLayer:
        if name == lost:
            os.kill(os.getpid(), signal.SIGKILL)
        return find(self, stream, name)

    monkeypatch.setattr(LayerReader, "read", read)
    observed = list(image_archives.read(workstation(), path))
    (skipped,) = [one for one in observed if isinstance(one, Skipped)]
    assert skipped.path.endswith("layer 1")
    assert "the process that read it ended" in skipped.reason


def test_one_archive_at_a_time(tmp_path: Path) -> None:
    with side_by_side._alone(tmp_path) as first, side_by_side._alone(tmp_path) as second:
        assert (first, second) == (True, False)
