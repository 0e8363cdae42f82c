"""Servers for the managers' tests, one for all tests of a worker."""

from __future__ import annotations

import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.services.authority import Authority
from tests.services.moto_server import AwsDouble, aws_double
from tests.services.openbao import OpenBao, running_openbao

FAKES = Path(__file__).parent / "fakes"


@pytest.fixture(scope="session")
def openbao() -> Iterator[OpenBao]:
    with running_openbao() as server:
        yield server


@pytest.fixture(scope="session")
def aws_server() -> Iterator[AwsDouble]:
    with aws_double() as double:
        yield double


@pytest.fixture
def fresh() -> str:
    """A name that nobody used."""
    return f"n{secrets.token_hex(6)}"


@dataclass(frozen=True)
class Elsewhere:
    """A server over TLS that sends everybody on to another host, and the authority that made it trustworthy."""

    url: str
    authority: Path
    asked: list[str]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    asked: list[str] = []

    class SendsOn(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(307)
            self.send_header("Location", f"/again{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815  the base class calls it

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
            """Nothing."""

    authority = Authority(tmp_path)
    server = HTTPServer(("127.0.0.1", 0), SendsOn)
    server.socket = authority.server("127.0.0.1").wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    url = f"https://127.0.0.1:{server.server_address[1]}"
    yield Elsewhere(url, authority.trust_in(tmp_path / "trust"), asked)
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class Fake:
    """A fake program's environment, what it was called with, and a file by which it is told to go wrong."""

    environ: dict[str, str]
    folder: Path

    def argv(self) -> str:
        return (self.folder / "argv").read_text() if (self.folder / "argv").exists() else ""

    def be(self, how: str) -> None:
        (self.folder / "mode").write_text(how)


@pytest.fixture
def fake(tmp_path: Path) -> Callable[[str], Fake]:
    """Installs a fake of this name as an executable on a PATH of its own."""

    def install(name: str) -> Fake:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / name
        found = next(FAKES.glob(f"{name}.*"))
        begin = "#!/bin/sh" if found.suffix == ".sh" else f"#!{sys.executable} -IS"
        program.write_text(f"{begin}\nSTATE='{tmp_path}'\n{found.read_text('utf-8')}")
        program.chmod(0o755)
        return Fake({"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(tmp_path), "BW_SESSION": "session"}, tmp_path)

    return install
