"""Private keys by their names: in an `.ssh` folder, and anywhere below a PATH."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from checks import late
from checks.model.workstation import Workstation
from checks.posture.tls_keys import is_key as is_docker_key

_NAME = late.compile(
    r"id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk)?(?:[._-](?!.*pub\Z).*)?"
    r" | .*\.(?:pem|key|ppk|p8|pk8|priv)(?:~|\.bak|\.old)?"
    r" | .*[._-](?:rsa|dsa|ecdsa|ed25519) | (?:deploy|ssh|private)[._-]?key | identity",
    re.DOTALL | re.VERBOSE,
)
_NO_KEYS = late.compile(r"known_hosts.*|authorized_keys.*|config|environment|rc|agent.*|.*\.(?:pub|sock|conf|md|d)")


def is_key_name(path: PurePath) -> bool:
    """Whether a private key may lie there. Docker's own, which cannot have a passphrase, are another check's."""
    name = path.name.lower()
    if path.parent.name == ".ssh":
        return not _NO_KEYS.fullmatch(name)
    return bool(_NAME.fullmatch(name)) and not is_docker_key(Path(path))


def is_for_ssh(path: PurePath) -> bool:
    """Whether people use it to log in, so that ssh-keygen can give it a passphrase."""
    name = path.name.lower()
    return path.parent.name == ".ssh" or name.startswith("id_") or name.endswith(".ppk")


def ssh_folder(workstation: Workstation) -> Path:
    return workstation.home / ".ssh"
