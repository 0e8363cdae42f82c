"""Images among the files of a tree, through the reader and over its wire; and what attestations tell."""

from __future__ import annotations

import json
from pathlib import Path

from checks import image_archives, source_text
from checks.images.attestation import argument_findings
from checks.model.finding import Finding
from checks.trees.batch import Batch
from checks.trees.reader import Reader
from checks.trees.wire import pack_outcome, unpack_outcome
from tests.checks.conftest import MakeWorkstation, random_password, seen
from tests.checks.images.planting import docker_files, oci_files, planted, tar_of, write_folder


def test_an_archive_in_a_tree(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """Its secrets once, with their places as they are; programs are counted, not listed."""
    image = planted()
    (tmp_path / "image.tar").write_bytes(tar_of(docker_files([image])))
    reader = Reader(workstation(), [image_archives, source_text])
    outcome = reader.look(Batch(str(tmp_path), ("image.tar",)))
    _, there = unpack_outcome(pack_outcome(1, outcome))
    findings = [one for _, one in there.told if isinstance(one, Finding)]
    assert len(findings) == len(image.secrets) + 1
    assert {one.place.image for one in findings} == {"demo/shop:1"}
    assert not there.failures
    assert there.looked[image_archives.id][0] == 1
    assert "binary" not in there.passed  # it was looked at, and is not told as passed over


def test_an_archive_of_something_else_is_passed_over_as_binary(workstation: MakeWorkstation, tmp_path: Path) -> None:
    (tmp_path / "sources.tar").write_bytes(tar_of({"src/a.bin": bytes(range(256))}))
    outcome = Reader(workstation(), [image_archives, source_text]).look(Batch(str(tmp_path), ("sources.tar",)))
    assert outcome.told == []
    assert outcome.passed["binary"][0] == 1


def test_the_blobs_of_a_layout_are_looked_at_with_it(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """Its configuration is text, of which source-text would tell again; alone, a blob is a file like any other."""
    image, checks = planted(), [image_archives, source_text]
    write_folder(tmp_path / "layout", oci_files([image]))
    blobs = tmp_path / "layout" / "blobs" / "sha256"
    names = tuple(one.name for one in blobs.iterdir())
    outcome = Reader(workstation(named=(tmp_path,)), checks).look(Batch(str(tmp_path / "layout"), ("index.json",)))
    assert len([one for _, one in outcome.told if isinstance(one, Finding)]) == len(image.secrets) + 1
    outcome = Reader(workstation(named=(tmp_path,)), checks).look(Batch(str(blobs), names))
    assert (outcome.told, outcome.looked, outcome.passed) == ([], {}, {})
    outcome = Reader(workstation(named=(blobs,)), checks).look(Batch(str(blobs), names))
    assert image.secrets["env"] in {
        one.secret.reveal() for _, one in outcome.told if isinstance(one, Finding) and one.secret
    }


def test_an_attestation_of_buildkit(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """A manifest of its own in the index, whose layer is a document."""
    word = random_password()
    provenance = {"predicate": {"invocation": {"parameters": {"args": {"build-arg:DEPLOY_PASSWORD": word}}}}}
    image = planted()
    attestation = planted()
    attestation.layers, attestation.config, attestation.history = [json.dumps(provenance).encode()], {}, []
    files = oci_files([image, attestation], "plain")
    index = json.loads(files["index.json"])
    index["manifests"][1]["annotations"] = {"vnd.docker.reference.type": "attestation-manifest"}
    folder = write_folder(tmp_path / "layout", files | {"index.json": json.dumps(index).encode()})
    got = seen(image_archives.read(workstation(), folder / "index.json"))
    (found,) = got.rule("image-attestation-secret")
    assert found.secret and found.secret.reveal() == word
    assert found.place.field == "attestation DEPLOY_PASSWORD"
    assert not got.skipped


def test_no_attestation() -> None:
    for data in (b"", b"[" * 500_000, b"7", b"\xff"):
        assert list(argument_findings("x", data)) == []
