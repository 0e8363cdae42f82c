"""Files that an edit would do no good, with what to do instead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checks import docker_leftovers
from checks.formats.display import shell_path
from checks.model.check import Check
from checks.model.workstation import Workstation
from checks.tool_files.places import tool_of
from guides.edits.atomic import Target


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: str
    how: str


_LOCKS = frozenset(
    {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "poetry.lock", "pdm.lock", "uv.lock",
     "pipfile.lock", "cargo.lock", "composer.lock", "gemfile.lock", "go.sum", ".terraform.lock.hcl",
     "packages.lock.json"}
)  # fmt: skip
_DATABASES = frozenset({"portainer.db", "credentials.db", "access_tokens.db"})
_OBSCURED = ("rclone",)
"""Tools that read a password only in a form that they wrote themselves."""
_IMAGES = (("var", "lib", "docker"), ("var", "lib", "containerd"), ("var", "lib", "containers"))
_GIT_SETTINGS = ("config", "config.worktree")


def refusal(workstation: Workstation, check: Check, path: Path, target: Target) -> Refusal | None:
    """Why this file should not be edited, by its name, its place and its owner. Nothing of it is read."""
    name = path.name.lower()
    shown = shell_path(path, workstation.home)
    if name.endswith((".tfstate", ".tfstate.backup")):
        return Refusal(
            "it is Terraform's state, which Terraform writes itself",
            "Change the value in the configuration and run terraform apply; keep the state in an encrypted backend.",
        )
    if name in _LOCKS:
        return Refusal("it is written by a package manager", "Change what it is made from, and let the tool write it.")
    if name in _DATABASES:
        return Refusal("it is a program's database", "Change the value in that program.")
    if ".git" in path.parts[:-1] and name not in _GIT_SETTINGS:
        return Refusal(
            "it belongs to git's own data",
            "Revoke the value; taking it out of the history (git filter-repo) comes last, and is optional.",
        )
    if _is_in_an_image(path, workstation.root):
        return Refusal(
            "it lies inside an image or a container", "Build the image again without it, and remove this one."
        )
    if check.id == docker_leftovers.id:
        return Refusal("it is a copy that was left behind, which nothing reads", f"Delete it: rm {shown}")
    if name == "fish_variables":
        return Refusal(
            "every running fish writes this file again",
            "Type set --erase --universal NAME in fish, or set it to the new value with set --universal.",
        )
    tool = tool_of(path)
    if tool and (tool.encrypted or tool.id in _OBSCURED):
        return Refusal(
            f"{tool.subject} keeps its passwords there in a form of its own",
            "Set the new password with that program.",
        )
    if reason := target.refusal():
        return Refusal(reason, "Change it there, or by the hand of whoever manages it.")
    return None


def _is_in_an_image(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts if path.is_relative_to(root) else path.parts[1:]
    # Volumes are a person's own files, also where the engine keeps them.
    return parts[:3] in _IMAGES and "volumes" not in parts and "_data" not in parts
