"""A reference instead of a value: how each file that is read through dockhygiene holds one.

A `.env` file holds the reference itself, which `dockhygiene run` resolves; a compose file the name of a variable whose
reference is in the `.env` file beside it; a shell's start-up file asks `dockhygiene get`. Nothing else resolves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from checks import environment_files, shell_startup, source_text
from checks.files.reading import NotRead
from checks.formats.dotenv import read_dotenv
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.edits.added_lines import opened, plan_added
from guides.edits.atomic import Target
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.file_text import NotText
from guides.edits.json_text import Splice, line_ending
from guides.edits.languages import Language
from guides.edits.spelling import spellings
from guides.edits.variables import Reference, reference_for, ways_to_refer

_SHELLS = (Language.SHELL, Language.FISH, Language.POWERSHELL)
_SETS = re.compile(
    r"""[ \t]*(?:(?:(?:export|typeset|declare)[ \t]+(?:-\w+[ \t]+)*)?\w+=   # POSIX shells
        |set[ \t]+(?:-{1,2}[\w-]+[ \t]+)*\w+[ \t]+|\$env:\w+[ \t]*=[ \t]*)['"]?  # fish, PowerShell""",
    re.VERBOSE | re.IGNORECASE,
)
_DOTENV = "Start what reads this file with: dockhygiene run --env-file {} -- COMMAND. Anything else gets the reference."
_COMPOSE = (
    "Start it with: dockhygiene run --env-file .env -- docker compose up. docker alone would pass the reference on."
)
_SHELL = "Each new shell asks the manager, and waits until it is unlocked; where it is not, the variable stays empty."


def takes_reference(path: Path, language: Language) -> bool:
    """Whether this kind of file can be read through dockhygiene at all."""
    return language in (Language.DOTENV, Language.COMPOSE) or (language in _SHELLS and shell_startup.claims(path))


def written(path: Path, language: Language, text: str, name: str, reference: str) -> Reference | None:
    """What stands in the file, and what has to be known of it. `name` is the variable's, for compose."""
    if not takes_reference(path, language):
        return None
    if language is Language.COMPOSE:
        named = reference_for(path, language, text, name)
        return Reference(named.inside, to_do=_COMPOSE) if named else None
    if language is Language.DOTENV:
        # some readers take the first `#` for a comment where there are no quotes
        return Reference(reference, to_do=_DOTENV.format(path.name), wrapped="#" in reference)
    return Reference(f"$(dockhygiene get '{reference}')", to_do=_SHELL, marks='"', wrapped=True)


def ways_to_write(refer: Reference, language: Language, text: str, start: int, end: int) -> Iterator[Splice]:
    """Each still to be proven. None where the value has more in it than the secret, or is no variable's in a shell."""
    if language is Language.DOTENV and not any((one.start, one.end) == (start, end) for one in read_dotenv(text)):
        return
    if language in _SHELLS and not _is_a_variables(text, start, end):
        return
    yield from ways_to_refer(refer, language, text, start, end)


def _is_a_variables(text: str, start: int, end: int) -> bool:
    """Whether the line does nothing before, and the value is this and no more: within other quotes it would differ."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return bool(_SETS.fullmatch(before) and re.match(r"['\"]?(?=[\s;&]|\Z)", text[end : end + 2]))


def plan_env_line(
    workstation: Workstation, path: Path, name: str, reference: str, old: Secret
) -> ValueEdit | ToDo | None:
    """The edit that adds `NAME="REFERENCE"` to a `.env` file, or makes the file; None where the line is there."""
    how = f"Add this line by hand, and look again: {name}={reference}"
    target = Target.of(path)
    try:
        text, data = opened(path)
    except (NotRead, NotText) as error:
        return ToDo(str(path), None, error.reason if isinstance(error, NotRead) else str(error), how)
    if held := [one.value for one in read_dotenv(text) if one.name == name]:
        taken = ToDo(str(path), None, f"it gives {name} another value already", "Change that line first.")
        return None if held[-1] == reference else taken
    refused = target.refusal() if data is not None else ""
    if refused or next(iter(spellings(text, old, 0, len(text))), None):
        return ToDo(
            str(path), None, refused or "the old value stands in it as well", (refused and how) or "Change it first."
        )
    check = environment_files if environment_files.claims(path) else source_text
    return plan_added(workstation, path, data, f'{name}="{reference}"{line_ending(text)}', Way.REFERENCE, check, old)
