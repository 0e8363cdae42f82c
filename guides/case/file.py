"""Cases on disk: one JSON file each in the state folder, replaced atomically after every act, locked while open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from checks.files.state import StateError, StateFolder
from guides.case.codec import made, plain
from guides.case.model import Case

_PREFIX = "case-"
_SCHEMA = 1


class CaseBusy(StateError):
    """Another dockhygiene has this case open."""


class CaseUnreadable(StateError):
    """The file is damaged, or a newer version wrote it."""


@dataclass(frozen=True, slots=True)
class Cases:
    """All cases, the oldest first, and the files that cannot be read as one."""

    cases: tuple[Case, ...]
    damaged: tuple[str, ...]

    def find(self, name: str) -> Case | None:
        """The case of this id, or the only one whose registry this is."""
        by_id = [case for case in self.cases if name and case.id.startswith(name)]
        by_registry = [case for case in self.cases if case.registry == name and not case.closed]
        return next((found[0] for found in (by_id, by_registry) if len(found) == 1), None)


class CaseFile:
    """One case that this program holds. What is given to `keep` is on disk when it returns."""

    def __init__(self, state: StateFolder, case: Case) -> None:
        self.state = state
        self.case = case

    def keep(self, case: Case) -> Case:
        """Raises StateError where it cannot be written; the case is then as it was."""
        write(self.state, case)
        self.case = case
        return case

    def change(self, **fields: object) -> Case:
        return self.keep(replace(self.case, **fields))  # type: ignore[arg-type]


@contextmanager
def opened(state: StateFolder, case: Case) -> Iterator[CaseFile]:
    """Holds the case of this id: as it is on disk, or this new one. Raises CaseBusy, CaseUnreadable."""
    with ExitStack() as stack:
        try:
            stack.enter_context(state.lock(f"{_PREFIX}{case.id}.lock", wait=False))
        except StateError:
            raise CaseBusy(f"case {case.id} is open in another dockhygiene; go on there, or close it first") from None
        yield CaseFile(state, read(state, case.id) or case)


def read(state: StateFolder, case_id: str) -> Case | None:
    """The case of this id, None where there is none. Raises CaseUnreadable."""
    return _read(state, f"{_PREFIX}{case_id}.json")


def forget(state: StateFolder, case_id: str) -> None:
    """Removes the file of a case in which nothing was done."""
    state.remove(f"{_PREFIX}{case_id}.json")


def read_all(state: StateFolder) -> Cases:
    cases, damaged = [], []
    for name in state.names(_PREFIX):
        if name.endswith(".json"):
            try:
                held = _read(state, name)
            except CaseUnreadable:
                damaged.append(str(state.path / name))
            else:
                cases += [held] if held else []
    return Cases(tuple(sorted(cases, key=lambda case: case.opened)), tuple(damaged))


def write(state: StateFolder, case: Case) -> None:
    data = json.dumps({"schema": _SCHEMA, **plain(case)}, indent=1)
    state.write(f"{_PREFIX}{case.id}.json", data.encode("utf-8", "surrogatepass"))


def _read(state: StateFolder, name: str) -> Case | None:
    data = state.read(name)
    if data is None:
        return None
    try:
        fields = json.loads(data.decode("utf-8", "surrogatepass"))
        if fields.pop("schema") != _SCHEMA:
            raise ValueError("another schema")
        return made(Case, fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = f"{state.path / name} cannot be read as a case ({error}); move it away, and open the case again"
        raise CaseUnreadable(reason) from None
