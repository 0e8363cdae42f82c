"""What a name says is only asked to save time: it never hides a file from a check."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import source_text
from checks.catalog import CHECKS
from checks.tool_files.tools import TOOLS
from checks.trees.claiming import LAST_RESORT, Claiming

FOLDERS = (
    "/x",
    "/x/.docker",
    "/x/docker",
    "/x/containers",
    "/run/containers/1000",
    "/x/registry",
    "/x/.ssh",
    "/x/.git",
    "/x/.git/modules/a",
    "/x/fish",
    "/x/zsh",
    "/x/.zsh_sessions",
    "/x/profile.d",
    "/x/.bashrc.d",
    "/etc",
    "",
    "/x/environment.d",
    "/etc/containers/registries.conf.d",
    "/x/.docker/trust/private",
    "/x/.docker/contexts/tls/a",
    "/x/.docker/machine/a",
    "/x/.github/workflows",
    "/x/.circleci",
    "/x/ci",
    "/x/.kube",
    "/x/.config/gh",
    "/x/.aws",
    "/x/.m2",
    "/x/.config/containers",
    "/etc/docker",
)
NAMES = (
    "config.json",
    "CONFIG.JSON",
    "auth.json",
    "config.json.bak",
    "config (1).json",
    ".tmp-auth.json123",
    "daemon.json",
    "key.pem",
    "a.key",
    "id_rsa",
    "id_ed25519.pub",
    "deploy_key",
    "x-rsa",
    ".dockercfg",
    ".dockercfg~",
    ".Dockercfg.old",
    ".bashrc",
    "a.SH",
    "x.zsh",
    ".bash_history",
    "fish_history",
    "history",
    ".history.1",
    "a.history",
    ".env",
    ".env.local",
    "prod.env",
    "env.list",
    "Dockerfile",
    "Dockerfile.prod",
    "a.dockerfile",
    "Containerfile",
    "Jenkinsfile",
    "a.jenkins",
    "renovate.json",
    "action.yml",
    "a.yaml",
    "a.YML.j2",
    "main.tf",
    "a.tfstate.backup",
    "devcontainer.json",
    "a.txt",
    "noending",
    "a.",
    ".hidden",
    "a.conf",
    "a.cfg",
    "settings.xml",
    "settings-x.xml",
    "gcp-1.json",
    "k.kubeconfig",
    "plaintext-passwords.json",
    "registries.conf",
    "profile",
    "x.profile.ps1",
    "fish_variables",
    "identity",
    "config",
    "hosts.yml.orig",
    "hosts.yml_bak2",
    ".netrc-old",
    "a.py",
    "README.md",
    "x.json",
)
PARTS = (
    "config",
    "auth",
    ".json",
    ".env",
    ".",
    "-",
    "_",
    "key",
    "Docker",
    "file",
    "~",
    ".bak",
    "1",
    "history",
    ".y",
    "ml",
    "id_",
)
PLACES = [place for tool in TOOLS for place in (*tool.home, *tool.system, *tool.names)]


FORMATS = [check for check in CHECKS if check is not source_text]
CLAIMING = Claiming(FORMATS)


def assert_same(path: str) -> None:
    expected = [check for check in FORMATS if check.claims(Path(path))]
    if len(expected) > 1:
        expected = [check for check in expected if check.id != LAST_RESORT]
    assert CLAIMING.of(path) == expected, path


@pytest.mark.parametrize("folder", FOLDERS)
def test_known_names_in_known_folders(folder: str) -> None:
    for name in NAMES:
        assert_same(f"{folder}/{name}")


@settings(deadline=None)
@given(st.sampled_from(FOLDERS), st.lists(st.sampled_from(PARTS), min_size=1, max_size=5))
def test_names_of_known_parts(folder: str, parts: list[str]) -> None:
    assert_same(f"{folder}/{''.join(parts)}")


@settings(deadline=None)
@given(st.sampled_from(FOLDERS), st.text(min_size=1).filter(lambda name: "/" not in name and name not in (".", "..")))
def test_any_name(folder: str, name: str) -> None:
    assert_same(f"{folder}/{name}")


@pytest.mark.parametrize("copy", ["", "~", ".bak", "_old2", "-copy", ".backup12"])
def test_files_of_tools_and_their_copies(copy: str) -> None:
    for place in PLACES:
        for star in ("x", "0123456789ab", ""):
            assert_same(f"/home/u/{place.lstrip('/').replace('*', star)}{copy}")


def test_installed_files() -> None:
    for folder, _, names in os.walk(Path(sysconfig.get_path("purelib"), "textual")):
        for name in names:
            assert_same(f"{folder}/{name}")


def test_a_check_without_the_quick_question_is_asked_itself() -> None:
    class Slow:
        id = "slow"

        def claims(self, path: Path) -> bool:
            return path.name == "x"

    slow = Slow()
    claims = Claiming([slow])  # type: ignore[list-item]
    assert claims.of("/a/x") == [slow]
    assert claims.of("/a/y") == []
