"""Every rewriting of a Dockerfile, built before and after: the secret is in the image, then it is not, and the RUN
still gets it. What a RUN was given is told by its SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from checks import container_builds
from checks.model.credential import Credential, group
from checks.model.finding import Finding
from checks.model.secret import FingerprintKey, Secret
from checks.model.workstation import Workstation
from guides.case.model import CasePlace
from guides.edits import applying
from guides.edits.applying import EditRecord
from guides.edits.dockerfile import plan_for_image
from guides.edits.edit import ValueEdit, Way
from guides.edits.value_edit import plan_edit
from guides.images.proposing import propose_ignore
from guides.images.told import told_by
from tests.checks.conftest import random_token
from tests.guides.images.builder import HEAD, Builder, builder, findings

__all__ = ["builder"]

IN_THE_FILE = """FROM base
WORKDIR /app
# taken out of the middle of its instruction
ARG STAGE=test ARG_TOKEN={arg} \\
    LEVEL=3
ENV COPIED=$ARG_TOKEN
RUN app "$ARG_TOKEN" arg && \\
    app "${{COPIED}}" copied
RUN curl -u bob:{curl} https://x.example.com/file
RUN curl -H 'Authorization: Bearer {single}' https://x.example.com/file ; \\
    curl -H "Authorization: Bearer {double}" https://x.example.com/file
RUN docker login -u alice -p {docker} r.example.com && docker pull r.example.com/x && docker logout r.example.com
RUN npm config set //r.example.com/:_authToken={npm} && npm ci && rm -f /root/.npmrc
RUN pip install --index-url https://bob:{pip}@p.example.com/simple made
RUN API_TOKEN={prefix} sh -c 'app "$API_TOKEN" prefix'
RUN export API_TOKEN={export} && app "$API_TOKEN" export
USER 1000
RUN PUSH_TOKEN={user} sh -c 'app "$PUSH_TOKEN" user'
ENV DB_PASSWORD={runtime}
CMD ["app"]
"""


@dataclass
class Bench:
    """A build context, and what belongs to a scan of it."""

    builder: Builder
    context: Path

    def __post_init__(self) -> None:
        self.home = self.context.parent
        self.workstation = Workstation(self.home, {}, FingerprintKey(os.urandom(32)), root=self.home / "root")

    @property
    def dockerfile(self) -> Path:
        return self.context / "Dockerfile"

    def credentials(self) -> tuple[Credential, ...]:
        """Of the Dockerfile, one for each secret that it spells."""
        seen = container_builds.read(self.workstation, self.dockerfile)
        return group([one for one in seen if isinstance(one, Finding)], self.workstation.key)

    def found(self, archive: Path) -> list[Finding]:
        return findings(self.workstation, archive)

    def places(self, found: list[Finding], secret: Secret) -> list[CasePlace]:
        return [
            CasePlace(str(number), one.check, one.rule, one.title, "image", one.place.path, field=one.place.field)
            for number, one in enumerate(found)
            if one.secret == secret
        ]

    def apply(self, edit: object) -> ValueEdit:
        assert isinstance(edit, ValueEdit), getattr(edit, "reason", edit)
        applying.apply(edit, Path(EditRecord.of(edit).temporary))
        return edit


@pytest.fixture
def bench(builder: Builder) -> Bench:
    return Bench(builder, builder.context())


def proofs(archive: Path) -> dict[str, list[str]]:
    """The lines of the files below /proof, whichever layer holds them last."""
    read: dict[str, list[str]] = {}
    with tarfile.open(archive) as outer:
        manifest = json.loads(outer.extractfile("manifest.json").read())  # type: ignore[union-attr]
        for name in manifest[0]["Layers"]:
            with tarfile.open(fileobj=outer.extractfile(name)) as layer:
                for member in layer:
                    if member.isfile() and member.name.lstrip("./").startswith("proof/"):
                        data = layer.extractfile(member).read()  # type: ignore[union-attr]
                        read[Path(member.name).name] = data.decode().split()
    return read


def told_of(*values: str) -> list[str]:
    return [hashlib.sha256(value.encode()).hexdigest() for value in values]


def test_secrets_that_the_dockerfile_spells(bench: Bench) -> None:
    names = ["arg", "curl", "single", "double", "docker", "npm", "pip", "prefix", "export", "user", "runtime"]
    old, new = (
        {one: random_token("npm_", 36) if one == "npm" else random_token("A1", 24) for one in names} for _ in "12"
    )
    bench.dockerfile.write_text(HEAD + IN_THE_FILE.format(**old))
    before = bench.builder.build(bench.context)
    held = {one.secret.reveal() for one in bench.found(before) if one.secret}
    assert held >= set(old.values())
    for credential in bench.credentials():
        name = next(one for one, value in old.items() if Secret(value) == credential.secret)
        edit = bench.apply(
            plan_edit(
                bench.workstation, container_builds, bench.dockerfile, credential.secret, None, Way.MOUNT, name.upper()
            )
        )
        shown = "\n".join((*edit.preview, *edit.notes))
        assert not any(value in shown for value in old.values())
    written = bench.dockerfile.read_text()
    assert written.startswith("# syntax=docker/dockerfile:1\n") and written.count("syntax=") == 1
    assert "ARG STAGE=test \\\n    LEVEL=3\n" in written and "login" not in written and "uid=1000" in written
    npmrc, config = bench.home / "npmrc", bench.home / "config.json"
    npmrc.write_text(f"//r.example.com/:_authToken={new['npm']}")
    login = base64.b64encode(f"alice:{new['docker']}".encode()).decode()
    config.write_text(json.dumps({"auths": {"r.example.com": {"auth": login}}}, separators=(",", ":")))
    given = {"ARG_TOKEN": "arg", "CURL": "curl", "SINGLE": "single", "DOUBLE": "double", "PIP": "pip",
             "PREFIX": "prefix", "EXPORT": "export", "USER": "user"}  # fmt: skip
    options = [f"--secret=id={one},env={one}" for one in given]
    files = [f"--secret=id=npmrc,src={npmrc}", f"--secret=id=dockerconfig,src={config}"]
    after = bench.builder.build(bench.context, *options, *files, **{name: new[key] for name, key in given.items()})
    assert not bench.found(after)
    assert proofs(after) == {
        **{one: told_of(new[one]) for one in ("arg", "docker", "npm", "pip", "prefix", "export", "user")},
        "copied": told_of(new["arg"]),
        "curl": told_of(new["curl"], new["single"], new["double"]),
    }


IN_THE_IMAGE = """FROM base AS build
WORKDIR /app
ARG BUILD_TOKEN
RUN app "$BUILD_TOKEN" argument
COPY .npmrc package.json ./
RUN npm ci && rm .npmrc
ENV LEVEL=3
COPY id_ed25519 /root/.ssh/id_ed25519
RUN chmod 600 /root/.ssh/id_ed25519 && git clone git@g.example.com:acme/lib.git && rm -rf /tmp/x
COPY . /app
FROM build
RUN app x last
"""


def private_key() -> str:
    form = (Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    return ed25519.Ed25519PrivateKey.generate().private_bytes(*form).decode()


def test_secrets_that_only_the_image_tells(bench: Bench) -> None:
    """A build argument, files that are copied by name (one deleted again), and one that comes with the whole folder."""
    old, new = ({one: random_token("npm_", 36) for one in ("argument", "npm", "env")} for _ in "12")
    old["key"], new["key"] = private_key(), private_key()
    files = {".npmrc": "//r.example.com/:_authToken={npm}", "id_ed25519": "{key}", "deploy/.env": "DEPLOY_TOKEN={env}"}
    context = bench.context
    (context / "deploy").mkdir()
    (context / "package.json").write_text("{}")
    bench.dockerfile.write_text(HEAD + IN_THE_IMAGE)
    for name, text in files.items():
        (context / name).write_text(text.format(**old))
    before = bench.found(bench.builder.build(context, "--layers", f"--build-arg=BUILD_TOKEN={old['argument']}"))
    assert {Secret(value) for name, value in old.items() if name != "key"} < {one.secret for one in before}
    for credential in group(before, bench.workstation.key):
        told = told_by(bench.places(before, credential.secret))
        secret, seen = credential.secret, bench.workstation
        edit = plan_for_image(seen, bench.dockerfile, secret, told.variables, told.files, "BUILD_SECRET")
        for one in (edit, propose_ignore(seen, bench.dockerfile, secret, told)):
            if isinstance(one, ValueEdit):
                bench.apply(one)
    ignored = (context / ".dockerignore").read_text().splitlines()
    assert sorted(line for line in ignored if line[:1] != "#") == [".npmrc", "deploy/.env", "id_ed25519"]
    assert "npmrc,target=/app/.npmrc" in bench.dockerfile.read_text()
    for name, text in files.items():
        (context / name).write_text(text.format(**new))
    given = ["--secret=id=BUILD_TOKEN,env=BUILD_TOKEN"]
    given += [
        f"--secret=id={one},src={context / name}" for one, name in (("npmrc", ".npmrc"), ("sshkey", "id_ed25519"))
    ]
    after = bench.builder.build(context, "--layers", *given, BUILD_TOKEN=new["argument"])
    assert not bench.found(after)
    proven = proofs(after)
    assert [proven[one] for one in ("argument", "npm", "git")] == [
        told_of(new[one]) for one in ("argument", "npm", "key")
    ]
