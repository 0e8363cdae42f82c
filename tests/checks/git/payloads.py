"""Repositories that have git run something: each says with which everyday command git does."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.services.git_repository import ALONE, GitRepository

Commands = Sequence[Sequence[str]]
ANY = tuple(range(-64, 256))
"""Also the end by a signal, of a git that wrote to a payload that did not read."""


@dataclass
class Scene:
    """A repository, and a program that leaves a mark where it runs."""

    repository: GitRepository
    program: Path
    mark: Path

    @classmethod
    def new(cls, folder: Path) -> Scene:
        folder.mkdir(parents=True, exist_ok=True)
        mark, program = folder / "mark", folder / "program"
        program.write_text(f'#!/bin/sh\necho "$0 $*" >> {mark}\nexit 0\n')
        program.chmod(0o755)
        made = GitRepository.new(folder / "work")
        made.added("README", "a program\n")
        return cls(made, program, mark)

    def config(self, name: str, value: str | Path | None = None) -> None:
        self.repository.git("config", name, str(value or self.program))

    def attributes(self, text: str) -> None:
        self.repository.write(".gitattributes", text)

    def run(self, commands: Commands) -> None:
        """What anybody would type, on a terminal where the first word says so."""
        for command in commands:
            self.repository.write("README", os.urandom(4).hex())
            if command[0] == "tty":
                _on_a_terminal(self.repository.path, command[1:])
            else:
                self.repository.git(*command, fine=ANY, given=b"protocol=https\nhost=git.example.com\n\n")

    def fired(self) -> bool:
        try:
            self.mark.unlink()
        except FileNotFoundError:
            return False
        return True


def _on_a_terminal(folder: Path, command: Sequence[str]) -> None:
    ours, theirs = pty.openpty()
    try:
        environ = {**ALONE, "PATH": os.environ["PATH"], "HOME": str(folder.parent), "TERM": "vt100"}
        subprocess.run(["git", *command], cwd=folder, env=environ, stdin=theirs, stdout=theirs, stderr=theirs)
    finally:
        os.close(theirs)
        os.close(ours)


def hook(name: str, *command: str) -> Callable[[Scene], Commands]:
    def arm(scene: Scene) -> Commands:
        target = scene.repository.path / ".git/hooks" / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(scene.program.read_bytes())
        target.chmod(0o755)
        return [command]

    return arm


def setting(name: str, *command: str, value: str = "{program}") -> Callable[[Scene], Commands]:
    def arm(scene: Scene) -> Commands:
        scene.config(name, value.format(program=scene.program))
        return [command]

    return arm


def hooks_path(scene: Scene) -> Commands:
    shutil.copy(scene.program, scene.program.with_name("post-checkout"))
    scene.config("core.hooksPath", scene.program.parent)
    return [("checkout", "--quiet", "-f", "HEAD")]


def attribute(name: str, key: str, *command: str, inside: bool = False) -> Callable[[Scene], Commands]:
    """Of any name, so that no list of names can switch it off."""

    def arm(scene: Scene) -> Commands:
        if inside:
            (scene.repository.path / ".git/info").mkdir(exist_ok=True)
            (scene.repository.path / ".git/info/attributes").write_text(f"* {name}=anyname\n")
        else:
            scene.attributes(f"* {name}=anyname\n")
        scene.config(f"{name}.anyname.{key}", f"{scene.program} #")
        return [command]

    return arm


def include(scene: Scene) -> Commands:
    outside = scene.program.with_name("outside")
    outside.write_text(f"[core]\n\tfsmonitor = {scene.program}\n")
    scene.config("include.path", outside)
    return [("status",)]


def include_if(scene: Scene) -> Commands:
    outside = scene.program.with_name("outside")
    outside.write_text(f"[core]\n\tfsmonitor = {scene.program}\n")
    scene.config("includeIf.gitdir:**.path", outside)
    return [("status",)]


def alias(scene: Scene) -> Commands:
    for name in ("cat-file", "rev-list", "log", "ls-files", "for-each-ref", "everyday"):
        scene.config(f"alias.{name}", f"!{scene.program}")
    return [("everyday",)]


def signed(kind: str, *settings: str) -> Callable[[Scene], Commands]:
    """A commit that looks signed, by what the setting names."""

    def arm(scene: Scene) -> Commands:
        written = scene.repository.git("cat-file", "commit", "HEAD")
        head, _, message = written.partition("\n\n")
        text = f"{head}\ngpgsig -----BEGIN {kind}-----\n \n AAAA\n -----END {kind}-----\n\n{message}\n"
        commit = scene.repository.git("hash-object", "-t", "commit", "-w", "--stdin", given=text.encode())
        scene.repository.git("reset", "--quiet", "--soft", commit)
        for name in settings:
            scene.config(name)
        scene.config("log.showSignature", "true")
        return [("log",)]

    return arm


def alternates(scene: Scene) -> Commands:
    other = GitRepository.new(scene.program.parent / "other")
    other.added("other", "other\n")
    (scene.repository.path / ".git/objects/info/alternates").write_text(f"{other.path}/.git/objects\n")
    scene.config("core.alternateRefsCommand", f"{scene.program} #")
    return [("rev-list", "--all", "--alternate-refs")]


def remote(url: str, name: str = "", value: str = "{program}") -> Callable[[Scene], Commands]:
    def arm(scene: Scene) -> Commands:
        scene.config("remote.origin.url", url.format(program=scene.program))
        scene.config("protocol.ext.allow", "always")
        if name:
            scene.config(name.format(program=scene.program), value.format(program=scene.program))
        return [("fetch",)]

    return arm


def promisor(url: str, name: str = "") -> Callable[[Scene], Commands]:
    """A partial clone: git asks the remote for what is not there, whatever it is that needs it."""

    def arm(scene: Scene) -> Commands:
        blob = scene.repository.git("rev-parse", "HEAD:README")
        (scene.repository.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
        scene.config("core.repositoryFormatVersion", "1")
        scene.config("extensions.partialClone", "origin")
        scene.config("remote.origin.promisor", "true")
        scene.config("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
        remote(url, name)(scene)
        return [("cat-file", "-p", blob)]

    return arm


def submodule(scene: Scene) -> Commands:
    inner = GitRepository.new(scene.program.parent / "inner")
    inner.added("inner", "x\n")
    scene.repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "libs")
    scene.repository.commit("a submodule")
    scene.config("submodule.libs.update", f"!{scene.program}")
    scene.repository.git("-C", "libs", "commit", "--quiet", "--allow-empty", "-m", "another")
    return [("submodule", "update")]


PAYLOADS: dict[str, Callable[[Scene], Commands]] = {
    "hook post-checkout": hook("post-checkout", "checkout", "--quiet", "-f", "HEAD"),
    "hook reference-transaction": hook("reference-transaction", "branch", "new"),
    "hook post-index-change": hook("post-index-change", "add", "README"),
    "core.hooksPath": hooks_path,
    "core.fsmonitor": setting("core.fsmonitor", "status"),
    "core.pager": setting("core.pager", "tty", "log"),
    "pager.log": setting("pager.log", "tty", "log"),
    "core.editor": setting("core.editor", "tty", "commit", "--amend", "--allow-empty"),
    "core.sshCommand": remote("ssh://git.example.com/a", "core.sshCommand"),
    "core.gitProxy": remote("git://git.example.com/a", "core.gitProxy"),
    "core.askPass": setting("core.askPass", "credential", "fill"),
    "credential.helper": setting("credential.helper", "credential", "fill", value="!{program}"),
    "ext remote": remote("ext::{program}"),
    "remote of another system": remote("{program}", "remote.origin.vcs", "ext"),
    "remote uploadpack": remote(".", "remote.origin.uploadpack"),
    "insteadOf": remote("https://git.example.com/a", "url.ext::{program} x.insteadOf", "https://git.example.com/"),
    "promisor by ssh": promisor("ssh://git.example.com/a", "core.sshCommand"),
    "promisor by ext": promisor("ext::{program}"),
    "promisor by a folder": promisor(".", "remote.origin.uploadpack"),
    "diff.external": setting("diff.external", "diff"),
    "diff of any name": attribute("diff", "command", "diff"),
    "textconv of any name": attribute("diff", "textconv", "log", "-p"),
    "textconv by info/attributes": attribute("diff", "textconv", "log", "-p", inside=True),
    "filter clean": attribute("filter", "clean", "diff"),
    "filter clean by info/attributes": attribute("filter", "clean", "diff", inside=True),
    "filter smudge": attribute("filter", "smudge", "checkout", "-f", "HEAD", "--", "README"),
    "filter process": attribute("filter", "process", "checkout", "-f", "HEAD", "--", "README"),
    "include.path": include,
    "includeIf": include_if,
    "alias": alias,
    "gpg.program": signed("PGP SIGNATURE", "gpg.program"),
    "gpg.x509.program": signed("SIGNED MESSAGE", "gpg.x509.program"),
    "gpg.ssh.program": signed("SSH SIGNATURE", "gpg.ssh.program", "gpg.ssh.allowedSignersFile"),
    "core.alternateRefsCommand": alternates,
    "submodule update": submodule,
}
