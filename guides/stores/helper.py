"""A store served by a `docker-credential-<suffix>` program, the protocol that docker itself speaks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checks.model.secret import Secret
from guides.stores.answers import error_of, harmless, says_not_found
from guides.stores.program import Answer, run_program
from guides.stores.roundtrip import probe_round_trip
from guides.stores.store import Limits, Probe, Record, StoreError, StoreRefused, keep_within

GO_LINE_BYTES = 65_535
"""The Go helpers read with a scanner whose longest line, newline included, is below 64 KiB (observed)."""

STALE_LABEL = "Registry credentials for "
"""docker-credential-secretservice from 0.9.0 labels its items so, and `list` gives the label for the server."""


@dataclass(frozen=True, slots=True)
class HelperStore:
    """One helper program. `id` is its suffix, `line_bytes` the longest line its `store` can read."""

    id: str
    title: str
    program: Path
    environ: Mapping[str, str] = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    line_bytes: int | None = GO_LINE_BYTES
    timeout: float = 10.0

    def probe(self) -> Probe:
        return probe_round_trip(self)

    def get(self, server: str) -> Record | None:
        answer = self._run("get", _server_line(server))
        if answer.status != 0:
            if says_not_found(answer):
                return None
            raise error_of(self.program.name, answer, quoted=b"{" not in answer.stdout + answer.stderr)
        held = self._strings(answer.stdout, optional=("ServerURL",))
        username, secret = held.get("Username"), held.get("Secret")
        if username is None or secret is None:
            raise StoreError(f"{self.program.name} gave an answer without user name or secret")
        if not username and not secret:
            return None  # pass up to 0.8 answers so for a server it does not know
        about = held.get("ServerURL") or server
        if _plain_server(about) != _plain_server(server):
            # wincred matches approximately: what it found is the credential of another server
            raise StoreError(f"{self.program.name} answered for {harmless(about)} when asked for {harmless(server)}")
        return Record(server, username, Secret(secret))

    def accept(self, record: Record) -> None:
        self._line(record)

    def put(self, record: Record) -> None:
        answer = self._run("store", self._line(record))
        if answer.status != 0:
            raise error_of(self.program.name, answer, quoted=not _repeats(answer, record))

    def erase(self, server: str) -> None:
        answer = self._run("erase", _server_line(server))
        if answer.status != 0 and not says_not_found(answer):
            raise error_of(self.program.name, answer)

    def list(self) -> dict[str, str]:
        answer = self._run("list", b"unused")
        if answer.status != 0:
            raise error_of(self.program.name, answer)
        held = self._strings(answer.stdout, optional=())
        return {harmless(server.removeprefix(STALE_LABEL)): harmless(user) for server, user in held.items()}

    def _run(self, verb: str, stdin: bytes) -> Answer:
        return run_program(self.program, [verb], stdin, environ=self.environ, timeout=self.timeout)

    def _strings(self, output: bytes, *, optional: tuple[str, ...]) -> dict[str, str]:
        """The JSON object of texts that a helper must print; anything else is an error that quotes nothing of it."""
        try:
            data = json.loads(output.decode("utf-8"))
        except (ValueError, RecursionError):
            raise StoreError(f"{self.program.name} printed something that is not JSON") from None
        if data is None:
            data = {}
        if not isinstance(data, dict):
            raise StoreError(f"{self.program.name} printed JSON of another shape than the protocol's")
        texts = {name: value for name, value in data.items() if isinstance(value, str)}
        if any(name not in optional for name in data.keys() - texts.keys()):
            raise StoreError(f"{self.program.name} printed JSON of another shape than the protocol's")
        return texts

    def _line(self, record: Record) -> bytes:
        """The line for `store`; raises StoreRefused for what this helper would lose or damage."""
        secret = record.secret.reveal()
        _server_line(record.server)
        if not record.username:
            raise StoreRefused("docker's helpers need a user name")
        if not secret:
            raise StoreRefused("an empty secret is not kept: the keyring would not find it again")
        keep_within(self.limits, self.title, record)
        if "\0" in secret or not record.username.isprintable():
            raise StoreRefused("keyrings cannot hold a NUL character, nor control characters in a user name")
        fields = {"ServerURL": record.server, "Username": record.username, "Secret": secret}
        try:
            line = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        except UnicodeEncodeError:
            raise StoreRefused("the secret is not text in UTF-8, which docker's helpers need") from None
        if self.line_bytes is not None and len(line) > self.line_bytes:
            raise StoreRefused(f"{self.program.name} reads at most {self.line_bytes} bytes in one record")
        return line


def _repeats(answer: Answer, record: Record) -> bool:
    """Whether a complaint repeats the secret that it was given: then none of it is shown."""
    secret = record.secret.reveal()
    said = (answer.stdout + answer.stderr).decode("utf-8", "replace")
    return any(
        form in said for form in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    )


def _server_line(server: str) -> bytes:
    """The server as `get` and `erase` read it; helpers cut white space off, so a name that has some is refused."""
    if not server or not server.isprintable() or " " in server:
        raise StoreRefused("docker's helpers need a server name without spaces or control characters")
    try:
        return server.encode()
    except UnicodeEncodeError:
        raise StoreRefused("the server name is not text in UTF-8") from None


def _plain_server(server: str) -> str:
    """The server without what osxkeychain and wincred add or drop on their own: scheme and closing slash."""
    return server.removeprefix("https://").removeprefix("http://").rstrip("/")
