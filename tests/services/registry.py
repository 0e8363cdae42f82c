"""The real registry (docker-registry) on loopback, with htpasswd or with token authentication."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.services.processes import PATIENCE, Process, accepts, start, stop, wait_until
from tests.services.require import require
from tests.services.token_server import TokenServer

LISTENING = re.compile(r"listening on 127\.0\.0\.1:(\d+)")


@dataclass
class BasicRegistry:
    """A registry that asks for Basic authentication. `host` is what docker calls it."""

    host: str
    htpasswd: Path

    def set_users(self, users: Mapping[str, str]) -> None:
        """From now on exactly these users may come in: leaving one out revokes it, without a restart."""
        write_htpasswd(self.htpasswd, users)


@dataclass
class TokenRegistry:
    """A registry that trusts the tokens of its token server. `host` is what docker calls it."""

    host: str
    tokens: TokenServer = field(repr=False)


@contextmanager
def basic_registry(users: Mapping[str, str]) -> Iterator[BasicRegistry]:
    with TemporaryDirectory(prefix="dh-registry-") as name:
        folder = Path(name)
        htpasswd = folder / "htpasswd"
        write_htpasswd(htpasswd, users)
        with _serve(folder, f"{{htpasswd: {{realm: test, path: {htpasswd}}}}}") as host:
            yield BasicRegistry(host, htpasswd)


@contextmanager
def token_registry(
    users: Mapping[str, str], *, offline_tokens: bool = True, oauth2: bool = True
) -> Iterator[TokenRegistry]:
    """`offline_tokens`: a login gets an identity token. `oauth2`: POST /token exists."""
    with TemporaryDirectory(prefix="dh-registry-") as name:
        folder = Path(name)
        with TokenServer(users, offline_tokens=offline_tokens, oauth2=oauth2) as tokens:
            bundle = folder / "bundle.pem"
            bundle.write_bytes(tokens.certificate)
            auth = (
                f'{{token: {{realm: "{tokens.realm}", service: {tokens.service}, issuer: {tokens.issuer}, '
                f"rootcertbundle: {bundle}}}}}"
            )
            with _serve(folder, auth) as host:
                yield TokenRegistry(host, tokens)


def write_htpasswd(path: Path, users: Mapping[str, str]) -> None:
    """Replaces the file. Passwords go to the htpasswd program on standard input, never into its arguments."""
    program = require("htpasswd", "apache2-utils")
    draft = path.with_name("htpasswd.new")
    draft.write_text("")
    for user, password in users.items():
        subprocess.run(
            [program, "-i", "-B", "-C", "4", str(draft), user],
            input=password.encode(),
            capture_output=True,
            check=True,
        )
    # The registry reads the file again only when its time is later than before; one clock tick can hold two writes.
    if path.exists():
        later = path.stat().st_mtime_ns + 1_000_000
        os.utime(draft, ns=(later, max(later, draft.stat().st_mtime_ns)))
    draft.rename(path)


@contextmanager
def _serve(folder: Path, auth: str) -> Iterator[str]:
    """Port 0, read back from the log: no other test can take a port between choosing and binding it."""
    program = require("docker-registry", "docker-registry")
    settings = folder / "registry.yml"
    settings.write_text(
        "version: 0.1\n"
        "log: {level: info, accesslog: {disabled: true}}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'data'}}}, delete: {{enabled: true}}}}\n"
        "http: {addr: '127.0.0.1:0'}\n"
        f"auth: {auth}\n"
    )
    env = {"HOME": str(folder), "PATH": os.defpath, "OTEL_TRACES_EXPORTER": "none"}
    process = start([program, "serve", str(settings)], folder / "registry.log", env)
    try:
        wait_until(lambda: _port(process), PATIENCE, "docker-registry listens", process)
        port = _port(process)
        wait_until(lambda: accepts(port), PATIENCE, "docker-registry accepts", process)
        yield f"127.0.0.1:{port}"
    finally:
        stop(process)


def _port(process: Process) -> int:
    """The announced port, 0 as long as none was announced."""
    said = LISTENING.search(process.log.read_text(errors="replace"))
    return int(said[1]) if said else 0
