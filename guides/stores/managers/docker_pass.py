"""`docker pass`, Docker's Secrets Engine: one value for a name, which containers read as `se://NAME`. No FIELD.

Tried against a fake program only, written from docker/secrets-engine, plugins/pass/commands (set reads standard input;
get --reveal prints `ID:` and `Value:`; rm). It comes with Docker Desktop, or with Docker Engine 29.2 and its package.
Older versions mask every value, and then nothing can be read back, or kept there by us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.json_program import JsonProgram, says
from guides.stores.managers.manager import (
    ONLY_FAKED,
    NotAllowed,
    Setting,
    check_kept,
    check_secret,
    refuse_only_copy,
)
from guides.stores.program import Answer, find_program
from guides.stores.store import Probe, StoreError, StoreLocked, StoreMissing, StoreRefused

MOST_BYTES = 2_500
"""Windows Credential Manager, one of the places where it keeps them, takes 2560 bytes."""

_NAME = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
_MASK = "**********"


@dataclass(slots=True)
class DockerPassManager:
    setting: Setting
    id: str = "docker-pass"
    title: str = f"docker pass ({ONLY_FAKED})"
    proven: bool = False

    def probe(self) -> Probe:
        try:
            find_program("docker", self.setting.environ)
        except StoreError as error:
            return Probe(False, error.reason, error.mend)
        return Probe(True, "docker is installed; whether it has `docker pass` shows when it is used")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        return ()

    def get(self, name: str, field: str = "") -> Secret | None:
        _check(name, field)
        answer = self._program.run("pass", "get", "--reveal", name)
        if answer.status != 0 and says(answer, ("not found",)):
            return None
        self._worked(answer)
        text = answer.stdout.decode("utf-8", "replace")
        start, _, value = text.partition("\nValue: ")
        if not start.startswith("ID: ") or not value.endswith("\n"):
            raise StoreError("docker pass printed something else than a value", "docker pass version")
        if value == f"{_MASK}\n":
            raise StoreRefused("this version of docker pass shows no value to anybody", "use se:// in the container")
        return Secret(value.removesuffix("\n"))

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        """Its own programs replace in place; a kill in the middle leaves the old value or the new one."""
        _check(name, field)
        refuse_only_copy(self, elsewhere)
        check_secret(self.title, secret, MOST_BYTES)
        self._worked(self._program.run("pass", "set", name, stdin=secret))
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        _check(name, field)
        answer = self._program.run("pass", "rm", name)
        if not (answer.status != 0 and says(answer, ("not found",))):
            self._worked(answer)

    def where(self, name: str, field: str = "") -> str:
        shown = printable(name, 200)
        return f"{shown} in docker pass: docker pass ls; in a container se://{shown}"

    @property
    def _program(self) -> JsonProgram:
        return JsonProgram("docker", self.setting)

    def _worked(self, answer: Answer) -> None:
        """Raises StoreError for any status but 0. What it said may hold the value, and is not repeated."""
        if answer.status == 0:
            return
        if says(answer, ("'pass' is not a docker command", "unknown command", "unknown flag")):
            raise StoreMissing("this docker has no `docker pass`, or an old one", "install docker-secrets-engine")
        if says(answer, ("secrets-engine", "daemon", "ping")):
            raise StoreMissing(
                "the Secrets Engine does not run", "systemctl --user enable --now docker-secrets-engine.service"
            )
        if says(answer, ("locked", "prompt")):
            raise StoreLocked("the keyring under docker pass is locked", "unlock it on the desktop, then try again")
        if says(answer, ("denied", "not authorized", "unauthorized")):
            raise NotAllowed("docker pass did not let this program read it", "allow it when it asks")
        raise StoreError(f"docker pass ended with status {answer.status}", "docker pass ls")


def _check(name: str, field: str) -> None:
    if not _NAME.fullmatch(name) or name.startswith("-") or ".." in name.split("/"):
        raise StoreRefused(f"{printable(name, 80)} is no name for docker pass", "letters, digits, `._-`, and slashes")
    if field:
        raise StoreRefused("docker pass keeps one value under a name, without fields", "leave the field out")
