"""Which managers there are, in the order in which they are offered: those that stay on this machine, those on a server,
and those that no test could run for real.

One is imported when it is asked for: `dockhygiene run` has to start fast. Heavy libraries come later still.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from guides.stores.managers.manager import Manager, Setting
from guides.stores.store import StoreMissing

DEMO_HELPER = "docker-credential-demo"
"""Of guides.stores.native.STAND_IN, whose module takes too long to import; a test compares them."""


def _keyring(setting: Setting) -> Manager:
    from guides.stores.managers.keyring import KeyringManager

    return KeyringManager(setting)


def _pass(setting: Setting) -> Manager:
    from guides.stores.managers.pass_store import PassManager

    return PassManager(setting)


def _keepass(setting: Setting) -> Manager:
    from guides.stores.managers.keepass import KeePassManager

    return KeePassManager(setting)


def _vault(setting: Setting) -> Manager:
    from guides.stores.managers.vault import VaultManager

    return VaultManager(setting)


def _aws(setting: Setting) -> Manager:
    from guides.stores.managers.aws_secrets_manager import AwsManager

    return AwsManager(setting)


def _conjur(setting: Setting) -> Manager:
    from guides.stores.managers.conjur import ConjurManager

    return ConjurManager(setting)


def _gopass(setting: Setting) -> Manager:
    from guides.stores.managers.gopass import GopassManager

    return GopassManager(setting)


def _one_password(setting: Setting) -> Manager:
    from guides.stores.managers.one_password import OnePasswordManager

    return OnePasswordManager(setting)


def _bitwarden(setting: Setting) -> Manager:
    from guides.stores.managers.bitwarden import BitwardenManager

    return BitwardenManager(setting)


def _docker_pass(setting: Setting) -> Manager:
    from guides.stores.managers.docker_pass import DockerPassManager

    return DockerPassManager(setting)


MANAGERS: dict[str, Callable[[Setting], Manager]] = {
    "keyring": _keyring,
    "pass": _pass,
    "keepass": _keepass,
    "vault": _vault,
    "aws": _aws,
    "conjur": _conjur,
    "gopass": _gopass,
    "1password": _one_password,
    "bitwarden": _bitwarden,
    "docker-pass": _docker_pass,
}
"""By their ids, in their order."""


def managers(setting: Setting) -> Iterator[Manager]:
    """All of them, whether they work here or not. None in the demo: nothing of it may reach the person's own."""
    if not _is_demo(setting):
        for make in MANAGERS.values():
            yield make(setting)


def find_manager(id: str, setting: Setting) -> Manager:  # noqa: A002  what a reference calls it
    """The manager that a reference names; raises StoreMissing where there is none of this name, or this is the demo."""
    if id not in MANAGERS:
        known = ", ".join(MANAGERS)
        raise StoreMissing(f"{id!a} is no manager that this version knows", f"these are known: {known}")
    if _is_demo(setting):
        raise StoreMissing("the demo keeps nothing in your own managers")
    return MANAGERS[id](setting)


def _is_demo(setting: Setting) -> bool:
    """Whether the demo's own helper is on PATH, which the demo puts there and nobody else."""
    folders = setting.environ.get("PATH", "").split(os.pathsep)
    return any(os.path.isfile(os.path.join(folder, DEMO_HELPER)) for folder in folders if folder)  # noqa: PTH113, PTH118
