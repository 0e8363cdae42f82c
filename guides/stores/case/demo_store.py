"""The demo's store, for cases of the demo: it ends with it."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.model.secret import Secret
from guides.demo.store import PATIENCE, SOCKET
from guides.stores.case.spelling import spelled_line, unspell
from guides.stores.case.store import check_name, probe, replace
from guides.stores.store import Probe, StoreError, StoreMissing, StoreTimedOut

MOST_ANSWER = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DemoCaseStore:
    """Asks the demo's process below `home` over its socket."""

    home: Path
    id: str = "demo"
    title: str = "the demo's store"

    def probe(self) -> Probe:
        return probe(self)

    def get(self, name: str) -> Secret | None:
        check_name(name)
        held = self._ask("case-get", name)
        return None if held is None else unspell(str(held), f"{name} in {self.title}")

    def put(self, name: str, secret: Secret) -> None:
        check_name(name)
        replace(self, name, secret)

    def write(self, name: str, secret: Secret) -> None:
        self._ask("case-put", f"{name}\n{spelled_line(secret)}")

    def erase(self, name: str) -> None:
        check_name(name)
        self._ask("case-erase", name)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(str(name) for name in self._ask("case-names", "")))

    def _ask(self, verb: str, text: str) -> Any:
        try:
            with socket.socket(socket.AF_UNIX) as demo:
                demo.settimeout(PATIENCE)
                demo.connect(str(self.home / SOCKET))
                demo.sendall(f"{verb}\n{text}".encode())
                demo.shutdown(socket.SHUT_WR)
                with demo.makefile("rb") as answers:
                    answer = answers.read(MOST_ANSWER)
        except TimeoutError:
            raise StoreTimedOut(f"{self.title} did not answer within {PATIENCE} seconds", "try again") from None
        except OSError:
            answer = b""
        if not answer:
            raise StoreMissing("the dockhygiene demo has ended, and its store with it", "start the demo again")
        if answer[:1] != b"0":
            raise StoreError(answer[1:].decode("utf-8", "replace").strip())
        try:
            return json.loads(answer[1:])
        except ValueError:
            raise StoreError(f"{self.title} broke off in the middle of an answer", "try again") from None
