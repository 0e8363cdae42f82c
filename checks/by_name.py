"""Which checks may know a file, told by its name before any of them is imported: a hook cannot wait for all of them.

Each function is the `may_claim` (`checks.trees.claiming`) of the check of its name: whether it claims a file of this
name, in lower case, in this folder, perhaps.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import cast

from checks import source_text
from checks.model.check import Check
from checks.tool_files.known_names import may_be_key, may_be_known

SHELL_STARTUP_NAMES = tuple(
    """
    .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .bash_functions .bash_exports .profile .zshrc
    .zprofile .zshenv .zlogin .zlogout .kshrc .mkshrc .shrc .cshrc .tcshrc .login .xprofile .xsessionrc .xinitrc
    .xsession .pam_environment .envrc .exports .aliases .functions .extra .localrc
    """.split()  # noqa: SIM905
)
"""bash(1) INVOCATION, zsh(1) STARTUP/SHUTDOWN FILES, csh(1), direnv(1), pam_env(8), and what dotfile folders add."""
_SHELL_STARTUP_NAMES = frozenset(SHELL_STARTUP_NAMES)
SHELL_FOLDERS = frozenset({".bashrc.d", ".bash.d", ".zshrc.d", "profile.d"})
SHELL_ENDINGS = (".sh", ".bash", ".zsh", ".fish", ".ksh", ".csh", ".ps1", ".psm1")
_SHELL_FOLDERS = SHELL_FOLDERS | {"environment.d", "etc", "fish"}
_CRON_NAMES = frozenset({"crontab", "anacrontab"})
_CRON_ENDINGS = (".crontab", ".cron")
_CRON_FOLDERS = ("cron.d", "spool/cron", "crontabs")
UNIT_ENDINGS = (".service", ".socket", ".mount", ".automount", ".swap", ".container")
"""systemd.unit(5), and podman-systemd.unit(5)."""
_UNIT_KINDS = tuple(ending[1:] for ending in UNIT_ENDINGS)
RENOVATE = frozenset({"renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5"})
YAML = (
    *(".yml", ".yaml", ".yml.j2", ".yaml.j2", ".yml.dist", ".yaml.dist", ".yml.example", ".yaml.example"),
    ".yml.sample",
)
HCL = (".tf", ".tfvars", ".hcl", ".nomad", ".tofu")
JSON = (".tfstate", ".tfstate.backup", ".tfvars.json", ".tf.json", ".auto.tfvars.json")
JSON_NAMES = frozenset({"devcontainer.json", ".devcontainer.json"})
_INVENTORIES = frozenset({"hosts", "inventory", "hosts.ini", "inventory.ini"})
_INVENTORY_FOLDERS = frozenset({"inventory", "inventories"})
KUBERNETES_STORE = "the cluster, by an ExternalSecret or sealed"
"""Where manifests take their secrets from."""
DOCUMENT_ENDINGS = ("", ".json", ".dockerconfigjson", ".dockercfg", ".auth", ".cfg", ".conf", ".txt")


def docker_config(name: str, _: str) -> bool:
    return name == "config.json"


def container_auth(name: str, _: str) -> bool:
    return name in ("auth.json", "config.json", ".dockercfg", ".dockerconfigjson")


def docker_leftovers(name: str, folder: str) -> bool:
    return ".dockercfg" in name or folder.endswith(("docker", "containers")) or folder[-1:].isdigit()


def docker_posture(name: str, folder: str) -> bool:
    known = name in ("config.json", "daemon.json", "registries.conf")
    return known or "/.docker" in folder or folder.endswith("registries.conf.d")


def shell_startup(name: str, folder: str) -> bool:
    known = name in _SHELL_STARTUP_NAMES or name.endswith(SHELL_ENDINGS)
    return known or folder.rpartition("/")[2] in _SHELL_FOLDERS or is_crontab(name, folder) or is_unit(name, folder)


def is_crontab(name: str, folder: str) -> bool:
    """The files of its folders have no ending: cron passes over those that have one."""
    if name in _CRON_NAMES or name.endswith(_CRON_ENDINGS):
        return True
    return "." not in name and folder.endswith(_CRON_FOLDERS)


def is_unit(name: str, folder: str) -> bool:
    """A unit of systemd, or a file in the folder of its drop-ins."""
    if name.endswith(UNIT_ENDINGS):
        return True
    above = folder.rpartition("/")[2]
    return name.endswith(".conf") and above.endswith(".d") and above.removesuffix(".d").endswith(_UNIT_KINDS)


def shell_history(name: str, _: str) -> bool:
    return "history" in name or name == ".histfile"


def environment_files(name: str, _: str) -> bool:
    return ".env" in name or name in ("env.list", ".flaskenv")


def tool_credentials(name: str, folder: str) -> bool:
    return may_be_known(name, folder) or may_be_key(name, folder)


def container_builds(name: str, _: str) -> bool:
    return "dockerfile" in name or "containerfile" in name


def ci_files(name: str, _: str) -> bool:
    return name.endswith((".yml", ".yaml")) or name in RENOVATE or "jenkins" in name


def orchestration_files(name: str, folder: str) -> bool:
    return name.endswith((*YAML, *HCL, *JSON)) or name in JSON_NAMES or is_inventory(name, folder)


def is_inventory(name: str, folder: str) -> bool:
    """Ansible's, in INI form."""
    if name in _INVENTORIES or name.endswith(".inventory"):
        return True
    return folder.rpartition("/")[2] in _INVENTORY_FOLDERS and (name.endswith(".ini") or "." not in name)


def credential_documents(name: str, _: str) -> bool:
    stem, dot, _ = name.rpartition(".")
    return not dot or not stem or name.endswith((".", *DOCUMENT_ENDINGS[1:]))


_MAY_CLAIM: tuple[Callable[[str, str], bool], ...] = (
    docker_config,
    container_auth,
    docker_leftovers,
    docker_posture,
    shell_startup,
    shell_history,
    environment_files,
    tool_credentials,
    container_builds,
    ci_files,
    orchestration_files,
    credential_documents,
)
"""In the catalog's order."""


def checks_for(path: str) -> tuple[Check, ...]:
    """The checks that may know what lies under this name, in the catalog's order; text of any kind is always read."""
    folder, _, name = path.rpartition("/")
    asked = (one.__name__ for one in _MAY_CLAIM if one(name.lower(), folder))
    return (*map(_imported, asked), source_text)


@cache
def _imported(module: str) -> Check:
    return cast(Check, importlib.import_module(f"checks.{module}"))
