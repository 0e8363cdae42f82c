"""`pass`: the person's own password store. NAME is the entry, FIELD `password` (the first line) or a line `field: ...`.

A new text is inserted as `NAME~`, read back, and then renamed into its place, as a case's store does it: `pass insert`
writes over the encrypted file in place, and a kill in the middle would lose what was there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.answers import error_of
from guides.stores.managers.entry_text import USUAL, check_field, value_in, with_value, without_value
from guides.stores.managers.manager import Setting, check_kept, check_secret
from guides.stores.managers.names import path_parts
from guides.stores.program import Answer, find_program, run_program
from guides.stores.store import Probe, StoreError, StoreMissing, StoreRefused

SECONDS = 70.0
"""A person who types the key's passphrase needs a while."""

MOST_BYTES = 256 * 1024
NEW = "~"
"""Ends the entry of a text that is not yet in its place."""


@dataclass(slots=True)
class PassManager:
    setting: Setting
    id: str = "pass"
    title: str = "pass (files encrypted with gpg)"
    proven: bool = True

    def probe(self) -> Probe:
        try:
            self._program()
        except StoreError as error:
            return Probe(False, error.reason, error.mend)
        return Probe(True, "has a key; not unlocked yet")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        return ()

    def get(self, name: str, field: str = "") -> Secret | None:
        check_field(field)
        text = self._show(name)
        return None if text is None else value_in(text.reveal(), field)

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        check_secret(self.title, secret, MOST_BYTES)
        check_field(field, secret)
        before = self._show(name)
        self._insert(name, with_value(before.reveal() if before else "", field, secret))
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        """A password store that is kept in git keeps what was erased in its history, encrypted."""
        check_field(field)
        before = self._show(name)
        if before is None or value_in(before.reveal(), field) is None:
            return
        left = without_value(before.reveal(), field)
        if left is None:
            self._run("rm", "--force", name)
        else:
            self._insert(name, left)

    def where(self, name: str, field: str = "") -> str:
        return f"{printable(field or USUAL, 60)} of the entry {printable(name, 200)}: pass show {printable(name, 200)}"

    def _show(self, name: str) -> Secret | None:
        if not self._file(name).is_file():
            return None  # where a folder has this name, `pass show` would list it and succeed
        return Secret(self._run("show", name).stdout.decode("utf-8", "replace"))

    def _insert(self, name: str, text: Secret) -> None:
        if self._file(name).with_suffix("").is_dir() and not self._file(name).exists():
            raise StoreRefused(f"{printable(name, 80)} is a folder of pass", "choose a name below it")
        new, done = name + NEW, False
        try:
            self._run("insert", "--multiline", "--force", new, stdin=text)
            if self._show(new) != text:
                raise StoreError("pass gives back something else than what was put in", "use another store")
            self._run("mv", "--force", new, name)
            done = True
        finally:
            if not done and self._file(new).is_file():
                self._file(new).unlink()  # what stands in its place was not touched

    def _program(self) -> Path:
        program = find_program("pass", self.setting.environ)
        if not (self._folder() / ".gpg-id").is_file():
            raise StoreMissing("pass has no password store yet", "dockhygiene move sets one up, or: pass init KEY")
        return program

    def _folder(self) -> Path:
        environ = self.setting.environ
        return Path(environ.get("PASSWORD_STORE_DIR") or Path(environ.get("HOME") or Path.home(), ".password-store"))

    def _file(self, name: str) -> Path:
        path_parts(name)
        if name.startswith("-"):
            raise StoreRefused(f"{printable(name, 80)} would be read as an option of pass", "choose another name")
        return self._folder() / f"{name}.gpg"

    def _run(self, *arguments: str, stdin: Secret | None = None) -> Answer:
        """Without GPG_TTY: in the app a question on the terminal would stand on the screen and take its keys."""
        program = self._program()
        environ = {name: value for name, value in self.setting.environ.items() if name != "GPG_TTY"}
        given = stdin.reveal().encode() if stdin else b""
        answer = run_program(program, arguments, given, environ=environ, timeout=SECONDS)
        if answer.status != 0:
            raise error_of("pass", answer, quoted=arguments[0] in ("rm", "mv"))
        return answer
