"""A stand-in for a keyring, for machines that have none: secrets live in the memory of the demo and end with it.

It is a real docker credential helper: `docker-credential-demo` is a program in the demo's `~/.local/bin`. It speaks
docker's protocol and asks the demo's process over a socket that only this user can open. What cases keep is held apart
and reached by verbs of its own (guides.stores.case.demo_store): the program knows none of them.
"""

from __future__ import annotations

import json
import os
import shlex
import socketserver
import sys
import threading
from pathlib import Path
from types import TracebackType

from checks.model.secret import Secret
from guides.stores.store import Record

NAME = "docker-credential-demo"
VERSION = f"{NAME} (dockhygiene demo) 1: a stand-in, what it holds ends with the demo"
NOT_FOUND = "credentials not found in native keychain"
NO_SERVER = "no credentials server URL"
NO_USERNAME = "no credentials username"

SOCKET = ".demo.sock"
LARGEST_REQUEST = 2 * 1024 * 1024
MOST_RECORDS = 1000
LONGEST_SOCKET_PATH = 100  # the system allows 107 bytes, others 103
LONGEST_SHEBANG = 120
PATIENCE = 10

PROGRAM = '''#!{python} -IS
"""{name}: a stand-in for a keyring helper. It holds nothing itself, and what it serves ends with the demo."""
import socket
import sys

verb = sys.argv[1] if len(sys.argv) == 2 else ""
if verb in ("version", "--version", "-v"):
    print({version!r})
    sys.exit(0)
if verb not in ("store", "get", "erase", "list"):
    print("Usage: {name} <store|get|erase|list|version>")
    sys.exit(1)
try:
    with socket.socket(socket.AF_UNIX) as demo:
        demo.settimeout({patience})
        demo.connect({socket!r})
        demo.sendall(verb.encode() + b"\\n" + sys.stdin.buffer.read())
        demo.shutdown(socket.SHUT_WR)
        with demo.makefile("rb") as answers:
            answer = answers.read()
except OSError:
    answer = b""
if not answer:
    print("the dockhygiene demo has ended, and its store with it")
    sys.exit(1)
sys.stdout.buffer.write(answer[1:])
sys.exit(answer[0] - ord("0"))
'''


class SocketPathTooLong(Exception):
    """The system cannot open a socket below this home folder: choose a shorter one."""


class Refusal(Exception):
    """What the helper says on standard output before it exits with 1."""


class DemoStore:
    """Serves `docker-credential-demo` below `home` until `stop`; then program, socket and secrets are gone."""

    id = "demo"
    title = "demo store (ends with the demo)"

    def __init__(self, home: Path) -> None:
        self.program = home.absolute() / ".local/bin" / NAME
        self.socket = home.absolute() / SOCKET
        self._records: dict[str, Record] = {}
        self._of_cases: dict[str, Secret] = {}
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> DemoStore:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """The socket's folder is closed to others before the socket is there, so it is never open to them."""
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET_PATH:
            raise SocketPathTooLong(f"{self.socket} is too long for a socket")
        self.socket.parent.chmod(0o700)
        self.program.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._server = _Server(self)
        self.socket.chmod(0o600)
        descriptor = os.open(self.program, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o700)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(_program(self.socket))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="demo store", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Forgets everything. A second call does nothing."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None
        self.socket.unlink(missing_ok=True)
        self.program.unlink(missing_ok=True)
        self._records.clear()
        self._of_cases.clear()

    def held(self, server: str) -> Record | None:
        """What the store holds for this server, without asking the program."""
        with self._lock:
            return self._records.get(server)

    def answer(self, verb: str, given: str) -> str:
        """One call of the program: what it prints. Raises Refusal with what it prints before it fails."""
        with self._lock:
            match verb:
                case "store":
                    return self._put(given)
                case "get":
                    record = self._records.get(_server(given))
                    if record is None:
                        raise Refusal(NOT_FOUND)
                    fields = {"ServerURL": record.server, "Username": record.username, "Secret": record.secret.reveal()}
                    return json.dumps(fields) + "\n"
                case "erase":
                    self._records.pop(_server(given), None)
                    return ""
                case "list":
                    return json.dumps({server: record.username for server, record in self._records.items()}) + "\n"
                case "case-put" | "case-get" | "case-erase" | "case-names":
                    return self._of_case(verb, given)
        raise Refusal(f"{NAME}: unknown action: {verb}")

    def _of_case(self, verb: str, given: str) -> str:
        """A name, and for `case-put` a line's end and the value behind it; what is held, as JSON."""
        name, _, value = given.partition("\n")
        if verb == "case-put":
            if len(self._of_cases) >= MOST_RECORDS and name not in self._of_cases:
                raise Refusal("the demo store is full")
            self._of_cases[name] = Secret(value)
        elif verb == "case-erase":
            self._of_cases.pop(name, None)
        elif verb == "case-names":
            return json.dumps(list(self._of_cases))
        elif name in self._of_cases:
            return json.dumps(self._of_cases[name].reveal())
        return "null"

    def _put(self, given: str) -> str:
        try:
            fields = json.loads(given)
            server, username, secret = (fields.get(name, "") for name in ("ServerURL", "Username", "Secret"))
        except (ValueError, AttributeError, RecursionError):
            raise Refusal("what was given is not the JSON of a credential") from None
        if not all(isinstance(text, str) for text in (server, username, secret)):
            raise Refusal("what was given is not the JSON of a credential")
        server = _server(server)
        if not username.strip():
            raise Refusal(NO_USERNAME)
        if len(self._records) >= MOST_RECORDS and server not in self._records:
            raise Refusal("the demo store is full")
        self._records[server] = Record(server, username, Secret(secret))
        return ""


class _Call(socketserver.StreamRequestHandler):
    timeout = PATIENCE

    def handle(self) -> None:
        store: DemoStore = self.server.store  # type: ignore[attr-defined]
        given = self.rfile.read(LARGEST_REQUEST + 1)
        try:
            if len(given) > LARGEST_REQUEST:
                raise Refusal("this is too large for the demo store")
            verb, _, rest = given.decode().partition("\n")
            self.wfile.write(b"0" + store.answer(verb, rest).encode())
        except Refusal as refusal:
            self.wfile.write(f"1{refusal}\n".encode())
        except UnicodeDecodeError:
            self.wfile.write(b"1what was given is not UTF-8\n")


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def __init__(self, store: DemoStore) -> None:
        self.store = store
        super().__init__(str(store.socket), _Call)

    def handle_error(self, request: object, client_address: object) -> None:
        """The base class prints a traceback over the person's screen; a program that went away is all that happens."""


def _server(given: str) -> str:
    server = given.strip()
    if not server:
        raise Refusal(NO_SERVER)
    return server


def _program(socket: Path) -> str:
    """The interpreter that runs us, unless the kernel could not read its path from the first line."""
    python = sys.executable
    if shlex.quote(python) != python or len(python) > LONGEST_SHEBANG:
        python = "/usr/bin/python3"
    return PROGRAM.format(python=python, name=NAME, version=VERSION, socket=str(socket), patience=PATIENCE)
