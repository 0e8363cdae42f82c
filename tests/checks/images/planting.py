"""Images written by hand: layers, a configuration and a history with secrets made at run time, in every layout."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import io
import json
import lzma
import sys
import tarfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.checks.conftest import encoded, random_password, random_token

zstd = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": zstd.compress,
    "xz": lambda data: lzma.compress(data, preset=0),
}
MEDIA = {"plain": "", "gzip": "+gzip", "zstd": "+zstd"}
TAG = "demo/shop:1"
LOGIN = "docker login -u bob -p {} registry.corp.io"


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def tar_of(files: Mapping[str, bytes], **options: Any) -> bytes:
    """A tar of these files, in this order; a name that ends with a slash is a folder."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", **options) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            if name.endswith("/"):
                member.type = tarfile.DIRTYPE
            else:
                member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return held.getvalue()


@dataclass
class Planted:
    """An image, and the secrets in it by where they lie."""

    layers: list[bytes]
    config: dict[str, Any]
    history: list[dict[str, Any]]
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    tag: str = TAG

    @property
    def config_json(self) -> bytes:
        diff_ids = [digest(one) for one in self.layers]
        return json.dumps(
            {
                "architecture": "amd64",
                "os": "linux",
                "config": self.config,
                "rootfs": {"type": "layers", "diff_ids": diff_ids},
                "history": self.history,
            }
        ).encode()


def private_key() -> str:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


def planted() -> Planted:
    """Fifteen secrets, each in a place of its own."""
    names = "env label arg login curl health onbuild cmd npmrc docker-config dotenv history-file deleted overwritten"
    secrets = {name: random_password() for name in names.split()}
    secrets["env"] = random_token("dckr_pat_", 27)
    secrets["key"] = private_key()
    secrets["npmrc"] = random_token("npm_", 36)
    layers = [
        tar_of({"etc/": b"", "etc/os-release": b"ID=made-up\n", "bin/tool": b"\x7fELF" + bytes(20_000)}),
        tar_of(
            {
                "app/": b"",
                "app/.env": f"DEBUG=1\nDATABASE_PASSWORD={secrets['dotenv']}\n".encode(),
                "app/deleted.env": f"SMTP_PASSWORD={secrets['deleted']}\n".encode(),
                "app/settings.env": f"MAIL_PASSWORD={secrets['overwritten']}\n".encode(),
                "root/.npmrc": f"//npm.example.com/:_authToken={secrets['npmrc']}\n".encode(),
                "root/.docker/config.json": json.dumps(
                    {"auths": {"registry.example.net:5000": {"auth": encoded("bob", secrets["docker-config"])}}}
                ).encode(),
                "root/.bash_history": f"ls\n{LOGIN.format(secrets['history-file'])}\n".encode(),
                "root/.ssh/id_ed25519": secrets["key"].encode(),
            }
        ),
        tar_of({"app/.wh.deleted.env": b"", "app/settings.env": b"MAIL_PASSWORD=\n"}),
    ]
    config = {
        "Env": ["PATH=/usr/bin", f"HUB_TOKEN={secrets['env']}"],
        "Labels": {"maintainer": "somebody", "admin.password": secrets["label"]},
        "Cmd": ["serve", "--password", secrets["cmd"]],
        "Healthcheck": {"Test": ["CMD-SHELL", f"curl -u admin:{secrets['health']} http://localhost/health"]},
        "OnBuild": [f"RUN {LOGIN.format(secrets['onbuild'])}"],
    }
    history = [
        {"created_by": "/bin/sh -c #(nop) ADD file:0123456789abcdef in / "},
        {"created_by": f"|2 VERSION=1 DEPLOY_PASSWORD={secrets['arg']} /bin/sh -c make"} | {"empty_layer": True},
        {"created_by": "COPY . /app # buildkit"},
        {
            "created_by": f"RUN /bin/sh -c {LOGIN.format(secrets['login'])} # buildkit",
            "empty_layer": True,
        },
        {"created_by": f"RUN /bin/sh -c curl -u bob:{secrets['curl']} https://dl.corp.io/x && rm /app/deleted.env"},
    ]
    return Planted(layers, config, history, secrets)


def docker_files(images: Sequence[Planted], pack: Callable[[bytes], bytes] = bytes) -> dict[str, bytes]:
    """As docker before version 25 saves: a folder a layer, `manifest.json` last."""
    files: dict[str, bytes] = {}
    manifest = []
    for image in images:
        paths = [f"{digest(layer)[7:]}/layer.tar" for layer in image.layers]
        files |= {path: pack(layer) for path, layer in zip(paths, image.layers, strict=True)}
        config = f"{digest(image.config_json)[7:]}.json"
        files[config] = image.config_json
        manifest.append({"Config": config, "RepoTags": [image.tag], "Layers": paths})
    return files | {"manifest.json": json.dumps(manifest).encode()}


def oci_files(images: Sequence[Planted], packing: str = "gzip") -> dict[str, bytes]:
    """The files of an OCI layout."""
    files: dict[str, bytes] = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}
    listed = []
    for image in images:
        blobs = [PACKINGS[packing](layer) for layer in image.layers]
        media = f"application/vnd.oci.image.layer.v1.tar{MEDIA[packing]}"
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "config": {"digest": digest(image.config_json), "size": len(image.config_json)},
                "layers": [{"mediaType": media, "digest": digest(one), "size": len(one)} for one in blobs],
            }
        ).encode()
        files |= {_blob(one): one for one in (*blobs, image.config_json, manifest)}
        listed.append(
            {
                "digest": digest(manifest),
                "size": len(manifest),
                "annotations": {"org.opencontainers.image.ref.name": image.tag},
            }
        )
    return files | {"index.json": json.dumps({"schemaVersion": 2, "manifests": listed}).encode()}


def both_files(images: Sequence[Planted], packing: str = "plain") -> dict[str, bytes]:
    """As docker since version 25 saves: an OCI layout that also has docker's `manifest.json`."""
    files = oci_files(images, packing)
    manifest = [
        {
            "Config": _blob(image.config_json),
            "RepoTags": [image.tag],
            "Layers": [_blob(PACKINGS[packing](layer)) for layer in image.layers],
        }
        for image in images
    ]
    return files | {"manifest.json": json.dumps(manifest).encode()}


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def _blob(data: bytes) -> str:
    return f"blobs/sha256/{digest(data)[7:]}"
