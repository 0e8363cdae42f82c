"""Every planted secret is found in every layout and packing, told once, and said where."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from checks import image_archives
from checks.images import layers, reading
from checks.model.finding import Finding, Observation, PassedOver, PlaceKind, Skipped
from checks.model.workstation import Limits
from tests.checks.conftest import MakeWorkstation, Seen, random_password, random_token, seen
from tests.checks.images.planting import (
    PACKINGS,
    TAG,
    Planted,
    both_files,
    digest,
    docker_files,
    oci_files,
    planted,
    tar_of,
    write_folder,
)

LAYOUTS = {
    "docker": lambda image: docker_files([image]),
    "docker-gzip-layers": lambda image: docker_files([image], PACKINGS["gzip"]),
    "oci-gzip": lambda image: oci_files([image], "gzip"),
    "oci-zstd": lambda image: oci_files([image], "zstd"),
    "both": lambda image: both_files([image]),
    "both-zstd": lambda image: both_files([image], "zstd"),
}


def missed(image: Planted, got: Seen) -> list[str]:
    """A key's secret is its body, without the lines around it."""
    found = {one.secret.reveal() for one in got.findings if one.secret}
    return [
        name
        for name, secret in image.secrets.items()
        if secret not in found and not any("".join(one.split()) in "".join(secret.split()) for one in found)
    ]


def of(image: Planted, got: Seen, name: str) -> Finding:
    (found,) = [one for one in got.findings if one.secret and one.secret.reveal() == image.secrets[name]]
    return found


@pytest.mark.parametrize("packing", list(PACKINGS))
@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_every_secret_in_every_archive(workstation: MakeWorkstation, tmp_path: Path, layout: str, packing: str) -> None:
    image = planted()
    path = tmp_path / "image.tar"
    path.write_bytes(PACKINGS[packing](tar_of(LAYOUTS[layout](image))))
    got = seen(image_archives.read(workstation(), path))
    assert not missed(image, got)
    assert not got.skipped
    assert len(got.findings) == len(image.secrets) + 1  # the key is also told to have no passphrase
    assert all(one.place.kind is PlaceKind.IMAGE and one.place.image == TAG for one in got.findings)
    assert all(one.check == "image-archives" and one.place.repository == str(path) for one in got.findings)


@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd"])
def test_every_secret_in_a_layout_folder(workstation: MakeWorkstation, tmp_path: Path, packing: str) -> None:
    image = planted()
    folder = write_folder(tmp_path / "layout", oci_files([image], packing))
    assert image_archives.claims(folder / "index.json")
    got = seen(image_archives.read(workstation(), folder / "index.json"))
    assert not missed(image, got)
    assert not got.skipped


def _archive(tmp_path: Path, image: Planted) -> Path:
    path = tmp_path / "image.tar"
    path.write_bytes(tar_of(docker_files([image])))
    return path


def test_what_a_finding_says(workstation: MakeWorkstation, tmp_path: Path) -> None:
    image = planted()
    got = seen(image_archives.read(workstation(), _archive(tmp_path, image)))
    dotenv = of(image, got, "dotenv").place
    assert (dotenv.path, dotenv.line) == ("/app/.env", 2)
    assert (dotenv.layer, dotenv.field) == (digest(image.layers[1]), "layer 2: COPY . /app")
    assert of(image, got, "deleted").title.endswith("deleted in layer 3, still in layer 2")
    assert of(image, got, "overwritten").title.endswith("overwritten in layer 3, still in layer 2")
    env = of(image, got, "env")
    assert (env.rule, env.place.path, env.place.field) == ("image-env-secret", "configuration", "Env HUB_TOKEN")
    login = of(image, got, "login")
    assert (login.place.path, login.place.line, login.registry) == ("build history", 4, "registry.corp.io")
    assert of(image, got, "arg").place.field == "history DEPLOY_PASSWORD"
    shown = "".join(f"{one.title} {one.locator} {one.place} {one.advice}" for one in got.findings)
    assert not any(secret in shown for secret in image.secrets.values())


def _looked_at(
    workstation: MakeWorkstation, tmp_path: Path, files: dict[str, bytes], **limits: int
) -> list[Observation]:
    path = tmp_path / "image.tar"
    path.write_bytes(tar_of(docker_files([Planted([tar_of(files)], {}, [])])))
    return list(image_archives.read(workstation(limits=Limits(**limits)), path))


def test_programs_are_searched_for_tokens(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """Not for passwords, which nothing tells from a program's own words; what is packed is counted."""
    token, word = random_token("dckr_pat_", 27), random_password()
    program = b"\x7fELF" + bytes(9000) + f"\0token\0{token}\0password={word}\0".encode() + bytes(900)
    files = {"bin/tool": program, "a.png": b"\x89PNG" + bytes(700), "data": bytes(9000)}
    observed = _looked_at(workstation, tmp_path, files, text_bytes=8500)
    (found,) = [one for one in observed if isinstance(one, Finding)]
    assert found.secret and found.secret.reveal() == token
    assert (found.place.path, found.place.line) == ("/bin/tool", None)
    passed = {one.reason: one.bytes for one in observed if isinstance(one, PassedOver)}
    assert passed == {layers.PACKED: 704}
    assert [one.size for one in observed if isinstance(one, Skipped)] == [9000]


@pytest.mark.parametrize("words", [b"\0", b"\0" + 9000 * b"some words "], ids=["bare", "behind-words"])
def test_a_token_at_the_end_of_a_piece_is_told_whole_and_once(
    workstation: MakeWorkstation, tmp_path: Path, words: bytes
) -> None:
    """A program is read in pieces; of this issuer's tokens the beginning would be one, too."""
    token = random_token("bkpat_", 300)
    begin = layers._SAMPLE + 2 * layers._PIECE - 150 - len(words)
    program = b"\x7fELF".ljust(begin, b"\0") + words + f"{token}\0".encode() + bytes(layers._PIECE)
    observed = _looked_at(workstation, tmp_path, {"bin/tool": program + f"{token}\0".encode()})
    assert [one.secret.reveal() for one in observed if isinstance(one, Finding) and one.secret] == [token]


def test_other_names_of_a_file_are_told(workstation: MakeWorkstation, tmp_path: Path) -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        data = f"DB_PASSWORD={random_password()}\n".encode()
        member = tarfile.TarInfo("app/.env")
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
        for name in ("app/kept.env", "./srv/.env", "x/y", "x/z"):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.LNKTYPE, "./app/.env"
            tar.addfile(link)
    path = tmp_path / "image.tar"
    path.write_bytes(tar_of(docker_files([Planted([held.getvalue()], {}, [])])))
    (found,) = seen(image_archives.read(workstation(), path)).findings
    assert found.title.endswith("also as /app/kept.env, /srv/.env, /x/y and 1 more")


@pytest.mark.parametrize(
    "options",
    [["--format=gnu"], *(["--format=pax", f"--sparse-version={one}"] for one in ("0.0", "0.1", "1.0"))],
    ids=["gnu", "0.0", "0.1", "1.0"],
)
def test_sparse_files_are_read_without_their_holes(
    workstation: MakeWorkstation, tmp_path: Path, options: list[str]
) -> None:
    word = random_password()
    sparse = tmp_path / "layer" / "app.env"
    sparse.parent.mkdir()
    with sparse.open("wb") as stream:
        for at in range(0, 40 * 65_536, 65_536):  # more pieces than the header has room for
            stream.seek(at)
            stream.write(b"# text\n" * 700)
        stream.write(f"DB_PASSWORD={word}\n".encode())
        stream.truncate(1 << 24)
    layer = tmp_path / "layer.tar"
    subprocess.run(["tar", "--sparse", *options, "-cf", layer, "-C", sparse.parent, "app.env"], check=True)
    assert layer.stat().st_size < 1 << 20
    path = tmp_path / "image.tar"
    path.write_bytes(tar_of(docker_files([Planted([layer.read_bytes()], {}, [])])))
    got = seen(image_archives.read(workstation(), path))
    assert [one.secret.reveal() for one in got.findings if one.secret] == [word]
    assert not got.skipped


def test_layers_that_images_share_are_told_once(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """In the image that does not delete the file, if there is one."""
    image = planted()
    bare = Planted(image.layers[:2], {}, [], image.secrets, "demo/base:1")
    path = tmp_path / "images.tar"
    path.write_bytes(tar_of(docker_files([image, bare])))
    got = seen(image_archives.read(workstation(), path))
    found = of(image, got, "deleted")
    assert found.place.image == "demo/base:1"
    assert found.title.endswith(", and in 1 more images")
    assert "deleted" not in found.title
    assert not missed(image, got)


@pytest.mark.parametrize("name", ["image.tar", "IMAGE.TAR.GZ", "x.tgz", "x.tar.zst", "x.oci"])
def test_names_that_are_looked_into(name: str) -> None:
    assert image_archives.may_claim(name.lower(), "/x")
    assert image_archives.claims(Path("/x") / name)


def test_names_without_an_ending_are_known_by_content(tmp_path: Path) -> None:
    archive, text = tmp_path / "image", tmp_path / "text"
    archive.write_bytes(tar_of(docker_files([planted()])))
    text.write_text("nothing of the kind\n" * 100)
    assert image_archives.claims(archive)
    assert not image_archives.claims(text)
    assert not image_archives.claims(tmp_path / "missing")
    assert not image_archives.claims(tmp_path / "index.json")


def test_an_image_among_many_other_files(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """What a description names counts, whatever lies beside it; the rest is said."""
    image, path = planted(), tmp_path / "backup.tar"
    path.write_bytes(tar_of({f"src/{number}.py": b"x = 1\n" for number in range(200)} | docker_files([image])))
    got = seen(image_archives.read(workstation(), path))
    assert not missed(image, got)
    assert [(one.reason, one.files, one.size) for one in got.skipped] == [(reading._STRAYS, 200, 1200)]


OTHERS = {
    "sources": tar_of({f"src/{number}.py": b"x = 1\n" for number in range(200)}),
    "few": tar_of({"a.txt": b"password=hunter2\n"}),
    "web": tar_of({"site/index.html": b"", "index.json": b"{}", "manifest.json": b"[]", "app.js": b"", "b.js": b""}),
    "empty": bytes(1024),
    "text": b"no archive at all\n" * 100,
    "nothing": b"",
}


@pytest.mark.parametrize("packing", list(PACKINGS))
@pytest.mark.parametrize("name", list(OTHERS))
def test_archives_of_other_things_yield_nothing(
    workstation: MakeWorkstation, tmp_path: Path, name: str, packing: str
) -> None:
    path = tmp_path / "other.tar"
    path.write_bytes(PACKINGS[packing](OTHERS[name]))
    assert list(image_archives.read(workstation(), path)) == []
