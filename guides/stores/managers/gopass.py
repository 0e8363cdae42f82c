"""gopass 1.12 or newer, with its own stores and mounts. NAME is the entry, FIELD as in `pass`.

Tried against a fake program only: Debian's gopass is of 2018 and has neither `show -o` nor these exit codes. Written
from gopass' docs/commands/{show,insert,delete}.md and docs/exit-codes.md (10 not found, 11 decrypt, 6 not initialised).
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.entry_text import USUAL, check_field, value_in, with_value, without_value
from guides.stores.managers.json_program import JsonProgram
from guides.stores.managers.manager import ONLY_FAKED, Setting, check_kept, check_secret, refuse_only_copy
from guides.stores.managers.names import path_parts
from guides.stores.program import Answer, find_program
from guides.stores.store import Probe, StoreError, StoreLocked, StoreMissing, StoreRefused

MOST_BYTES = 256 * 1024
NOT_INITIALISED, NOT_FOUND, DECRYPT, ENCRYPT = 6, 10, 11, 12


@dataclass(slots=True)
class GopassManager:
    setting: Setting
    id: str = "gopass"
    title: str = f"gopass ({ONLY_FAKED})"
    proven: bool = False

    def probe(self) -> Probe:
        try:
            find_program("gopass", self.setting.environ)
        except StoreError as error:
            return Probe(False, error.reason, error.mend)
        return Probe(True, "installed; it has to be 1.12 or newer, which Debian's is not")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        """gopass pushes to the git remotes of its stores by itself where it is set up so: encrypted."""
        return ()

    def get(self, name: str, field: str = "") -> Secret | None:
        check_field(field)
        text = self._show(name)
        return None if text is None else value_in(text.reveal(), field)

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        refuse_only_copy(self, elsewhere)
        check_secret(self.title, secret, MOST_BYTES)
        check_field(field, secret)
        before = self._show(name)
        self._write(name, with_value(before.reveal() if before else "", field, secret))
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        check_field(field)
        before = self._show(name)
        if before is None or value_in(before.reveal(), field) is None:
            return
        left = without_value(before.reveal(), field)
        if left is None:
            self._worked(self._run("rm", "--force", name))
        else:
            self._write(name, left)

    def where(self, name: str, field: str = "") -> str:
        shown = printable(name, 200)
        return f"{printable(field or USUAL, 60)} of the entry {shown}: gopass show {shown}"

    def _show(self, name: str) -> Secret | None:
        answer = self._run("show", "--noparsing", "--unsafe", "--nofuzzysearch", name)
        if answer.status == NOT_FOUND:
            return None
        self._worked(answer)
        return Secret(answer.stdout.decode("utf-8", "replace"))

    def _write(self, name: str, text: Secret) -> None:
        self._worked(self._run("insert", "--force", name, stdin=text))

    def _run(self, *arguments: str, stdin: Secret | None = None) -> Answer:
        name = arguments[-1]
        path_parts(name)
        if name.startswith("-"):
            raise StoreRefused(f"{printable(name, 80)} would be read as an option of gopass", "choose another name")
        return JsonProgram("gopass", self.setting).run(*arguments, stdin=stdin)

    def _worked(self, answer: Answer) -> None:
        """Raises StoreError for any status but 0. What it said may hold the entry, and is not repeated."""
        if answer.status == NOT_INITIALISED:
            raise StoreMissing("gopass has no store yet", "gopass setup")
        if answer.status in (DECRYPT, ENCRYPT):
            raise StoreLocked("gopass could not use its key", "unlock it: `gopass show` of any entry in a terminal")
        if answer.status != 0:
            raise StoreError(f"gopass ended with status {answer.status}", "gopass --exit-codes says what that means")
