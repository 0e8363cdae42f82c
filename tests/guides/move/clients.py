"""Real clients made to tell which credential they take, without any network.

docker and docker-py send it to their daemon with a pull, so a daemon of ours writes it down. skopeo says it itself.
"""

from __future__ import annotations

import base64
import json
import os
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from unittest.mock import patch

import docker

from tests.services.docker_client import docker_cli
from tests.services.require import require
from tests.services.skopeo import skopeo

HELPER = """#!/bin/sh
read -r server
echo "{suffix} $1 $server" >>'{log}'
held='{folder}'/$(printf %s "$server" | tr / _)
if [ "$1" = get ] && [ -e "$held" ]; then cat "$held"; exit 0; fi
echo "credentials not found in native keychain"
exit 1
"""


class RecordingDaemon:
    """Answers what a client asks before and while it pulls, and keeps the credential of each pull."""

    def __init__(self, path: Path) -> None:
        self.url = f"unix://{path}"
        self.received: list[dict[str, Any]] = []
        self._server = _Server(str(path), _Handler)
        self._server.daemon = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def last(self) -> str | None:
        """Who the last pull was made as: a user name, `<token>`, or nobody."""
        sent = {name.casefold(): value for name, value in self.received.pop().items()}
        return "<token>" if sent.get("identitytoken") else sent.get("username") or None


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    daemon: RecordingDaemon

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away does not want its answer any more."""


class _Handler(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(b'{"IndexServerAddress": "https://index.docker.io/v1/", "ApiVersion": "1.41", "Id": "x"}')

    def do_POST(self) -> None:
        header = self.headers.get("X-Registry-Auth", "")
        sent = json.loads(base64.urlsafe_b64decode(header + "==")) if header else {}
        server = self.server
        assert isinstance(server, _Server)
        server.daemon.received.append(sent)
        self._answer(b'{"status": "done"}\n')

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Api-Version", "1.41")
        self.send_header("Ostype", "linux")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "a socket"  # a client on a socket has no address

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing is printed."""


@contextmanager
def recording_daemon() -> Iterator[RecordingDaemon]:
    with tempfile.TemporaryDirectory(prefix="dh") as folder:  # short: a socket's path has 108 bytes at most
        daemon = RecordingDaemon(Path(folder, "d.sock"))
        try:
            yield daemon
        finally:
            daemon.stop()


class Clients:
    """The clients of one home folder, with helpers that hold what `holds` says: suffix to servers."""

    def __init__(self, home: Path, daemon: RecordingDaemon, holds: Mapping[str, tuple[str, ...]]) -> None:
        self.home = home
        self.daemon = daemon
        self.log = home / "helpers.log"
        self.bin = home / "helpers"
        self.bin.mkdir(parents=True)
        for suffix, servers in holds.items():
            folder = home / f"held-by-{suffix}"
            folder.mkdir()
            for server in servers:
                record = {"ServerURL": server, "Username": f"{suffix}@{server}", "Secret": "s"}
                (folder / server.replace("/", "_")).write_text(json.dumps(record))
            program = self.bin / f"docker-credential-{suffix}"
            program.write_text(HELPER.format(suffix=suffix, log=self.log, folder=folder))
            program.chmod(0o755)
        self.path = f"{self.bin}:/usr/bin:/bin"

    def docker(self, image: str, client: str) -> str | None:
        done = docker_cli(
            self.home, "pull", image, docker_host=self.daemon.url, path=str(self.path), client=client, stdin=""
        )
        assert self.daemon.received, done.stderr
        return self.daemon.last()

    def docker_py(self, image: str) -> str | None:
        config = self.home / ".docker/config.json"
        # it looks for helpers on the PATH of this process, whatever environment it is given for them
        with patch.dict(os.environ, {"PATH": self.path, "HOME": str(self.home), "DOCKER_CONFIG": str(config.parent)}):
            api = docker.APIClient(base_url=self.daemon.url, version="1.41")
            try:
                api.pull(image, tag="1")
            finally:
                api.close()
        return self.daemon.last()

    def skopeo(self, registry: str) -> str | None:
        """`--get-login` names the user of a password, and nobody for an identity token."""
        require("skopeo", "skopeo")
        done: subprocess.CompletedProcess[str] = skopeo(self.home, "login", "--get-login", registry, path=self.path)
        return done.stdout.strip() or None if done.returncode == 0 else None

    def asked(self) -> list[str]:
        """What the helpers were asked since the last time."""
        said = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return said
