"""The demo's workstation: a throw-away home folder with the leaks that docker users have. Everything in it is made up,
except that the two demo registries really accept what is planted for them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checks.model.secret import Secret
from guides.demo import made_up

HUB = "https://index.docker.io/v1/"
PRIVATE = 0o600
READABLE = 0o644

FORGOTTEN = (
    "CONTAINER_HOST",
    "DBUS_SESSION_BUS_ADDRESS",  # else a native helper would put made-up secrets into the person's own keyring
    "DOCKER_AUTH_CONFIG",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "GNUPGHOME",
    "PASSWORD_STORE_DIR",
    "REGISTRY_AUTH_FILE",
)
"""Variables that would lead a program from the demo's home folder back to the person's own files and stores."""


class HomeNotEmpty(Exception):
    """The demo writes into an empty folder only: nothing of the person's can be in its way."""


@dataclass(frozen=True, slots=True)
class Login:
    """What one demo registry accepts: a password, or an identity token."""

    registry: str
    username: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class Planted:
    """One secret at one place. `real`: a demo registry accepts it; all others open nothing anywhere."""

    path: Path
    what: str
    secret: Secret
    registry: str = ""
    username: str = ""
    real: bool = False


@dataclass(frozen=True, slots=True)
class DemoWorkstation:
    home: Path
    planted: tuple[Planted, ...]
    readable_by_others: tuple[Path, ...]

    @property
    def config(self) -> Path:
        return self.home / ".docker/config.json"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that make a program take the demo's home folder for the person's."""
        home = str(self.home)
        return {
            "HOME": home,
            "XDG_CACHE_HOME": f"{home}/.cache",
            "XDG_CONFIG_HOME": f"{home}/.config",
            "XDG_DATA_HOME": f"{home}/.local/share",
            "XDG_RUNTIME_DIR": f"{home}/.run",
            "XDG_STATE_HOME": f"{home}/.local/state",
        }

    def environment_from(self, given: Mapping[str, str]) -> dict[str, str]:
        """The given environment as the demo would change it; `~/.local/bin` comes first on its PATH."""
        kept = {name: value for name, value in given.items() if name not in FORGOTTEN}
        path = f"{self.home}/.local/bin{os.pathsep}{given.get('PATH', os.defpath)}"
        return {**kept, **self.environment, "PATH": path}


@dataclass(frozen=True, slots=True)
class _Leak:
    """One file to plant: what it holds, and what each secret in it is, in words."""

    path: str
    content: dict[str, object]
    found: tuple[tuple[str, Login], ...]
    mode: int = PRIVATE


def build(home: Path, basic: Login, identity: Login) -> DemoWorkstation:
    """Plants leaks below `home`, which must not exist or be empty. `identity` holds an identity token."""
    home = home.absolute()
    if home.is_symlink() or (home.exists() and any(home.iterdir())):
        raise HomeNotEmpty(f"{home} is not an empty folder")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    for folder in (".docker", ".config/containers", ".local/bin", ".local/share", ".local/state", ".cache", ".run"):
        _folder(home, folder)
    hub = Login(HUB, "mira-example", made_up.docker_hub_token())
    ghcr = Login("ghcr.io", "mira-example", made_up.github_classic_token())
    leaks = (_docker_config(hub, ghcr, basic, identity), *_copies(ghcr, basic), *_other_clients(basic))
    for leak in leaks:
        _write(home / leak.path, leak.mode, leak.content)
    planted = tuple(
        Planted(home / leak.path, what, each.secret, each.registry, each.username, each in (basic, identity))
        for leak in leaks
        for what, each in leak.found
    )
    return DemoWorkstation(home, planted, tuple(home / leak.path for leak in leaks if leak.mode != PRIVATE))


def _docker_config(hub: Login, ghcr: Login, basic: Login, identity: Login) -> _Leak:
    proxy, header = Login("", "builder", made_up.password()), Login("", "", made_up.bearer())
    content: dict[str, object] = {
        "auths": {
            HUB: {"auth": _auth(hub)},
            "ghcr.io": {"auth": _auth(ghcr), "addedBy": "onboarding script"},
            basic.registry: {"auth": _auth(basic)},
            identity.registry: _identity(identity),
        },
        "HttpHeaders": {"X-Meta-Build-Token": header.secret.reveal()},
        "proxies": {"default": {"httpProxy": f"http://builder:{proxy.secret.reveal()}@proxy.example:3128"}},
        "detachKeys": "ctrl-e,e",
        "teamNote": "an unknown key: whoever changes this file must keep it",
    }
    found = (
        ("a Docker Hub access token", hub),
        ("a classic GitHub token for ghcr.io", ghcr),
        ("the password of a demo registry", basic),
        ("an identity token of a demo registry", identity),
        ("a token sent to the docker daemon with every request", header),
        ("a proxy password, copied into every container", proxy),
    )
    return _Leak(".docker/config.json", content, found)


def _copies(ghcr: Login, basic: Login) -> tuple[_Leak, ...]:
    old = Login(HUB, "mira-example", made_up.docker_hub_token())
    by_hand = _Leak(
        ".docker/config.json.bak",
        {"auths": {HUB: {"auth": _auth(old)}, basic.registry: {"auth": _auth(basic)}}},
        (
            ("an older Docker Hub access token, in a copy somebody made by hand", old),
            ("the password of a demo registry, in a copy somebody made by hand", basic),
        ),
        READABLE,
    )
    by_crash = _Leak(
        ".docker/config.json123456789",
        {"auths": {"ghcr.io": {"auth": _auth(ghcr)}}},
        (("a classic GitHub token, in a file that docker left behind when it was interrupted", ghcr),),
    )
    return by_hand, by_crash


def _other_clients(basic: Login) -> tuple[_Leak, ...]:
    old = Login(HUB, "mira-example", made_up.password())
    podman = _Leak(
        ".config/containers/auth.json",
        {"auths": {basic.registry: {"auth": _auth(basic)}}},
        (("the password of a demo registry, for podman and skopeo", basic),),
    )
    legacy = _Leak(
        ".dockercfg",
        {HUB: {"auth": _auth(old), "email": "mira@example.com"}},
        (("a Docker Hub password, in the file that docker used before config.json", old),),
    )
    return podman, legacy


def _auth(login: Login) -> str:
    return base64.b64encode(f"{login.username}:{login.secret.reveal()}".encode()).decode()


def _identity(login: Login) -> dict[str, str]:
    """docker writes the user with an empty password beside the token."""
    empty = base64.b64encode(f"{login.username}:".encode()).decode()
    return {"auth": empty, "identitytoken": login.secret.reveal()}


def _folder(home: Path, path: str) -> None:
    for depth in range(1, len(Path(path).parts) + 1):
        home.joinpath(*Path(path).parts[:depth]).mkdir(mode=0o700, exist_ok=True)


def _write(file: Path, mode: int, content: dict[str, object]) -> None:
    """Creates the file, and would rather fail than touch one that is there. Indented as docker indents."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent="\t", ensure_ascii=False)
        os.fchmod(descriptor, mode)
