"""Images built by a real builder that knows secret mounts: buildah, without a daemon, also for an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks import image_archives
from checks.model.finding import Finding
from checks.model.workstation import Workstation
from tests.services.require import missing, require

HEAD = """FROM scratch AS base
COPY bin /bin
SHELL ["/bin/sh", "-c"]
RUN mkdir -p /proof /root /tmp && chmod 777 /proof
"""
_SHOW = "show() { sha256sum | cut -c1-64; }\n"
TOOLS = {
    "curl": 'for one in "$@"; do case $one in *bob:*) printf %s "${one#*bob:}" | show >> /proof/curl;; '
    '*Bearer*) printf %s "${one#*Bearer }" | show >> /proof/curl;; esac; done\n',
    "docker": "case $1 in login) cat > /dev/null; mkdir -p /root/.docker; "
    'printf \'{"auths":{"r.example.com":{"auth":"%s"}}}\' "$(printf %s "alice:$5" | base64)" '
    '> /root/.docker/config.json;; logout) :;; pull) sed \'s/.*"auth":"\\([^"]*\\)".*/\\1/\' '
    "/root/.docker/config.json | base64 -d | cut -d: -f2 | tr -d '\\n' | show > /proof/docker;; esac\n",
    "git": "show < /root/.ssh/id_ed25519 > /proof/git\n",
    "npm": 'case $1 in config) echo "$3" >> /root/.npmrc;; ci) for one in .npmrc /root/.npmrc; do '
    "[ ! -f $one ] || sed 's/.*_authToken=//' $one | tr -d '\\n' | show > /proof/npm; done;; esac\n",
    "pip": "printf %s \"$3\" | sed 's/.*bob:\\(.*\\)@.*/\\1/' | tr -d '\\n' | show > /proof/pip\n",
    "app": 'printf %s "$1" | show > "/proof/$2"\n',
}
"""Tools as far as a build needs them: what they were given is told by its SHA-256 in /proof, and by nothing else."""
_APPLETS = "base64 cat chmod cut echo id ls mkdir printf rm sed sh sha256sum tr"


@dataclass(frozen=True)
class Builder:
    """A storage of its own below one folder."""

    program: str
    folder: Path

    def context(self) -> Path:
        """A build context with busybox and the tools, still without a Dockerfile."""
        made = self.folder / "context"
        (made / "bin").mkdir(parents=True)
        shutil.copy(require("busybox", "busybox-static"), made / "bin/busybox")
        for name in _APPLETS.split():
            (made / "bin" / name).symlink_to("busybox")
        for name, body in TOOLS.items():
            (made / "bin" / name).write_text(f"#!/bin/sh\n{_SHOW}{body}")
            (made / "bin" / name).chmod(0o755)
        return made

    def build(self, context: Path, *options: str, **environment: str) -> Path:
        """The image as a docker archive. Secrets come by the environment: they are named in the options."""
        archive = self.folder / f"{len(list(self.folder.glob('*.tar')))}.tar"
        self._run(
            "bud", "--isolation", "chroot", "--quiet", "-t", "made", *options, str(context), environment=environment
        )
        self._run("push", "--quiet", "made", f"docker-archive:{archive}:made:1")
        return archive

    def _run(self, verb: str, *arguments: str, environment: Mapping[str, str] = {}) -> None:
        storage = ("--root", self.folder / "root", "--runroot", self.folder / "run", "--storage-driver", "vfs")
        given = {"HOME": str(self.folder), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": str(self.folder)}
        command = [self.program, *map(str, storage), verb, *arguments]
        ran = subprocess.run(command, env={**given, **environment}, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr[-3000:] + ran.stdout[-1000:]

    def clean(self) -> None:
        """Files of mapped users go by the builder's own hand."""
        if os.geteuid():
            subprocess.run([self.program, "unshare", "rm", "-rf", str(self.folder / "root")], check=False)


def findings(workstation: Workstation, archive: Path) -> list[Finding]:
    return [one for one in image_archives.read(workstation, archive) if isinstance(one, Finding)]


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[Builder]:
    user = pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() and user not in {line.partition(":")[0] for line in Path("/etc/subuid").read_text().splitlines()}:
        missing(f"{user} has no ids of its own for containers: usermod --add-subuids and --add-subgids 100000-165535")
    made = Builder(require("buildah", "buildah"), tmp_path / "builder")
    made.folder.mkdir()
    yield made
    made.clean()
