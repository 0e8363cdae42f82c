"""An image of half a gigabyte made of what is installed here: a distribution, packages, an application with secrets."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import secrets
import shutil
import stat
import sysconfig
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.planted import github_token, hub_token, word

_MEGABYTE = 1_000_000
_SEED = 20261124
_APPLICATION = 3000
"""Small files of the application itself."""
_SHARES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("base", 170, ("/usr/bin", "/usr/lib", "/usr/share")),
    ("packages", 130, ("/usr/lib", "/usr/share", "/opt")),
)
"""Layers of the distribution, their megabytes, and where these come from, each folder its part."""
_LIBRARY = 190
_DATABASE = "/var/lib/dpkg"


@dataclass(frozen=True, slots=True)
class Made:
    """The layers as files, lowest first, with their diff ids; and the paths in which a secret was planted."""

    layers: tuple[tuple[Path, str], ...]
    config: bytes
    planted: tuple[str, ...]
    bytes: int
    files: int

    def described(self) -> str:
        return f"{self.bytes / _MEGABYTE:.0f} MB in {self.files:,} files and {len(self.layers)} layers"


class _Layer:
    """A layer while it is written. Owners and times are the same in every run, so that its digest is too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = 0
        self.bytes = 0
        self._tar = tarfile.open(path, "w", format=tarfile.GNU_FORMAT)  # noqa: SIM115  closed below

    def add(self, name: str, data: bytes) -> None:
        member = tarfile.TarInfo(name.lstrip("/"))
        member.size = len(data)
        self._tar.addfile(member, io.BytesIO(data))
        self.files, self.bytes = self.files + 1, self.bytes + len(data)

    def close(self) -> tuple[Path, str]:
        self._tar.close()
        with self.path.open("rb") as stream:
            return self.path, f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"


def made_image(folder: Path) -> Made:
    """Writes the layers into this folder: the same on the same machine, but for the secrets."""
    done: list[tuple[Path, str]] = []
    files = size = 0
    seen: set[str] = set()
    planted: list[str] = []
    fillings: list[Callable[[_Layer], None]] = [
        *(lambda layer, share=share: _distribution(layer, share, seen) for share in _SHARES),
        lambda layer: _packages(layer, seen),
        lambda layer: planted.extend(_application(layer)),
        lambda layer: layer.add("app/service-0/.wh.settings.env", b""),
    ]
    for number, fill in enumerate(fillings):
        layer = _Layer(folder / f"{number}.tar")
        fill(layer)
        done.append(layer.close())
        files, size = files + layer.files, size + layer.bytes
    rootfs = {"type": "layers", "diff_ids": [digest for _, digest in done]}
    history = [{"created_by": "COPY . / # buildkit"} for _ in done]
    config = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": rootfs, "history": history}
    return Made(tuple(done), json.dumps(config).encode(), tuple(planted), size, files)


def docker_archive(made: Made, path: Path) -> Path:
    """As docker before version 25 saves it: plain layers, `manifest.json` last."""
    names = [f"{digest[7:]}/layer.tar" for _, digest in made.layers]
    config = f"{hashlib.sha256(made.config).hexdigest()}.json"
    manifest = json.dumps([{"Config": config, "RepoTags": ["bench/shop:1"], "Layers": names}]).encode()
    layers = [layer for layer, _ in made.layers]
    return _archive(path, list(zip(names, layers, strict=True)), {config: made.config, "manifest.json": manifest})


def gzip_archive(made: Made, path: Path) -> Path:
    """As docker saves it that keeps its images in containerd: an OCI layout of gzip layers, with `manifest.json`."""
    packed = [_packed(layer) for layer, _ in made.layers]
    blobs = [f"blobs/sha256/{digest}" for _, digest in packed]
    config = hashlib.sha256(made.config).hexdigest()
    media = "application/vnd.oci.image.layer.v1.tar+gzip"
    layers = [{"mediaType": media, "digest": f"sha256:{digest}", "size": one.stat().st_size} for one, digest in packed]
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": f"sha256:{config}",
                "size": len(made.config),
            },
            "layers": layers,
        }
    ).encode()
    digest = hashlib.sha256(manifest).hexdigest()
    listed = {
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": f"sha256:{digest}",
        "size": len(manifest),
        "annotations": {"org.opencontainers.image.ref.name": "1", "io.containerd.image.name": "bench/shop:1"},
    }
    docker = [{"Config": f"blobs/sha256/{config}", "RepoTags": ["bench/shop:1"], "Layers": blobs}]
    documents = {
        f"blobs/sha256/{config}": made.config,
        f"blobs/sha256/{digest}": manifest,
        "index.json": json.dumps({"schemaVersion": 2, "manifests": [listed]}).encode(),
        "manifest.json": json.dumps(docker).encode(),
        "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
    }
    return _archive(path, [(name, one) for name, (one, _) in zip(blobs, packed, strict=True)], documents)


def _archive(path: Path, blobs: list[tuple[str, Path]], documents: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, blob in blobs:
            tar.add(blob, name)
        for name, data in documents.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def _packed(layer: Path) -> tuple[Path, str]:
    path = layer.with_suffix(".tar.gz")
    with layer.open("rb") as plain, gzip.GzipFile(path, "wb", 6, mtime=0) as packed:
        shutil.copyfileobj(plain, packed, 1 << 20)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def _distribution(layer: _Layer, share: tuple[str, int, tuple[str, ...]], seen: set[str]) -> None:
    name, most, folders = share
    if name == "base":
        layer.add("etc/os-release", b"ID=made-up\n")
        for one in _files(Path(_DATABASE, "info")):
            if one.suffix in (".md5sums", ".list"):
                layer.add(str(one), one.read_bytes())
        for one in (Path(_DATABASE, "status"),):
            if one.exists():
                layer.add(str(one), one.read_bytes())
    for folder in folders:
        _copied(layer, Path(folder), most * _MEGABYTE // len(folders), seen)


def _packages(layer: _Layer, seen: set[str]) -> None:
    for folder in dict.fromkeys((sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"))):
        _copied(layer, Path(folder), _LIBRARY * _MEGABYTE // 2, seen)


def _copied(layer: _Layer, top: Path, most: int, seen: set[str]) -> None:
    """Files that everybody may read, folders in an order that mixes them, up to so many bytes."""
    until = layer.bytes + most
    for path in _files(top):
        if layer.bytes >= until:
            return
        status = path.lstat()
        readable = stat.S_ISREG(status.st_mode) and status.st_mode & stat.S_IROTH
        if str(path) not in seen and readable and status.st_size < 40 * _MEGABYTE:
            seen.add(str(path))
            layer.add(str(path), path.read_bytes())


def _files(top: Path) -> Iterator[Path]:
    chance = random.Random(_SEED)
    for folder, folders, names in os.walk(top):
        folders.sort()
        chance.shuffle(folders)
        for name in sorted(names):
            yield Path(folder, name)


def _application(layer: _Layer) -> list[str]:
    """Small sources and settings; in every 150th folder a file with a secret."""
    chance = random.Random(_SEED)
    planted = []
    for number in range(_APPLICATION):
        folder = f"app/service-{number // 10}"
        lines = [f"def step_{one}(value):\n    return value * {chance.randrange(999)}\n" for one in range(40)]
        layer.add(f"{folder}/module_{number % 10}.py", "\n".join(lines).encode())
        layer.add(f"{folder}/lock_{number % 10}.json", json.dumps({"digest": chance.randbytes(32).hex()}).encode())
        if number % 150 == 0:
            name, text = _SECRETS[number // 150 % len(_SECRETS)]
            layer.add(f"{folder}/{name}", text().replace("\u00a7", "").encode())
            planted.append(f"{folder}/{name}")
    return planted


def _aws() -> str:
    kept = word(40)[1:]
    return f"[default]\naws_access_key_id = AKIA{_base32(16)}\naws_secret_access_key = {kept}\n"


def _base32(length: int) -> str:
    return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(length))


_SECRETS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("settings.env", lambda: f"LEVEL=debug\nGITHUB_TOKEN={github_token()}\n"),
    ("deploy.sh", lambda: f"#!/bin/sh\nexport GITHUB_TOKEN={github_token()}\nmake deploy\n"),
    ("settings.py", lambda: f'import os\n\nTOKEN = "{github_token()}"\n'),
    ("hub.yaml", lambda: f"registry:\n  user: alice\n  token: {hub_token()}\n"),
    (".npmrc", lambda: f"//npm.example.com/:_authToken=npm_{word(36)[1:]}\n"),
    ("credentials", _aws),
    (".env", lambda: f"LEVEL=debug\nDB_PASSWORD='{word()}'\n"),
)
"""Names of files and what stands in them: tokens that every scanner knows, and a password."""
