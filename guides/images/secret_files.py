"""Files that hold a login for a build's tools: who reads them, and where they are looked for.

Sources: npmrc(5), pip's "Configuration", curl's manual (.netrc), docker's config.json, maven's settings, cargo's
"Registry Authentication", composer's auth.json, bundler's configuration, ssh(1), git-credential-store(1).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecretFile:
    """`id` is what its mount is called. No readers: whoever names the file."""

    id: str
    readers: frozenset[str] = frozenset()


_NODE = frozenset({"npm", "npx", "pnpm", "yarn", "yarnpkg", "corepack", "bun"})
_PYTHON = frozenset({"pip", "pip3", "python", "python3", "uv", "poetry", "pipenv"})
_GIT = frozenset({"git", "go", "cargo", "npm", "yarn", "pnpm", "pip", "pip3", "composer", "bundle"})
_IMAGES = frozenset({"docker", "skopeo", "crane", "oras", "podman", "buildah", "helm"})
_KNOWN: tuple[tuple[str, SecretFile], ...] = (
    (".npmrc", SecretFile("npmrc", _NODE)),
    (".yarnrc", SecretFile("yarnrc", _NODE)),
    (".yarnrc.yml", SecretFile("yarnrc", _NODE)),
    ("pip.conf", SecretFile("pipconf", _PYTHON)),
    (".pypirc", SecretFile("pypirc", _PYTHON | {"twine"})),
    (".netrc", SecretFile("netrc", _GIT | _PYTHON | {"curl", "wget"})),
    (".docker/config.json", SecretFile("dockerconfig", _IMAGES)),
    (".git-credentials", SecretFile("gitcredentials", _GIT)),
    (".m2/settings.xml", SecretFile("mavensettings", frozenset({"mvn", "mvnw"}))),
    (".cargo/credentials", SecretFile("cargocredentials", frozenset({"cargo"}))),
    (".cargo/credentials.toml", SecretFile("cargocredentials", frozenset({"cargo"}))),
    (".gem/credentials", SecretFile("gemcredentials", frozenset({"gem", "bundle"}))),
    (".bundle/config", SecretFile("bundleconfig", frozenset({"bundle"}))),
    ("auth.json", SecretFile("composerauth", frozenset({"composer"}))),
    (".aws/credentials", SecretFile("awscredentials", frozenset({"aws", "terraform", "tofu"}))),
    ("nuget.config", SecretFile("nugetconfig", frozenset({"dotnet", "nuget"}))),
)
_KEY = re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)|\.(?:pem|key)\Z")
_KEY_READERS = _GIT | {"ssh", "scp", "rsync", "sftp"}
_NO_ID = re.compile(r"[^A-Za-z0-9_]+")
IMPLICIT: tuple[tuple[str, frozenset[str]], ...] = (
    ("NPM_", _NODE), ("NODE_AUTH_TOKEN", _NODE), ("YARN_", _NODE), ("PIP_", _PYTHON), ("UV_", frozenset({"uv"})),
    ("POETRY_", frozenset({"poetry"})), ("TWINE_", frozenset({"twine"})), ("CARGO_", frozenset({"cargo"})),
    ("BUNDLE_", frozenset({"bundle"})), ("GEM_HOST_API_KEY", frozenset({"gem"})),
    ("COMPOSER_AUTH", frozenset({"composer"})), ("GH_TOKEN", frozenset({"gh"})), ("GITHUB_TOKEN", frozenset({"gh"})),
    ("AWS_", frozenset({"aws"})), ("DOCKER_AUTH_CONFIG", _IMAGES), ("NUGET_", frozenset({"dotnet", "nuget"})),
)  # fmt: skip
"""Beginnings of variables that tools read although no command names them."""


def known_file(path: str) -> SecretFile | None:
    """By the end of its path, None for what no tool of ours is known to read."""
    lower = f"/{path.lower()}"
    found = next((held for ending, held in _KNOWN if lower.endswith(f"/{ending}")), None)
    if found is None and _KEY.search(posixpath.basename(lower)):
        return SecretFile("sshkey", _KEY_READERS)
    return found


def secret_file(path: str) -> SecretFile:
    """The same; any other file has a mount of its own name, and is read by who names it."""
    return known_file(path) or SecretFile(_NO_ID.sub("", posixpath.basename(path)).lower() or "file")


def readers_of_variable(name: str) -> frozenset[str]:
    """Programs that read this variable without being told its name."""
    return frozenset().union(*(programs for start, programs in IMPLICIT if name.startswith(start)))
