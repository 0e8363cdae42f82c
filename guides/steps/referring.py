"""A reference in a file's place of the secret: offered where a manager keeps the new one, and where it is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.display import printable, shell_path
from checks.formats.encodings import text_of as decoded
from checks.model.check import Check
from checks.model.secret import Secret
from guides.case.walk import Walk
from guides.edits.applying import MOST_BYTES
from guides.edits.by_reference import plan_env_line, takes_reference
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.languages import Language, language_of
from guides.edits.value_edit import plan_edit
from guides.references.consumers import handed_on, launcher
from guides.steps.step import Answers, Ask, AskKind, StepFailed, text_of

LABEL = "a reference, which dockhygiene resolves when the file is read"
_THROUGH = "run"
_CHOICES = (("other", "in another way, or it is not known"), (_THROUGH, "always through dockhygiene run"))
_HANDED_ON = "Take env_file out there, name the variables below environment:, and look again."


@dataclass(frozen=True, slots=True)
class Referred:
    """The edit of the file, and of the `.env` file beside a compose file, which is made first."""

    edit: ValueEdit
    env_line: ValueEdit | None
    known: str
    """Why its reader is known to get the secret; empty where only the person can say so."""

    @property
    def asks(self) -> tuple[Ask, ...]:
        question = "For a reference: how is what reads this file started?"
        return () if self.known else (Ask("started", AskKind.CHOICE, question, _CHOICES),)

    def check(self, answers: Answers) -> None:
        """Raises StepFailed where the reader would get the reference itself."""
        if not self.known and text_of(answers, "started") != _THROUGH:
            raise StepFailed(
                "the file was not touched: what reads it would get the reference itself",
                "start it through dockhygiene run, from a Makefile or script for example; or choose another way",
            )


def planned(walk: Walk, check: Check, path: Path, old: Secret, name: str) -> Referred | ToDo | None:
    """None where no manager keeps the new one, or no such file is read through dockhygiene."""
    reference = walk.case.new.reference if walk.case.new else ""
    if not reference:
        return None
    try:
        language = language_of(path, decoded(read_file(path, MOST_BYTES).data))
    except NotRead:
        return None  # told by the other ways
    if not takes_reference(path, language):
        return None
    if language is Language.DOTENV and (found := handed_on(path)):
        reason = f"{shell_path(found, walk.home)} gives this file to a container as it is (env_file)"
        return ToDo(str(path), None, reason, _HANDED_ON)
    edit = plan_edit(walk.around.workstation, check, path, old, None, Way.REFERENCE, name, reference)
    if isinstance(edit, ToDo):
        return edit
    line = None
    if language is Language.COMPOSE:
        beside = plan_env_line(walk.around.workstation, path.with_name(".env"), name, reference, old)
        if isinstance(beside, ToDo):
            return beside
        line = beside
    return Referred(edit, line, _known(walk, path, language))


def _known(walk: Walk, path: Path, language: Language) -> str:
    if language not in (Language.DOTENV, Language.COMPOSE):
        return "the shell asks for it itself"
    found = launcher(path)
    return f"{printable(shell_path(found, walk.home), 200)} starts it through dockhygiene run" if found else ""
