"""Archives that skopeo and umoci have written."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import image_archives
from tests.checks.conftest import MakeWorkstation, Seen, random_password, seen
from tests.checks.images.planting import Planted, docker_files, planted, tar_of
from tests.checks.images.test_formats import missed
from tests.services.skopeo import skopeo
from tests.services.umoci import umoci


def copied(tmp_path: Path, image: Planted, destination: str, *options: str) -> None:
    archive = tmp_path / "source.tar"
    archive.write_bytes(tar_of(docker_files([image])))
    done = skopeo(tmp_path, "copy", *options, f"docker-archive:{archive}", destination)
    assert done.returncode == 0, done.stderr


FORMS = {
    "docker-archive": ("docker-archive:{}:demo/shop:1", ()),
    "oci-archive": ("oci-archive:{}:demo/shop:1", ()),
    "oci-archive-zstd": ("oci-archive:{}:demo/shop:1", ("--dest-compress-format", "zstd")),
}


@pytest.mark.parametrize("form", list(FORMS))
def test_archives_of_skopeo(workstation: MakeWorkstation, tmp_path: Path, form: str) -> None:
    image, path = planted(), tmp_path / "copy"
    destination, options = FORMS[form]
    copied(tmp_path, image, destination.format(path), *options)
    assert image_archives.claims(path)
    got = seen(image_archives.read(workstation(), path))
    assert _missed(image, got, form) == []
    assert not got.skipped
    assert any("demo/shop:1" in (one.place.image or "") for one in got.findings)
    assert sum("deleted in layer 3, still in layer 2" in one.title for one in got.findings) == 1


@pytest.mark.parametrize("options", [(), ("--dest-compress-format", "zstd")], ids=["gzip", "zstd"])
def test_layouts_of_skopeo(workstation: MakeWorkstation, tmp_path: Path, options: tuple[str, ...]) -> None:
    image, folder = planted(), tmp_path / "layout"
    copied(tmp_path, image, f"oci:{folder}:1", *options)
    got = seen(image_archives.read(workstation(), folder / "index.json"))
    assert _missed(image, got, "oci") == []
    assert not got.skipped


def _missed(image: Planted, got: Seen, form: str) -> list[str]:
    """OCI's configuration has no health check and no trigger: skopeo drops both on the way."""
    dropped = ("health", "onbuild") if form.startswith("oci") else ()
    return [name for name in missed(image, got) if name not in dropped]


def test_an_image_of_umoci(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """A file that a whiteout deletes, and a variable; as a layout, and as skopeo saves it for docker."""
    deleted, variable = random_password(), random_password()
    folder, app = tmp_path / "layout", tmp_path / "app"
    app.mkdir()
    (app / ".env").write_text(f"DB_PASSWORD={deleted}\n")
    umoci(tmp_path, "init", "--layout", folder)
    image = f"{folder}:v1"
    umoci(tmp_path, "new", "--image", image)
    umoci(tmp_path, "insert", "--rootless", "--image", image, app, "/app")
    umoci(tmp_path, "insert", "--rootless", "--image", image, "--whiteout", "/app/.env")
    umoci(tmp_path, "config", "--image", image, "--config.env", f"API_PASSWORD={variable}")
    saved = tmp_path / "saved.tar"
    done = skopeo(tmp_path, "copy", f"oci:{folder}:v1", f"docker-archive:{saved}:demo/app:1")
    assert done.returncode == 0, done.stderr
    for path in (folder / "index.json", saved):
        got = seen(image_archives.read(workstation(), path))
        found = {one.secret.reveal(): one for one in got.findings if one.secret}
        assert set(found) == {deleted, variable}
        assert found[deleted].title.endswith("deleted in layer 2, still in layer 1")
        assert found[variable].place.field == "Env API_PASSWORD"
