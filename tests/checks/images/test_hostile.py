"""Archives that somebody made to mislead, hang or fill: the outcome is clear, and nothing is written."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from checks import image_archives
from checks.formats import compression
from checks.model.workstation import Limits
from tests.checks.conftest import MakeWorkstation, Seen, random_password, seen
from tests.checks.images.planting import (
    PACKINGS,
    Planted,
    both_files,
    digest,
    docker_files,
    oci_files,
    planted,
    tar_of,
    write_folder,
)
from tests.checks.images.test_formats import missed


@pytest.fixture
def look(workstation: MakeWorkstation, tmp_path: Path) -> Callable[..., Seen]:
    def looked(data: bytes, **fields: object) -> Seen:
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        (folder / "image.tar").write_bytes(data)
        before = sorted(os.walk(tmp_path))
        got = seen(image_archives.read(workstation(**fields), folder / "image.tar"))
        assert sorted(os.walk(tmp_path)) == before
        return got

    return looked


def reasons(got: Seen) -> str:
    return "; ".join(one.reason for one in got.skipped)


def one_layer(layer: bytes) -> Planted:
    return Planted([layer], {}, [])


def env_file(word: str) -> bytes:
    return f"DB_PASSWORD={word}\n".encode()


@pytest.mark.parametrize("packing", list(PACKINGS))
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_cut_short(look: Callable[..., Seen], packing: str, share: float) -> None:
    """Without its description: that comes last."""
    image = planted()
    data = tar_of(docker_files([image]))
    data = PACKINGS[packing](data[: int(len(data.rstrip(b"\0")) * share)])
    assert "cut short" in reasons(look(data))


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_cut_short_while_packed(look: Callable[..., Seen], packing: str) -> None:
    data = PACKINGS[packing](tar_of(both_files([planted()])))
    assert "cut short" in reasons(look(data[: int(len(data) * 0.8)]))


def test_layers_without_a_description_are_looked_at(look: Callable[..., Seen]) -> None:
    word = random_password()
    files = docker_files([one_layer(tar_of({"app/.env": env_file(word)}))])
    del files["manifest.json"]
    got = look(tar_of(files)[: 512 * 8])
    assert [one.secret.reveal() for one in got.findings if one.secret] == [word]
    assert "no image of the archive names" in got.findings[0].title


def test_a_layer_that_no_image_names(look: Callable[..., Seen]) -> None:
    word = random_password()
    left = tar_of({"app/.env": env_file(word)})
    got = look(tar_of(oci_files([planted()]) | {f"blobs/sha256/{digest(left)[7:]}": gzip.compress(left)}))
    (found,) = [one for one in got.findings if one.secret and one.secret.reveal() == word]
    assert "no image of the archive names" in found.title


def test_duplicate_members_hide_nothing(look: Callable[..., Seen]) -> None:
    """The same file twice in a layer, and a layer twice in the archive: the first one is there for who looks."""
    words = [random_password() for _ in range(3)]
    layer = tar_of({"app/.env": env_file(words[0])})[:1024] + tar_of({"app/.env": env_file(words[1])})
    files = docker_files([one_layer(layer)])
    first = next(iter(files))
    hidden = tar_of({"app/.env": env_file(words[2])})
    data = tar_of({first: hidden})[: 512 + len(hidden)] + tar_of(files)
    got = look(data)
    assert {one.secret.reveal() for one in got.findings if one.secret} == set(words)


def test_changed_blobs_are_said(look: Callable[..., Seen]) -> None:
    image = planted()
    for files in (oci_files([image], "plain"), docker_files([image])):
        name = next(name for name, data in files.items() if data == image.layers[1])
        files[name] = files[name].replace(b"ls\n", b"la\n")
        got = look(tar_of(files))
        assert "its digest is not the one that the image names" in reasons(got)
        assert not missed(image, got)
    files = oci_files([image], "plain")
    name = next(name for name, data in files.items() if data == image.config_json)
    files[name] += b" "
    assert "its digest is not the one that its name says" in reasons(look(tar_of(files)))


def test_missing_layers_and_descriptions_are_said(look: Callable[..., Seen]) -> None:
    image = planted()
    files = docker_files([image])
    del files[next(iter(files))]
    got = look(tar_of(files))
    assert reasons(got) == "the layer is not in the archive"
    assert not missed(image, got)
    files = oci_files([image])
    del files[next(name for name, data in files.items() if data == image.config_json)]
    assert "it is not in the archive" in reasons(look(tar_of(files)))


@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_names_that_lead_out_and_members_that_are_no_files(
    look: Callable[..., Seen], tmp_path: Path, packing: str
) -> None:
    words = [random_password() for _ in range(4)]
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name, word in zip(
            ("../../tmp/out/.env", "/abs/.env", "a\x1b[31m\nb/.env", "x/./y/../.env"), words, strict=True
        ):
            member = tarfile.TarInfo(name)
            member.size = len(env_file(word))
            tar.addfile(member, io.BytesIO(env_file(word)))
        for kind in (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE):
            member = tarfile.TarInfo("dev/zero")
            member.type, member.linkname, member.devmajor, member.devminor = kind, "/dev/zero", 1, 5
            tar.addfile(member)
    got = look(PACKINGS[packing](tar_of(docker_files([one_layer(held.getvalue())]))))
    assert {one.secret.reveal() for one in got.findings if one.secret} == set(words)
    assert all(one.place.path.startswith("/") and "/.." not in one.place.path for one in got.findings)
    assert not (tmp_path / "out").exists()


def test_links_of_the_archive_lead_nowhere(look: Callable[..., Seen]) -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name, target in (("manifest.json", "loop"), ("loop", "manifest.json"), ("index.json", "/etc/passwd")):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            tar.addfile(member)
    assert look(held.getvalue()).findings == []


def test_a_thousand_layers(look: Callable[..., Seen]) -> None:
    word = random_password()
    layers = [tar_of({f"etc/{number}": b"x\n"}) for number in range(999)]
    got = look(tar_of(docker_files([Planted([tar_of({".env": env_file(word)}), *layers], {}, [])])))
    assert [one.secret.reveal() for one in got.findings if one.secret] == [word]
    assert not got.skipped


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_bombs_end_and_are_said(look: Callable[..., Seen], packing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_RATIO_FROM", 8 * 1024 * 1024)
    word = random_password()
    layer = tar_of({".env": env_file(word), "zeros": bytes(64 * 1024 * 1024)})
    tracemalloc.start()
    try:
        got = look(tar_of(docker_files([one_layer(layer)], PACKINGS[packing])), limits=Limits(text_bytes=1024 * 1024))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "more than 250 times its size" in reasons(got)
    assert [one.secret.reveal() for one in got.findings if one.secret] == [word]
    assert peak < 200 * 1024 * 1024  # the test's own bomb is 64 of it, the archive in memory another


def test_all_that_is_unpacked_has_a_limit(look: Callable[..., Seen], monkeypatch: pytest.MonkeyPatch) -> None:
    """Together, however many layers it is in."""
    budget = compression.Budget
    monkeypatch.setattr("checks.images.reading.Budget", lambda left=6_000_000: budget(left))
    words = [random_password() for _ in range(3)]
    blobs = [tar_of({".env": env_file(word), "bin/x": b"\x7fELF" + os.urandom(2_500_000)}) for word in words]
    got = look(tar_of(docker_files([Planted(blobs, {}, [])], PACKINGS["gzip"])))
    assert "more than one scan reads of an archive" in reasons(got)
    assert {one.secret.reveal() for one in got.findings if one.secret} == set(words[:2])


@pytest.mark.parametrize("packing", list(PACKINGS))
def test_damage_in_the_middle_is_said(look: Callable[..., Seen], packing: str) -> None:
    image = planted()
    files = docker_files([image], PACKINGS[packing])
    name = list(files)[1]
    data = bytearray(files[name])
    at = 1024 if packing == "plain" else len(data) // 2
    data[at : at + 40] = b"\xaa" * 40
    got = look(tar_of(files | {name: bytes(data)}))
    assert "the layer was not read to its end: it is damaged" in reasons(got) or "its digest is not" in reasons(got)
    assert image.secrets["env"] in {one.secret.reveal() for one in got.findings if one.secret}


def test_large_files_are_counted(look: Callable[..., Seen]) -> None:
    layer = tar_of({"a.txt": b"x" * 5000, "b.txt": b"x" * 6000, "c.txt": b"x"})
    got = look(tar_of(docker_files([one_layer(layer)])), limits=Limits(text_bytes=4000))
    (skipped,) = got.skipped
    assert (skipped.files, skipped.size) == (2, 11_000)
    assert skipped.reason == "too large, the limit is 4.0 kB"


DESCRIPTIONS = {
    "deep": b"[" * 1_000_000,
    "no JSON": b"{",
    "no text": b"\xff\xfe\x00",
    "a number": b"7",
    "wrong kinds": json.dumps([{"Config": 7, "Layers": {"a": 1}, "RepoTags": "x"}, 3, None]).encode(),
    "digits": b"[" + b"9" * 100_000 + b"]",
    "out of it": json.dumps([{"Config": "../../../etc/passwd", "Layers": ["/etc/shadow", "../x"]}]).encode(),
    "large": b"[" + b" " * 9_000_000 + b"]",
}


@pytest.mark.parametrize("packing", ["plain", "gzip"])
@pytest.mark.parametrize("name", list(DESCRIPTIONS))
def test_descriptions_of_any_kind(look: Callable[..., Seen], name: str, packing: str) -> None:
    files = {"a" * 64 + "/layer.tar": bytes(1024), "manifest.json": DESCRIPTIONS[name]}
    got = look(PACKINGS[packing](tar_of(files)))
    assert not got.findings
    assert got.skipped or name == "a number"
    got = look(PACKINGS[packing](tar_of(oci_files([]) | {"index.json": DESCRIPTIONS[name]})))
    assert not got.findings


def test_indexes_that_name_each_other(look: Callable[..., Seen]) -> None:
    """Each blob once, and no deeper than anybody writes them."""
    files = {"oci-layout": b"{}"}
    below = "sha256:" + "0" * 64
    for _ in range(10):
        data = json.dumps({"manifests": [{"digest": below}] * 50}).encode()
        below = digest(data)
        files[f"blobs/sha256/{below[7:]}"] = data
    files["index.json"] = json.dumps({"manifests": [{"digest": below}]}).encode()
    got = look(tar_of(files))
    assert "deep in each other" in reasons(got)


def test_configurations_of_any_kind(look: Callable[..., Seen]) -> None:
    """What stands where something else was expected is passed over, and the rest is looked at."""
    word = random_password()
    image = planted()
    image.config |= {"Env": [7, None, f"X_PASSWORD={word}"], "Cmd": "text", "Healthcheck": [], "OnBuild": {"a": 1}}
    image.history += [{"created_by": 7}, {"created_by": "|999 " + "A=" * 20_000}, {"created_by": '["' * 20_000}]
    found = {one.secret.reveal() for one in look(tar_of(docker_files([image]))).findings if one.secret}
    assert word in found
    assert image.secrets["label"] in found


def test_a_layout_folder_with_links_and_devices(workstation: MakeWorkstation, tmp_path: Path) -> None:
    image = planted()
    folder = write_folder(tmp_path / "layout", oci_files([image]))
    blobs = folder / "blobs" / "sha256"
    layer = blobs / digest(PACKINGS["gzip"](image.layers[0]))[7:]
    layer.unlink()
    os.mkfifo(layer)
    (blobs / ("b" * 64)).symlink_to("/dev/zero")
    got = seen(image_archives.read(workstation(), folder / "index.json"))
    assert not missed(image, got)
    assert "not a regular file" in reasons(got)


def test_cancelling_ends_it(workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(tar_of(docker_files([planted()])))
    machine = workstation()
    machine.cancelled.set()
    assert not [one for one in seen(image_archives.read(machine, path)).findings if one.place.layer]
