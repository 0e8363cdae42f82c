"""`pass`: entries below `dockhygiene/` in the person's own password store, each a line of JSON.

JSON keeps a value exact whatever a `pass` does with blanks and line ends; docker-credential-pass looks below
`docker-credential-helpers/` only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checks.model.secret import Secret
from guides.stores.answers import error_of
from guides.stores.case.store import PREFIX, check_kept, check_name, check_value, probe
from guides.stores.program import Answer, find_program, run_program
from guides.stores.store import Probe, StoreError, StoreMissing

SECONDS = 70.0
"""A person who types the key's passphrase needs a while; gpg-agent gives up by itself before."""
MOST_OUTPUT = 4 * 1024 * 1024


@dataclass(frozen=True)
class PassCaseStore:
    program: Path
    environ: Mapping[str, str] = field(repr=False)
    id: str = "pass"
    title: str = "pass (files encrypted with gpg)"

    @classmethod
    def found(cls, environ: Mapping[str, str]) -> PassCaseStore:
        """Raises StoreMissing where `pass` is not installed or has no key."""
        store = cls(find_program("pass", environ), environ)
        if not (store.folder / ".gpg-id").is_file():
            raise StoreMissing("pass has no password store yet", "dockhygiene move sets one up, or: pass init KEY")
        return store

    @property
    def folder(self) -> Path:
        home = Path(self.environ.get("HOME") or Path.home())
        return Path(self.environ.get("PASSWORD_STORE_DIR") or home / ".password-store")

    def probe(self) -> Probe:
        return probe(self)

    def get(self, name: str) -> Secret | None:
        check_name(name)
        if not self._file(name).is_file():
            return None
        answer = self._run(["show", f"{PREFIX}/{name}"])
        if answer.status != 0:
            raise error_of("pass", answer, quoted=False)
        try:
            held = json.loads(answer.stdout.decode("utf-8"))
        except (ValueError, RecursionError):
            held = None
        if not isinstance(held, str):
            raise StoreError(f"pass holds something under {PREFIX}/{name} that dockhygiene did not put there")
        return Secret(held)

    def put(self, name: str, secret: Secret) -> None:
        check_name(name)
        check_value(secret)
        line = json.dumps(secret.reveal()).encode() + b"\n"
        answer = self._run(["insert", "--multiline", "--force", f"{PREFIX}/{name}"], line)
        if answer.status != 0:
            raise error_of("pass", answer, quoted=False)
        check_kept(self.title, self.get(name), secret)

    def erase(self, name: str) -> None:
        check_name(name)
        if self._file(name).is_file():
            answer = self._run(["rm", "--force", f"{PREFIX}/{name}"])
            if answer.status != 0:
                raise error_of("pass", answer)

    def names(self) -> tuple[str, ...]:
        top = self.folder / PREFIX
        return tuple(sorted(str(path.relative_to(top))[: -len(".gpg")] for path in top.rglob("*.gpg")))

    def _file(self, name: str) -> Path:
        return self.folder / PREFIX / f"{name}.gpg"

    def _run(self, arguments: list[str], stdin: bytes = b"") -> Answer:
        return run_program(
            self.program, arguments, stdin, environ=self.environ, timeout=SECONDS, most_output=MOST_OUTPUT
        )
