"""What a command leaves of a secret that it was given: nothing, a login in a file that its tool reads, or more.

A secret that comes by a mount is gone after its RUN; what a command writes stays in the layer. Only commands that are
known to write are told: the proof is the new image, looked at again.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from checks.formats.shell_words import Command
from guides.images.chain import Part, arguments_of, program_of
from guides.images.secret_files import SecretFile, known_file
from guides.images.stages import Line

_PRINTS = frozenset({"echo", "printf", "cat", "tee", "sed", "envsubst", "awk", "jq", "base64", "perl"})
_COPIES = frozenset({"cp", "mv", "ln", "install", "tar", "rsync", "zip"})
_KEEPS = frozenset({"login", "config", "configure", "auth", "add", "remote", "source", "sources", "set", "repo"})
"""Words behind a program's name with which tools store what they are told."""
_TIDIES = frozenset({"rm", "unlink", "shred", "chmod", "chown"})
_LOGOUTS = frozenset({("docker", "logout"), ("npm", "logout"), ("pnpm", "logout")})
_STORES = {("npm", "config"): "~/.npmrc", ("npm", "set"): "~/.npmrc", ("pnpm", "config"): "~/.npmrc",
           ("pip", "config"): "~/.config/pip/pip.conf", ("pip3", "config"): "~/.config/pip/pip.conf",
           ("docker", "login"): "~/.docker/config.json"}  # fmt: skip
"""Where these store it (npm-config(1), pip config, docker login(1))."""

_STORED = "it is stored by one of several commands that hang together"


@dataclass(frozen=True, slots=True)
class Written:
    """The part does nothing but write this file, which its tool reads later. `target` is absolute."""

    file: SecretFile
    target: str


@dataclass(frozen=True, slots=True)
class Stays:
    """The secret would stay in the layer; a clause for people."""

    reason: str


def lasting(part: Part, line: Line) -> Written | Stays | None:
    """For a part that is given the secret."""
    for command in part.commands:
        name, words = program_of(command), [word.text for word in arguments_of(command)]
        if name == "git" and not (words[:1] == ["-c"] and "extraheader" in "".join(words[1:2]).lower()):
            return Stays("git keeps the address that it was given")
        stored = next((path for (program, verb), path in _STORES.items() if [program, verb] == [name, *words[:1]]), "")
        if stored:
            return _written(stored, line) if len(part.commands) == 1 or _is_piped_login(part) else Stays(_STORED)
        if _KEEPS & {word for word in words[:2] if not word.startswith("-")} and name not in _PRINTS:
            return Stays(f"{name} keeps what it is told in its configuration")
    return _printed(part, line)


def copies(part: Part) -> bool:
    """Whether the part may make another copy of a file that it names."""
    return bool(_COPIES.intersection(part.programs)) or bool(_PRINTS.intersection(part.programs) and part.targets)


def _is_piped_login(part: Part) -> bool:
    """`echo X | docker login --password-stdin`."""
    return len(part.commands) == 2 and program_of(part.commands[0]) in ("echo", "printf", "cat")


def _printed(part: Part, line: Line) -> Written | Stays | None:
    targets = part.targets
    if not targets or not _PRINTS.intersection(part.programs):
        return None
    if len(targets) > 1 or len(part.commands) > 1 or not known_file(targets[0]):
        return Stays("it is written into a file, which stays in the layer")
    return _written(targets[0], line)


def _written(target: str, line: Line) -> Written | Stays:
    """The file as a mount's target: only root's home folder is known without asking the image."""
    for home in ("~/", "$HOME/", "${HOME}/"):
        if target.startswith(home):
            if not line.runs_as_root:
                return Stays("it is stored in a home folder, and the Dockerfile does not say where that is")
            target = posixpath.join("/root", target.removeprefix(home))
    if not target.startswith("/"):
        if not line.folder:
            return Stays("it is stored in a folder that only the base image names")
        target = posixpath.join(line.folder, target)
    held = known_file(target)
    if not held or "$" in target:
        return Stays("it is written into a file, which stays in the layer")
    return Written(held, posixpath.normpath(target))


def undoes(command: Command, basename: str) -> bool:
    """Whether it only tidies up after the login in this file: rm, chmod, docker logout."""
    name, words = program_of(command), [word.text for word in arguments_of(command)]
    if (name, *words[:1]) in _LOGOUTS or (name == "npm" and words[:2] in (["config", "delete"], ["config", "rm"])):
        return True
    files = [word for word in words if not word.startswith("-")][name in ("chmod", "chown") :]
    return name in _TIDIES and bool(files) and all(posixpath.basename(word) == basename for word in files)
