"""Shell histories and a home folder with secrets made at run time, and where each of them stands."""

from __future__ import annotations

import base64
import json
import random
import secrets
import string
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LINES = 400_000
_SEED = 20261124
"""The commands are the same in every run; the secrets never are."""
_WORDS = ("api", "web", "db", "cache", "worker", "deploy", "test", "build", "main", "release", "proxy", "docs")
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


@dataclass(slots=True)
class Planted:
    """`lines` are the lines with a secret, by file."""

    top: Path
    lines: set[tuple[str, int]] = field(default_factory=set)

    def write(self, name: str, text: str) -> None:
        """Lines that hold \N{SECTION SIGN} are remembered, and the sign is dropped."""
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("\u00a7", ""), encoding="utf-8")
        path.chmod(0o600)
        for number, line in enumerate(text.split("\n"), 1):
            if "\u00a7" in line:
                self.lines.add((str(path.resolve()), number))


def word(length: int = 24) -> str:
    return "\u00a7" + "".join(secrets.choice(_DIGITS) for _ in range(length))


def hub_token() -> str:
    return "\u00a7dckr_pat_" + word(27)[1:]


def github_token() -> str:
    """Its last six characters are the CRC32 of the thirty before them, as GitHub's are."""
    body = word(30)[1:]
    number, check = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        check = _DIGITS[digit] + check
    return f"\u00a7ghp_{body}{check:0>6}"


def auth() -> str:
    return "\u00a7" + base64.b64encode(f"alice:{word()[1:]}".encode()).decode()


def histories(top: Path) -> Planted:
    """One of bash and one of zsh, 400,000 commands each, every 4,000th with a secret."""
    planted, chance = Planted(top), random.Random(_SEED)
    commands = [_typed(chance, number) for number in range(LINES)]
    planted.write(".bash_history", "\n".join(commands) + "\n")
    timed = (f": {1_700_000_000 + 40 * number}:0;{command}" for number, command in enumerate(commands))
    planted.write(".zsh_history", "\n".join(timed) + "\n")
    return planted


def _typed(chance: random.Random, number: int) -> str:
    first, second = chance.choice(_WORDS), chance.choice(_WORDS)
    if number % 4000 == 1999:
        return _TELLING[number // 4000 % len(_TELLING)]()
    return chance.choice(
        (
            f"git commit -m '{first}: {second} {chance.randrange(9999)}'",
            f"docker build -t registry.example/{first}/{second}:{chance.randrange(999)} .",
            f"docker run --rm -e LEVEL={chance.randrange(9)} {first}:{chance.randrange(99)} sh -c 'echo {second}'",
            f"cd ~/src/{first}-{second} && make {second}",
            f"kubectl -n {first} logs deploy/{second} --since={chance.randrange(60)}m | grep -i error",
            f"curl -fsS https://{first}.example/{second}/{chance.randrange(10**6)} -o /tmp/{second}",
            f"python3 -m pytest -k {first}_{second} -x",
            "docker ps -a",
            "git status",
            f"ssh {first}@{second}{chance.randrange(99)}.example",
        )
    )


_TELLING: tuple[Callable[[], str], ...] = (
    lambda: f"docker login -u alice -p {word()} registry.example",
    lambda: f"echo {hub_token()} | docker login -u alice --password-stdin",
    lambda: f"export GITHUB_TOKEN={github_token()}",
    lambda: f"docker run -d -e MYSQL_ROOT_PASSWORD={word()} mysql:8",
    lambda: f"curl -u alice:{word()} https://registry.example/v2/_catalog",
    lambda: f"helm registry login registry.example --username alice --password {word()}",
)


def home(top: Path) -> Planted:
    """What a person who works with containers has lying about, and two files that must stay quiet."""
    planted = Planted(top)
    entries = {host: {"auth": auth()} for host in ("https://index.docker.io/v1/", "ghcr.io", "registry.example")}
    planted.write(".docker/config.json", json.dumps({"auths": entries}, indent="\t", ensure_ascii=False))
    podman = {"auths": {"quay.io": {"auth": auth()}}}
    planted.write(".config/containers/auth.json", json.dumps(podman, indent=2, ensure_ascii=False))
    planted.write(".bash_history", "".join(f"{make()}\nls\n" for make in _TELLING))
    planted.write(".zshrc", f"export PATH=$HOME/bin:$PATH\nexport REGISTRY_PASSWORD={word()}\n")
    planted.write(".netrc", f"machine registry.example\n  login alice\n  password {word()}\n")
    planted.write(".npmrc", f"//npm.example.com/:_authToken={word(36)}\n")
    planted.write("shop/.env", f"LEVEL=debug\nDB_PASSWORD='{word()}'\nexport CR_PAT={github_token()}\n")
    planted.write("shop/Dockerfile", f"FROM alpine:3.20\nENV API_TOKEN {word(32)}\nRUN echo done\n")
    compose = f"services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: {word()}\n"
    planted.write("shop/compose.yaml", compose)
    job = f"build:\n  script:\n    - docker login -u alice -p {word()} registry.example\n    - make\n"
    planted.write("shop/.gitlab-ci.yml", job)
    planted.write("shop/settings.py", f'import os\n\nDATABASE_PASSWORD = "{word()}"\nTOKEN = os.environ["TOKEN"]\n')
    planted.write("shop/README.md", "Run `docker login -u USER -p PASSWORD` with `PASSWORD=changeme` in `.env`.\n")
    locked = [{"name": one, "digest": f"sha256:{secrets.token_hex(32)}"} for one in _WORDS]
    planted.write("shop/lock.json", json.dumps(locked, indent=1))
    return planted
