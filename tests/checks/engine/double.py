"""An engine that answers what a test says, for what no real one does on demand: silence, nonsense, a cut save.

Paths and shapes are those of the Docker Engine API, v1.41; tests/checks/engine/test_images.py holds the real ones.
"""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.checks.images.planting import Planted, digest

VERSION = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"}
Body = bytes | Callable[[], Iterator[bytes]]


@dataclass
class Script:
    """Answers by path, without the version; what is not there is a 404. `asked` is what came."""

    answers: dict[str, tuple[int, Body]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    silent: bool = False
    released: threading.Event = field(default_factory=threading.Event)
    """Lets the silent ones go when the test is over."""

    def say(self, path: str, answer: Any, status: int = 200) -> None:
        body = answer if isinstance(answer, bytes) or callable(answer) else json.dumps(answer).encode()
        self.answers[path] = (status, body)


def engine_of(*images: Planted, save: Body = b"") -> Script:
    """An engine that holds these images."""
    script = Script()
    script.say("/version", VERSION)
    script.say("/info", {"DockerRootDir": "/"})
    script.say("/containers/json", [])
    listed = []
    for image in images:
        name = digest(image.config_json)
        size = sum(map(len, image.layers))
        listed.append({"Id": name, "RepoTags": [image.tag], "Size": size, "Created": 1})
        said = {"Id": name, "Config": image.config, "RootFS": {"Layers": [digest(one) for one in image.layers]}}
        script.say(f"/images/{name}/json", said)
        script.say(
            f"/images/{name}/history", [{"CreatedBy": one["created_by"], "Size": 0} for one in image.history[::-1]]
        )
    script.say("/images/json", listed)
    script.say("/images/get", save)
    return script


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    script: Script

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        path = path[path.index("/", 1) :] if path.startswith("/v1.") else path
        self.script.asked.append(path)
        if self.script.silent:
            self.script.released.wait(30)
            return
        status, body = self.script.answers.get(path, (404, b'{"message": "no such thing"}'))
        self.send_response(status)
        self.end_headers()
        try:
            for piece in [body] if isinstance(body, bytes) else body():
                self.wfile.write(piece)
        except OSError:
            pass  # whoever asked has heard enough

    def address_string(self) -> str:
        return "a test"

    def log_message(self, *_: object) -> None:
        pass


class _UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def on_socket(path: Path, script: Script) -> Iterator[str]:
    """Serves the script there; yields the address."""
    with _UnixServer(str(path), _handler(script)) as server:
        yield from _served(server, script, f"unix://{path}")


@contextmanager
def over_tls(context: ssl.SSLContext, script: Script) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(script)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield from _served(server, script, f"tcp://127.0.0.1:{server.server_address[1]}")


def _handler(script: Script) -> type[_Handler]:
    return type("Handler", (_Handler,), {"script": script})


def _served(server: socketserver.BaseServer, script: Script, url: str) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield url
    finally:
        script.released.set()
        server.shutdown()
        thread.join()
